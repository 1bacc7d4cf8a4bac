"""The window's panels: what is in them, and where they are at first."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.ui.experiment_panel import ExperimentPanel
from gradgui.ui.live_run import LiveRun
from gradgui.ui.log_table import LogTable
from gradgui.ui.panel import Panel
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.epoch_plot import Curve, EpochPlot
from gradgui.ui.plots.fit_plot import FitPlot
from gradgui.ui.theme import Theme

EXPERIMENT_WIDTH = 250
LOG_HEIGHT = 190


@dataclass(frozen=True)
class _Place:
    title: str
    content: QWidget


class Panels:
    """Make the panels and keep what is in them up to date.

    Parameters
    ----------
    window
        Where they are docked.

    Attributes
    ----------
    experiment, log_table
        Contents that the window connects.
    loss_plot, parameter_plot, gradient_plot, fit_plot
        The plots.
    docks
        The panels by ``objectName``.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.experiment = ExperimentPanel()
        self.loss_plot = EpochPlot("loss_plot", "Loss", "loss before the update", logarithmic=True)
        self.parameter_plot = EpochPlot("parameter_plot", "Parameters", "after the update")
        self.gradient_plot = EpochPlot("gradient_plot", "Gradients", "gradient")
        self.fit_plot = FitPlot()
        self.log_table = LogTable()
        contents = {
            "experiment_panel": _Place("Experiment", self.experiment),
            "loss_panel": _Place("Loss over epochs", self.loss_plot),
            "fit_panel": _Place("Data and fit", self.fit_plot),
            "parameter_panel": _Place(
                "Parameters and gradients over epochs", _stacked(self.parameter_plot, self.gradient_plot)
            ),
            "log_panel": _Place("Log", self.log_table),
        }
        self.docks = {name: Panel(name, place.title, place.content, window) for name, place in contents.items()}
        self.put_back()

    @property
    def canvases(self) -> tuple[Canvas, ...]:
        """Every plot a picture can be taken of."""
        return (self.loss_plot, self.parameter_plot, self.gradient_plot, self.fit_plot)

    @property
    def epoch_plots(self) -> tuple[EpochPlot, ...]:
        """The plots over epochs."""
        return (self.loss_plot, self.parameter_plot, self.gradient_plot)

    def put_back(self) -> None:
        """Show every panel where it is at first."""
        window, docks = self._window, self.docks
        for dock in docks.values():
            dock.setFloating(False)
            window.removeDockWidget(dock)
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["experiment_panel"])
        window.splitDockWidget(docks["experiment_panel"], docks["loss_panel"], horizontal)
        window.splitDockWidget(docks["loss_panel"], docks["parameter_panel"], horizontal)
        window.splitDockWidget(docks["loss_panel"], docks["fit_panel"], vertical)
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, docks["log_panel"])
        for dock in docks.values():
            dock.show()
        width = (window.width() - EXPERIMENT_WIDTH) // 2
        window.resizeDocks(
            [docks["experiment_panel"], docks["loss_panel"], docks["parameter_panel"]],
            [EXPERIMENT_WIDTH, width, width],
            horizontal,
        )
        window.resizeDocks([docks["loss_panel"], docks["fit_panel"]], [300, 300], vertical)
        window.resizeDocks([docks["log_panel"]], [LOG_HEIGHT], vertical)

    def set_theme(self, theme: Theme, experiment: Experiment) -> None:
        """Take these colours."""
        for canvas in self.canvases:
            canvas.set_theme(theme)
        self.show_experiment(experiment, theme)

    def show_experiment(self, experiment: Experiment, theme: Theme) -> None:
        """Show another experiment."""
        names = experiment.parameter_names
        self.experiment.show_experiment(experiment)
        self.experiment.show_starts(experiment, theme)
        self.loss_plot.set_curves((Curve("loss", "loss", theme.loss),), theme)
        colours = [theme.parameter(index) for index in range(len(names))]
        self.parameter_plot.set_curves(
            tuple(Curve(name, name, colour) for name, colour in zip(names, colours, strict=True)), theme
        )
        self.gradient_plot.set_curves(
            tuple(Curve(f"{name}_grad", f"{name}.grad", colour) for name, colour in zip(names, colours, strict=True)),
            theme,
        )
        listed = ", ".join(names)
        self.parameter_plot.set_label("left", f"{listed} after the update", theme)
        self.gradient_plot.set_label("left", ", ".join(f"{name}.grad" for name in names), theme)
        self.fit_plot.set_data(experiment.data)

    def show_run(self, run: LiveRun) -> None:
        """Draw what can be seen of a run as it is now."""
        for plot in self.epoch_plots:
            if plot.isVisible():
                plot.show_log(run.log, run.epoch, run.status.target or run.experiment.epochs)
        if run.fit is not None and self.fit_plot.isVisible():
            self.fit_plot.show_fit(run.fit)
        if self.log_table.isVisible():
            self.log_table.show_log(run.log)


def _stacked(*widgets: QWidget) -> QWidget:
    stack = QWidget()
    layout = QVBoxLayout(stack)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
    return stack
