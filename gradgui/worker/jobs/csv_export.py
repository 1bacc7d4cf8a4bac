"""The log written to a CSV file in a thread of its own, whole or not at all."""

from collections.abc import Iterator
from contextlib import ExitStack
from enum import Enum
from pathlib import Path
from time import perf_counter

from msgspec import Struct
from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from gradgui.record.atomic_file import AtomicFile, explain_write_error
from gradgui.record.csv_file import csv_chunks
from gradgui.record.training_log import LogSnapshot

PROGRESS_SECONDS = 1 / 20


class ExportOutcome(Enum):
    """How an export ended."""

    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ExportProgress(Struct, frozen=True):
    """How far an export is.

    Attributes
    ----------
    rows, all_rows
        Epochs written so far, and in all.
    """

    rows: int
    all_rows: int


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
    """Write one chunk a turn of its thread's event loop, so that a cancel is heard in between.

    Signals
    -------
    progressed(ExportProgress)
        At most twenty times a second.
    ended(ExportResult)
        Once an export.
    """

    progressed = Signal(ExportProgress)
    ended = Signal(ExportResult)

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._write_chunk)
        self._stack = ExitStack()
        self._path = Path()
        self._last_progress = 0.0

    @Slot(LogSnapshot, Path)
    def begin(self, snapshot: LogSnapshot, path: Path) -> None:
        self._path, self._rows = path, len(snapshot)
        self._chunks: Iterator[tuple[str, int]] = csv_chunks(snapshot)
        try:
            self._file = self._stack.enter_context(AtomicFile(path))
        except OSError as error:
            self._end(ExportOutcome.FAILED, explain_write_error(error, path))
            return
        self._timer.start(0)

    @Slot()
    def cancel(self) -> None:
        if self._timer.isActive():
            self._stack.__exit__(_CancelledError, _CancelledError(), None)
            self._end(ExportOutcome.CANCELLED, f"Export of {self._path.name} cancelled; nothing was written.")

    @Slot()
    def shut_down(self) -> None:
        self.cancel()
        QThread.currentThread().quit()

    @Slot()
    def _write_chunk(self) -> None:
        try:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._stack.close()
                self._end(ExportOutcome.DONE, f"Saved {self._rows} epochs to {self._path}.")
                return
            self._file.write(chunk[0])
        except OSError as error:
            self._stack.__exit__(type(error), error, None)
            self._end(ExportOutcome.FAILED, explain_write_error(error, self._path))
            return
        now = perf_counter()
        if now - self._last_progress >= PROGRESS_SECONDS:
            self._last_progress = now
            self.progressed.emit(ExportProgress(chunk[1], self._rows))

    def _end(self, outcome: ExportOutcome, message: str) -> None:
        self._timer.stop()
        self._stack = ExitStack()
        self.ended.emit(ExportResult(self._path, outcome, message))


class CsvExporter(QObject):
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
    _begin_requested = Signal(LogSnapshot, Path)
    _cancel_requested = Signal()
    _shut_down_requested = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.busy = False
        self._thread = QThread(self)
        self._thread.setObjectName("csv export")
        self._writer = _Writer()
        self._writer.moveToThread(self._thread)
        self._begin_requested.connect(self._writer.begin)
        self._cancel_requested.connect(self._writer.cancel)
        self._shut_down_requested.connect(self._writer.shut_down)
        self._writer.progressed.connect(self.progressed)
        self._writer.ended.connect(self._finish)

    def begin(self, snapshot: LogSnapshot, path: Path) -> None:
        """Begin to write a log, unless another one is being written.

        Parameters
        ----------
        snapshot
            The log as it was at one moment.
        path
            The file to write.
        """
        if self.busy:
            return
        self.busy = True
        self._thread.start()
        self._begin_requested.emit(snapshot, path)

    @Slot()
    def cancel(self) -> None:
        """Stop writing; the file stays, or does not come to be, as before the export."""
        self._cancel_requested.emit()

    @Slot()
    def shut_down(self) -> None:
        """Cancel what is being written and wait for the thread."""
        if self._thread.isRunning():
            self._shut_down_requested.emit()
            self._thread.wait()

    @Slot(ExportResult)
    def _finish(self, result: ExportResult) -> None:
        self.busy = False
        self.shut_down()
        self.ended.emit(result)
