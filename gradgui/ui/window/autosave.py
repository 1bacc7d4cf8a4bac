"""A copy of what is not saved, which the next start offers when this one ends before it is."""

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from msgspec import structs
from PySide6.QtCore import QObject, QStandardPaths, Qt, QTimer, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from gradgui.experiment.run_spec import SUFFIX, RunSpec, run_spec_text
from gradgui.file_lock import hold, remove_left
from gradgui.record.atomic_file import PARTS, AtomicFile, explain_write_error
from gradgui.ui.widgets.typed import enter_typed
from gradgui.ui.window.documents import Documents
from gradgui.ui.window.live_run import LiveRun

MILLISECONDS = 5_000
"""Between two looks at whether there is something to keep."""
LARGEST_COPY = 50_000
"""Points; to write more every few seconds would hold the window up. At the end all is written."""
LONGEST_NAME = 60
LOCK = ".lock"

logger = logging.getLogger(__name__)


class Autosave(QObject):
    """Keep a copy of the experiment while it is not saved, and offer those that earlier starts left.

    Parameters
    ----------
    window
        The question's parent.
    documents
        Knows what is not saved, and takes a copy back.
    run
        What is kept.
    tell
        Says a sentence to the person.
    folder
        Where copies are; made when it is not there.
    """

    def __init__(
        self, window: QWidget, documents: Documents, run: LiveRun, tell: Callable[[str], None], folder: Path
    ) -> None:
        super().__init__(window)
        self._window, self._documents, self._run, self._tell, self._folder = window, documents, run, tell, folder
        self._copy: Path | None = None
        self._kept: RunSpec | None = None
        self._failed = False
        self._number = token_hex(4)
        self._left: list[tuple[float, Path]] = []
        self._lock: BinaryIO | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / f"{self._number}{LOCK}").open("xb")
            hold(self._lock)
        except OSError as error:
            self._fail(error)
            return
        remove_left(folder, f"*{LOCK}")
        remove_left(folder, PARTS)
        self._left = _left_copies(folder)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(MILLISECONDS)

    @Slot()
    def offer(self) -> None:
        """Ask about the newest copy that an earlier start left, if there is one."""
        if not self._left:
            return
        written, copy = self._left[0]
        when = datetime.fromtimestamp(written)
        question = QMessageBox(self._window)
        question.setObjectName("recovery")
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setWindowTitle("Open the kept copy?")
        question.setText(f"GradGUI ended before “{_title(copy)}” was saved, on {when:%d %B %Y at %H:%M}.")
        question.setInformativeText("A copy of it was kept. Open it?")
        question.addButton("Open copy", QMessageBox.ButtonRole.AcceptRole).clicked.connect(self._open_left)
        question.addButton("Discard copy", QMessageBox.ButtonRole.DestructiveRole).clicked.connect(self._discard_left)
        question.addButton("Later", QMessageBox.ButtonRole.RejectRole)
        question.open()

    @Slot()
    def keep(self) -> bool:
        """Keep a copy of what is not saved; what is saved needs none.

        Returns
        -------
        bool
            Whether there is nothing to lose now.
        """
        if not self._documents.modified:
            self._forget()
            return True
        run_spec = self._run.run_spec
        copy = self._folder / f"{_file_name(self._documents.title)}.{self._number}{SUFFIX}"
        if copy == self._copy and self._kept is not None and _untimed(run_spec) == _untimed(self._kept):
            return True
        try:
            with AtomicFile(copy) as file:
                file.write(run_spec_text(run_spec))
        except OSError as error:
            self._fail(error)
            return False
        if copy != self._copy:
            self._forget()
        self._copy, self._kept, self._failed = copy, run_spec, False
        return True

    @Slot()
    def keep_typed(self) -> None:
        """Keep a copy with what is typed just now."""
        enter_typed()
        self.keep()

    def end(self, *, keep: bool) -> None:
        """Leave a copy for the next start, or none."""
        if keep:
            self._kept = None  # with how far it was trained
            self.keep()
        else:
            self._forget()
        if self._lock is not None:
            self._lock.close()
            _remove(Path(self._lock.name))

    @Slot()
    def _look(self) -> None:
        if len(self._run.experiment.data.x) <= LARGEST_COPY:
            self.keep()

    @Slot()
    def _open_left(self) -> None:
        _, copy = self._left.pop(0)
        if self._documents.recover(copy, _title(copy)):
            if self.keep():  # under this start's number, before the old one goes
                _remove(copy)
        else:
            self.offer()

    @Slot()
    def _discard_left(self) -> None:
        _remove(self._left.pop(0)[1])
        self.offer()

    def _forget(self) -> None:
        if self._copy is not None:
            _remove(self._copy)
        self._copy = self._kept = None

    def _fail(self, error: OSError) -> None:
        """Say once that nothing is kept."""
        if not self._failed:
            logger.warning("no copy of what is not saved can be kept", exc_info=error)
            self._tell(f"No copy of what is not saved can be kept: {explain_write_error(error, self._folder)}")
        self._failed = True


def autosave_folder() -> Path:
    """Give the folder of copies: on Linux ``~/.local/share/GradGUI/unsaved``."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(place) / "unsaved"


def _left_copies(folder: Path) -> list[tuple[float, Path]]:
    """Find the copies of starts that have ended, the newest first, with the times at which they were written."""
    found = []
    for copy in folder.glob(f"*{SUFFIX}"):
        with suppress(OSError):  # another start may just have taken it
            if copy.is_file() and not copy.with_name(f"{_number(copy)}{LOCK}").exists():
                found.append((copy.stat().st_mtime, copy))
    return sorted(found, reverse=True)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _untimed(run_spec: RunSpec) -> RunSpec:
    return structs.replace(run_spec, trained=0)


def _file_name(title: str) -> str:
    return re.sub(r"[^\w\- ]", "-", title)[:LONGEST_NAME]


def _title(copy: Path) -> str:
    return copy.stem.rpartition(".")[0] or copy.stem


def _number(copy: Path) -> str:
    return copy.stem.rpartition(".")[2]
