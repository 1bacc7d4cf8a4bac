"""Lessons in the window, put together: the panel, what a step makes of the window, files, and the offer at first."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMainWindow

from gradgui.lessons.course import course
from gradgui.lessons.lesson import SUFFIX
from gradgui.lessons.lesson_file import read_lesson
from gradgui.lessons.step_lines import LessonFileError
from gradgui.resources import resource_path
from gradgui.ui.lessons.bug_hunt import BugHunt
from gradgui.ui.lessons.lesson_panel import LessonPanel
from gradgui.ui.lessons.lesson_stage import LessonStage
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.ui.lessons.result_sheet import result_sheet
from gradgui.ui.plots.landscape_panel import LandscapePanel
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.arrangement import Arrangement
from gradgui.ui.window.docks import Docks
from gradgui.ui.window.exports import Exports
from gradgui.ui.window.status_line import Offer

FILTER = f"Lessons (*{SUFFIX})"


class Lessons(QObject):
    """Begin lessons, open those that a teacher wrote, and write the template of one.

    Parameters
    ----------
    window
        The dialogs' parent.
    exports
        Asks where a file is to be, and has it written.
    docks, actions
        The window's panels and actions.
    arrangement
        Which panels are in sight.
    live
        The lesson that is open.
    hunt
        Hides the bug that some steps ask for.

    Signals
    -------
    told(str)
        One sentence for the person.
    offered(Offer)
        The first lesson, to whom does not know that there are any.

    Attributes
    ----------
    stage
        What a step makes of the window.
    """

    told = Signal(str)
    offered = Signal(Offer)

    def __init__(
        self,
        window: QMainWindow,
        exports: Exports,
        docks: Docks,
        actions: Actions,
        *,
        arrangement: Arrangement,
        live: LiveLesson,
        hunt: BugHunt,
    ) -> None:
        super().__init__(window)
        self._window, self._exports, self._docks, self._live, self._hunt = window, exports, docks, live, hunt
        self._actions = actions
        self.stage = LessonStage(window, docks, arrangement, actions, live)
        docks.by_kind[LessonPanel].filled.connect(self._connect)
        live.told.connect(self.told)
        live.step_changed.connect(self._begin_hunt)
        live.changed.connect(self._offer_sheet)
        hunt.found.connect(live.find_bug)
        hunt.given_up.connect(live.give_up_bug)
        actions["lessons"].triggered.connect(self.show_lessons)
        actions["open_lesson"].triggered.connect(self.ask)
        actions["new_lesson"].triggered.connect(self.write_template)
        actions["save_results"].triggered.connect(self.save_results)
        actions["print_results"].triggered.connect(self.print_results)
        self._offer_sheet()

    @Slot()
    def _connect(self) -> None:
        self._docks.view(LessonPanel).page.prediction.ball_placed.connect(self._place_ball)

    @Slot()
    def _begin_hunt(self) -> None:
        """Hide a bug for a step that asks for one; none stays hidden in another step."""
        step = self._live.step
        if self._hunt.active:
            self._hunt.give_up()
        if step is not None:
            self.told.emit("")  # whatever was said before the lesson
        if step is not None and step.hunts_bug and not self._live.result.done:
            self._hunt.begin()
        self._offer_sheet()

    @Slot()
    def _offer_sheet(self) -> None:
        for name in ("save_results", "print_results"):
            self._actions[name].setEnabled(self._live.lesson is not None)

    @Slot()
    def save_results(self) -> None:
        """Save what was predicted, done and needed in the open lesson as one page."""
        lesson = self._live.lesson
        if lesson is None:
            return
        name = f"{lesson.title.lower().replace(' ', '-')}-results.pdf"
        chosen = self._exports.ask("Save result sheet", name, "PDF (*.pdf)")
        if chosen is not None:
            from gradgui.ui.widgets.paper import pdf_of  # noqa: PLC0415 - what prints costs the first frame

            pdf = pdf_of(result_sheet(lesson, self._live.progress), lesson.title)
            self._exports.write(chosen[0], lambda: pdf)

    @Slot()
    def print_results(self) -> None:
        """Print the same page."""
        lesson = self._live.lesson
        if lesson is not None:
            from gradgui.ui.widgets.paper import print_document  # noqa: PLC0415

            print_document(self._window, result_sheet(lesson, self._live.progress), lesson.title)

    def offer(self) -> None:
        """Offer the first lesson, as long as none was ever begun."""
        if not self._live.known_progress():
            message = f"New here? The first lesson takes about {course()[0].minutes} minutes."
            tooltip = "One epoch and its five phases: predict, then see. It can be left at any time."
            self.offered.emit(Offer(message, "Begin the first lesson", tooltip, self.begin_first))

    @Slot()
    def begin_first(self) -> None:
        """Begin the course."""
        self._docks.view(LessonPanel)
        if self._live.open(course()[0]):
            self.show_lessons()

    @Slot()
    def show_lessons(self) -> None:
        """Show the lessons, or the one that is open."""
        self._docks.bring_up(LessonPanel)
        self._docks.share_lesson_room()

    @Slot()
    def ask(self) -> None:
        """Ask for a lesson's file, and open it."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open lesson", self._exports.folder, FILTER)
        if chosen:
            self.open_path(Path(chosen))

    def open_path(self, path: Path) -> None:
        """Open a lesson; what is wrong with it is told with its line."""
        try:
            lesson = read_lesson(path)
        except LessonFileError as error:
            self.told.emit(f"{path.name}, {error}")
            return
        self._docks.view(LessonPanel)
        if self._live.open(lesson):
            self.show_lessons()

    @Slot()
    def write_template(self) -> None:
        """Ask where a new lesson is to be written, and write the template there."""
        chosen = self._exports.ask("New lesson", f"my{SUFFIX}", FILTER)
        if chosen is not None:
            template = resource_path("template.lesson.md").read_text(encoding="utf-8")
            self._exports.write(chosen[0], lambda: template)

    @Slot()
    def _place_ball(self) -> None:
        values = self._docks.view(LandscapePanel).guessed
        if values:
            self._live.predict(values)
        else:
            self._docks.view(LessonPanel).page.prediction.complain(
                "Move the ball first, with the mouse or the arrow keys; “I don't know” is one too."
            )
