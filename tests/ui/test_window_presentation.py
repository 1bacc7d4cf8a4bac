"""Larger type, and Presentation: by keys, live and remembered."""

from collections.abc import Callable
from itertools import combinations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gradgui.ui.app.settings import Settings
from gradgui.ui.app.type_scale import SIZES
from gradgui.ui.log.log_table import LogTable
from gradgui.ui.plots.epoch_plot import EpochPlot
from gradgui.ui.window.arrangement import FEW
from gradgui.ui.window.main_window import MainWindow
from gradgui.ui.window.step_board import LETTERS_HIGH, StepBoard
from gradgui.worker.status import State
from tests.ui.driver import Driver

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def press(driver: Driver, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(driver.window, key, modifier)


def present(driver: Driver) -> None:
    press(driver, Qt.Key.Key_F5, SHIFT)


def shown_panels(window: MainWindow) -> set[str]:
    return {dock.objectName() for dock in window.findChildren(QDockWidget) if dock.isVisible()}


def places(window: MainWindow) -> dict[str, QRect]:
    return {
        dock.objectName(): dock.geometry()
        for dock in window.findChildren(QDockWidget)
        if not dock.visibleRegion().isEmpty()
    }


def overlapping(window: MainWindow) -> list[tuple[str, str]]:
    seen = sorted(places(window).items())
    return [(one, other) for (one, at), (other, place) in combinations(seen, 2) if at.intersects(place)]


@pytest.fixture(autouse=True)
def _usual_size(driver: Driver) -> None:
    if driver.action("usual_size").isEnabled():
        driver.action("usual_size").trigger()


@pytest.mark.parametrize("key", [Qt.Key.Key_Plus, Qt.Key.Key_Equal])
def test_type_grows_step_by_step_and_back(driver: Driver, key: Qt.Key) -> None:
    usual, log = QApplication.font().pointSizeF(), driver.find(LogTable, "log_table")
    fixed = log.font().pointSizeF()
    for size in SIZES[1:]:
        press(driver, key, CONTROL)
        assert QApplication.font().pointSizeF() == pytest.approx(usual * size / 100)
        assert log.font().pointSizeF() == pytest.approx(fixed * size / 100)
        assert driver.find(QLabel, "state_label").font().pointSizeF() == pytest.approx(usual * size / 100)
    assert not driver.action("larger").isEnabled()
    press(driver, Qt.Key.Key_Minus, CONTROL)
    assert Settings().type_size == SIZES[-2]
    press(driver, Qt.Key.Key_Backspace, CONTROL)
    assert (QApplication.font().pointSizeF(), log.font().pointSizeF()) == (usual, fixed)


def test_lines_and_axes_grow(driver: Driver) -> None:
    driver.run_to_end(20)
    plot = driver.window.findChild(EpochPlot)
    assert plot is not None
    driver.qtbot.waitUntil(lambda: len(plot.lines[0].points[0]) > 0)
    width, axis = plot.lines[0].pen().widthF(), plot.plot.getAxis("left").width()
    for _ in SIZES:
        press(driver, Qt.Key.Key_Plus, CONTROL)
    driver.qtbot.waitUntil(lambda: plot.lines[0].pen().widthF() == 2.5 * width)
    driver.qtbot.waitUntil(lambda: plot.plot.getAxis("left").width() == 2.5 * axis)


def test_the_size_is_there_at_the_next_start(
    driver: Driver, open_window: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    press(driver, Qt.Key.Key_Plus, CONTROL)
    size = QApplication.font().pointSizeF()
    driver.window.close()
    again = Driver(open_window(), qtbot)
    again.wait_for(State.READY)
    assert QApplication.font().pointSizeF() == size
    assert again.action("usual_size").isEnabled()
    again.action("usual_size").trigger()


@pytest.mark.parametrize("key", [(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_F5, SHIFT)])
def test_after_presentation_everything_is_as_before(
    driver: Driver, key: tuple[Qt.Key, Qt.KeyboardModifier], qtbot: QtBot
) -> None:
    window = driver.window
    driver.find(QDockWidget, "data_panel").raise_()
    fit, width = driver.find(QDockWidget, "fit_panel"), driver.find(QDockWidget, "fit_panel").width()
    driver.find(QDockWidget, "landscape_panel").hide()
    qtbot.waitUntil(lambda: fit.width() > 1.5 * width)
    before, panels, size = shown_panels(window), places(window), window.size()
    points = QApplication.font().pointSizeF()
    present(driver)
    assert shown_panels(window) == set(FEW)
    assert QApplication.font().pointSizeF() > points
    press(driver, *key)
    qtbot.waitUntil(lambda: window.size() == size)
    assert shown_panels(window) == before
    qtbot.waitUntil(lambda: places(window) == panels)
    assert QApplication.font().pointSizeF() == points
    assert not any(board.isVisible() for board in window.findChildren(StepBoard))


def test_closed_in_presentation_the_ordinary_layout_is_kept(driver: Driver) -> None:
    state = driver.window.saveState()
    present(driver)
    driver.window.close()
    layout = Settings().layout
    assert layout is not None
    assert layout[1] == state
    assert Settings().type_size == SIZES[0]


def test_the_step_is_told_in_large_letters_and_commands_work(driver: Driver) -> None:
    present(driver)
    board = driver.find(StepBoard, "step_board")
    for font in board.fonts:
        assert QFontMetricsF(font).capHeight() >= board.screen().size().height() / LETTERS_HIGH
    press(driver, Qt.Key.Key_F11)
    driver.qtbot.waitUntil(lambda: "forward (1 of 5)" in board.step)
    press(driver, Qt.Key.Key_F11)
    driver.qtbot.waitUntil(lambda: "loss (2 of 5)" in board.step)
    assert board.step.startswith("Epoch 1 of 20")
    assert board.line == "loss = ((y - y_pred)**2).mean()"
    assert [piece.text for piece in board.values] == ["loss 30.000", "w 0.000"]  # (4 + 16 + 36 + 64) / 4
    press(driver, Qt.Key.Key_F9)
    driver.qtbot.waitUntil(lambda: "forward (1 of 5)" in board.step)
    press(driver, Qt.Key.Key_F10)
    driver.qtbot.waitUntil(lambda: driver.window.run.epoch == 1)
    press(driver, Qt.Key.Key_Space)
    driver.wait_for(State.FINISHED, 20)
    driver.qtbot.waitUntil(lambda: "Finished" in board.step)


def test_a_panel_asked_for_in_presentation_gets_a_place(driver: Driver) -> None:
    present(driver)
    for dock in driver.window.findChildren(QDockWidget):
        dock.toggleViewAction().trigger()
        driver.qtbot.waitUntil(lambda: not overlapping(driver.window))
    press(driver, Qt.Key.Key_Escape)


def test_a_lesson_and_presentation_in_any_order(driver: Driver, qtbot: QtBot) -> None:
    """Whichever is left first: what the other shows stays, and at the end the panels of before are in sight."""
    window, lesson = driver.window, {"lesson_panel", "fit_panel", "inside_panel"}
    driver.find(QDockWidget, "landscape_panel").hide()
    before = shown_panels(window)

    def shows(expected: set[str]) -> None:
        qtbot.waitUntil(lambda: shown_panels(window) == expected and not overlapping(window))

    def leave_lesson() -> None:
        driver.find(QPushButton, "lesson_leave").click()

    for first, last in ((leave_lesson, Qt.Key.Key_Escape), (Qt.Key.Key_Escape, leave_lesson)):
        for presents_first in (True, False):
            if presents_first:
                present(driver)
            window.lessons.begin_first()
            shows(lesson)
            if not presents_first:
                present(driver)
            shows(lesson)
            for step in (first, last):
                if callable(step):
                    step()
                else:
                    press(driver, step)
                if step is first:
                    shows(set(FEW) if callable(step) else lesson)
            driver.find(QDockWidget, "lesson_panel").hide()
            shows(before)
