"""Going back to the last time that something happened, by keys in the real window."""

import torch
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QPushButton

from gradgui.worker.status import State
from tests.ui.driver import Driver


def open_dialog(driver: Driver, what: str) -> QDialog:
    driver.action("go_back").trigger()
    dialog = driver.find(QDialog, "go_back_dialog")
    box = driver.find(QComboBox, "go_back_what")
    box.setCurrentIndex(box.findText(what))
    assert box.currentText() == what
    return dialog


def losses_of_the_lesson(rate: float, epochs: int) -> tuple[list[float], list[float]]:
    """Train the lesson in plain PyTorch: its losses, and w after each epoch."""
    x, y = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([2.0, 4.0, 6.0, 8.0])
    w, losses, values = torch.tensor(0.0, requires_grad=True), [], []
    for _ in range(epochs):
        loss = ((y - w * x) ** 2).mean()
        losses.append(loss.item())
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            w -= rate * w.grad  # type: ignore[operator]
        w.grad.zero_()  # type: ignore[union-attr]
        values.append(w.item())
    return losses, values


def test_the_last_time_that_the_loss_rose_and_the_one_before_that(driver: Driver) -> None:
    driver.enter("learning_rate", "0.14")
    driver.run_to_end(20)
    losses, _ = losses_of_the_lesson(0.14, 20)
    rose = [epoch for epoch in range(2, 21) if losses[epoch - 1] > losses[epoch - 2]]
    open_dialog(driver, "the loss rose")
    for epoch in (rose[-1], rose[-2]):
        assert driver.text("go_back_answer").startswith(f"Epoch {epoch}:  loss ")
        said = float(driver.text("go_back_answer").rpartition("→ ")[2])
        assert torch.tensor(said).item() == losses[epoch - 1], "to the last bit of a float32"
        QTest.keyClick(driver.find(QPushButton, "go_back_go"), Qt.Key.Key_Space)
        driver.wait_for(State.READY, epoch - 1)
    assert len(driver.window.run.log) == 20, "nothing is forgotten by looking back"


def test_where_a_parameter_crossed_a_typed_value(driver: Driver) -> None:
    driver.run_to_end(20)
    _, values = losses_of_the_lesson(0.01, 20)
    crossed = next(epoch for epoch, value in enumerate(values, 1) if value >= 1.5)
    open_dialog(driver, "w crossed")
    driver.enter("go_back_value", "1.5")
    assert driver.text("go_back_answer").startswith(f"Epoch {crossed}:  w ")
    driver.find(QPushButton, "go_back_go").click()
    driver.wait_for(State.READY, crossed - 1)
    assert driver.text("go_back_answer") == f"In the first {crossed - 1} epochs it did not happen."
    assert not driver.find(QPushButton, "go_back_go").isEnabled()


def test_where_the_loss_became_infinite(driver: Driver) -> None:
    driver.enter("learning_rate", "0.5")
    driver.enter("epochs", "1000")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.wait_for(State.DIVERGED)
    last = driver.window.run.epoch
    open_dialog(driver, "a number became inf or nan")
    assert driver.text("go_back_answer").startswith(f"Epoch {last}:  ")
    assert "→ inf" in driver.text("go_back_answer")
    driver.find(QPushButton, "go_back_go").click()
    driver.wait_for(State.READY, last - 1)


def test_it_offers_what_the_present_model_has(driver: Driver) -> None:
    open_dialog(driver, "the loss rose")
    driver.enter("model_formula", "a*x + b")
    box = driver.find(QComboBox, "go_back_what")
    driver.qtbot.waitUntil(lambda: box.findText("b crossed") > 0)
    assert box.findText("any gradient changed sign") > 0
    assert box.findText("w crossed") == -1
    assert driver.text("go_back_answer") == "At the start: no epoch yet."
