"""The window's panels: what is in them, and where they are at first."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gradgui.experiment.columns import Role
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.optimizers import GradientDescent
from gradgui.record.fit import Fit
from gradgui.record.forecast import Forecast
from gradgui.record.gradient_check import GradientChecks
from gradgui.record.trace import EpochTrace
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.data.data_editor import DataEditor
from gradgui.ui.data.data_panel import DataPanel
from gradgui.ui.epoch.epoch_panel import EpochPanel
from gradgui.ui.epoch.gradient_table import GradientTable
from gradgui.ui.experiment.experiment_panel import ExperimentPanel
from gradgui.ui.graph.graph_view import GraphView
from gradgui.ui.log.log_table import LogTable
from gradgui.ui.log.timeline import Timeline
from gradgui.ui.plots.buffer_plots import BufferPlots
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.change_marks import change_mark
from gradgui.ui.plots.epoch_plot import Curve, EpochPlot, parameter_curves
from gradgui.ui.plots.fit_plot import FitPlot
from gradgui.ui.plots.landscape_panel import LandscapePanel
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker import commands
from gradgui.worker.status import State, Status, allowed_commands

EXPERIMENT_WIDTH = 248
INSIDE_WIDTH = 410
INSIDE_SHARE = 56
"""Per cent of the height for the code; the rest is for the graph."""
NAMED = 4
"""So many parameters are named at their plot's axis; more do not fit."""
LOG_HEIGHT = 170


class Panels:
    """Make the panels and keep what is in them up to date.

    Parameters
    ----------
    window
        Where they are docked.
    editor
        The data.

    Attributes
    ----------
    experiment, data, landscape, inside, graph, gradient_table, log_table, timeline
        Contents that the window connects.
    loss_plot, parameter_plot, gradient_plot, fit_plot, landscape_plot, contour_plot
        The plots.
    docks
        The panels by ``objectName``.
    """

    def __init__(self, window: QMainWindow, editor: DataEditor) -> None:
        self._window = window
        self._editor = editor
        self.experiment = ExperimentPanel()
        self.loss_plot = EpochPlot("loss_plot", "Loss", "loss before the update", logarithmic=True)
        self.parameter_plot = EpochPlot("parameter_plot", "Parameters", "after the update")
        self.gradient_plot = EpochPlot("gradient_plot", "Gradients", "gradient")
        self.parameter_plot.hide_epochs()
        self.data = DataPanel(editor)
        self.fit_plot = FitPlot(editor)
        self.landscape = LandscapePanel()
        self.landscape_plot, self.contour_plot = self.landscape.cut, self.landscape.map
        self.buffers = BufferPlots()
        self.inside = EpochPanel()
        self.graph = GraphView()
        self.gradient_table = GradientTable()
        self.log_table = LogTable()
        self.timeline = Timeline()
        contents: dict[str, tuple[str, QWidget]] = {
            "experiment_panel": ("Experiment", self.experiment),
            "data_panel": ("Data", self.data),
            "loss_panel": ("Loss over epochs", self.loss_plot),
            "fit_panel": ("Data and fit", self.fit_plot),
            "parameter_panel": ("Parameters and gradients", _stacked(self.parameter_plot, self.gradient_plot)),
            "landscape_panel": ("Loss landscape", self.landscape),
            "inside_panel": ("Inside this epoch", self.inside),
            "graph_panel": ("Autograd graph", self.graph),
            "gradient_panel": ("Gradient three ways", self.gradient_table),
            "buffer_panel": ("Optimizer", self.buffers),
            "log_panel": ("Log", _stacked(self.timeline, self.log_table)),
        }
        self.docks = {name: Panel(name, title, content, window) for name, (title, content) in contents.items()}
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.put_back()

    @property
    def canvases(self) -> tuple[Canvas, ...]:
        """Every plot."""
        return (*self.epoch_plots, self.fit_plot, self.landscape_plot, self.contour_plot)

    @property
    def epoch_plots(self) -> tuple[EpochPlot, ...]:
        """The plots over epochs."""
        return (self.loss_plot, self.parameter_plot, self.gradient_plot, *self.buffers.plots)

    @property
    def looking(self) -> commands.Look:
        """What is in sight and has to be worked out."""
        wanted = self.experiment.forecast.wanted_loss.value
        return commands.Look(
            epoch=_in_sight(self.inside) or _in_sight(self.graph),
            gradients=_in_sight(self.gradient_table),
            landscape_of=self.landscape.parameters if _in_sight(self.landscape) else (),
            forecast=_in_sight(self.experiment),
            wanted_loss=None if wanted != wanted else wanted,  # noqa: PLR0124 - nan is the empty field
        )

    def put_back(self) -> None:
        """Show every panel where it is at first."""
        window, docks = self._window, self.docks
        for dock in docks.values():
            dock.setFloating(False)
            window.removeDockWidget(dock)
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["experiment_panel"])
        for beside, new, direction in (
            ("experiment_panel", "loss_panel", horizontal),
            ("loss_panel", "inside_panel", horizontal),
            ("loss_panel", "fit_panel", vertical),
            ("fit_panel", "log_panel", vertical),
            ("loss_panel", "parameter_panel", horizontal),
            ("fit_panel", "landscape_panel", horizontal),
            ("inside_panel", "graph_panel", vertical),
        ):
            window.splitDockWidget(docks[beside], docks[new], direction)
        window.tabifyDockWidget(docks["experiment_panel"], docks["data_panel"])
        window.tabifyDockWidget(docks["graph_panel"], docks["gradient_panel"])
        window.tabifyDockWidget(docks["gradient_panel"], docks["buffer_panel"])
        for dock in docks.values():
            dock.show()
        docks["experiment_panel"].raise_()
        docks["graph_panel"].raise_()
        self.share_room()

    def share_room(self) -> None:
        """Give every panel the room that it has at first."""
        window, docks = self._window, self.docks
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        plots = max(2, window.width() - EXPERIMENT_WIDTH - INSIDE_WIDTH)
        upper = max(1, (window.height() - LOG_HEIGHT) // 2)
        for sizes, direction in (
            ({"experiment_panel": EXPERIMENT_WIDTH, "log_panel": plots, "inside_panel": INSIDE_WIDTH}, horizontal),
            ({"loss_panel": plots // 2, "parameter_panel": plots // 2}, horizontal),
            ({"fit_panel": plots // 2, "landscape_panel": plots // 2}, horizontal),
            ({"loss_panel": upper, "fit_panel": upper, "log_panel": LOG_HEIGHT}, vertical),
            ({"inside_panel": INSIDE_SHARE, "graph_panel": 100 - INSIDE_SHARE}, vertical),
        ):
            window.resizeDocks([docks[name] for name in sizes], list(sizes.values()), direction)

    def set_theme(self, theme: Theme, experiment: Experiment) -> None:
        """Take these colours."""
        for canvas in self.canvases:
            canvas.set_theme(theme)
        self.graph.set_theme(theme)
        self.log_table.set_theme(theme)
        self.data.set_theme(theme)
        self.show_experiment(experiment, theme)

    def show_experiment(self, experiment: Experiment, theme: Theme) -> None:
        """Show another experiment."""
        names = experiment.parameter_names
        self.experiment.show_experiment(experiment, theme)
        self.loss_plot.set_curves((Curve("loss", "loss", theme.loss),), theme)
        parameters, gradients = (experiment.columns.of(role) for role in (Role.PARAMETER, Role.GRADIENT))
        self.parameter_plot.set_curves(parameter_curves(parameters, theme), theme)
        self.gradient_plot.set_curves(parameter_curves(gradients, theme), theme)
        self.parameter_plot.set_label("left", ", ".join(names) if len(names) <= NAMED else "parameters", theme)
        self.gradient_plot.set_label("left", gradients[0].label if len(names) == 1 else "gradients", theme)
        self.buffers.show_experiment(experiment, theme)
        self.inside.code.show_code(experiment, experiment.loop, theme)
        self._editor.dtype = experiment.dtype
        self.fit_plot.begin()
        self.landscape.show_experiment(experiment, theme)

    def show_status(self, status: Status, experiment: Experiment, theme: Theme) -> None:
        """Follow the loop's state."""
        self.experiment.show_status(status)
        can_change = commands.Change in allowed_commands(status)
        if status.data is not None:
            self._editor.show_data(status.data, editable=can_change)
        self.data.setEnabled(can_change)
        self.fit_plot.set_editable(can_change)
        marks = tuple(change_mark(change) for change in status.interventions)
        for plot in self.epoch_plots:
            plot.changes.show_marks(marks)
        self.inside.show_status(status, experiment, theme)
        self.landscape.set_movable(can_change)

    def draw_run(self, run: LiveRun) -> None:
        """Draw the plots of a run as it is now."""
        for plot in self.epoch_plots:
            if plot.isVisible():
                plot.show_log(run.log, run.epoch, run.status.target or run.experiment.epochs)
        fit = run.view(Fit)
        if fit is not None and self.fit_plot.isVisible():
            self.fit_plot.show_fit(fit)
        self.landscape.show_run(run)

    def show_figures(self, run: LiveRun, theme: Theme) -> None:
        """Show what can be read of a run as it is now."""
        self.experiment.parameters.show_values(run.parameters)
        if self.log_table.isVisible():
            self.log_table.show_log(run.log, run.epoch)
        self.timeline.show_place(run.epoch, max(len(run.log), run.epoch))
        self.timeline.slider.setEnabled(commands.GoTo in allowed_commands(run.status))
        self._show_forecast(run)
        self._show_inside(run, theme)

    def _show_forecast(self, run: LiveRun) -> None:
        forecast = run.view(Forecast)
        if not isinstance(run.experiment.optimizer, GradientDescent):
            self.experiment.forecast.show_nothing("The forecast is for plain gradient descent only.")
        elif forecast is not None:
            self.experiment.forecast.show_forecast(forecast, run.status.learning_rate)

    def _show_inside(self, run: LiveRun, theme: Theme) -> None:
        trace = run.view(EpochTrace)
        if trace is None:
            return
        if run.status.state is State.RUNNING and trace.epoch not in {run.epoch, run.epoch + 1}:
            self.inside.show_running()
            return
        self.inside.show_trace(trace, run.status, run.experiment)
        if self.graph.isVisible():
            self.graph.show_graph(trace.graph, run.experiment.parameter_names)
        checks = run.view(GradientChecks)
        if checks is not None and self.gradient_table.isVisible():
            self.gradient_table.show_checks(checks, theme, run.experiment.dtype)


def _in_sight(content: QWidget) -> bool:
    """Tell whether any of it is; a panel behind another tab counts as visible for Qt."""
    return not content.visibleRegion().isEmpty()


def _stacked(*widgets: QWidget) -> QWidget:
    stack = QWidget()
    layout = QVBoxLayout(stack)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
    return stack


TITLE_HEIGHT = 32


class Panel(QDockWidget):
    """A part of the window that can be hidden, moved and floated.

    Parameters
    ----------
    name
        ``objectName``, by which its place is remembered.
    title
        As shown.
    content
        What is in it.
    window
        Where it is docked.
    """

    def __init__(self, name: str, title: str, content: QWidget, window: QMainWindow) -> None:
        super().__init__(title, window)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._title = QWidget()
        self._title.setObjectName("panel_title")
        self._title.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._bar = QHBoxLayout(self._title)
        self._bar.setContentsMargins(SPACING + 2, 3, 4, 3)
        self._bar.addStrut(TITLE_HEIGHT - 6)  # a dock asks for its title's size hint, whatever its minimum height
        self._bar.setSpacing(2)
        label = QLabel(title)
        label.setObjectName("panel_name")
        self._bar.addWidget(label, 1)
        self.setTitleBarWidget(self._title)
        body = QWidget()
        body.setObjectName("panel")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(1, 0, 1, 1)
        layout.addWidget(content)
        self.setWidget(body)

    def add_button(self, action: QAction) -> QToolButton:
        """Put a button for an action into the title bar.

        Parameters
        ----------
        action
            Its icon, tooltip and menu, if it has one, are the button's.
        """
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setAccessibleName(action.text().replace("&", "").rstrip("…"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if action.menu() is not None:
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._bar.addWidget(button)
        return button
