"""The lesson that is open: its step, what was predicted and done in it, and whether that is all."""

import logging
from datetime import datetime

from msgspec import structs
from PySide6.QtCore import QObject, Signal, Slot

from gradgui.experiment.run_spec import RunSpec
from gradgui.lessons.controls import FIELDS
from gradgui.lessons.lesson import Lesson, Step
from gradgui.lessons.outcome import bound_of, compared, is_done, written
from gradgui.lessons.prediction import Choice, Values
from gradgui.lessons.progress import LessonProgress, ProgressFile, StepResult
from gradgui.platform import data_folder
from gradgui.ui.lessons.step_checks import StepChecks
from gradgui.ui.window.documents import Documents
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker.status import State

logger = logging.getLogger(__name__)

PREDICT_FIRST = "First your prediction, in the lesson: “I don't know” is one too."
UNKNOWN = "I don't know"
GIVEN_UP = "Given up: “Begin again” hides another bug."


class LiveLesson(QObject):
    """Lead through the steps of one lesson after the other.

    Parameters
    ----------
    run
        What a lesson is about.
    documents
        Is told what the window shows.
    parent
        The window.

    Signals
    -------
    step_changed()
        Another step is open, or no lesson is.
    changed()
        Something of the step became known or was done.
    told(str)
        One sentence for the person.

    Attributes
    ----------
    lesson
        The one that is open, None for none.
    progress
        Of it.
    checks
        Of the open step.
    missing
        What is missing to the open step, as far as it can be said; empty when nothing is.
    bug_found
        Whether the bug that is hidden in it was.
    """

    step_changed = Signal()
    changed = Signal()
    told = Signal(str)

    def __init__(self, run: LiveRun, documents: Documents, parent: QObject) -> None:
        super().__init__(parent)
        self._run, self._documents = run, documents
        self._file = ProgressFile(data_folder() / "lessons.json")
        self.lesson: Lesson | None = None
        self.progress = LessonProgress()
        self.missing = ""
        self.bug_found = self._gave_up = False
        self.checks = StepChecks(run, self)  # first: it knows of a command before what came of that is judged
        run.status_changed.connect(self.judge)
        run.figures.connect(self.judge)
        documents.changed.connect(self._follow_document)

    @property
    def place(self) -> int:
        """The place of the open step."""
        return self.progress.place

    @property
    def step(self) -> Step | None:
        """The open step, None without a lesson."""
        return None if self.lesson is None else self.lesson.steps[self.place]

    @property
    def result(self) -> StepResult:
        """What became of the open step so far."""
        return StepResult() if self.step is None else self.progress.result(self.step.heading)

    @property
    def awaits_prediction(self) -> bool:
        """Whether something has to be predicted before anything is trained."""
        step = self.step
        return step is not None and step.prediction is not None and not self.result.predicted

    @property
    def is_done(self) -> bool:
        """Whether the open step is done, or asks for nothing."""
        step = self.step
        return step is not None and (not step.asks or bool(self.result.done))

    def known_progress(self) -> dict[str, LessonProgress]:
        """Give the progress of all lessons by their identities."""
        return self._file.read()

    def open(self, lesson: Lesson) -> bool:
        """Take a lesson up where it was left; False when the person wants to keep what is not saved."""
        if not self._documents.is_lesson and not self._documents.may_leave():
            return False
        progress = self._file.read().get(lesson.identity, LessonProgress())
        self.lesson = lesson
        self.progress = structs.replace(progress, place=min(progress.place, len(lesson.steps) - 1))
        logger.info("lesson %s, step %d", lesson.identity, self.place + 1)
        self._begin(anew=True)
        return True

    @Slot()
    def leave(self) -> None:
        """Close the lesson; it is taken up again where it is."""
        self.lesson, self.missing = None, ""
        self.checks.begin(None)
        self._run.gate, self._run.locked = "", frozenset()
        self.step_changed.emit()

    @Slot()
    def begin_again(self) -> None:
        """Begin the open step again, as if nothing had been predicted or done in it."""
        if self.step is not None:
            self._keep(StepResult(hints=self.result.hints))
            self._begin(anew=True)

    def go_to(self, place: int) -> None:
        """Open another step."""
        if self.lesson is not None and 0 <= place < len(self.lesson.steps):
            follows = place == self.place + 1
            self.progress = structs.replace(self.progress, place=place)
            self._write()
            self._begin(anew=not follows)

    @property
    def is_last(self) -> bool:
        """Whether no step comes after the open one."""
        return self.lesson is not None and self.place == len(self.lesson.steps) - 1

    def skip(self) -> None:
        """Go on without having done what the step asks for."""
        if not self.is_done:
            self._keep(structs.replace(self.result, skipped=True))
        self.go_on()

    def go_on(self) -> None:
        """Open the next step; after the last one the lesson was gone through to its end."""
        if self.is_last:
            title = "" if self.lesson is None else self.lesson.title
            self._finish()
            self.leave()
            self.told.emit(f"“{title}” is finished.")
        else:
            self.go_to(self.place + 1)

    @Slot()
    def give_hint(self) -> None:
        """Show one hint more."""
        step = self.step
        if step is not None and self.result.hints < len(step.hints):
            self._keep(structs.replace(self.result, hints=self.result.hints + 1))
            self.changed.emit()

    def predict(self, values: Values, words: str = "") -> None:
        """Take a prediction: numbers, the place of an answer, or nothing for *I don't know*."""
        step, result = self.step, self.result
        if step is None or step.prediction is None or (result.predicted and not self.may_try_again):
            return
        if isinstance(step.prediction, Choice):
            words = step.prediction.options[int(values[0])] if values else UNKNOWN
        predicted = words or (written(values) if values else UNKNOWN)
        self._keep(structs.replace(result, predicted=predicted, values=values, tries=result.tries + 1, is_right=None))
        self._run.gate = ""
        self._run.clock.request()
        self.told.emit("")
        self.judge()
        self.changed.emit()

    @property
    def may_try_again(self) -> bool:
        """Whether another answer may be given after one that was not near enough."""
        step, result = self.step, self.result
        return step is not None and bound_of(step.prediction) is not None and result.is_right is not True

    def find_bug(self) -> None:
        """Take note that the bug was found."""
        self.bug_found = True
        self.judge()

    def give_up_bug(self) -> None:
        """Say how another bug is hidden, where one has to be found."""
        step = self.step
        if step is not None and step.hunts_bug and not self.is_done:
            self._gave_up = True
            self.judge()

    def _begin(self, *, anew: bool) -> None:
        """Begin the open step; with what is trained at it, unless it goes on with what is there."""
        lesson, step, result = self.lesson, self.step, self.result
        if lesson is None or step is None:
            return
        prediction = step.prediction
        told = (
            prediction is not None
            and not isinstance(prediction, Choice)
            and prediction.epochs > 0
            and prediction.truth(self._run.log) is not None
        )
        self._run.locked = frozenset()
        if anew or step.start is not None or (told and not result.predicted):
            start = lesson.start_of(self.place)
            self._documents.show_lesson(RunSpec(start), lesson.title)
        self.checks.begin(step)
        self.bug_found = self._gave_up = False
        self._run.gate = PREDICT_FIRST if self.awaits_prediction else ""
        self._run.locked = frozenset(locked_fields(step))
        self.missing = ""
        self.step_changed.emit()
        self.judge()

    @Slot()
    def _follow_document(self) -> None:
        """Leave the lesson where something else was opened, of which it says nothing."""
        if self.lesson is not None and not self._documents.is_lesson:
            title = self.lesson.title
            self.leave()
            self.told.emit(f"“{title}” was left, as something else was opened; Ctrl+Shift+L leads back to it.")

    @Slot()
    def judge(self) -> None:
        """See what was done since."""
        step, run = self.step, self._run
        if step is None or run.is_awaited or run.status.state is State.LOADING or self.result.done:
            return
        before = self.missing, self.checks.done, self.result
        if not self.awaits_prediction:
            self.checks.ask()
            self.missing = self.checks.missing or (GIVEN_UP if self._gave_up else "")
        rest_done = self.checks.are_done and (self.bug_found or not step.hunts_bug)
        if step.prediction is not None:
            now = compared(step.prediction, self.result, run.log, rest_done=rest_done)
            if now != self.result:
                self._keep(now)
        if is_done(step, self.result, rest_done=rest_done):
            self._keep(
                structs.replace(
                    self.result, done=datetime.now().astimezone().isoformat(timespec="minutes"), skipped=False
                )
            )
            if self.is_last:
                self._finish()
        if (self.missing, self.checks.done, self.result) != before:
            self.changed.emit()

    def _finish(self) -> None:
        if not self.progress.finished:
            now = datetime.now().astimezone().isoformat(timespec="minutes")
            self.progress = structs.replace(self.progress, finished=now)
            self._write()

    def _keep(self, result: StepResult) -> None:
        if self.step is not None:
            self.progress = self.progress.with_result(self.step.heading, result)
            self._write()

    def _write(self) -> None:
        if self.lesson is None:
            return
        try:
            self._file.keep(self.lesson.identity, self.progress)
        except OSError as error:
            logger.warning("progress could not be kept", exc_info=True)
            self.told.emit(f"Your progress cannot be kept: {error.strerror or error}.")


def locked_fields(step: Step) -> set[str]:
    """Give the fields of an experiment that keep their value in a step."""
    return {field for name in step.locked for field in FIELDS[name][1]}
