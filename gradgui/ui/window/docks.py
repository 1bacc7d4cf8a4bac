"""The window's panels: which there are, and where they are at first."""

from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import (
    QMainWindow,
    QTabWidget,
)

from gradgui.experiment.experiment import Experiment
from gradgui.ui.app.theme import LIGHT, Theme
from gradgui.ui.app.type_scale import scaled, scaled_pixels, type_size
from gradgui.ui.epoch.loop_panel import LoopPanel
from gradgui.ui.lessons.lesson_panel import LessonPanel
from gradgui.ui.plots.epoch_panels import EpochPanel
from gradgui.ui.plots.epoch_plot import EpochPlot
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.runs.runs_panel import RunsPanel
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.panels import Makers
from gradgui.ui.window.view import Dock, View, as_widget, is_placed
from gradgui.worker import commands
from gradgui.worker.status import Status

EXPERIMENT_WIDTH = 248
LOOP_WIDTH = 410
LOOP_SHARE = 56
"""Per cent of the height for the code; the rest is for the graph."""
LOG_HEIGHT = 170
MOST_BESIDE_PLOTS = 0.6
"""Share of the window's width that the panels beside the plots may take when their type is large."""

_BESIDE, _BELOW = Qt.Orientation.Horizontal, Qt.Orientation.Vertical

SPLITS = (
    ("lesson_panel", _BESIDE, "experiment_panel"),
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
    ("data_panel", "compare_panel"),
    ("graph_panel", "gradient_panel"),
    ("gradient_panel", "buffer_panel"),
    ("log_panel", "runs_panel"),
)
"""Which panel is a tab behind which."""

Kind = TypeVar("Kind", bound=View)


LESSON_WIDTH = 320
MOST_FOR_LESSON = 0.4
"""Share of the window's width that a lesson may take when its type is large."""


class Docks(QObject):
    """Put the views into docks, and keep what is in them up to date.

    Parameters
    ----------
    window
        Where they are docked.
    run
        What they show.
    makers
        What makes them.
    compared
        The runs that are drawn beside it.

    Attributes
    ----------
    by_kind
        The docks by what is in them.
    """

    def __init__(self, window: QMainWindow, run: LiveRun, makers: Makers, compared: ComparedRuns) -> None:
        super().__init__(window)
        self._window = window
        self._run, self._compared = run, compared
        self._theme = LIGHT
        self._last_epochs: int | None = None
        self.by_kind = {kind: Dock(kind, make, window) for kind, make in makers.items()}
        for dock in self.by_kind.values():
            dock.filled.connect(self._bring_up_to_date)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.put_back()

    @property
    def views(self) -> list[View]:
        """What was made, in the order of the View menu."""
        return [dock.view for dock in self.by_kind.values() if dock.view is not None]

    def view(self, kind: type[Kind]) -> Kind:
        """Give the view of a kind, made now if it was not wanted before."""
        view = self.by_kind[kind].fill()
        if not isinstance(view, kind):
            raise TypeError(f"{kind.name} is not what is in its dock")
        return view

    @property
    def look(self) -> commands.Look:
        """What is in sight and has to be worked out."""
        needed = [dock.view.needs() for dock in self.by_kind.values() if dock.view is not None and dock.in_sight]
        return commands.Look(**{field: value for needs in needed for field, value in needs.items()})

    def bring_up(self, kind: type[View]) -> None:
        """Show a panel, in front of those that it shares its place with, and go to it."""
        dock = self.by_kind[kind]
        dock.show()
        dock.raise_()
        as_widget(dock.fill()).setFocus()

    @Slot()
    def show_runs(self) -> None:
        """Show all runs."""
        self.bring_up(RunsPanel)

    @Slot()
    def show_loop(self) -> None:
        """Show the loop."""
        self.bring_up(LoopPanel)

    def put_back(self) -> None:
        """Show every panel where it is at first."""
        self.put_in_place()
        docks = self.by_name
        for dock in docks.values():
            dock.setVisible(dock.objectName() != LessonPanel.name)
        docks["experiment_panel"].raise_()
        docks["graph_panel"].raise_()
        docks["log_panel"].raise_()
        self.share_room()

    def put_in_place(self) -> None:
        """Give every panel the place that it has at first, whether it is in sight or not."""
        window, docks = self._window, self.by_name
        for dock in docks.values():
            dock.setFloating(False)
            window.removeDockWidget(dock)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks[SPLITS[0][0]])
        for present, direction, new in SPLITS:
            window.splitDockWidget(docks[present], docks[new], direction)
        for front, behind in TABS:
            window.tabifyDockWidget(docks[front], docks[behind])

    def share_room(self) -> None:
        """Give every panel the room that it has at first."""
        window, docks = self._window, self.by_name
        experiment, loop = self.side_widths
        plots = max(2, window.width() - experiment - loop)
        log = min(scaled_pixels(LOG_HEIGHT), window.height() // 4) if type_size() > 100 else LOG_HEIGHT
        upper = max(1, (window.height() - log) // 2)
        for sizes, direction in (
            ({"experiment_panel": experiment, "log_panel": plots, "inside_panel": loop}, _BESIDE),
            ({"loss_panel": plots // 2, "parameter_panel": plots // 2}, _BESIDE),
            ({"fit_panel": plots // 2, "landscape_panel": plots // 2}, _BESIDE),
            ({"loss_panel": upper, "fit_panel": upper, "log_panel": log}, _BELOW),
            ({"inside_panel": LOOP_SHARE, "graph_panel": 100 - LOOP_SHARE}, _BELOW),
        ):
            window.resizeDocks([docks[name] for name in sizes], list(sizes.values()), direction)

    @Slot()
    def share_lesson_room(self) -> None:
        """Give a lesson the room in which it can be read, beside what it shows."""
        seen = {name: dock for name, dock in self.by_name.items() if is_placed(dock, self._window)}
        experiment, loop = self.side_widths
        lesson = max(LESSON_WIDTH, min(scaled_pixels(LESSON_WIDTH), round(MOST_FOR_LESSON * self._window.width())))
        widths = {LessonPanel.name: lesson, "experiment_panel": experiment, "inside_panel": loop}
        sides = {name: width for name, width in widths.items() if name in seen}
        room = max(2, self._window.width() - sum(sides.values()))
        rows = (("loss_panel", "parameter_panel"), ("fit_panel", "landscape_panel"), ("log_panel",))
        plots = next((found for row in rows if (found := [name for name in row if name in seen])), [])
        if not plots and "inside_panel" in sides:
            sides["inside_panel"] += room
        sides |= {name: room // len(plots) for name in plots}
        self._window.resizeDocks([seen[name] for name in sides], list(sides.values()), _BESIDE)
        first = [next(name for name in row if name in seen) for row in rows if any(name in seen for name in row)]
        upper = self._window.height() // 2
        heights = [LOG_HEIGHT if name == "log_panel" else upper for name in first]
        self._window.resizeDocks([seen[name] for name in first], heights, _BELOW)
        opened = [name for name in ("inside_panel", "graph_panel") if name in seen]
        self._window.resizeDocks([seen[name] for name in opened], [upper] * len(opened), _BELOW)

    @property
    def side_widths(self) -> tuple[int, int]:
        """Widths of the experiment and of the loop: larger with larger type, as long as there is room for plots."""
        room = max(EXPERIMENT_WIDTH + LOOP_WIDTH, round(MOST_BESIDE_PLOTS * self._window.width()))
        grown = min(scaled(1.0), room / (EXPERIMENT_WIDTH + LOOP_WIDTH))
        return round(grown * EXPERIMENT_WIDTH), round(grown * LOOP_WIDTH)

    @property
    def by_name(self) -> dict[str, Dock]:
        """The docks by the names under which their places are remembered."""
        return {dock.objectName(): dock for dock in self.by_kind.values()}

    def widen_sides(self, before: tuple[int, int]) -> None:
        """Widen the panels beside the plots as type has grown.

        Parameters
        ----------
        before
            The `side_widths` of the size that type had.
        """
        names = zip(("experiment_panel", "inside_panel"), before, self.side_widths, strict=True)
        grown = [(self.by_name[name], after / earlier) for name, earlier, after in names]
        sides = [(dock, factor) for dock, factor in grown if is_placed(dock, self._window)]
        docks = [dock for dock, _ in sides]
        self._window.resizeDocks(docks, [round(dock.width() * factor) for dock, factor in sides], _BESIDE)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self._theme = theme
        for view in self.views:
            view.set_theme(theme)
        self.show_experiment(self._run.experiment)
        self.show_status(self._run.status)

    def follow_run(self) -> None:
        """Show from now on whatever becomes of the run."""
        self._run.experiment_changed.connect(self.show_experiment)
        self._run.frame.connect(self.draw)
        self._compared.changed.connect(self._run.clock.request)
        for dock in self.by_kind.values():
            dock.visibilityChanged.connect(self._run.clock.request)

    def follow(self, last_epochs: int | None) -> None:
        """Show so many epochs in every plot over epochs, None for all."""
        self._last_epochs = last_epochs
        for plot in self._epoch_plots:
            plot.last_epochs = last_epochs
        self.show_all()

    @Slot()
    def show_all(self) -> None:
        """Let every plot over epochs follow the run, after zooming by hand."""
        for plot in self._epoch_plots:
            plot.show_all()

    @Slot(Experiment)
    def show_experiment(self, experiment: Experiment) -> None:
        """Show another experiment."""
        for view in self.views:
            view.show_experiment(experiment)

    def show_status(self, status: Status) -> None:
        """Follow the loop's state."""
        for view in self.views:
            view.show_status(status)

    def show_figures(self) -> None:
        """Write what can be read of the run as it is now."""
        for view in self.views:
            view.show_figures(self._run)

    @Slot()
    def draw(self) -> None:
        """Draw the run as it is now."""
        for view in self.views:
            if as_widget(view).isVisible():
                view.draw(self._run)

    @property
    def _epoch_plots(self) -> list[EpochPlot]:
        return [plot for view in self.views if isinstance(view, EpochPanel) for plot in view.plots]

    @Slot(View)
    def _bring_up_to_date(self, view: View) -> None:
        """Show in a new view what the others show."""
        if isinstance(view, EpochPanel):
            for plot in view.plots:
                plot.last_epochs = self._last_epochs
                plot.compare(self._compared)
        view.set_theme(self._theme)
        view.show_experiment(self._run.experiment)
        view.show_status(self._run.status)
        view.show_figures(self._run)
        self._run.clock.request()
