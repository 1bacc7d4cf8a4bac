"""Sixteen runs side by side in the live plots: they follow the present one, with the bits that they have alone."""

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gradgui.engine.trainer import Trainer
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import SGD, StepSchedule
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.experiment.sweep.varied import Varied
from gradgui.record.training_log import TrainingLog
from gradgui.ui.plots.epoch_plot import EpochPlot
from gradgui.worker.status import State
from tests.ui.driver import Driver
from tests.ui.sweeps.test_sweep_window import Person

LINE = Experiment(
    "w*x + b",
    (Parameter("w", 0.0), Parameter("b", 0.5)),
    DEFAULT_EXPERIMENT.data,
    optimizer=SGD(momentum=0.5),
    schedule=StepSchedule(3, 0.5),
)


def alone(experiment: Experiment, epochs: int) -> list[tuple[float, ...]]:
    """Train a run by itself, without what its optimizer remembers."""
    trainer, rows = Trainer(experiment), list[tuple[float, ...]]()
    trainer.train(rows, epochs)
    return [row[: len(trainer.columns.in_file)] for row in rows]


def check_logs(driver: Driver, sweep: Sweep, epochs: int) -> None:
    runs = driver.window.compared_runs.runs
    assert [one.spec.experiment for one in runs] == [sweep.with_values(values) for values in sweep.cells[1:]]
    for one in runs:
        rows = alone(one.spec.experiment, epochs)
        assert len(one.log) == len(rows)
        for name, column in zip(one.log.columns.in_file, zip(*rows, strict=True), strict=True):
            np.testing.assert_array_equal(one.log.column(name), np.array(column, one.log.column(name).dtype))


def together(driver: Driver, sweep: Sweep) -> None:
    driver.window.sweeps.train_together(sweep)
    driver.qtbot.waitUntil(lambda: driver.window.run.status.experiment == sweep.with_values(sweep.cells[0]))
    driver.wait_for(State.READY, 0)


def lengths(driver: Driver) -> set[int]:
    return {len(one.log) for one in driver.window.compared_runs.runs}


@pytest.mark.parametrize(
    "sweep",
    [
        Sweep(DEFAULT_EXPERIMENT, (Varied("learning_rate", 0.01, 0.12, 16),), 20),
        Sweep(LINE, (Varied("start.w", -2.0, 2.0, 3), Varied("learning_rate", 0.01, 0.05, 4)), 20),
        Sweep(
            Experiment("sigmoid(w*x)", (Parameter("w", 0.5),), DEFAULT_EXPERIMENT.data),
            (Varied("learning_rate", 0.01, 0.5, 4),),
            12,
        ),
    ],
)
def test_they_go_as_far_as_the_present_run(driver: Driver, qtbot: QtBot, sweep: Sweep) -> None:
    together(driver, sweep)
    for epoch in range(1, 4):
        driver.action("step_epoch").trigger()
        driver.wait_for(State.READY, epoch)
        qtbot.waitUntil(lambda epoch=epoch: lengths(driver) == {epoch})  # type: ignore[misc]
    check_logs(driver, sweep, 3)
    driver.run_to_end(sweep.epochs)
    qtbot.waitUntil(lambda: lengths(driver) == {sweep.epochs})
    check_logs(driver, sweep, sweep.epochs)
    driver.action("step_back").trigger()
    qtbot.waitUntil(lambda: lengths(driver) == {sweep.epochs - 1})


def test_each_is_drawn_in_a_colour_of_its_own(driver: Driver, qtbot: QtBot) -> None:
    sweep = Sweep(DEFAULT_EXPERIMENT, (Varied("learning_rate", 0.01, 0.12, 16),), 20)
    together(driver, sweep)
    driver.run_to_end(20)
    plot = driver.window.findChild(EpochPlot)
    assert plot is not None
    comparison = plot.comparison
    assert comparison is not None

    def drawn() -> set[int]:
        return {run.id for run, *_ in comparison.overlays.drawn}

    qtbot.waitUntil(lambda: len(drawn()) == 15 and lengths(driver) == {20})
    runs = driver.window.compared_runs.runs
    assert len({one.look for one in runs}) == 15
    assert runs[-1].label == "lr 0.12"


def test_a_run_that_diverges_ends_where_it_does(driver: Driver, qtbot: QtBot) -> None:
    sweep = Sweep(DEFAULT_EXPERIMENT, (Varied("learning_rate", 0.01, 1.01, 2),), 30)
    together(driver, sweep)
    driver.run_to_end(30)
    expected = len(alone(sweep.with_values(sweep.cells[1]), 30))
    assert expected < 30
    qtbot.waitUntil(lambda: lengths(driver) == {expected})
    check_logs(driver, sweep, 30)


def test_another_experiment_ends_it_and_a_reset_does_not(driver: Driver, qtbot: QtBot) -> None:
    sweep = Sweep(DEFAULT_EXPERIMENT, (Varied("start.w", -1.0, 1.0, 3),), 20)
    together(driver, sweep)
    driver.run_to_end(20)
    qtbot.waitUntil(lambda: lengths(driver) == {20})
    driver.action("reset").trigger()
    driver.wait_for(State.READY, 0)
    qtbot.waitUntil(lambda: lengths(driver) == {0})
    driver.run_to_end(20)
    qtbot.waitUntil(lambda: lengths(driver) == {20})
    check_logs(driver, sweep, 20)
    driver.window.run.open(RunSpec(DEFAULT_EXPERIMENT))
    qtbot.waitUntil(lambda: not driver.window.compared_runs.runs)


def test_up_to_sixteen_by_keys(driver: Driver, qtbot: QtBot) -> None:
    person = Person(driver)
    button = driver.find(QPushButton, "sweep_together")
    assert not button.isEnabled()
    person.enter("varied_count", "17")
    assert not button.isEnabled()
    person.enter("varied_count", "16")
    assert button.isEnabled()
    person.push("sweep_together")
    qtbot.waitUntil(lambda: len(driver.window.compared_runs.runs) == 15)
    assert driver.window.windowTitle().startswith("16 runs together")
    assert isinstance(driver.window.compared_runs.runs[0].log, TrainingLog)
