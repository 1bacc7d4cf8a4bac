"""A table read in its thread: preview, progress, result; and given up at once when it is no longer wanted."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from gradgui.experiment.data import Data
from gradgui.tables.format import TableFormat
from gradgui.worker.jobs.table_import import (
    PAINTING_MILLISECONDS,
    ImportOutcome,
    ImportPreview,
    ImportProgress,
    ImportRequest,
    ImportResult,
    TableImporter,
)
from tests.conftest import running_threads

ROWS = 300_000


class Listener(QObject):
    """Keep what is told, and in which thread."""

    def __init__(self, importer: TableImporter) -> None:
        super().__init__()
        self.told: list[ImportPreview | ImportProgress | ImportResult] = []
        self.threads: set[QThread] = set()
        importer.previewed.connect(self.take_preview)
        importer.progressed.connect(self.take_progress)
        importer.ended.connect(self.take_result)

    @Slot(ImportPreview)
    def take_preview(self, preview: ImportPreview) -> None:
        self._keep(preview)

    @Slot(ImportProgress)
    def take_progress(self, progress: ImportProgress) -> None:
        self._keep(progress)

    @Slot(ImportResult)
    def take_result(self, result: ImportResult) -> None:
        self._keep(result)

    def _keep(self, told: ImportPreview | ImportProgress | ImportResult) -> None:
        self.told.append(told)
        self.threads.add(QThread.currentThread())

    @property
    def results(self) -> list[ImportResult]:
        return [told for told in self.told if isinstance(told, ImportResult)]

    @property
    def progress(self) -> list[ImportProgress]:
        return [told for told in self.told if isinstance(told, ImportProgress)]


@pytest.fixture
def importer(qtbot: QtBot) -> Iterator[TableImporter]:
    parent = QObject()
    importer = TableImporter(parent)
    yield importer
    importer.shut_down()


@pytest.fixture
def listener(importer: TableImporter) -> Listener:
    return Listener(importer)


@pytest.fixture
def long_file(tmp_path: Path) -> Path:
    """A file whose reading takes a while, as every cell needs care."""
    path = tmp_path / "long.csv"
    path.write_text("x,y\n" + '"1","2"\n' * ROWS)
    return path


def test_preview_then_progress_then_the_data(
    importer: TableImporter, listener: Listener, qtbot: QtBot, long_file: Path
) -> None:
    request = ImportRequest(long_file)
    with qtbot.waitSignal(importer.ended, timeout=30_000):
        importer.begin(request)
        assert importer.busy
    assert not importer.busy
    assert [type(told) for told in listener.told] == [
        ImportPreview,
        *[ImportProgress] * len(listener.progress),
        ImportResult,
    ]
    preview, result = listener.told[0], listener.results[0]
    assert isinstance(preview, ImportPreview)
    assert preview.preview.column_names == ("x", "y")
    assert preview.columns == (0, 1)
    shares = [progress.bytes_read / progress.all_bytes for progress in listener.progress]
    assert len(shares) > 1
    assert shares == sorted(shares)
    assert result.outcome is ImportOutcome.DONE
    assert result.message == f"Read {ROWS} points from {long_file}."
    assert result.table is not None
    assert result.table.data == Data((1.0,) * ROWS, (2.0,) * ROWS)
    assert {told.request for told in listener.told} == {request}
    assert listener.threads == {QThread.currentThread()}
    assert not running_threads()


def test_the_window_has_time_to_paint_before_each_part_of_the_work(
    importer: TableImporter, qtbot: QtBot, long_file: Path
) -> None:
    told = [perf_counter()]
    importer.previewed.connect(lambda _: told.append(perf_counter()))
    importer.progressed.connect(lambda _: told.append(perf_counter()))
    with qtbot.waitSignal(importer.progressed, timeout=30_000):
        importer.begin(ImportRequest(long_file))
    assert min(after - before for before, after in pairwise(told)) > 0.9 * PAINTING_MILLISECONDS / 1000


def test_cancelled_before_it_was_looked_at_it_ends_as_well(
    importer: TableImporter, listener: Listener, qtbot: QtBot, long_file: Path
) -> None:
    with qtbot.waitSignal(importer.ended, timeout=30_000):
        importer.begin(ImportRequest(long_file))
        importer.cancel()
    assert [type(told) for told in listener.told] == [ImportResult]
    assert listener.results[0].outcome is ImportOutcome.CANCELLED


def test_cancelled_in_the_midst_it_ends_at_once(
    importer: TableImporter, listener: Listener, qtbot: QtBot, long_file: Path
) -> None:
    with qtbot.waitSignal(importer.progressed, timeout=30_000):
        importer.begin(ImportRequest(long_file))
    with qtbot.waitSignal(importer.ended, timeout=30_000):
        importer.cancel()
    assert [result.outcome for result in listener.results] == [ImportOutcome.CANCELLED]
    assert listener.progress[-1].bytes_read < listener.progress[-1].all_bytes


def test_another_request_takes_the_place_of_the_one_before(
    importer: TableImporter, listener: Listener, qtbot: QtBot, long_file: Path
) -> None:
    with qtbot.waitSignal(importer.previewed, timeout=30_000):
        importer.begin(ImportRequest(long_file))
    told_before = len(listener.told)
    wanted = ImportRequest(long_file, TableFormat(header=False), (1, 0))
    importer.begin(ImportRequest(long_file))
    with qtbot.waitSignal(importer.ended, timeout=30_000):
        importer.begin(wanted)
    assert {told.request for told in listener.told[told_before:]} == {wanted}
    table = listener.results[0].table
    assert len(listener.results) == 1
    assert table is not None
    assert table.data == Data((2.0,) * ROWS, (1.0,) * ROWS)
    assert [cell.text for cell in table.bad_cells] == ["y", "x"]


def test_what_cannot_be_read_is_told(
    importer: TableImporter, listener: Listener, qtbot: QtBot, tmp_path: Path
) -> None:
    nowhere, unclosed = tmp_path / "nowhere.csv", tmp_path / "unclosed.csv"
    unclosed.write_text('x,y\n1,2\n3,"4\n')
    for path in (nowhere, unclosed):
        with qtbot.waitSignal(importer.ended, timeout=30_000):
            importer.begin(ImportRequest(path))
    assert [result.outcome for result in listener.results] == [ImportOutcome.FAILED] * 2
    assert listener.results[0].message == f"{nowhere}: No such file or directory; expected a readable file."
    assert listener.results[1].message.startswith(f"{unclosed}: line 3: a quotation mark is opened")


@pytest.mark.parametrize(
    ("row", "columns"), [("1,2,3", (0, 1)), ("a,2,3", (1, 2)), ("a,2", (None, 1)), ("a,b", (0, 1)), ("1", (None, 0))]
)
def test_the_first_columns_of_numbers_are_suggested(
    importer: TableImporter,
    listener: Listener,
    qtbot: QtBot,
    tmp_path: Path,
    *,
    row: str,
    columns: tuple[int | None, int],
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"{row}\n{row}\n")
    for asked_for in (None, (0, 7)):
        with qtbot.waitSignal(importer.ended, timeout=30_000):
            importer.begin(ImportRequest(path, TableFormat(header=False), asked_for))
    assert [told.columns for told in listener.told if isinstance(told, ImportPreview)] == [columns] * 2


def test_shutting_down_in_the_midst_is_quick_and_tells_nothing(
    importer: TableImporter, listener: Listener, qtbot: QtBot, long_file: Path
) -> None:
    with qtbot.waitSignal(importer.progressed, timeout=30_000):
        importer.begin(ImportRequest(long_file))
    before = perf_counter()
    importer.shut_down()
    assert perf_counter() - before < 5.0
    assert not running_threads()
    qtbot.waitUntil(lambda: not importer.busy)
    assert listener.results == []
