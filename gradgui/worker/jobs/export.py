"""Files written in a thread of their own, each whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from enum import Enum
from pathlib import Path
from time import perf_counter

from msgspec import Struct
from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from gradgui.record.atomic_file import AtomicFile, explain_write_error
from gradgui.record.run_store import RunStoreError
from gradgui.worker.owned_thread import OwnedThread

PROGRESS_SECONDS = 1 / 20


class Export(Struct, frozen=True, eq=False):
    """A file to write.

    Attributes
    ----------
    path
        Where.
    pieces
        Gives its content piece by piece, each with how much is done after it; called in the export's thread.
    total
        What is done after the last piece; 0 when that is not known before.
    saved
        What is said at the end: one sentence.
    """

    path: Path
    pieces: Callable[[], Iterator[tuple[str | bytes, int]]]
    saved: str
    total: int = 0


class ExportOutcome(Enum):
    """How an export ended."""

    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ExportProgress(Struct, frozen=True):
    """How far an export is.

    Attributes
    ----------
    done, total
        So far, and in all; 0 of 0 when it is not known how much there is.
    """

    done: int
    total: int


class ExportResult(Struct, frozen=True):
    """How an export ended.

    Attributes
    ----------
    path
        The file that was asked for.
    outcome
        Done, cancelled or failed; in the last two cases an older file is as it was.
    message
        One sentence for the person.
    """

    path: Path
    outcome: ExportOutcome
    message: str


class _CancelledError(Exception):
    """What the file is told, so that it leaves the old one in place."""


class _Writer(QObject):
    """Write one piece a turn of its thread's event loop, so that a cancel is heard in between.

    Signals
    -------
    progressed(ExportProgress)
        At the beginning, and then at most twenty times a second.
    ended(ExportResult)
        Once an export.
    """

    progressed = Signal(ExportProgress)
    ended = Signal(ExportResult)

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._write_piece)
        self._stack = ExitStack()
        self._last_progress = 0.0

    @Slot(Export)
    def begin(self, export: Export) -> None:
        self._export = export
        self._pieces = export.pieces()
        try:
            self._file = self._stack.enter_context(AtomicFile(export.path))
        except OSError as error:
            self._end(ExportOutcome.FAILED, explain_write_error(error, export.path))
            return
        self._tell_progress(0)
        self._timer.start(0)

    @Slot()
    def cancel(self) -> None:
        if self._timer.isActive():
            self._stack.__exit__(_CancelledError, _CancelledError(), None)
            self._end(ExportOutcome.CANCELLED, f"Export of {self._export.path.name} cancelled; nothing was written.")

    @Slot()
    def shut_down(self) -> None:
        self.cancel()
        QThread.currentThread().quit()

    @Slot()
    def _write_piece(self) -> None:
        try:
            piece = next(self._pieces, None)
            if piece is None:
                self._stack.close()
                self._end(ExportOutcome.DONE, self._export.saved)
                return
            self._file.write(piece[0])
        except OSError as error:
            self._stack.__exit__(type(error), error, None)
            self._end(ExportOutcome.FAILED, explain_write_error(error, self._export.path))
            return
        except RunStoreError as error:  # of what is read to be written
            self._stack.__exit__(type(error), error, None)
            self._end(ExportOutcome.FAILED, str(error))
            return
        if perf_counter() - self._last_progress >= PROGRESS_SECONDS:
            self._tell_progress(piece[1])

    def _tell_progress(self, done: int) -> None:
        self._last_progress = perf_counter()
        self.progressed.emit(ExportProgress(done, self._export.total))

    def _end(self, outcome: ExportOutcome, message: str) -> None:
        self._timer.stop()
        self._stack = ExitStack()
        self._pieces = iter(())
        self.ended.emit(ExportResult(self._export.path, outcome, message))


class Exporter(OwnedThread):
    """Own the writer and its thread, which runs only while something is written.

    Signals
    -------
    progressed(ExportProgress)
        How far it is.
    ended(ExportResult)
        Once an export, whatever became of it.
    """

    progressed = Signal(ExportProgress)
    ended = Signal(ExportResult)
    _begin_requested = Signal(Export)
    _cancel_requested = Signal()

    def __init__(self, parent: QObject) -> None:
        self._writer = _Writer()
        super().__init__("export", parent, self._writer)
        self.busy = False
        self._begin_requested.connect(self._writer.begin)
        self._cancel_requested.connect(self._writer.cancel)
        self._writer.progressed.connect(self.progressed)
        self._writer.ended.connect(self._finish)

    def begin(self, export: Export) -> None:
        """Begin to write a file, unless another one is being written.

        Parameters
        ----------
        export
            The file.
        """
        if self.busy:
            return
        self.busy = True
        self._thread.start()
        self._begin_requested.emit(export)

    @Slot()
    def cancel(self) -> None:
        """Stop writing; the file stays, or does not come to be, as before the export."""
        self._cancel_requested.emit()

    @Slot(ExportResult)
    def _finish(self, result: ExportResult) -> None:
        self.busy = False
        self.shut_down()
        self.ended.emit(result)
