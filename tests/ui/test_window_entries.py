"""Bad entries: marked where they are made, and the run goes on undisturbed."""

from math import isnan

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from shiboken6 import isValid

from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.window.view import Dock
from gradgui.worker.status import State
from tests.ui.driver import Driver


def problem_beside(line: QLineEdit) -> str:
    """Give what is said under a field, empty when nothing is in sight."""
    below = line.mapToGlobal(QPoint(line.width() // 2, line.height() // 2))
    notes = [note for note in line.window().findChildren(QLabel, "problem_note") if note.isVisible()]
    assert len(notes) <= 1
    for note in notes:  # right below the field, or above it
        corner = note.mapToGlobal(QPoint(0, 0))
        assert corner.x() <= below.x() <= corner.x() + note.width()
        assert min(abs(corner.y() - below.y()), abs(corner.y() + note.height() - below.y())) <= line.height()
    return notes[0].text() if notes else ""


def bring_into_sight(driver: Driver, name: str) -> Dock:
    """Give a panel, in front of those that share its place."""
    dock = driver.find(Dock, name)
    dock.raise_()
    driver.qtbot.waitUntil(lambda: dock.in_sight)
    return dock


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "1e400", "", "abc", "0x10", "1e-400"])
def test_a_bad_learning_rate_is_refused_at_the_field(driver: Driver, text: str) -> None:
    driver.enter("learning_rate", text)
    line = driver.find(QLineEdit, "learning_rate")
    assert problem_beside(line) == "Enter a number above 0, such as 0.01 or 1e-3."
    assert line.property("invalid") is True
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    assert driver.window.run.log.value("lr", 1) == 0.01
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "0.01"
    assert problem_beside(line) == ""


@pytest.mark.parametrize("text", ["0", "-3", "1000000000000", "2.5", "nan", "", "ten", "1e400"])
def test_a_bad_number_of_epochs_is_refused_at_the_field(driver: Driver, text: str) -> None:
    driver.enter("epochs", text)
    line = driver.find(QLineEdit, "epochs")
    assert problem_beside(line).startswith("Enter a whole number from 1 to 10")
    assert driver.text("epoch_label") == "epoch 0 of 20"


def test_a_bad_entry_does_not_disturb_the_run(driver: Driver) -> None:
    driver.enter("epochs", "1000000")
    driver.action("run").trigger()
    driver.wait_for(State.RUNNING)
    driver.enter("learning_rate", "-1")
    epoch = driver.window.run.epoch
    driver.qtbot.waitUntil(lambda: driver.window.run.epoch > epoch + 2)
    assert driver.window.run.status.state is State.RUNNING
    assert driver.window.run.status.learning_rate == 0.01
    assert driver.find(QLineEdit, "learning_rate").text() == "-1"


def test_a_good_entry_takes_the_mark_away(driver: Driver) -> None:
    driver.enter("learning_rate", "-1")
    driver.enter("learning_rate", "0,05")
    line = driver.find(QLineEdit, "learning_rate")
    assert problem_beside(line) == ""
    driver.qtbot.waitUntil(lambda: driver.window.run.status.learning_rate == 0.05)


@pytest.mark.parametrize(("name", "text"), [("learning_rate", "1,000"), ("epochs", "1.000"), ("start_w", "1,000")])
def test_what_may_be_a_thousand_or_one_is_refused(driver: Driver, name: str, text: str) -> None:
    driver.enter(name, text)
    line = driver.find(QLineEdit, name)
    assert problem_beside(line) == f"“{text}” can mean 1000 or 1: write the one that is meant."


@pytest.mark.parametrize("text", ["1 000", "1'000", "1_000", "1e3"])
def test_what_is_a_thousand_is_one(driver: Driver, text: str) -> None:
    driver.enter("epochs", text)
    assert driver.find(QLineEdit, "epochs").text() == "1\u202f000"
    driver.qtbot.waitUntil(lambda: driver.text("epoch_label") == "epoch 0 of 1\u202f000")


def test_a_number_without_room_is_rounded_and_kept(driver: Driver) -> None:
    value = 1.2345678901234567e-05
    driver.enter("learning_rate", repr(value))
    line = driver.find(QLineEdit, "learning_rate")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.learning_rate == value)
    assert line.fontMetrics().horizontalAdvance(line.text()) < line.width()
    assert line.text().endswith("e−05")
    assert float(line.text().replace("−", "-")) == pytest.approx(value, rel=1e-3)
    QTest.keyClick(line, Qt.Key.Key_Return)
    line.clearFocus()
    assert driver.window.run.status.learning_rate == value


def test_arrow_keys_go_through_round_numbers(driver: Driver) -> None:
    rate = driver.find(QLineEdit, "learning_rate")
    rate.setFocus()
    seen = []
    for _ in range(3):
        QTest.keyClick(rate, Qt.Key.Key_Up)
        seen.append(rate.text())
    for _ in range(5):
        QTest.keyClick(rate, Qt.Key.Key_Down)
        seen.append(rate.text())
    assert [float(text) for text in seen] == [0.02, 0.05, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002]
    epochs = driver.find(QLineEdit, "epochs")
    QTest.keyClick(epochs, Qt.Key.Key_Up)
    assert epochs.text() == "30"


def test_an_error_moves_nothing(driver: Driver) -> None:
    lines = [line for line in driver.window.findChildren(QLineEdit) if line.isVisible()]
    before = [line.mapTo(driver.window, QPoint(0, 0)) for line in lines]
    driver.enter("learning_rate", "abc")
    driver.enter("model_formula", "w*(x")
    assert "abc" not in driver.window.run.experiment.model
    QTest.qWaitForWindowExposed(driver.window)
    assert len([note for note in driver.window.findChildren(QLabel, "problem_note") if note.isVisible()]) == 2
    assert [line.mapTo(driver.window, QPoint(0, 0)) for line in lines] == before


@pytest.mark.parametrize("count", [1_000, 1_428, 10_000, 40_000])
def test_a_formula_that_is_too_long_is_refused_and_not_cut(driver: Driver, count: int) -> None:
    line = driver.find(QLineEdit, "model_formula")
    line.setFocus()
    line.selectAll()
    QGuiApplication.clipboard().setText("w*x" + "+w*x" * (count // 4))
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "at most" in problem_beside(line)
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    assert driver.window.run.experiment.model == "w * x"


@pytest.mark.parametrize("text", ["nan", "-inf", "1e400", "1" * 400, "1e-400x", "1e", "--1"])
def test_what_is_no_number_is_refused_in_every_field(driver: Driver, faults: list[str], text: str) -> None:
    for name in ("data_panel", "experiment_panel"):
        for field in bring_into_sight(driver, name).findChildren(NumberField):
            before = field.value
            driver.enter(field.line.objectName(), text)
            assert field.problem, field.line.objectName()
            assert field.value == before or (isnan(field.value) and isnan(before))
            QTest.keyClick(field.line, Qt.Key.Key_Escape)
    assert driver.window.run.experiment == DEFAULT_EXPERIMENT
    assert not faults


def test_a_mark_goes_with_its_field(driver: Driver, faults: list[str]) -> None:
    driver.enter("model_formula", "w*x + b")
    driver.qtbot.waitUntil(lambda: len(driver.window.run.status.parameters) == 2)
    driver.enter("start_b", "abc")
    line = driver.find(QLineEdit, "start_b")
    assert problem_beside(line)
    note = next(one for one in driver.window.findChildren(QLabel, "problem_note") if one.isVisible())
    ground = note.parentWidget()
    assert ground is not None
    line.destroyed.connect(lambda: ground.resize(ground.size() + QSize(1, 1)))
    driver.enter("model_formula", "w * x")
    driver.qtbot.waitUntil(lambda: not isValid(note))
    assert not faults


def test_more_noise_than_can_be_made_is_refused_at_the_field(driver: Driver, faults: list[str]) -> None:
    bring_into_sight(driver, "data_panel")
    line = driver.find(QLineEdit, "generated_noise")
    driver.qtbot.waitUntil(line.isVisible)
    driver.enter("generated_noise", "1e7")
    assert problem_beside(line).startswith("Enter a number from 0 to 1")
    driver.find(QPushButton, "generate").click()
    assert not faults
