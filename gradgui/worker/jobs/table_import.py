"""A table read in a thread of its own: what it looks like first, then its data and its bad cells."""

import logging
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from time import perf_counter

from msgspec import Struct
from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from gradgui.tables.comparison import ComparedReading, compare_readings
from gradgui.tables.detection import Detection, detect_table
from gradgui.tables.first_lines import FirstLine, first_lines
from gradgui.tables.format import TableError, TableFormat
from gradgui.tables.preview import Places, TablePreview, preview_table
from gradgui.tables.reader import TableReader
from gradgui.tables.source import Origin
from gradgui.tables.table import Table
from gradgui.worker.owned_thread import OwnedThread

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 1 / 20
PAINTING_MILLISECONDS = 20
"""Before it is looked at, and before it is read: while the window paints, as two threads that want the interpreter's
lock hinder each other."""
SLICE_SECONDS = 0.01
"""How long a slice of reading takes before the thread listens again."""


class ImportOutcome(Enum):
    """How an import ended."""

    DONE = "done"
    AMBIGUOUS = "ambiguous"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ImportRequest(Struct, frozen=True):
    """What is to be read.

    Attributes
    ----------
    origin
        The file, or a text.
    table_format
        How it is written; None to find out.
    columns
        Places of x and y; None, or one that the table does not have, for those that the table suggests.
    """

    origin: Origin
    table_format: TableFormat | None = None
    columns: Places | None = None


class ImportPreview(Struct, frozen=True):
    """What a table looks like, told before it is read.

    Attributes
    ----------
    request
        What was asked for.
    detection
        Its format, columns and first rows in every way in which it can be read; where there are two, nothing is read.
    columns
        Places of x and y in the likeliest.
    compared
        Where there are two: what each gives, beside each other.
    lines
        Where there is one: the first lines of the table, as they are read.
    """

    request: ImportRequest
    detection: Detection
    columns: Places
    compared: tuple[ComparedReading, ...]
    lines: tuple[FirstLine, ...]

    @property
    def preview(self) -> TablePreview:
        """The table as it is read, or would be most likely."""
        return self.detection.best


class ImportProgress(Struct, frozen=True):
    """How far an import is.

    Attributes
    ----------
    request
        What was asked for.
    bytes_read, all_bytes
        Of the file.
    bad_count
        How many cells have been found that are no numbers.
    """

    request: ImportRequest
    bytes_read: int
    all_bytes: int
    bad_count: int


class ImportResult(Struct, frozen=True):
    """How an import ended.

    Attributes
    ----------
    request
        What was asked for.
    outcome
        Done, cancelled or failed; or that a person must first choose how to read it.
    message
        One sentence for the person.
    table
        What was read, when it is done.
    """

    request: ImportRequest
    outcome: ImportOutcome
    message: str
    table: Table | None = None


class _Reader(QObject):
    """Read for one slice a turn of its thread's event loop, so that a cancel is heard in between.

    Signals
    -------
    previewed(ImportPreview)
        Before the reading begins.
    progressed(ImportProgress)
        At most twenty times a second.
    ended(ImportResult)
        Once a request.
    """

    previewed = Signal(ImportPreview)
    progressed = Signal(ImportProgress)
    ended = Signal(ImportResult)

    def __init__(self) -> None:
        super().__init__()
        self._looks = QTimer(self)
        self._looks.setSingleShot(True)
        self._looks.timeout.connect(self._look)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._read_slice)
        self._last_progress = 0.0

    @Slot(ImportRequest)
    def begin(self, request: ImportRequest) -> None:
        self.cancel()
        self._request = request
        self._looks.start(PAINTING_MILLISECONDS)

    @Slot()
    def _look(self) -> None:
        request = self._request
        try:
            origin, table_format = request.origin, request.table_format
            detection = Detection((preview_table(origin, table_format),)) if table_format else detect_table(origin)
            columns = request.columns
            if columns is None or max(place or 0 for place in columns) >= len(detection.best.columns):
                columns = detection.best.suggested
            self._table = TableReader(detection.best, *columns)
            compared = compare_readings(detection.readings) if detection.ambiguous else ()
            lines = () if detection.ambiguous else first_lines(detection.best, columns)
        except TableError as error:
            self._end(ImportOutcome.FAILED, f"{error}.")
            return
        self._steps: Iterator[tuple[int, int]] = self._table.steps()
        self.previewed.emit(ImportPreview(request, detection, columns, compared, lines))
        if detection.ambiguous:
            self._end(ImportOutcome.AMBIGUOUS, f"{detection.question}.")
        else:
            self._timer.start(PAINTING_MILLISECONDS)

    @Slot()
    def cancel(self) -> None:
        if self._looks.isActive() or self._timer.isActive():
            self._end(ImportOutcome.CANCELLED, f"Import of {name_of(self._request.origin)} cancelled.")

    @Slot()
    def shut_down(self) -> None:
        self.cancel()
        QThread.currentThread().quit()

    @Slot()
    def _read_slice(self) -> None:
        began = perf_counter()
        self._timer.setInterval(0)
        try:
            while (step := next(self._steps, None)) is None or perf_counter() - began < SLICE_SECONDS:
                if step is None:
                    table = self._table.finish()
                    told = f"Read {table.points} points from {self._request.origin}."
                    self._end(ImportOutcome.DONE, told, table)
                    return
        except TableError as error:
            self._end(ImportOutcome.FAILED, f"{error}.")
            return
        if began - self._last_progress >= PROGRESS_SECONDS:
            self._last_progress = began
            self.progressed.emit(ImportProgress(self._request, *step, self._table.bad_count))

    def _end(self, outcome: ImportOutcome, message: str, table: Table | None = None) -> None:
        self._looks.stop()
        self._timer.stop()
        self._steps = iter(())  # the file is closed
        self.ended.emit(ImportResult(self._request, outcome, message, table))


class TableImporter(OwnedThread):
    """Own the reader and its thread, which runs only while something is read.

    Signals
    -------
    previewed(ImportPreview)
        What the table looks like; the reading goes on.
    progressed(ImportProgress)
        How far it is.
    ended(ImportResult)
        Once a request, unless another one took its place.
    """

    previewed = Signal(ImportPreview)
    progressed = Signal(ImportProgress)
    ended = Signal(ImportResult)
    _begin_requested = Signal(ImportRequest)
    _cancel_requested = Signal()

    def __init__(self, parent: QObject) -> None:
        self._reader = _Reader()
        super().__init__("table import", parent, self._reader)
        self._request: ImportRequest | None = None
        self._begin_requested.connect(self._reader.begin)
        self._cancel_requested.connect(self._reader.cancel)
        self._reader.previewed.connect(self._pass_preview)
        self._reader.progressed.connect(self._pass_progress)
        self._reader.ended.connect(self._finish)

    @property
    def busy(self) -> bool:
        """Whether something is being read."""
        return self._request is not None

    def begin(self, request: ImportRequest) -> None:
        """Begin to read; what is being read is given up for it.

        Parameters
        ----------
        request
            What to read.
        """
        self._request = request
        self._thread.start()
        self._begin_requested.emit(request)

    @Slot()
    def cancel(self) -> None:
        """Stop reading."""
        self._cancel_requested.emit()

    @Slot()
    def shut_down(self) -> None:
        """Stop what is being read and wait for the thread; nothing more is told of it."""
        self._request = None
        super().shut_down()

    @Slot(ImportPreview)
    def _pass_preview(self, preview: ImportPreview) -> None:
        if preview.request is self._request:
            self.previewed.emit(preview)

    @Slot(ImportProgress)
    def _pass_progress(self, progress: ImportProgress) -> None:
        if progress.request is self._request:
            self.progressed.emit(progress)

    @Slot(ImportResult)
    def _finish(self, result: ImportResult) -> None:
        if result.request is self._request:
            self.shut_down()
            logger.info("%s", result.message)
            self.ended.emit(result)


def name_of(origin: Origin) -> str:
    """Give the name of a file without its folder, or what a text is called."""
    return origin.name if isinstance(origin, Path) else str(origin)
