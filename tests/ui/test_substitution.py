"""Numbers plugged into a formula: whole names only, however much a number looks like one."""

import pytest
from msgspec.structs import replace

from gradgui.engine.observer import EpochObserver
from gradgui.engine.trainer import Trainer
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Parameter
from gradgui.experiment.formula import parse_formula
from gradgui.experiment.training_loop import Fault, Loop, Phase
from gradgui.ui.epoch.substitution import plugged, with_numbers


@pytest.mark.parametrize(
    ("formula", "values", "shown"),
    [
        ("w * x", {"w": "0.300", "x": "[1, 2]"}, "0.300 · [1, 2]"),
        ("e3*x + 1e3*e3", {"e3": "0.500", "x": "2"}, "0.500 · 2 + 1e3 · 0.500"),
        ("_*x - 1_000", {"_": "(−1.000)", "x": "2"}, "(−1.000) · 2 − 1_000"),
        ("print*x + x1", {"print": "4", "x": "2", "x1": "3"}, "4 · 2 + 3"),
        ("a*exp(-k*x)", {"a": "1", "k": "2", "x": "3"}, "1 · exp(-2 · 3)"),
        ("(a + b)**2", {"a": "1", "b": "2"}, "(1 + 2)^2"),
    ],
)
def test_whole_names_are_replaced(formula: str, values: dict[str, str], shown: str) -> None:
    assert plugged(parse_formula(formula).tree, values) == shown


W, B = "w = 0.500 − 0.1 · (−21.250) = 2.625", "b = 0.250 − 0.1 · (−7.000) = 0.950"
Y_PRED = "[0.75, 1.25, 1.75, 2.25]"


@pytest.mark.parametrize(
    ("fault", "phase", "said"),
    [
        (None, Phase.UPDATE, (W, B)),
        (
            Fault.WRONG_SIGN,
            Phase.UPDATE,
            ("w = 0.500 + 0.1 · (−21.250) = −1.625", "b = 0.250 + 0.1 · (−7.000) = −0.450"),
        ),
        (Fault.TARGET_AS_INPUT, Phase.FORWARD, ("y_pred = 0.500 · [2, 4, 6, 8] + 0.250 = [1.25, 2.25, 3.25, 4.25]",)),
        (Fault.COMPARED_WITH_INPUT, Phase.LOSS, (f"loss = mean(([1, 2, 3, 4] − {Y_PRED})^2) = 1.312",)),
        (Fault.SUM, Phase.LOSS, (f"loss = sum(([2, 4, 6, 8] − {Y_PRED})^2) = 60.250",)),
        (
            Fault.ZEROED_EARLY,
            Phase.BACKWARD,
            tuple(f"{name}.grad = 0.000 (set to zero before the update)" for name in "wb"),
        ),
        (Fault.NOT_UPDATED, Phase.UPDATE, (W, "b = 0.250 (not updated)")),
        (Fault.OTHER_GRADIENT, Phase.UPDATE, (W, "b = 0.250 − 0.1 · (−21.250) = 2.375")),
    ],
)
def test_what_is_said_of_a_line_is_what_it_did(fault: Fault | None, phase: Phase, said: tuple[str, ...]) -> None:
    parameters = (Parameter("w", 0.5), Parameter("b", 0.25))
    line = replace(DEFAULT_EXPERIMENT, model="w*x + b", parameters=parameters, learning_rate=0.1)
    trainer = Trainer(replace(line, loop=Loop(fault=fault)))
    observer = EpochObserver(trainer)
    while observer.run_phase() is not Phase.ZERO_GRAD:
        pass
    assert with_numbers(phase, line, observer.trace(), Loop(fault=fault)) == said
