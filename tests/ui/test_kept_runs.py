"""The runs that are kept, in the real window with a real recorder and file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QTableView

from gradgui.experiment.run_spec import RunSpec
from gradgui.record.run_store import RunStore
from gradgui.ui.runs.runs_dialog import RunsDialog
from gradgui.ui.runs.runs_model import COLUMNS, NAME
from gradgui.worker.jobs.run_recorder import RunRecorder
from gradgui.worker.status import State
from tests.ui.driver import Driver

TITLES = [column.title for column in COLUMNS]


@pytest.fixture
def dialog(driver: Driver, tmp_path: Path) -> Iterator[RunsDialog]:
    """The list of runs, after two that differ in their rate and one that diverged."""
    window, path = driver.window, tmp_path / "runs.sqlite"
    recorder = RunRecorder(window.training.worker, path, window)
    window.kept_runs.follow(recorder, path)
    driver.set_speed(100)
    for rate, state in (("0.01", State.FINISHED), ("0.02", State.FINISHED), ("0.5", State.DIVERGED)):
        driver.enter("learning_rate", rate)
        driver.enter("epochs", "20" if state is State.FINISHED else "1000")
        driver.action("run").trigger()
        driver.wait_for(state)
        driver.action("reset").trigger()
        driver.wait_for(State.READY, 0)
    driver.action("kept_runs").trigger()
    found = window.findChild(RunsDialog)
    assert found is not None
    ended = ["diverged", "finished", "finished"]
    driver.qtbot.waitUntil(lambda: [run.ended.value for run in found.model.runs] == ended)
    yield found
    window.kept_runs.close()
    recorder.shut_down()


def table_of(dialog: RunsDialog) -> QTableView:
    return dialog.table


def shown(dialog: RunsDialog, title: str) -> list[str]:
    model, column = dialog.table.model(), TITLES.index(title)
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def press(dialog: RunsDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None
    button.click()


def select(dialog: RunsDialog, row: int) -> None:
    dialog.table.selectRow(row)


def test_every_run_that_trained_is_listed_the_newest_first(driver: Driver, dialog: RunsDialog) -> None:
    assert shown(dialog, "Rate") == ["0.5", "0.02", "0.01"]
    assert shown(dialog, "Epochs")[1:] == ["20", "20"]
    assert shown(dialog, "Final loss")[2] == "0.062"
    assert shown(dialog, "Ended") == ["diverged", "finished", "finished"]
    assert driver.window.findChild(RunsDialog) is dialog
    driver.action("kept_runs").trigger()
    assert len(driver.window.findChildren(RunsDialog)) == 1


def test_it_is_sorted_searched_and_shown_by_what_differs(dialog: RunsDialog) -> None:
    dialog.table.sortByColumn(TITLES.index("Rate"), Qt.SortOrder.AscendingOrder)
    assert shown(dialog, "Rate") == ["0.01", "0.02", "0.5"]
    search = dialog.findChild(QLineEdit, "runs_search")
    assert search is not None
    QTest.keyClicks(search, "DIVERGED")
    assert shown(dialog, "Rate") == ["0.5"]
    search.clear()
    differing = dialog.findChild(QCheckBox, "runs_differing")
    assert differing is not None
    differing.click()
    hidden = [title for column, title in enumerate(TITLES) if dialog.table.isColumnHidden(column)]
    assert {"Model", "Loss", "Optimizer", "Branch of"} <= set(hidden)
    assert not {"Rate", "Ended", "Name", "Note"} & set(hidden)


def test_a_run_is_named_starred_deleted_and_brought_back(driver: Driver, dialog: RunsDialog, tmp_path: Path) -> None:
    model = dialog.table.model()
    assert model.setData(model.index(1, NAME), "twice the rate")
    assert model.setData(model.index(1, len(COLUMNS) - 1), "why not")
    select(dialog, 1)
    press(dialog, "runs_star")
    driver.qtbot.waitUntil(lambda: shown(dialog, "★")[1] == "★")
    select(dialog, 2)
    QTest.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert shown(dialog, "Rate") == ["0.5", "0.02"]
    QTest.keyClick(dialog.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shown(dialog, "Rate") == ["0.5", "0.02", "0.01"]
    other = RunStore(tmp_path / "runs.sqlite")
    assert [(run.name, run.note, run.starred) for run in other.runs()][1] == ("twice the rate", "why not", True)
    other.close()


def test_an_opened_run_trains_the_same_numbers(driver: Driver, dialog: RunsDialog) -> None:
    store = driver.window.kept_runs.store
    assert store is not None
    kept = store.log(dialog.model.runs[1].id)
    select(dialog, 1)
    press(dialog, "runs_open")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.learning_rate == 0.02)
    assert driver.window.run.run_spec == RunSpec(driver.window.run.experiment)
    driver.run_to_end(20)
    log = driver.window.run.log
    for name in ("loss", "w", "w_grad", "lr"):
        assert log.column(name).tobytes() == kept.column(name).tobytes()


def test_where_nothing_is_kept_it_says_so(driver: Driver) -> None:
    driver.action("kept_runs").trigger()
    dialog = driver.window.findChild(RunsDialog)
    assert dialog is not None
    assert dialog.model.rowCount(QModelIndex()) == 0
    assert driver.text("runs_told") == "No run is kept yet."
