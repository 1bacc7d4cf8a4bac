"""Data of one's own: typed, pasted, generated, dragged; and what was changed on the way."""

from pathlib import Path

import pyqtgraph as pg
import pytest
import torch
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QToolButton, QWidget

from gradgui.experiment.changes import DataChange, ExperimentEdit, ParameterChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.generators import generate
from gradgui.experiment.training_loop import Phase
from gradgui.ui.data.data_panel import DataPanel
from gradgui.ui.data.data_table import DataTable
from gradgui.ui.plots.epoch_panels import LossPanel, ParameterPanel
from gradgui.ui.plots.fit_plot import FitPlot
from gradgui.ui.window.view import Dock
from gradgui.worker import commands
from gradgui.worker.status import State
from tests.ui.driver import Driver
from tests.ui.test_window_time_and_place import send


@pytest.fixture
def table(driver: Driver) -> DataTable:
    """The data's table, in sight and with the focus."""
    driver.find(Dock, "data_panel").raise_()
    table = driver.find(DataTable, "data_table")
    driver.qtbot.waitUntil(lambda: not table.visibleRegion().isEmpty())
    table.setFocus()
    return table


def enter_cell(table: DataTable, row: int, column: int, text: str) -> None:
    """Type into a cell, as in a spreadsheet."""
    table.setCurrentIndex(table.model().index(row, column))
    QTest.keyClick(table, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def wait_for_data(driver: Driver, x: ArrayLike, y: ArrayLike, *names: str) -> None:
    driver.qtbot.waitUntil(lambda: driver.window.run.status.data == Data(x, y, *names))


def plain_loop(changes: dict[int, tuple[list[float], list[float]]], epochs: int) -> float:
    """Train the lesson with data changed after some epochs, in plain PyTorch."""
    w = torch.tensor(0.0, requires_grad=True)
    x, y = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([2.0, 4.0, 6.0, 8.0])
    for epoch in range(epochs):
        if epoch in changes:
            x, y = map(torch.tensor, changes[epoch])
        loss = ((y - w * x) ** 2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            w -= 0.01 * w.grad  # type: ignore[operator]
        w.grad = None
    return w.item()


def test_a_cell_typed_before_the_first_epoch_edits_the_experiment(driver: Driver, table: DataTable) -> None:
    enter_cell(table, 3, 1, "9,5")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.data.y.tolist() == [2.0, 4.0, 6.0, 9.5])
    assert driver.window.run.status.interventions == ()
    assert driver.window.isWindowModified()


def test_data_changed_on_the_way_is_recorded_marked_and_replayed(driver: Driver, table: DataTable) -> None:
    driver.run_to_end(20)
    enter_cell(table, 0, 1, "-2")
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (-2.0, 4.0, 6.0, 8.0))
    changed = Data((1.0, 2.0, 3.0, 4.0), (-2.0, 4.0, 6.0, 8.0))
    assert driver.window.run.status.interventions == (DataChange(20, changed),)
    driver.run_to_end(40)
    expected = plain_loop({20: ([1.0, 2.0, 3.0, 4.0], [-2.0, 4.0, 6.0, 8.0])}, 40)
    assert driver.window.run.log.value("w", 40) == expected
    marks = driver.content(LossPanel).plot.changes.marks
    assert [(mark.epoch, mark.text) for mark in marks] == [(20, "data → 4 points")]
    # Back before the change the old points are there again, and the same future comes.
    driver.window.training.do(commands.GoTo(10))
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 8.0))
    driver.qtbot.waitUntil(lambda: table.model().index(0, 1).data() == "2")
    driver.window.training.do(commands.GoTo(40))
    wait_for_data(driver, changed.x, changed.y)
    assert driver.window.run.status.parameters == (expected,)


def test_a_new_point_goes_into_the_last_row(driver: Driver, table: DataTable) -> None:
    enter_cell(table, 4, 0, "5")
    driver.qtbot.waitUntil(lambda: table.model().index(4, 0).data() == "5")
    assert driver.window.run.experiment.data.x.tolist() == [1.0, 2.0, 3.0, 4.0]  # half a point is none
    enter_cell(table, 4, 1, "11")
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0, 5.0), (2.0, 4.0, 6.0, 8.0, 11.0))
    assert table.model().rowCount() == 6


def test_a_bad_cell_is_marked_and_the_run_is_not_disturbed(driver: Driver, table: DataTable) -> None:
    enter_cell(table, 1, 0, "two")
    panel = driver.content(DataPanel)
    driver.qtbot.waitUntil(lambda: panel.problem.startswith("Row 2, x: Enter a number"))
    cell = table.model().index(1, 0)
    assert cell.data() == "two"
    assert cell.data(Qt.ItemDataRole.ForegroundRole) == table.points.error_colour
    assert driver.window.data_editor.data.x.tolist() == [1.0, 2.0, 3.0, 4.0]
    enter_cell(table, 1, 0, "2.5")
    wait_for_data(driver, (1.0, 2.5, 3.0, 4.0), (2.0, 4.0, 6.0, 8.0))
    assert panel.problem == ""


def test_points_are_removed_and_come_back(driver: Driver, table: DataTable) -> None:
    table.selectAll()
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert "must stay" in driver.content(DataPanel).problem
    table.setCurrentIndex(table.model().index(1, 0))
    QTest.keyClick(table, Qt.Key.Key_Delete)
    wait_for_data(driver, (1.0, 3.0, 4.0), (2.0, 6.0, 8.0))
    driver.action("undo").trigger()
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 8.0))
    assert not driver.action("undo").isEnabled()
    driver.action("redo").trigger()
    wait_for_data(driver, (1.0, 3.0, 4.0), (2.0, 6.0, 8.0))


def test_copied_from_and_pasted_into_the_table(driver: Driver, table: DataTable) -> None:
    table.selectAll()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1\t2\n2\t4\n3\t6\n4\t8\n"
    QGuiApplication.clipboard().setText("x\ty\n0,5\t1\n7\t14,5\n8\t16\n")
    table.setCurrentIndex(table.model().index(2, 0))
    QTest.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait_for_data(driver, (1.0, 2.0, 0.5, 7.0, 8.0), (2.0, 4.0, 1.0, 14.5, 16.0))


def test_generated_points_are_those_of_the_seed(driver: Driver, table: DataTable) -> None:
    driver.enter("generated_points", "12")
    driver.enter("generated_seed", "7")
    driver.enter("generated_noise", "0.25")
    driver.find(QPushButton, "generate").click()
    wait_for_data(driver, *_columns(generate("line", 12, 0.25, 7)))


def test_a_point_that_is_being_added_is_added_once(driver: Driver, table: DataTable, faults: list[str]) -> None:
    add = driver.find(QToolButton, "add_point")
    other = QWidget()  # with another window in front, an editor keeps its focus
    driver.qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    driver.qtbot.waitUntil(other.isActiveWindow)
    add.click()
    add.click()
    assert table.currentIndex() == table.model().index(4, 0)
    table.setCurrentIndex(table.model().index(2, 1))
    table.edit(table.currentIndex())
    add.click()
    assert table.currentIndex() == table.model().index(4, 0)
    dock = driver.find(Dock, "data_panel")
    dock.hide()
    driver.find(QPushButton, "generate").click()
    driver.action("undo").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.status.data == DEFAULT_EXPERIMENT.data)
    dock.show()
    add.click()
    assert not faults


def test_half_a_point_that_the_floating_point_type_no_longer_holds_is_refused(
    driver: Driver, table: DataTable, faults: list[str]
) -> None:
    run = driver.window.run
    for dtype in ("float64", "float32"):
        driver.window.run.edit(ExperimentEdit({"dtype": dtype}))
        driver.qtbot.waitUntil(lambda: run.status.experiment == run.experiment and run.status.state is State.READY)
        if dtype == "float64":
            enter_cell(table, 4, 0, "-1e308")
            driver.qtbot.waitUntil(lambda: table.model().index(4, 0).data() == "-1e308")
    enter_cell(table, 4, 1, "1")
    driver.qtbot.waitUntil(lambda: bool(driver.content(DataPanel).problem))
    assert driver.content(DataPanel).problem.startswith("Row 5, x: float32 ends at 3.4e38")
    enter_cell(table, 4, 0, "7")
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0, 7.0), (2.0, 4.0, 6.0, 8.0, 1.0))
    assert driver.content(DataPanel).problem == ""
    assert not faults


def paste_all(driver: Driver, table: DataTable) -> None:
    QGuiApplication.clipboard().setText("1000\t1\n1005\t2\n1010\t2\n1020\t3")
    table.setCurrentIndex(table.model().index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_a_probe_far_from_all_new_data_moves_and_comes_back_with_them(driver: Driver, table: DataTable) -> None:
    run = driver.window.run
    paste_all(driver, table)
    driver.qtbot.waitUntil(lambda: run.status.data is not None and run.status.data.x[0] == 1000.0)
    assert driver.find(QLineEdit, "probe").text() == "1030"
    assert driver.action("undo").text() == "&Undo pasting of 4 rows"
    driver.action("undo").trigger()
    driver.qtbot.waitUntil(lambda: run.status.experiment == DEFAULT_EXPERIMENT)
    assert driver.find(QLineEdit, "probe").text() == "5"
    assert not driver.action("undo").isEnabled()


def test_a_probe_stays_that_was_typed_or_has_been_trained_with(driver: Driver, table: DataTable) -> None:
    run = driver.window.run
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    paste_all(driver, table)
    driver.qtbot.waitUntil(lambda: run.status.data is not None and run.status.data.x[0] == 1000.0)
    assert (run.experiment.probe, run.epoch) == (5.0, 1)
    driver.action("begin_again").trigger()
    driver.enter("probe", "6")
    driver.wait_for(State.READY, 0)
    paste_all(driver, table)
    driver.qtbot.waitUntil(lambda: run.status.data is not None and run.status.data.x[0] == 1000.0)
    assert run.experiment.probe == 6.0


def _columns(data: Data) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return tuple(data.x.tolist()), tuple(data.y.tolist())


def plot_of(driver: Driver) -> FitPlot:
    """Give the plot of data and fit, once its first frame has settled where the points lie."""
    plot = driver.content(FitPlot)
    driver.qtbot.waitUntil(lambda: plot.plot.getViewBox().viewRange() != [[0, 1], [0, 1]])
    return plot


def viewport_place(plot: FitPlot, place: int) -> QPoint:
    position: QPoint = plot.plot.mapFromScene(plot.scene_position(place))
    return position


def test_residuals_are_those_of_data_changed_before_the_first_epoch(driver: Driver) -> None:
    residuals = plot_of(driver).residuals
    driver.qtbot.waitUntil(lambda: residuals.points[1].tolist() == [2.0, 0.0, 4.0, 0.0, 6.0, 0.0, 8.0, 0.0])
    driver.window.data_editor.replace(Data((1.0, 2.0, 4.0), (1.0, 2.0, 3.5)), "import")
    driver.qtbot.waitUntil(lambda: residuals.points[1].tolist() == [1.0, 0.0, 2.0, 0.0, 3.5, 0.0])
    driver.action("undo").trigger()
    driver.qtbot.waitUntil(lambda: residuals.points[1].tolist() == [2.0, 0.0, 4.0, 0.0, 6.0, 0.0, 8.0, 0.0])


def test_a_point_is_dragged_and_the_fit_follows(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pg.CONFIG_OPTIONS, "mouseRateLimit", 0)  # it drops moves that come faster than a hand's
    driver.run_to_end(20)
    plot = plot_of(driver)
    viewport: QWidget = plot.plot.viewport()
    start = viewport_place(plot, 1)
    send(viewport, QEvent.Type.MouseMove, start, Qt.MouseButton.NoButton)
    send(viewport, QEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton)
    for step in range(1, 6):
        send(viewport, QEvent.Type.MouseMove, start + QPoint(0, -6 * step), Qt.MouseButton.LeftButton)
    send(viewport, QEvent.Type.MouseButtonRelease, start + QPoint(0, -30), Qt.MouseButton.NoButton)
    driver.qtbot.waitUntil(lambda: driver.action("undo").isEnabled())
    data = driver.window.data_editor.data
    assert data.y[1] > 4.0
    assert (data.y[0], *data.y[2:]) == (2.0, 6.0, 8.0)
    wait_for_data(driver, data.x, data.y)
    assert driver.window.run.status.interventions == (DataChange(20, data),)  # one, however many moves
    driver.action("undo").trigger()
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 8.0))


def test_a_point_stays_under_the_mouse_that_drags_it(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pg.CONFIG_OPTIONS, "mouseRateLimit", 0)
    driver.run_to_end(20)
    plot = plot_of(driver)
    viewport: QWidget = plot.plot.viewport()
    start = viewport_place(plot, 3)  # the highest, above which the plot ends
    before = plot.plot.getViewBox().viewRange()[1]
    send(viewport, QEvent.Type.MouseMove, start, Qt.MouseButton.NoButton)
    send(viewport, QEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton)
    for step in range(1, 9):
        place = start + QPoint(0, -10 * step)
        send(viewport, QEvent.Type.MouseMove, place, Qt.MouseButton.LeftButton)
        driver.qtbot.waitUntil(lambda: plot._fit is not None)  # of these data
        assert (viewport_place(plot, 3) - place).manhattanLength() <= 4
    high = driver.window.data_editor.data.y[3]
    send(viewport, QEvent.Type.MouseButtonRelease, place, Qt.MouseButton.NoButton)
    driver.qtbot.waitUntil(lambda: plot.plot.getViewBox().viewRange()[1][1] > high > before[1])


def test_points_are_added_and_removed_in_the_plot(driver: Driver) -> None:
    plot = plot_of(driver)
    viewport: QWidget = plot.plot.viewport()
    empty = viewport_place(plot, 1) + QPoint(0, -40)
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
        send(viewport, kind, empty, Qt.MouseButton.LeftButton)
        send(viewport, QEvent.Type.MouseButtonRelease, empty, Qt.MouseButton.NoButton)
    driver.qtbot.waitUntil(lambda: len(driver.window.data_editor.data.x) == 5)
    added = driver.window.data_editor.data
    assert added.x[4] == pytest.approx(2.0, abs=0.05)
    assert added.y[4] > 4.5
    wait_for_data(driver, added.x, added.y)
    QTest.mouseClick(viewport, Qt.MouseButton.RightButton, pos=viewport_place(plot, 0))
    driver.qtbot.waitUntil(lambda: driver.window.data_editor.data.x.tolist() == added.x[1:].tolist())


def test_a_parameter_typed_on_the_way_is_recorded_and_marked(driver: Driver) -> None:
    driver.run_to_end(20)
    driver.enter("value_w", "-1")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.parameters == (-1.0,))
    assert driver.window.run.status.interventions == (ParameterChange(20, "w", -1.0),)
    marks = driver.content(ParameterPanel).plots[0].changes.marks
    assert [(mark.place, mark.text) for mark in marks] == [(20.5, "w → −1.000")]


def test_nothing_can_be_edited_where_the_loop_would_refuse_it(driver: Driver, table: DataTable) -> None:
    driver.enter("learning_rate", "50")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.wait_for(State.DIVERGED)
    assert not table.isEnabled()
    assert not plot_of(driver).points.editable


def test_a_table_is_imported_from_the_window_and_can_be_undone(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "measured.csv"
    path.write_text("time;way\n0,5;1,25\n1;2\n1,5;3\n", "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    driver.action("import_data").trigger()
    accept = driver.find(QPushButton, "import_accept")
    driver.qtbot.waitUntil(accept.isEnabled)
    accept.click()
    wait_for_data(driver, (0.5, 1.0, 1.5), (1.25, 2.0, 3.0), "time", "way")
    driver.action("undo").trigger()
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 8.0))


def test_a_loss_of_nothing_but_zero_is_drawn_without_a_warning(driver: Driver) -> None:
    driver.enter("start_w", "2")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.parameters[0].start == 2.0)
    driver.run_to_end(20)
    plot = driver.content(LossPanel).plot
    driver.qtbot.waitUntil(lambda: plot.note == "20 values ≤ 0 cannot be shown on a log axis")


def test_a_new_model_keeps_the_data_that_is_seen(driver: Driver, table: DataTable) -> None:
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    enter_cell(table, 0, 1, "7")
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (7.0, 4.0, 6.0, 8.0))
    assert driver.window.isWindowModified()  # or closing would lose it without a question
    driver.enter("model_formula", "w*x + b")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.model == "w*x + b")
    assert driver.window.run.experiment.data.y.tolist() == [7.0, 4.0, 6.0, 8.0]
    driver.action("undo").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.data.y.tolist() == [2.0, 4.0, 6.0, 8.0])


def test_data_stays_at_reset_and_can_still_be_undone(driver: Driver, table: DataTable) -> None:
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    enter_cell(table, 0, 1, "7")
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (7.0, 4.0, 6.0, 8.0))
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (7.0, 4.0, 6.0, 8.0))
    driver.action("undo").trigger()
    driver.wait_for(State.READY, 1)
    driver.action("undo").trigger()
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 8.0))
    for _ in range(2):
        driver.action("redo").trigger()
    driver.wait_for(State.READY, 0)
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (7.0, 4.0, 6.0, 8.0))


def test_nothing_is_undone_where_the_loop_would_refuse_it(driver: Driver, table: DataTable) -> None:
    enter_cell(table, 0, 1, "7")
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (7.0, 4.0, 6.0, 8.0))
    driver.enter("learning_rate", "50")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.wait_for(State.DIVERGED)
    assert driver.text("message_label").startswith("Diverged: ")
    assert not driver.action("undo").isEnabled()
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    assert driver.text("message_label") == ""
    driver.action("undo").trigger()
    driver.wait_for(State.DIVERGED)
    assert not driver.action("undo").isEnabled()
    driver.action("step_back").trigger()
    driver.wait_for(State.READY)
    driver.action("undo").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.status.learning_rate == 0.01)
    driver.action("undo").trigger()
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 8.0))


def test_changes_in_the_midst_of_the_first_epoch_survive_the_next(driver: Driver, table: DataTable) -> None:
    driver.action("step_phase").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.status.next_phase is Phase.LOSS)
    enter_cell(table, 0, 1, "7")
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (7.0, 4.0, 6.0, 8.0))
    driver.action("step_back").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.status.next_phase is Phase.FORWARD)
    driver.enter("learning_rate", "0.02")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.learning_rate == 0.02)
    assert driver.window.run.experiment.data.y.tolist() == [7.0, 4.0, 6.0, 8.0]


@pytest.mark.parametrize("text", ["1e39", "-1e300"])
def test_a_value_beyond_the_dtype_is_refused_where_it_is_typed(driver: Driver, table: DataTable, text: str) -> None:
    driver.enter("value_w", text)
    assert driver.find(QLineEdit, "value_w").property("invalid") is True
    enter_cell(table, 0, 0, text)
    driver.qtbot.waitUntil(lambda: "float32 ends at 3.4e38" in driver.content(DataPanel).problem)
    assert driver.window.run.status.interventions == ()


def test_sixty_parameters_do_not_widen_the_window(driver: Driver) -> None:
    width = driver.window.minimumSizeHint().width()
    driver.enter("model_formula", " + ".join(f"a{number}*x" for number in range(60)))
    driver.qtbot.waitUntil(lambda: len(driver.window.run.parameters) == 60, timeout=30_000)
    driver.qtbot.waitUntil(lambda: driver.text("parameters_label").endswith("… 60 parameters"))
    driver.window.status_line.tell("far too long a message " * 20)
    assert driver.window.minimumSizeHint().width() < width + 300


def test_the_number_of_epochs_outlives_a_change_before_the_first(driver: Driver, table: DataTable) -> None:
    driver.enter("epochs", "30")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.target == 30)
    enter_cell(table, 0, 1, "7")
    wait_for_data(driver, (1.0, 2.0, 3.0, 4.0), (7.0, 4.0, 6.0, 8.0))
    assert driver.window.run.experiment.epochs == 30
    assert driver.find(QLineEdit, "epochs").text() == "30"
    driver.run_to_end(30)


def test_of_many_points_a_choice_is_drawn_and_the_plot_says_so(driver: Driver) -> None:
    x = tuple(index / 1000 for index in range(5_000))
    driver.window.data_editor.change(Data(x, tuple(2 * value for value in x)), "many points")
    wait_for_data(driver, x, tuple(2 * value for value in x))
    plot = plot_of(driver)
    driver.qtbot.waitUntil(lambda: plot.note == "1 of 3 points shown")
    assert len(plot.points.getData()[0]) == 1_667
    assert plot.plot.getViewBox().sceneBoundingRect().contains(plot._note.sceneBoundingRect().center())
