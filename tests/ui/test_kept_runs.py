"""The runs that are kept, in the real window with a real recorder and file."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from gradgui.experiment.changes import ParameterChange
from gradgui.experiment.training_loop import Phase
from gradgui.lessons.course import course
from gradgui.record.run_store import Ended, RunStore
from gradgui.ui.lessons.live_lesson import LiveLesson
from gradgui.ui.runs.runs_model import COLUMNS, NOTE
from gradgui.ui.runs.runs_panel import RunsPanel
from gradgui.worker import commands
from gradgui.worker.jobs.run_recorder import RunRecorder
from gradgui.worker.status import State
from tests.ui.driver import Driver

TITLES = [column.title for column in COLUMNS]


@pytest.fixture
def recorder(driver: Driver, tmp_path: Path) -> Iterator[RunRecorder]:
    """Keep what the window trains."""
    window, path = driver.window, tmp_path / "runs.sqlite"
    recorder = RunRecorder(window.training.worker, path, window)
    window.kept_runs.follow(recorder, path)
    driver.set_speed(100)
    yield recorder
    window.kept_runs.close()
    recorder.shut_down()


@pytest.fixture
def panel(driver: Driver, recorder: RunRecorder) -> RunsPanel:
    """The list of runs, after two that differ in their rate and one that diverged."""
    assert recorder.parent() is driver.window
    for rate, state in (("0.01", State.FINISHED), ("0.02", State.FINISHED), ("0.5", State.DIVERGED)):
        driver.enter("learning_rate", rate)
        driver.enter("epochs", "20" if state is State.FINISHED else "1000")
        driver.action("run").trigger()
        driver.wait_for(state)
        driver.action("reset").trigger()
        driver.wait_for(State.READY, 0)
    return listed(driver, ["diverged", "finished", "finished"])


def listed(driver: Driver, ended: list[str]) -> RunsPanel:
    """Show the list, and wait until these runs are in it."""
    driver.action("kept_runs").trigger()
    panel = driver.content(RunsPanel)
    driver.qtbot.waitUntil(lambda: [run.ended.value for run in panel.model.runs] == ended, timeout=30_000)
    return panel


def shown(panel: RunsPanel, title: str) -> list[str]:
    """Give a column as it is shown."""
    model, column = panel.model, TITLES.index(title)
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def press(driver: Driver, name: str) -> None:
    driver.find(QAction, f"runs_{name}").trigger()


def select(panel: RunsPanel, run: int) -> None:
    """Click a row."""
    panel.table.scrollTo(panel.model.index_of(run))
    rectangle = panel.table.visualRect(panel.model.index_of(run).siblingAtColumn(TITLES.index("Model")))
    QTest.mouseClick(
        panel.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rectangle.center()
    )
    assert panel.selected == [run]


def test_every_run_that_trained_is_listed_the_newest_first(driver: Driver, panel: RunsPanel) -> None:
    assert shown(panel, "Run") == ["3   w * x", "2   w * x", "1   w * x"]
    assert shown(panel, "Rate") == ["0.5", "0.02", "0.01"]
    assert shown(panel, "Epochs")[1:] == ["20", "20"]
    assert shown(panel, "Final loss")[2] == "0.062"
    assert shown(panel, "Ended") == ["diverged", "finished", "finished"]
    assert driver.text("runs_told") == "3 runs"


def test_a_run_that_is_opened_ends_a_lesson_that_waits(driver: Driver, panel: RunsPanel) -> None:
    lesson = driver.content(LiveLesson)
    assert lesson.open(course()[0])
    lesson.go_to(next(place for place, step in enumerate(course()[0].steps) if step.prediction is not None))
    driver.qtbot.waitUntil(lambda: not driver.window.run.is_awaited)
    assert driver.window.run.gate
    select(panel, 2)
    press(driver, "open")
    assert lesson.lesson is None
    driver.wait_for(State.FINISHED, 20)
    driver.action("step_epoch").trigger()
    driver.wait_for(State.FINISHED, 21)


def test_the_heads_of_the_columns_are_not_cut(driver: Driver, panel: RunsPanel) -> None:
    head = panel.table.horizontalHeader()
    assert driver.window.isVisible()
    for column, title in enumerate(TITLES):
        assert panel.table.columnWidth(column) >= head.sectionSizeHint(column), title


def test_it_is_sorted_searched_and_shown_by_what_differs(driver: Driver, panel: RunsPanel) -> None:
    panel.table.sortByColumn(TITLES.index("Rate"), Qt.SortOrder.AscendingOrder)
    assert shown(panel, "Rate") == ["0.01", "0.02", "0.5"]
    panel.table.sortByColumn(TITLES.index("Final loss"), Qt.SortOrder.DescendingOrder)
    assert shown(panel, "Rate")[0] == "0.5"
    search = driver.find(QLineEdit, "runs_search")
    QTest.keyClicks(search, "DIVERGED")
    assert shown(panel, "Rate") == ["0.5"]
    assert driver.text("runs_told") == "1 of 3 runs"
    search.clear()
    press(driver, "differing")
    hidden = [title for column, title in enumerate(TITLES) if panel.table.isColumnHidden(column)]
    assert {"Model", "Loss", "Optimizer", "Branched at"} <= set(hidden)
    assert not {"Rate", "Ended", "Run", "Note"} & set(hidden)


def test_a_run_that_ends_comes_to_its_place(driver: Driver, panel: RunsPanel) -> None:
    panel.table.sortByColumn(TITLES.index("Epochs"), Qt.SortOrder.AscendingOrder)
    assert shown(panel, "Run") == ["2   w * x", "1   w * x", "3   w * x"]
    select(panel, 2)
    press(driver, "open")
    driver.wait_for(State.FINISHED, 20)
    driver.enter("epochs", "2000")
    driver.action("run").trigger()
    driver.wait_for(State.FINISHED, 2020)
    driver.qtbot.waitUntil(lambda: shown(panel, "Run") == ["1   w * x", "3   w * x", "2   w * x"], timeout=10_000)
    driver.find(QLineEdit, "runs_search").setText("finished")
    assert shown(panel, "Run") == ["1   w * x", "2   w * x"]
    driver.enter("epochs", "1000000")
    driver.action("run").trigger()
    driver.wait_for(State.RUNNING)
    driver.action("run").trigger()
    driver.wait_for(State.READY)
    driver.qtbot.waitUntil(lambda: shown(panel, "Run") == ["1   w * x"], timeout=10_000)


def test_the_present_run_is_bold_and_no_other(driver: Driver, panel: RunsPanel) -> None:
    changed: list[tuple[int, int]] = []
    panel.model.dataChanged.connect(lambda first, last: changed.append((first.column(), last.column())))
    select(panel, 2)
    press(driver, "open")
    driver.wait_for(State.FINISHED, 20)
    fonts = [panel.model.index(row, 2).data(Qt.ItemDataRole.FontRole) for row in range(3)]
    assert [font is not None for font in fonts] == [False, True, False]
    assert (0, len(TITLES) - 1) in changed, "all of a row is drawn again"


def test_a_run_is_named_starred_deleted_and_brought_back(driver: Driver, panel: RunsPanel, tmp_path: Path) -> None:
    model = panel.model
    select(panel, 2)
    QTest.keyClick(panel.table, Qt.Key.Key_F2)
    editor = panel.table.viewport().findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "twice the rate")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert driver.window.run.epoch == 0, "Enter ends the name, and opens nothing"
    assert model.setData(model.index_of(2).siblingAtColumn(NOTE), "why not")
    press(driver, "star")
    driver.qtbot.waitUntil(lambda: shown(panel, "★")[1] == "★")
    assert shown(panel, "Run")[1] == "2   twice the rate"
    select(panel, 1)
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    driver.qtbot.waitUntil(lambda: shown(panel, "Rate") == ["0.5", "0.02"])
    assert driver.action("undo").text() == "&Undo deletion of a run"
    driver.action("undo").trigger()
    driver.qtbot.waitUntil(lambda: shown(panel, "Rate") == ["0.5", "0.02", "0.01"])
    with closing(RunStore(tmp_path / "runs.sqlite")) as other:
        found = [(run.name, run.note, run.starred) for run in other.runs()]
    assert found[1] == ("twice the rate", "why not", True)


def test_an_opened_run_stands_at_its_last_epoch_and_goes_on(driver: Driver, panel: RunsPanel, tmp_path: Path) -> None:
    with closing(RunStore(tmp_path / "runs.sqlite")) as store:
        kept = store.log(2)
    select(panel, 2)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert len(driver.window.run.log) == driver.window.run.epoch == 20
    driver.wait_for(State.FINISHED, 20)
    run = driver.window.run
    assert (run.status.learning_rate, run.status.horizon) == (0.02, 20)
    assert [np.float32(row[1]) for row in driver.rows] == kept.column("loss").tolist()
    assert driver.window.windowTitle() == "w * x[*] – GradGUI"
    assert not driver.window.isWindowModified()
    driver.action("step_back").trigger()
    driver.wait_for(State.READY, 19)
    driver.action("run").trigger()
    driver.wait_for(State.FINISHED, 20)
    driver.action("run").trigger()
    driver.wait_for(State.FINISHED, 40)
    for name in ("loss", "w", "w_grad", "lr"):
        assert run.log.column(name)[:20].tobytes() == kept.column(name).tobytes()
    driver.qtbot.waitUntil(lambda: shown(panel, "Epochs")[1] == "40", timeout=10_000)
    assert len(panel.model.runs) == 3, "it is the same run that goes on"


def test_a_diverged_run_is_opened_as_diverged(driver: Driver, panel: RunsPanel) -> None:
    last = panel.model.runs[0].epochs
    select(panel, 3)
    press(driver, "open")
    driver.wait_for(State.DIVERGED, last)


def test_nothing_is_said_of_other_numbers_where_they_are_the_same(driver: Driver, panel: RunsPanel) -> None:
    told: list[str] = []
    run = driver.window.run
    run.told.connect(told.append)
    driver.enter("epochs", "20")
    driver.action("run").trigger()
    driver.wait_for(State.FINISHED, 20)
    run.change(ParameterChange(20, "w", -1.0))  # which its log has not
    driver.qtbot.waitUntil(lambda: run.parameters == (-1.0,))
    listed(driver, ["finished", "diverged", "finished", "finished"])
    select(panel, 1)
    press(driver, "open")
    driver.wait_for(State.FINISHED, 20)
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    driver.action("undo").trigger()
    driver.wait_for(State.FINISHED, 20)
    assert told == [], "it was left and came again"
    select(panel, 4)
    press(driver, "open")
    driver.qtbot.waitUntil(lambda: run.parameters == (-1.0,))
    assert told == [], "it was changed at its last epoch"


def test_until_a_run_is_taken_up_nothing_is_said_of_the_one_before(driver: Driver, panel: RunsPanel) -> None:
    select(panel, 3)
    press(driver, "open")
    driver.wait_for(State.DIVERGED)
    driver.qtbot.waitUntil(lambda: driver.text("message_label").startswith("Diverged"))
    select(panel, 2)
    press(driver, "open")
    assert driver.text("message_label") == ""
    assert not driver.action("run").isEnabled()
    with driver.qtbot.waitSignal(driver.window.run.figures):
        driver.window.run.clock.request()
    driver.wait_for(State.FINISHED, 20)
    assert driver.action("run").isEnabled()


def test_an_interrupted_run_is_resumed(driver: Driver, panel: RunsPanel) -> None:
    select(panel, 1)
    press(driver, "open")
    driver.wait_for(State.FINISHED, 20)
    driver.action("run").trigger()
    driver.wait_for(State.FINISHED, 40)
    driver.action("new_experiment").trigger()
    driver.wait_for(State.READY, 0)
    driver.qtbot.waitUntil(lambda: shown(panel, "Epochs")[-1] == "40", timeout=10_000)
    select(panel, 1)
    press(driver, "resume")
    driver.wait_for(State.FINISHED, 60)


def test_a_change_in_the_past_is_a_branch_and_undo_leads_back(
    driver: Driver, recorder: RunRecorder, tmp_path: Path
) -> None:
    driver.run_to_end(20)
    driver.window.run.do(commands.GoTo(8))
    driver.wait_for(State.READY, 8)
    straight = driver.window.run.log.column("loss").tobytes()
    driver.window.run.change(ParameterChange(8, "w", -1.0))
    driver.window.run.change(ParameterChange(8, "w", -2.0))
    driver.wait_for(State.READY, 8)
    driver.qtbot.waitUntil(lambda: driver.window.run.parameters == (-2.0,))
    assert len(driver.window.run.log) == 8
    driver.action("run").trigger()
    driver.wait_for(State.FINISHED, 20)
    branch = driver.window.run.log.column("loss").tobytes()
    assert branch[:32] == straight[:32]
    assert branch != straight
    panel = listed(driver, ["finished", "finished"])
    assert shown(panel, "Run") == ["1   w * x", "  └  2   w * x"], "the branch stands below the run that it left"
    assert shown(panel, "Branched at") == ["", "8 of run 1"]
    assert driver.window.compared_runs.ticked == (1,), "the future that was left is drawn beside it"
    driver.action("undo").trigger()
    driver.wait_for(State.READY, 8)
    assert driver.window.run.log.column("loss").tobytes() == straight
    driver.action("redo").trigger()
    driver.wait_for(State.FINISHED, 20)
    assert driver.window.run.log.column("loss").tobytes() == branch
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    with closing(RunStore(tmp_path / "runs.sqlite")) as store:
        assert {store.log(run.id).column("loss").tobytes() for run in store.runs()} == {straight, branch}
        assert {run.ended for run in store.runs()} == {Ended.FINISHED}
    assert recorder.parent() is driver.window


def test_moved_points_in_the_past_are_a_branch_too(driver: Driver, recorder: RunRecorder) -> None:
    driver.run_to_end(20)
    log = driver.window.run.log.column("loss").tobytes()
    driver.window.run.do(commands.GoTo(5))
    driver.wait_for(State.READY, 5)
    editor = driver.window.data_editor
    before = editor.data
    for y in (3.0, 4.0, 5.0):
        editor.preview(type(before)(before.x, (*before.y[:-1], y)))
    editor.settle("move of a point")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.data is editor.data)
    assert len(driver.window.run.log) == 5
    driver.action("run").trigger()
    driver.wait_for(State.FINISHED, 20)
    driver.action("undo").trigger()
    driver.wait_for(State.READY, 5)
    assert driver.window.run.log.column("loss").tobytes() == log
    driver.qtbot.waitUntil(lambda: driver.window.data_editor.data == before)
    assert recorder.parent() is driver.window


def test_a_run_is_ticked_with_space_and_in_its_colour(driver: Driver, panel: RunsPanel) -> None:
    select(panel, 2)
    QTest.keyClick(panel.table, Qt.Key.Key_Space)
    assert driver.window.compared_runs.ticked == (2,)
    index = panel.model.index_of(2)
    assert index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    assert index.data(Qt.ItemDataRole.DecorationRole) is not None
    press(driver, "clear")
    assert not driver.window.compared_runs.ticked


def test_where_nothing_is_kept_it_says_so(driver: Driver) -> None:
    driver.action("kept_runs").trigger()
    panel = driver.content(RunsPanel)
    assert panel.model.rowCount(QModelIndex()) == 0
    assert driver.text("runs_told") == "No run is kept yet."


def test_where_two_runs_part_is_told_and_gone_to(driver: Driver, panel: RunsPanel) -> None:
    select(panel, 1)
    panel.table.selectionModel().select(
        panel.model.index_of(2), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    )
    press(driver, "difference")
    go = driver.find(QPushButton, "difference_go")
    driver.qtbot.waitUntil(go.isEnabled, timeout=30_000)
    assert driver.text("difference_sentence") == "They part in epoch 1. The update gives other numbers: w"
    gradient = torch.tensor(-30.0)
    values = [float(-(rate * gradient).item()) for rate in (0.01, 0.02)]
    assert driver.text("difference_values").splitlines() == [
        f"run {run}:  {np.float32(value)!s}   ({value.hex()})" for run, value in enumerate(values, 1)
    ]
    go.click()
    driver.qtbot.waitUntil(lambda: driver.window.run.status.next_phase is Phase.UPDATE, timeout=30_000)
    assert (driver.window.run.epoch, len(driver.window.run.log)) == (0, 20)
    assert driver.window.compared_runs.ticked == (2,)


def test_the_run_of_a_hunt_is_listed_and_told_apart_when_the_hunt_is_over(driver: Driver, panel: RunsPanel) -> None:
    window = driver.window
    driver.enter("learning_rate", "0.001")
    driver.enter("epochs", "20")
    compared = window.kept_runs.compared
    compared.tick(panel.model.runs[-1].id, True)
    driver.qtbot.waitUntil(lambda: compared.present_label == "lr 0.001")
    driver.qtbot.waitUntil(lambda: window.run.status.target == 20)
    assert window.bug_hunt.begin(["sum"])
    driver.qtbot.waitUntil(lambda: not window.run.is_awaited)
    driver.wait_for(State.READY, 0)
    driver.qtbot.waitUntil(driver.action("run").isEnabled)
    driver.action("run").trigger()
    driver.wait_for(State.FINISHED, 20)
    store = window.kept_runs.store
    assert store is not None
    driver.qtbot.waitUntil(
        lambda: any(run.ended is Ended.FINISHED and run.learning_rate == 0.001 for run in store.runs())
    )
    assert len(window.kept_runs.runs) == len(panel.model.runs) == 3
    assert window.kept_runs.summary(store.runs()[0].id) is None
    assert compared.present_label == "lr 0.001"
    window.bug_hunt.give_up()
    driver.qtbot.waitUntil(lambda: len(panel.model.runs) >= 4)
    driver.qtbot.waitUntil(lambda: "sum, not mean" in compared.present_label)
