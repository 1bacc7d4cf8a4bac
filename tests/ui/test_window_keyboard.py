"""The window by keyboard alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget, QLineEdit, QTableWidget, QWidget

from gradgui.experiment.training_loop import Phase
from gradgui.worker.status import State
from tests.ui.driver import Driver


def _focused(driver: Driver) -> QWidget:
    focused = QApplication.focusWidget()
    return driver.window if focused is None else focused


def round_of_tab(driver: Driver, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Press Tab until the focus is where it was first, and give what had it, from the Run button on."""
    QTest.keyClick(_focused(driver), key)
    first = _focused(driver)
    seen = [first]
    for _ in range(300):
        QTest.keyClick(seen[-1], key)
        present = _focused(driver)
        if present is first:
            begin = [widget.objectName() for widget in seen].index("run_button")
            return seen[begin:] + seen[:begin]
        seen.append(present)
    raise AssertionError("Tab does not come round")


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1920, 1080)])
def test_tab_visits_all_that_is_in_sight_round_after_round(driver: Driver, size: tuple[int, int]) -> None:
    driver.window.resize(*size)
    driver.qtbot.waitUntil(lambda: (driver.window.width(), driver.window.height()) == size)
    rounds = [round_of_tab(driver) for _ in range(3)]
    assert rounds[0] == rounds[1] == rounds[2]
    names = [widget.objectName() for widget in rounds[0]]
    wanted = [
        "model_formula",
        "start_w",
        "value_w",
        "loss_name",
        "loss_formula",
        "optimizer",
        "learning_rate",
        "epochs",
    ]
    assert [name for name in names if name in wanted] == wanted, "as they are read"
    assert len(set(rounds[0])) == len(rounds[0])
    for widget in rounds[0]:
        assert widget.isVisible()
        assert not widget.visibleRegion().isEmpty() or _is_scrolled_out(widget), widget.objectName()
    assert not any(name.startswith("generat") for name in names), "the panel Data is behind a tab"
    back = round_of_tab(driver, Qt.Key.Key_Backtab)
    assert set(back) == set(rounds[0])


def _is_scrolled_out(widget: QWidget) -> bool:
    above = widget.parentWidget()
    while above is not None and not hasattr(above, "ensureWidgetVisible"):
        above = above.parentWidget()
    return above is not None


def test_tab_visits_a_panel_that_is_brought_to_the_front(driver: Driver) -> None:
    driver.find(QDockWidget, "data_panel").raise_()
    driver.qtbot.waitUntil(lambda: driver.window.findChild(QWidget, "generate") is not None)
    button = driver.find(QWidget, "generate")
    driver.qtbot.waitUntil(lambda: not button.visibleRegion().isEmpty())
    names = [widget.objectName() for widget in round_of_tab(driver)]
    assert "generate" in names
    assert "learning_rate" not in names


def test_what_gets_the_focus_is_scrolled_into_sight(driver: Driver) -> None:
    driver.window.resize(1024, 600)
    for widget in round_of_tab(driver):
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
    line = driver.find(QLineEdit, "epochs")
    while _focused(driver) is not line:
        QTest.keyClick(_focused(driver), Qt.Key.Key_Tab)
    assert line.visibleRegion().boundingRect().height() == line.height()


def test_the_focus_can_be_seen_wherever_it_is(driver: Driver) -> None:
    driver.window.resize(1280, 800)
    driver.window.activateWindow()
    for widget in round_of_tab(driver):
        driver.window.setFocus()
        without = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        assert widget.grab().toImage() != without, f"{widget.objectName()} {type(widget).__name__}"


def test_f1_shows_every_key(driver: Driver) -> None:
    QTest.keyClick(driver.window, Qt.Key.Key_F1)
    dialog = driver.find(QDialog, "keys_dialog")
    driver.qtbot.waitUntil(dialog.isVisible)
    table = driver.find(QTableWidget, "keys_table")
    cells = [table.item(row, 0) for row in range(table.rowCount())]
    shown = " ".join(cell.text() for cell in cells if cell is not None)
    for action in driver.window.actions():
        for shortcut in action.shortcuts():
            assert shortcut.toString() in shown
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_step_back_takes_back_what_was_stepped_last(driver: Driver) -> None:
    run = driver.window.run
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    for phase in (Phase.LOSS, Phase.BACKWARD):
        driver.action("step_phase").trigger()
        driver.qtbot.waitUntil(lambda phase=phase: run.status.next_phase is phase)  # type: ignore[misc]
    driver.action("back").trigger()
    driver.qtbot.waitUntil(lambda: (run.status.epoch, run.status.next_phase) == (1, Phase.LOSS))
    for _ in range(2):
        driver.action("back").trigger()
    driver.qtbot.waitUntil(lambda: (run.status.epoch, run.status.next_phase) == (0, Phase.ZERO_GRAD))
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 2)
    driver.action("back").trigger()
    driver.wait_for(State.READY, 1)
    assert run.status.next_phase is Phase.FORWARD


def test_the_window_begins_where_space_runs(driver: Driver) -> None:
    QTest.keyClick(_focused(driver), Qt.Key.Key_Space)
    driver.wait_for(State.RUNNING)
    QTest.keyClick(_focused(driver), Qt.Key.Key_Space)
    driver.wait_for(State.READY)
