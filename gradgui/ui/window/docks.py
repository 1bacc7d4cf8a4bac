"""The window's panels: which there are, and where they are at first."""

from typing import TypeVar

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

from gradgui.experiment.experiment import Experiment
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.data.data_editor import DataEditor
from gradgui.ui.data.data_panel import DataPanel
from gradgui.ui.epoch.gradient_table import GradientTable
from gradgui.ui.epoch.loop_panel import LoopPanel
from gradgui.ui.experiment.experiment_panel import ExperimentPanel
from gradgui.ui.graph.graph_view import GraphView
from gradgui.ui.log.log_panel import LogPanel
from gradgui.ui.plots.epoch_panels import BufferPanel, EpochPanel, LossPanel, ParameterPanel
from gradgui.ui.plots.epoch_plot import EpochPlot
from gradgui.ui.plots.fit_plot import FitPlot
from gradgui.ui.plots.landscape_panel import LandscapePanel
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View
from gradgui.worker import commands
from gradgui.worker.status import Status

TITLE_HEIGHT = 32

EXPERIMENT_WIDTH = 248
LOOP_WIDTH = 410
LOOP_SHARE = 56
"""Per cent of the height for the code; the rest is for the graph."""
LOG_HEIGHT = 170

_BESIDE, _BELOW = Qt.Orientation.Horizontal, Qt.Orientation.Vertical

SPLITS = (
    ("experiment_panel", _BESIDE, "loss_panel"),
    ("loss_panel", _BESIDE, "inside_panel"),
    ("loss_panel", _BELOW, "fit_panel"),
    ("fit_panel", _BELOW, "log_panel"),
    ("loss_panel", _BESIDE, "parameter_panel"),
    ("fit_panel", _BESIDE, "landscape_panel"),
    ("inside_panel", _BELOW, "graph_panel"),
)
"""Which panel stands beside or below which, in the order in which the room is split."""

TABS = (
    ("experiment_panel", "data_panel"),
    ("graph_panel", "gradient_panel"),
    ("gradient_panel", "buffer_panel"),
)
"""Which panel is a tab behind which."""

Kind = TypeVar("Kind", bound=View)


def make_views(run: LiveRun, editor: DataEditor) -> tuple[View, ...]:
    """Make the content of every panel, in the order of the View menu."""
    return (
        ExperimentPanel(run),
        DataPanel(editor),
        LossPanel(),
        FitPlot(editor),
        ParameterPanel(),
        LandscapePanel(run),
        LoopPanel(run),
        GraphView(),
        GradientTable(),
        BufferPanel(),
        LogPanel(run),
    )


class Dock(QDockWidget):
    """A part of the window that can be hidden, moved and floated, with a title bar of the program's own.

    Parameters
    ----------
    view
        What is in it.
    content
        The same, as the widget that it is.
    window
        Where it is docked.
    """

    def __init__(self, view: View, content: QWidget, window: QMainWindow) -> None:
        super().__init__(view.heading, window)
        self.setObjectName(view.name)
        self.setAccessibleName(view.heading)
        title = QWidget()
        title.setObjectName("panel_title")
        title.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._bar = QHBoxLayout(title)
        self._bar.setContentsMargins(SPACING + 2, 3, 4, 3)
        self._bar.addStrut(TITLE_HEIGHT - 6)  # a dock asks for its title's size hint, whatever its minimum height
        self._bar.setSpacing(2)
        label = QLabel(view.heading)
        label.setObjectName("panel_name")
        self._bar.addWidget(label, 1)
        self.setTitleBarWidget(title)
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


class Docks:
    """Put the views into docks, and keep what is in them up to date.

    Parameters
    ----------
    window
        Where they are docked.
    views
        What is in them.

    Attributes
    ----------
    views
        The same.
    by_name
        The docks by ``objectName``.
    """

    def __init__(self, window: QMainWindow, views: tuple[View, ...]) -> None:
        self._window = window
        self.views = views
        self.by_name = {view.name: Dock(view, _widget(view), window) for view in views}
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.put_back()

    def view(self, kind: type[Kind]) -> Kind:
        """Give the view of a kind."""
        return next(view for view in self.views if isinstance(view, kind))

    @property
    def epoch_plots(self) -> tuple[EpochPlot, ...]:
        """Every plot over epochs."""
        return tuple(plot for view in self.views if isinstance(view, EpochPanel) for plot in view.plots)

    @property
    def look(self) -> commands.Look:
        """What is in sight and has to be worked out."""
        needed = [view.needs() for view in self.views if _in_sight(_widget(view))]
        return commands.Look(**{field: value for needs in needed for field, value in needs.items()})

    def put_back(self) -> None:
        """Show every panel where it is at first."""
        window, docks = self._window, self.by_name
        for dock in docks.values():
            dock.setFloating(False)
            window.removeDockWidget(dock)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks[SPLITS[0][0]])
        for present, direction, new in SPLITS:
            window.splitDockWidget(docks[present], docks[new], direction)
        for front, behind in TABS:
            window.tabifyDockWidget(docks[front], docks[behind])
        for dock in docks.values():
            dock.show()
        docks["experiment_panel"].raise_()
        docks["graph_panel"].raise_()
        self.share_room()

    def share_room(self) -> None:
        """Give every panel the room that it has at first."""
        window, docks = self._window, self.by_name
        plots = max(2, window.width() - EXPERIMENT_WIDTH - LOOP_WIDTH)
        upper = max(1, (window.height() - LOG_HEIGHT) // 2)
        for sizes, direction in (
            ({"experiment_panel": EXPERIMENT_WIDTH, "log_panel": plots, "inside_panel": LOOP_WIDTH}, _BESIDE),
            ({"loss_panel": plots // 2, "parameter_panel": plots // 2}, _BESIDE),
            ({"fit_panel": plots // 2, "landscape_panel": plots // 2}, _BESIDE),
            ({"loss_panel": upper, "fit_panel": upper, "log_panel": LOG_HEIGHT}, _BELOW),
            ({"inside_panel": LOOP_SHARE, "graph_panel": 100 - LOOP_SHARE}, _BELOW),
        ):
            window.resizeDocks([docks[name] for name in sizes], list(sizes.values()), direction)

    def set_theme(self, theme: Theme, experiment: Experiment, status: Status) -> None:
        """Take these colours."""
        for view in self.views:
            view.set_theme(theme)
        self.show_experiment(experiment)
        self.show_status(status)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show another experiment."""
        for view in self.views:
            view.show_experiment(experiment)

    def show_status(self, status: Status) -> None:
        """Follow the loop's state."""
        for view in self.views:
            view.show_status(status)

    def show_figures(self, run: LiveRun) -> None:
        """Write what can be read of a run as it is now."""
        for view in self.views:
            view.show_figures(run)

    def draw(self, run: LiveRun) -> None:
        """Draw a run as it is now."""
        for view in self.views:
            if _widget(view).isVisible():
                view.draw(run)


def _widget(view: View) -> QWidget:
    if not isinstance(view, QWidget):
        raise TypeError(f"{view.name} is no widget")
    return view


def _in_sight(content: QWidget) -> bool:
    """Tell whether any of it is; a panel behind another tab counts as visible for Qt."""
    return not content.visibleRegion().isEmpty()
