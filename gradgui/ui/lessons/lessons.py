"""Lessons in the window, put together: the panel, what a step makes of the window, files, and the offer at first."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMainWindow

from gradgui.lessons.lesson import SUFFIX
from gradgui.lessons.lesson_file import read_lesson
from gradgui.lessons.step_lines import LessonFileError
from gradgui.record.atomic_file import AtomicFile, explain_write_error
from gradgui.resources import resource_path
from gradgui.ui.app.settings import Settings
from gradgui.ui.lessons.lesson_panel import LessonPanel
from gradgui.ui.lessons.lesson_stage import LessonStage
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.ui.plots.landscape_panel import LandscapePanel
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.docks import Docks
from gradgui.ui.window.save_dialog import ask_where_to_save

FILTER = f"Lessons (*{SUFFIX})"


class Lessons(QObject):
    """Begin lessons, open those that a teacher wrote, and write the template of one.

    Parameters
    ----------
    window
        The dialogs' parent.
    settings
        Knows the folder where files were saved last.
    docks, actions
        The window's panels and actions.
    live
        The lesson that is open.

    Signals
    -------
    told(str)
        One sentence for the person.

    Attributes
    ----------
    stage
        What a step makes of the window.
    """

    told = Signal(str)

    def __init__(
        self, window: QMainWindow, settings: Settings, docks: Docks, actions: Actions, live: LiveLesson
    ) -> None:
        super().__init__(window)
        self._window, self._settings, self._docks, self._live = window, settings, docks, live
        self.stage = LessonStage(window, docks, actions, live)
        panel = docks.by_kind[LessonPanel]
        panel.filled.connect(self._connect)
        live.told.connect(self.told)
        actions["lessons"].triggered.connect(self.show_lessons)
        actions["open_lesson"].triggered.connect(self.ask)
        actions["new_lesson"].triggered.connect(self.write_template)

    @Slot()
    def _connect(self) -> None:
        self._docks.view(LessonPanel).page.prediction.ball_placed.connect(self._place_ball)

    @Slot()
    def show_lessons(self) -> None:
        """Show the lessons, or the one that is open."""
        self._docks.bring_up(LessonPanel)
        self._docks.share_lesson_room()

    @Slot()
    def ask(self) -> None:
        """Ask for a lesson's file, and open it."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open lesson", self._settings.folder, FILTER)
        if chosen:
            self.open_path(Path(chosen))

    def open_path(self, path: Path) -> None:
        """Open a lesson; what is wrong with it is told with its line."""
        try:
            lesson = read_lesson(path)
        except LessonFileError as error:
            self.told.emit(f"{path.name}, {error}")
            return
        self._settings.folder = str(path.parent)
        self._docks.view(LessonPanel)
        if self._live.open(lesson):
            self.show_lessons()

    @Slot()
    def write_template(self) -> None:
        """Ask where a new lesson is to be written, and write the template there."""
        suggestion = Path(self._settings.folder) / f"my{SUFFIX}"
        chosen = ask_where_to_save(self._window, "New lesson", suggestion, FILTER)
        if chosen is None:
            return
        path = chosen[0]
        try:
            with AtomicFile(path) as file:
                file.write(resource_path("template.lesson.md").read_text(encoding="utf-8"))
        except OSError as error:
            self.told.emit(explain_write_error(error, path))
            return
        self._settings.folder = str(path.parent)
        self.told.emit(f"Wrote {path}. Open it in a text editor, and here with Lessons → Open lesson.")

    @Slot()
    def _place_ball(self) -> None:
        values = self._docks.view(LandscapePanel).guessed
        if values:
            self._live.predict(values)
        else:
            self.told.emit("The landscape comes with the training loop; place the ball on it then.")
