"""A problem of one's own, typed into the window: model, start values, loss, optimizer, dtype."""

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from gradgui.experiment.losses import LOSSES
from gradgui.experiment.optimizers import SGD, Adam
from gradgui.record.trace import EpochTrace
from gradgui.ui.widgets.formula_field import FormulaField
from gradgui.worker.status import State
from tests.ui.driver import Driver

X, Y = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([2.0, 4.0, 6.0, 8.0])


def field_of(driver: Driver, name: str) -> FormulaField:
    field = driver.find(QLineEdit, name).parent()
    assert isinstance(field, FormulaField)
    return field


def choose(driver: Driver, name: str, text: str) -> None:
    """Choose from a list by keys, as a person does."""
    combo = driver.find(QComboBox, name)
    combo.setFocus()
    index = combo.findText(text)
    steps = index - combo.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(combo, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    assert combo.currentText() == text


def test_a_model_of_ones_own_trains_as_plain_torch_does(driver: Driver) -> None:
    driver.run_to_end(20)
    driver.enter("model_formula", "a*x**2 + w*x")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.model == "a*x**2 + w*x")
    assert [p.name for p in driver.window.run.experiment.parameters] == ["a", "w"]
    driver.enter("start_a", "0,5")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.parameters[0].start == 0.5)
    driver.enter("learning_rate", "0.001")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.learning_rate == 0.001)
    driver.run_to_end(20)
    a, w = torch.tensor(0.5, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    for _ in range(20):
        loss = ((Y - (a * X**2 + w * X)) ** 2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            for p in (a, w):
                p -= 0.001 * p.grad  # type: ignore[operator]  # noqa: PLW2901
                p.grad = None
    log = driver.window.run.log
    assert log.value("a", 20) == a.item()
    assert log.value("w", 20) == w.item()
    assert log.value("loss", 20) == loss.item()


@pytest.mark.parametrize(
    ("typed", "place"),
    [("w * ", 2), ("w * x)", 5), ("w ? x", 2), ("", 0), ("x + 1", None), ("w.real", 1)],
)
def test_a_bad_formula_is_marked_and_the_run_is_not_disturbed(driver: Driver, typed: str, place: int | None) -> None:
    driver.run_to_end(20)
    driver.enter("model_formula", typed)
    field = field_of(driver, "model_formula")
    assert field.problem
    assert field.marked == place
    assert driver.window.run.experiment.model == "w * x"
    assert len(driver.window.run.log) == 20
    QTest.keyClick(field.line, Qt.Key.Key_Escape)
    assert (field.line.text(), field.problem, field.marked) == ("w * x", "", None)


def test_an_example_can_be_taken(driver: Driver) -> None:
    menu = driver.find(QToolButton, "model_examples").menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "w*x + b").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.model == "w*x + b")
    assert driver.find(QLineEdit, "start_b").text() == "1"


@pytest.mark.parametrize("name", list(LOSSES))
def test_every_loss_trains(driver: Driver, name: str) -> None:
    if name != "MSE":
        choose(driver, "loss_name", name)
        driver.qtbot.waitUntil(lambda: driver.window.run.experiment.loss == LOSSES[name])
    driver.run_to_end(20)
    assert driver.find(QLineEdit, "loss_formula").text() == LOSSES[name]
    assert driver.window.run.log.value("loss", 20) < driver.window.run.log.value("loss", 1)


def test_a_loss_of_ones_own(driver: Driver) -> None:
    driver.enter("loss_formula", "(y - y_pred)**4")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.loss == "(y - y_pred)**4")
    assert driver.find(QComboBox, "loss_name").currentText() == "own formula"
    driver.enter("loss_formula", "w*y_pred")
    assert field_of(driver, "loss_formula").problem
    assert driver.window.run.experiment.loss == "(y - y_pred)**4"


def test_an_optimizer_with_its_settings(driver: Driver) -> None:
    choose(driver, "optimizer", "SGD")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.optimizer == SGD())
    driver.enter("momentum", "0.9")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.optimizer == SGD(momentum=0.9))
    box = driver.find(QCheckBox, "nesterov")
    driver.qtbot.waitUntil(box.isEnabled)
    box.click()
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.optimizer == SGD(momentum=0.9, nesterov=True))
    driver.run_to_end(20)
    w = torch.tensor(0.0, requires_grad=True)
    rule = torch.optim.SGD([w], lr=0.01, momentum=0.9, nesterov=True)
    for _ in range(20):
        rule.zero_grad()
        ((Y - w * X) ** 2).mean().backward()  # type: ignore[no-untyped-call]
        rule.step()
    assert driver.window.run.log.value("w", 20) == w.item()


def test_a_bad_setting_is_marked(driver: Driver) -> None:
    choose(driver, "optimizer", "Adam")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.optimizer == Adam())
    driver.enter("beta1", "1")
    line = driver.find(QLineEdit, "beta1")
    assert line.property("invalid")
    assert driver.window.run.experiment.optimizer == Adam()


def test_float64_goes_beyond_where_float32_stops(driver: Driver) -> None:
    driver.enter("epochs", "1000")
    driver.run_to_end(1000)
    assert driver.window.run.parameters[0] == 1.9999996423721313
    choose(driver, "dtype", "float64")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.dtype == "float64")
    driver.run_to_end(1000)
    assert abs(driver.window.run.parameters[0] - 2.0) < 1e-14


def test_while_it_runs_the_problem_stays(driver: Driver) -> None:
    driver.enter("epochs", "1000000")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.wait_for(State.RUNNING)
    driver.qtbot.waitUntil(lambda: not driver.find(QLineEdit, "model_formula").isEnabled())
    driver.action("run").trigger()
    driver.wait_for(State.READY)
    driver.qtbot.waitUntil(lambda: driver.find(QLineEdit, "model_formula").isEnabled())


def test_every_view_follows_a_problem_of_ones_own(driver: Driver) -> None:
    driver.enter("model_formula", "a*exp(-k*x)")
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.model == "a*exp(-k*x)")
    for _ in range(3):
        driver.action("step_phase").trigger()

    def phases_done() -> int:
        trace = driver.window.run.view(EpochTrace)
        return 0 if trace is None else trace.phases_done

    driver.qtbot.waitUntil(lambda: phases_done() == 3)
    trace = driver.window.run.view(EpochTrace)
    assert trace is not None
    assert trace.graph is not None
    assert {node.parameter for node in trace.graph.nodes if node.parameter} == {"a", "k"}
    assert driver.find(QWidget, "contour_plot").isVisible()
    assert "a " in driver.find(QLabel, "parameters_label").text()


def test_a_model_without_x_says_so_and_offers_what_was_meant(driver: Driver) -> None:
    note = driver.find(QWidget, "without_x")
    assert not note.isVisible()
    driver.enter("model_formula", "mx + c")
    driver.qtbot.waitUntil(note.isVisible)
    said = " ".join(label.text() for label in note.findChildren(QLabel))
    assert said == "x does not occur in this model: it predicts the same for every x. mx became a parameter."
    driver.find(QPushButton, "take_meant_model").click()
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.model == "m*x + c")
    assert not note.isVisible()


def test_a_model_without_x_may_be_kept(driver: Driver) -> None:
    note = driver.find(QWidget, "without_x")
    driver.enter("model_formula", "c")
    driver.qtbot.waitUntil(note.isVisible)
    assert not driver.find(QPushButton, "take_meant_model").isVisible()
    driver.find(QPushButton, "keep_model").click()
    assert not note.isVisible()
    driver.run_to_end(20)
    assert driver.window.run.experiment.model == "c"
    assert not note.isVisible()
    driver.enter("model_formula", "b")
    driver.qtbot.waitUntil(note.isVisible)
