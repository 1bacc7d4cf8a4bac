"""What a step makes of the window: which panels are in sight, what is away, locked or lit, and the ball to place."""

from PySide6.QtCore import QByteArray, QObject, QTimer, Slot
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from gradgui.experiment.training_loop import Phase
from gradgui.lessons.controls import ACTIONS, FIELDS, PANELS, PHASE_LINES, SWITCHES
from gradgui.lessons.lesson import Step
from gradgui.lessons.prediction import PlaceBall
from gradgui.ui.epoch.loop_panel import LoopPanel
from gradgui.ui.lessons.lesson_panel import LessonPanel
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.ui.lessons.spotlight import Spotlight
from gradgui.ui.plots.landscape_panel import LandscapePanel
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.docks import Docks


class LessonStage(QObject):
    """Arrange the window for a lesson, and put it back as it was.

    Parameters
    ----------
    window
        What is arranged.
    docks, actions
        Its panels and actions.
    live
        The lesson that is open.
    """

    def __init__(self, window: QMainWindow, docks: Docks, actions: Actions, live: LiveLesson) -> None:
        super().__init__(window)
        self._window, self._docks, self._actions, self._live = window, docks, actions, live
        self._before: QByteArray | None = None
        self._away: list[QWidget] = []
        self.spotlight = Spotlight(window)
        live.step_changed.connect(self._arrange)
        live.changed.connect(self._show_ball)

    @property
    def layout_before(self) -> QByteArray | None:
        """The places of the panels before the lesson, None without one."""
        return self._before

    @Slot()
    def _arrange(self) -> None:
        step = self._live.step
        for control in self._away:
            control.show()
        self._away = []
        self.spotlight.light(None)
        if step is None:
            self._put_back()
            return
        if self._before is None:
            self._before = self._window.saveState()
        self._show_panels(step)
        self._hide_controls(step)
        self._show_ball()
        lit = (self._widget(name) for name in step.lights)
        self.spotlight.light(next((one for one in lit if one is not None), None))
        self._docks.view(LessonPanel).page.text.setFocus()

    def _put_back(self) -> None:
        if self._before is not None:
            self._window.restoreState(self._before)
            self._before = None
            self._docks.bring_up(LessonPanel)
        self._docks.view(LandscapePanel).end_guess()

    def _show_panels(self, step: Step) -> None:
        wanted = {PANELS[name] for name in step.panels}
        for kind, dock in self._docks.by_kind.items():
            name = dock.objectName()
            dock.setVisible(kind is LessonPanel or not wanted or name in wanted)
            if name in wanted:
                dock.raise_()
        QTimer.singleShot(0, self._docks.share_lesson_room)  # when those that were shown have a place

    def _hide_controls(self, step: Step) -> None:
        for name in step.hidden:
            control = self._widget(name)
            if control is not None and control.isVisibleTo(self._window):
                control.hide()
                self._away.append(control)

    @Slot()
    def _show_ball(self) -> None:
        """Let the ball be placed, and nothing on the landscape give away where it lands."""
        step, landscape = self._live.step, self._docks.view(LandscapePanel)
        places_ball = step is not None and isinstance(step.prediction, PlaceBall)
        if self._live.awaits_prediction:
            landscape.begin_guess(placed=places_ball)
        else:
            landscape.end_guess(stays=places_ball)

    def _widget(self, name: str) -> QWidget | None:
        """Give what a lesson's name stands for, None where it is not there now."""
        if name in PANELS:
            return next((dock for dock in self._docks.by_kind.values() if dock.objectName() == PANELS[name]), None)
        if name in ACTIONS:
            bar = self._window.findChild(QToolBar, "training_toolbar")
            return None if bar is None else bar.widgetForAction(self._actions[ACTIONS[name]])
        if name in PHASE_LINES:
            return self._docks.view(LoopPanel).code.block_of(Phase(PHASE_LINES[name]))
        return self._window.findChild(QWidget, SWITCHES.get(name) or FIELDS[name][0])
