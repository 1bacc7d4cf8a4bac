"""Reset keeps what the fields show, and whatever was done to the experiment can be taken back."""

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from gradgui.experiment.changes import LearningRateChange, ParameterChange
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.optimizers import SGD, CosineSchedule
from gradgui.experiment.run_spec import RunSpec, parse_run_spec, run_spec_text
from gradgui.experiment.training_loop import CORRECT_LOOP, PHASES
from gradgui.record.trace import EpochTrace
from gradgui.record.views import RunView
from gradgui.ui.window.undo import MOST_UNDOS
from gradgui.worker import commands
from gradgui.worker.status import State
from tests.ui.driver import Driver


def losses(driver: Driver) -> list[float]:
    """Give the losses that were logged."""
    return [float(loss) for loss in driver.window.run.log.column("loss")]


def lesson(epochs: int, learning_rate: float) -> list[float]:
    """Give the losses of the notebook in float64: near enough to tell two learning rates apart."""
    w, found = 0.0, []
    for _ in range(epochs):
        found.append(7.5 * (2.0 - w) ** 2)
        w += learning_rate * 15.0 * (2.0 - w)
    return found


def is_near(measured: list[float], expected: list[float]) -> bool:
    """Compare losses to a part in a thousand, and to float32's rounding where they are almost 0."""
    return len(measured) == len(expected) and all(
        abs(one - other) <= 1e-3 * abs(other) + 1e-6 for one, other in zip(measured, expected, strict=True)
    )


def choose(driver: Driver, name: str, text: str) -> None:
    """Choose from a list as a person does."""
    combo = driver.find(QComboBox, name)
    combo.setCurrentText(text)
    combo.activated.emit(combo.currentIndex())


def test_a_rate_that_was_typed_stays_at_reset(driver: Driver) -> None:
    driver.run_to_end(20)
    driver.enter("learning_rate", "0.03")
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    assert driver.find(QLineEdit, "learning_rate").text() == "0.03"
    driver.run_to_end(20)
    assert is_near(losses(driver), lesson(20, 0.03))
    assert set(driver.window.run.log.column("lr")) == {0.03}


def test_a_mended_loop_stays_mended_at_reset(driver: Driver) -> None:
    switch = driver.find(QCheckBox, "break_zero_grad")
    switch.click()
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    switch.click()
    driver.qtbot.waitUntil(lambda: driver.window.run.status.loop == CORRECT_LOOP)
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    driver.run_to_end(20)
    assert is_near(losses(driver), lesson(20, 0.01))


def test_begin_again_is_what_was_opened(driver: Driver) -> None:
    driver.enter("learning_rate", "0.03")
    driver.run_to_end(20)
    driver.enter("model_formula", "w*x + b")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.parameters == (0.0, 1.0))
    driver.action("begin_again").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.status.experiment == DEFAULT_EXPERIMENT)
    driver.run_to_end(20)
    assert is_near(losses(driver), lesson(20, 0.01))


def test_another_optimizer_after_a_long_run_is_taken_back_with_all_its_epochs(driver: Driver) -> None:
    driver.enter("epochs", "500")
    driver.run_to_end(500)
    before, parameters = losses(driver), driver.window.run.status.parameters
    choose(driver, "optimizer", "Adam")
    driver.wait_for(State.READY, 0)
    assert losses(driver) == []
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    assert driver.action("undo").text() == "&Undo change of the optimizer"
    driver.action("undo").trigger()
    driver.wait_for(State.FINISHED, 500)
    assert losses(driver) == before
    assert driver.window.run.status.parameters == parameters
    assert driver.find(QComboBox, "optimizer").currentText() == "gradient descent"
    driver.enter("epochs", "20")
    driver.action("run").trigger()
    driver.wait_for(State.FINISHED, 520)
    assert losses(driver)[:500] == before
    for _ in range(2):  # the epochs, then the optimizer
        driver.action("undo").trigger()
    driver.action("redo").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.experiment.epochs == 500)


@pytest.mark.parametrize("phases", [1, 4])
def test_a_change_in_the_midst_of_an_epoch_is_taken_back_to_the_same_numbers(driver: Driver, phases: int) -> None:
    run = driver.window.run
    for epoch in (1, 2):
        driver.action("step_epoch").trigger()
        driver.wait_for(State.READY, epoch)
    for phase in PHASES[1 : phases + 1]:
        driver.action("step_phase").trigger()
        driver.qtbot.waitUntil(lambda phase=phase: run.status.next_phase is phase)  # type: ignore[misc]
    before = run.status.parameters
    run.change(ParameterChange(2, "w", -1.0))
    driver.qtbot.waitUntil(lambda: run.parameters != before)
    driver.action("undo").trigger()
    driver.qtbot.waitUntil(lambda: run.parameters == before)


def test_a_rate_that_a_schedule_brought_to_0_comes_back(driver: Driver) -> None:
    run = driver.window.run
    run.open(
        RunSpec(structs.replace(DEFAULT_EXPERIMENT, optimizer=SGD(), schedule=CosineSchedule(epochs=5), epochs=5))
    )
    driver.wait_for(State.READY, 0)
    driver.run_to_end(5)
    assert run.status.learning_rate == 0.0
    run.change(LearningRateChange(5, 0.1))
    driver.qtbot.waitUntil(lambda: run.status.learning_rate == 0.1)
    driver.action("undo").trigger()
    driver.qtbot.waitUntil(lambda: run.status.learning_rate == 0.0)
    assert parse_run_spec(run_spec_text(run.run_spec).encode(), "it") == run.run_spec
    driver.action("redo").trigger()
    driver.qtbot.waitUntil(lambda: run.status.learning_rate == 0.1)
    run.do(commands.GoTo(0))
    driver.wait_for(State.READY, 0)
    driver.action("undo").trigger()  # no experiment begins with a rate of 0
    driver.run_to_end(5)
    assert run.run_spec.experiment.learning_rate == 0.01


def test_no_view_is_taken_of_a_run_that_was_left_at_once(driver: Driver) -> None:
    run, mismatched = driver.window.run, []

    def compare(_view: RunView) -> None:
        trace = run.view(EpochTrace)
        if trace is not None and len(trace.before) != len(run.experiment.parameters):
            mismatched.append(trace.before)

    driver.window.training.worker.view_changed.connect(compare)
    driver.enter("model_formula", "w*x + b")
    driver.action("undo").trigger()
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    assert mismatched == []


def test_redo_comes_back_to_where_the_other_run_was(driver: Driver) -> None:
    driver.run_to_end(20)
    choose(driver, "dtype", "float64")
    driver.wait_for(State.READY, 0)
    for epoch in (1, 2, 3):
        driver.action("step_epoch").trigger()
        driver.wait_for(State.READY, epoch)
    kept = losses(driver)
    driver.action("undo").trigger()
    driver.wait_for(State.FINISHED, 20)
    driver.action("redo").trigger()
    driver.wait_for(State.READY, 3)
    assert losses(driver) == kept
    assert driver.window.run.status.experiment is not None
    assert driver.window.run.status.experiment.dtype == "float64"


def test_what_was_trained_last_before_a_reset_is_there_again(driver: Driver) -> None:
    driver.enter("epochs", "1000000")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.epoch > 200)
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    driver.action("undo").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.epoch > 200)
    run = driver.window.run
    assert run.status.state is State.READY
    assert len(run.log) == run.status.horizon == run.status.epoch
    assert is_near(losses(driver)[:40], lesson(40, 0.01))


def test_ctrl_z_takes_back_what_was_just_entered(driver: Driver) -> None:
    driver.enter("learning_rate", "0.05")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.learning_rate == 0.05)
    line = driver.find(QLineEdit, "learning_rate")
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    driver.qtbot.waitUntil(lambda: driver.window.run.status.learning_rate == 0.01)
    assert line.text() == "0.01"
    QTest.keyClicks(line, "7")  # half typed, the line's own undo has it
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "7" not in line.text()
    assert driver.window.run.status.learning_rate == 0.01


def test_a_rate_after_a_divergence_begins_anew(driver: Driver) -> None:
    driver.enter("learning_rate", "5")
    driver.set_speed(100)
    driver.action("run").trigger()
    driver.wait_for(State.DIVERGED)
    diverged = losses(driver)
    driver.enter("learning_rate", "0.01")
    driver.wait_for(State.READY, 0)
    driver.run_to_end(20)
    assert is_near(losses(driver), lesson(20, 0.01))
    driver.action("undo").trigger()
    driver.wait_for(State.DIVERGED)
    assert losses(driver) == diverged


def test_epochs_stop_rules_parameters_and_the_loop_are_taken_back(driver: Driver) -> None:
    run = driver.window.run
    driver.enter("epochs", "30")
    driver.enter("stop_loss_below", "0.5")
    driver.enter("value_w", "1.5")
    driver.find(QCheckBox, "break_zero_grad").click()
    driver.qtbot.waitUntil(lambda: run.status.loop != CORRECT_LOOP)
    assert run.experiment.epochs == 30
    assert run.experiment.stop == StopRules(loss_below=0.5)
    for _ in range(4):
        driver.action("undo").trigger()
    driver.qtbot.waitUntil(lambda: run.status.experiment == DEFAULT_EXPERIMENT)
    assert not driver.action("undo").isEnabled()
    assert not driver.window.documents.modified


def test_only_runs_to_which_a_way_leads_back_are_kept(driver: Driver) -> None:
    for count in range(MOST_UNDOS + 10):
        driver.enter("start_w", str(count + 1))
        driver.qtbot.waitUntil(lambda count=count: driver.window.run.status.parameters == (count + 1.0,))  # type: ignore[misc]
    for _ in range(MOST_UNDOS):
        driver.action("undo").trigger()
    driver.qtbot.waitUntil(lambda: driver.window.run.status.parameters == (10.0,))
    assert not driver.action("undo").isEnabled()
    driver.run_to_end(20)
    assert losses(driver)[0] == 480.0  # 7.5 · (2 − 10)²
