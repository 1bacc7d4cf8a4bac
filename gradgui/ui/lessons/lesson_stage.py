"""What a step makes of the window: which panels are in sight, what is away, locked or lit, and the ball to place."""

from PySide6.QtCore import QObject, Slot
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
from gradgui.ui.window.arrangement import Arrangement
from gradgui.ui.window.docks import Docks


class LessonStage(QObject):
    """Arrange the window for a lesson, and put it back as it was.

    Parameters
    ----------
    window
        What is arranged.
    docks, arrangement, actions
        Its panels, which of them are in sight, and its actions.
    live
        The lesson that is open.
    """

    def __init__(
        self, window: QMainWindow, docks: Docks, arrangement: Arrangement, actions: Actions, live: LiveLesson
    ) -> None:
        super().__init__(window)
        self._window, self._docks, self._actions, self._live = window, docks, actions, live
        self._arrangement = arrangement
        self._away: list[QWidget] = []
        self.spotlight = Spotlight(window)
        live.step_changed.connect(self._arrange)
        live.changed.connect(self._show_ball)

    @Slot()
    def _arrange(self) -> None:
        step = self._live.step
        for control in self._away:
            control.show()
        self._away = []
        self.spotlight.light(None)
        self._arrangement.show_step(None if step is None else [PANELS[name] for name in step.panels])
        if step is None:
            self._docks.view(LandscapePanel).end_guess()
            return
        self._hide_controls(step)
        self._show_ball()
        lit = (self._widget(name) for name in step.lights)
        self.spotlight.light(next((one for one in lit if one is not None), None))
        self._docks.view(LessonPanel).page.text.setFocus()

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
