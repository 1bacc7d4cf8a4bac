"""Numbers at the ends of what floats hold: all panels draw them, and the window lives."""

from itertools import product

import pytest
from pytestqt.qtbot import QtBot

from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Data, Experiment, Parameter
from gradgui.experiment.formula import parse_formula
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.views import Fit, Landscape
from gradgui.ui.window.main_window import MainWindow
from gradgui.worker.status import State
from tests.ui.driver import Driver

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
        window.run.open(RunSpec(experiment_of(size, start, model)))
        driver.wait_for(State.READY, 0)
        qtbot.waitUntil(lambda: window.run.view(Fit) is not None and window.run.view(Landscape) is not None)
        driver.action("step_epoch").trigger()
        qtbot.waitUntil(lambda: window.run.epoch == 1)
        with qtbot.waitSignal(window.run.frame):
            window.run.clock.request()
        window.grab()
        assert not faults, f"size {size}, start {start}"
    window.run.open(RunSpec(DEFAULT_EXPERIMENT))
    driver.wait_for(State.READY, 0)
