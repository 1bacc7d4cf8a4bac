"""Numbers at the ends of what floats hold: all panels draw them, and the window lives."""

from itertools import product

import pytest
from msgspec import structs
from pytestqt.qtbot import QtBot

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, DType, Experiment, Parameter
from gradgui.experiment.formula import parse_formula
from gradgui.experiment.optimizers import SGD, Adam, GradientDescent, Optimizer
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.views import Fit, Landscape
from gradgui.ui.window.main_window import MainWindow
from gradgui.worker.status import State
from tests.ui.driver import Driver

RATES = (5e-324, 1e-300, 1e39, 1e300, 1.7e308)
SIZES = (5e-324, 1e-300, 1e-160, 1e39, 1e153, 1e160, 1.7e308)


def experiment_of(size: float, start: float, model: str) -> Experiment:
    return Experiment(
        model=model,
        parameters=tuple(Parameter(name, start) for name in parse_formula(model).parameters),
        data=Data((size, -size, size / 2), (size, -size, 0.0)),
        dtype="float64",
    )


@pytest.mark.parametrize("model", ["w * x", "w*x + b"])
def test_data_and_starts_of_any_size_are_drawn(
    window: MainWindow, qtbot: QtBot, faults: list[str], model: str
) -> None:
    driver = Driver(window, qtbot)
    for size, start in product(SIZES, (0.0, 1.0, *SIZES)):
        step_and_look(driver, experiment_of(size, start, model))
        assert not faults, f"size {size}, start {start}"


@pytest.mark.parametrize("optimizer", [GradientDescent(), SGD(momentum=0.5), Adam()], ids=repr)
def test_any_learning_rate_is_loaded_and_drawn(
    window: MainWindow, qtbot: QtBot, faults: list[str], optimizer: Optimizer
) -> None:
    window.training.worker.failed.connect(faults.append)
    driver = Driver(window, qtbot)
    dtypes: tuple[DType, ...] = ("float32", "float64")
    for rate, dtype in product(RATES, dtypes):
        step_and_look(
            driver, structs.replace(DEFAULT_EXPERIMENT, optimizer=optimizer, dtype=dtype, learning_rate=rate)
        )
        assert not faults, f"rate {rate}, {dtype}"


def step_and_look(driver: Driver, experiment: Experiment) -> None:
    """Open an experiment, train an epoch, as far as that goes, and see everything drawn."""
    run = driver.window.run
    run.open(RunSpec(experiment))
    driver.wait_for(State.READY, 0)
    driver.qtbot.waitUntil(lambda: run.view(Fit) is not None and run.view(Landscape) is not None)
    driver.action("step_epoch").trigger()
    driver.qtbot.waitUntil(lambda: run.epoch == 1 or run.status.state is State.FAILED)
    with driver.qtbot.waitSignal(run.frame):
        run.clock.request()
    driver.window.grab()
