"""What a step makes of the window: which panels are in sight, what is away, locked or lit, and the ball to place."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from gradgui.experiment.training_loop import Phase
from gradgui.lessons.controls import ACTIONS, FIELDS, PANELS, PHASE_LINES, SWITCHES
from gradgui.lessons.lesson import Step
from gradgui.lessons.prediction import PlaceBall
from gradgui.ui.data.data_panel import DataPanel
from gradgui.ui.epoch.gradient_table import GradientTable
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
        self._was_logarithmic: bool | None = None  # before the lesson
        self.spotlight = Spotlight(window)
        live.step_changed.connect(self._arrange)
        live.changed.connect(self._follow_prediction)
        live.changed.connect(self._light)

    @Slot()
    def _arrange(self) -> None:
        step = self._live.step
        for control in self._away:
            control.show()
        self._away = []
        self.spotlight.light(None)
        self._show_panels()
        self._choose_axis("" if step is None else step.axis)
        if step is None:
            self._docks.view(LandscapePanel).end_guess()
            return
        self._hide_controls(step)
        self._show_ball()
        self._light()
        self._docks.view(LessonPanel).page.text.setFocus()

    @Slot()
    def _light(self) -> None:
        """Point at the first thing, and with everything that is done at the next one."""
        step = self._live.step
        if step is not None and step.lights:
            target = self._widget(step.lights[min(self._live.checks.done, len(step.lights) - 1)])
            if target is not self.spotlight.target:
                self.spotlight.light(target)

    def _show_panels(self) -> None:
        """Show the step's panels, first of those behind each other the one that it names first."""
        step = self._live.step
        panels = None if step is None else [PANELS[name] for name in step.panels]
        if panels is not None and self._live.awaits_prediction:
            panels = [name for name in panels if name != GradientTable.name]  # it knows the next gradient
        self._arrangement.show_step(panels)

    def _choose_axis(self, axis: str) -> None:
        """Draw the loss as the step wants it; as it was before the lesson where it wants nothing."""
        action = self._actions["log_axis"]
        if self._was_logarithmic is None:
            self._was_logarithmic = action.isChecked()
        action.setChecked(axis == "logarithmic" if axis else self._was_logarithmic)
        if self._live.step is None:
            self._was_logarithmic = None

    @Slot()
    def _follow_prediction(self) -> None:
        """Show what the prediction was to be made without."""
        self._show_ball()
        step = self._live.step
        dock = self._docks.by_kind[GradientTable]
        if (
            step is not None
            and "gradient three ways" in step.panels
            and dock.isHidden() != self._live.awaits_prediction
        ):
            self._show_panels()

    def _hide_controls(self, step: Step) -> None:
        for name in step.hidden:
            control = self._widget(name)
            if control is not None and not control.isHidden():
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
            landscape.end_guess(stays=places_ball and bool(self._live.result.values))

    def _widget(self, name: str) -> QWidget | None:
        """Give what a lesson's name stands for, None where it is not there now."""
        if name in PANELS:
            return next((dock for dock in self._docks.by_kind.values() if dock.objectName() == PANELS[name]), None)
        if name in ACTIONS:
            bar = self._window.findChild(QToolBar, "training_toolbar")
            return None if bar is None else bar.widgetForAction(self._actions[ACTIONS[name]])
        if name == "points":
            self._docks.view(DataPanel)  # where they are is made when it is first wanted
        if name in PHASE_LINES:
            return self._docks.view(LoopPanel).code.block_of(Phase(PHASE_LINES[name]))
        return self._window.findChild(QWidget, SWITCHES.get(name) or FIELDS[name][0])
