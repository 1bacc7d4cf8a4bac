"""Experiments as files: new, open, save, what was open before, and what is not saved yet."""

import logging
from pathlib import Path

from msgspec import structs
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gradgui.experiment.changes import DataChange
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import SUFFIX, ExperimentFileError, RunSpec, read_run_spec, run_spec_text
from gradgui.lessons.lesson import SUFFIX as LESSON_SUFFIX
from gradgui.lessons.lesson import is_lesson
from gradgui.record.atomic_file import AtomicFile, explain_write_error
from gradgui.resources import resource_path
from gradgui.ui.app.settings import Settings
from gradgui.ui.widgets.typed import enter_typed
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.save_dialog import ask_where_to_save, may_replace

logger = logging.getLogger(__name__)

LONGEST_TITLE = 60
FILTER = f"GradGUI experiments (*{SUFFIX})"
OPENED = f"Experiments and lessons (*{SUFFIX} *{LESSON_SUFFIX});;{FILTER};;Lessons (*{LESSON_SUFFIX})"
"""What the dialog offers to open."""


class Documents(QObject):
    """Know which file the experiment belongs to, and keep the person from losing it.

    Parameters
    ----------
    window
        The dialogs' parent.
    settings
        Remembers the folder and the recent files.
    run
        What is kept.

    Attributes
    ----------
    is_lesson
        Whether the experiment is that of a lesson's step, which nobody asks to keep.

    Signals
    -------
    opened(RunSpec)
        This is to be trained from now on.
    lesson_wanted(Path)
        The file that was asked for is a lesson.
    told(str)
        One sentence for the person.
    changed()
        Another file, or another list of recent ones.
    """

    opened = Signal(RunSpec)
    lesson_wanted = Signal(Path)
    told = Signal(str)
    changed = Signal()

    def __init__(self, window: QWidget, settings: Settings, run: LiveRun) -> None:
        super().__init__(window)
        self._window, self._settings, self._run = window, settings, run
        self._path: Path | None = None
        self._kept: RunSpec | None = RunSpec(DEFAULT_EXPERIMENT)
        self._saved_stamp: tuple[int, int] | None = None
        self._title = "The lesson"
        self.is_lesson = False

    @property
    def title(self) -> str:
        """What the experiment is called: after its file."""
        return self._path.stem if self._path else self._title

    @property
    def path(self) -> Path | None:
        """The file it belongs to, None when it has none yet."""
        return self._path

    @property
    def recent(self) -> list[Path]:
        """Files opened or saved before, the last one first."""
        return [Path(text) for text in self._settings.recent]

    @property
    def folders(self) -> set[Path]:
        """Where files were written before."""
        return {Path(self._settings.folder), *(path.parent for path in self.recent)}

    @property
    def modified(self) -> bool:
        """Whether something would be lost.

        What has no file yet is only worth asking about when the problem itself was edited: to play with the learning
        rate, the number of epochs or the ball is what the window is there for.
        """
        present = self._run.run_spec
        if self._kept is None:  # recovered
            return True
        if self._path is not None:  # how far it was trained is kept, but is nothing to be lost
            return structs.replace(present, trained=0) != structs.replace(self._kept, trained=0)
        return _problem(present) != _problem(self._kept)

    def follow(self, actions: Actions) -> None:
        """Do what the window's actions ask for."""
        actions["new_experiment"].triggered.connect(self.new)
        actions["open_experiment"].triggered.connect(self.open)
        actions["save_experiment"].triggered.connect(self.save)
        actions["save_experiment_as"].triggered.connect(self.save_as)

    @Slot()
    def new(self) -> None:
        """Go back to the lesson."""
        if self.may_leave():
            self._take(RunSpec(DEFAULT_EXPERIMENT), None, "The lesson")

    @Slot()
    def open(self) -> None:
        """Ask for an experiment or a lesson, and open it; once it is chosen, ask about what is not saved."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open experiment", self._settings.folder, OPENED)
        if chosen:
            self.open_path(chosen)

    @Slot(str)
    def open_path(self, path: str | Path) -> None:
        """Open a file, asking first about what is not saved; a file that is none is told of."""
        if is_lesson(Path(path)):  # asks itself
            self.lesson_wanted.emit(Path(path))
        elif self.may_leave():
            self._read(Path(path))

    @Slot(str)
    def open_example(self, path: str | Path) -> None:
        """Open a file of which a copy is worked with: saving asks for a place."""
        if self.may_leave():
            self.show(read_run_spec(Path(path)), Path(path))

    def show(self, run_spec: RunSpec, path: Path) -> None:
        """Take what was read from a file; of an example it is a copy, which has no file yet."""
        if path.resolve().parent == resource_path("lessons").resolve():
            self._take(run_spec, None, path.stem.partition("-")[2].replace("-", " ").capitalize())
            return
        self._remember(path)
        self._take(run_spec, path, path.stem)

    def recover(self, copy: Path, title: str) -> bool:
        """Take a copy of what was never saved; it has no file, and stays unsaved until it is saved.

        Returns
        -------
        bool
            Whether it was taken.
        """
        try:
            run_spec = read_run_spec(copy)
        except ExperimentFileError as error:
            logger.warning("%s could not be opened", copy, exc_info=True)
            self.told.emit(f"{error}.")
            return False
        if not self.may_leave():
            return False
        self._take(run_spec, None, title)
        self._kept = None
        self.changed.emit()
        return True

    def show_lesson(self, run_spec: RunSpec, title: str) -> None:
        """Show what a step of a lesson begins with; it has no file."""
        self._take(run_spec, None, title, is_lesson=True)

    def show_run(self, run_spec: RunSpec, title: str) -> None:
        """Show a run of a sweep at its start; it has no file."""
        self._take(run_spec, None, title[:LONGEST_TITLE])

    def name_kept(self, run_spec: RunSpec, title: str) -> None:
        """Take note that a run that was kept becomes the present one; it has no file."""
        self._kept, self._path, self._title, self._saved_stamp = run_spec, None, title[:LONGEST_TITLE], None
        self.is_lesson = False
        self.changed.emit()

    def _is_changed_by_others(self, path: Path) -> bool:
        """Whether the file is not what was read or written last; one that is gone is nobody's."""
        stamp = _stamp(path)
        if stamp is None or stamp == self._saved_stamp:
            return False
        try:
            return read_run_spec(path) != self._kept
        except ExperimentFileError:
            return True

    @Slot()
    def save(self) -> bool:
        """Save to the experiment's file, asking for one if there is none.

        Returns
        -------
        bool
            Whether it was saved.
        """
        if self._path is None:
            return self.save_as()
        question = f"“{self._path.name}” was changed by another program since it was opened. Replace it?"
        if self._is_changed_by_others(self._path) and not may_replace(self._window, self._path, question):
            return False
        return self._write(self._path)

    @Slot()
    def save_as(self) -> bool:
        """Ask for a file and save there."""
        suggestion = self._path or Path(self._settings.folder) / f"{self.title.lower().replace(' ', '-')}{SUFFIX}"
        chosen = ask_where_to_save(self._window, "Save experiment", suggestion, FILTER)
        return chosen is not None and self._write(chosen[0])

    def may_leave(self) -> bool:
        """Ask about what is not saved, and tell whether to go on."""
        enter_typed()
        if not self.modified:
            return True
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "Save changes?",
            f"“{self.title}” was changed and is not saved. Save it?",
            button.Save | button.Discard | button.Cancel,
            button.Save,
        )
        if answer == button.Save:
            return self.save()
        return answer == button.Discard

    def _read(self, path: Path) -> None:
        try:
            run_spec = read_run_spec(path)
        except ExperimentFileError as error:
            logger.warning("%s could not be opened", path, exc_info=True)
            self._settings.recent = [text for text in self._settings.recent if text != str(path)]
            self.changed.emit()
            self.told.emit(f"{error}.")
            return
        self._settings.folder = str(path.parent)
        self.show(run_spec, path)

    def _write(self, path: Path) -> bool:
        run_spec = self._run.run_spec
        try:
            with AtomicFile(path) as file:
                file.write(run_spec_text(run_spec))
        except OSError as error:
            self.told.emit(explain_write_error(error, path))
            return False
        self._kept, self._path, self._saved_stamp = run_spec, path, _stamp(path)
        self._settings.folder = str(path.parent)
        self._remember(path)
        self.told.emit(f"Saved {path}.")
        self.changed.emit()
        return True

    def _take(self, run_spec: RunSpec, path: Path | None, title: str, *, is_lesson: bool = False) -> None:
        self._kept, self._path, self._title, self.is_lesson = run_spec, path, title, is_lesson
        self._saved_stamp = None if path is None else _stamp(path)
        self.opened.emit(run_spec)
        self.changed.emit()

    def _remember(self, path: Path) -> None:
        text = str(path.resolve())
        self._settings.recent = [text, *(other for other in self._settings.recent if other != text)]


def _stamp(path: Path) -> tuple[int, int] | None:
    """Give when a file was written and how large it is, None when there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _problem(run_spec: RunSpec) -> object:
    """Give what a person would have to type again."""
    experiment = run_spec.experiment
    changed_data = [change.data for change in run_spec.interventions if isinstance(change, DataChange)]
    return (
        experiment.model,
        changed_data[-1] if changed_data else experiment.data,
        experiment.loss,
        experiment.optimizer,
        experiment.schedule,
        experiment.dtype,
        experiment.probe,
    )
