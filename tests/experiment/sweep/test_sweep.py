"""What a sweep varies, and what it refuses."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gradgui.experiment.data import Data
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.generators import generate
from gradgui.experiment.optimizers import SGD, Adam
from gradgui.experiment.sweep.sweep import GeneratedData, Sweep
from gradgui.experiment.sweep.table import sweep_header
from gradgui.experiment.sweep.varied import Varied, read_varied, variable_names
from gradgui.experiment.training_loop import Fault, Loop

RATES = Varied("learning_rate", 0.001, 1.0, 4, "log")
LINE = Experiment("w*x + b", (Parameter("w", 0.0), Parameter("b", 1.0)), DEFAULT_EXPERIMENT.data, optimizer=Adam())


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.integers(2, 400))
def test_a_linear_range_has_equal_distances(first: float, last: float, count: int) -> None:
    if first == last:
        return
    values = Varied("start.w", first, last, count).values
    assert (values[0], values[-1], len(values)) == (first, last, count)
    step = (Fraction(last) - Fraction(first)) / (count - 1)
    for place, value in enumerate(values):
        assert abs(Fraction(value) - Fraction(first) - place * step) <= 4e-16 * (abs(first) + abs(last))


@given(st.floats(1e-9, 1e9), st.floats(1e-9, 1e9), st.integers(2, 400))
def test_a_logarithmic_range_has_equal_ratios(first: float, last: float, count: int) -> None:
    if first == last:
        return
    values = Varied("learning_rate", first, last, count, "log").values
    assert (values[0], values[-1], len(values)) == (first, last, count)
    for place, value in enumerate(values):
        wanted = math.log(first) + place / (count - 1) * (math.log(last) - math.log(first))
        assert math.log(value) == pytest.approx(wanted, abs=1e-12)


@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 50), st.sampled_from(["linear", "log"]))
def test_the_expression_gives_the_very_same_values(first: float, last: float, count: int, scale: str) -> None:
    if first == last:
        return
    one = Varied("learning_rate", first, last, count, scale)  # type: ignore[arg-type]
    assert eval(one.expression) == one.values  # noqa: S307 - the program's own line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("learning_rate=0.001:1:4:log", RATES),
        ("start.w=-5:5:11", Varied("start.w", -5.0, 5.0, 11)),
        ("momentum=0:0.9:10:linear", Varied("momentum", 0.0, 0.9, 10)),
        ("seed=3:3:1", Varied("seed", 3.0, 3.0, 1)),
    ],
)
def test_a_line_is_read(text: str, expected: Varied) -> None:
    assert read_varied(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("learning_rate", "write NAME=FIRST:LAST:COUNT"),
        ("learning_rate=1:2", "write NAME=FIRST:LAST:COUNT"),
        ("learning_rate=1:2:3:cubic", "write NAME=FIRST:LAST:COUNT"),
        ("learning_rate=a:2:3", "its range must have two ends"),
        ("learning_rate=1:2:x", "whole number"),
        ("learning_rate=1:2:-3", "whole number"),
        ("learning_rate=1:2:0", "1 to 65"),
        ("learning_rate=1:2:1", "one value has one end"),
        ("learning_rate=1:1:2", "wider than nothing"),
        ("learning_rate=0:1:3:log", "cannot reach 0"),
        ("learning_rate=-1:1:3:log", "cannot reach 0"),
        ("learning_rate=1e308:-1e308:3", "wider than the largest number"),
        ("learning_rate=1e154:1e-299:3:log", "wider than the largest number"),
        ("learning_rate=1e-299:1e154:3:log", "wider than the largest number"),
        ("learning_rate=inf:1:3", "its range must have two ends"),
    ],
)
def test_a_wrong_line_is_told(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_varied(text)


def test_what_can_be_varied_is_what_the_optimizer_and_the_model_have() -> None:
    assert variable_names(DEFAULT_EXPERIMENT) == ("learning_rate", "start.w")
    assert variable_names(LINE, has_generated_data=True) == (
        *("learning_rate", "beta1", "beta2", "epsilon", "weight_decay", "start.w", "start.b", "seed", "noise"),
    )
    assert "momentum" in variable_names(replace(LINE, optimizer=SGD(nesterov=True, momentum=0.5)))
    assert "nesterov" not in variable_names(replace(LINE, optimizer=SGD()))


def test_a_run_is_the_experiment_with_its_values() -> None:
    experiment = replace(LINE, stop=StopRules(loss_below=0.1), epochs=7)
    sweep = Sweep(experiment, (Varied("beta1", 0.0, 0.5, 2), Varied("start.b", 1.0, 2.0, 3)), 30)
    assert (sweep.shape, sweep.runs) == ((2, 3), 6)
    assert sweep.cells == [(0.0, 1.0), (0.0, 1.5), (0.0, 2.0), (0.5, 1.0), (0.5, 1.5), (0.5, 2.0)]
    run = sweep.with_values(sweep.cells[4])
    assert run == replace(
        LINE, optimizer=Adam(beta1=0.5), parameters=(Parameter("w", 0.0), Parameter("b", 1.5)), epochs=30
    )


def test_a_seed_and_noise_make_other_points() -> None:
    made = GeneratedData("noisy line", 9, 0.5, 4)
    sweep = Sweep(DEFAULT_EXPERIMENT, (Varied("seed", 0, 3, 4), Varied("noise", 0.1, 0.2, 2)), 5, generated=made)
    assert sweep.varies_data
    assert sweep.data_of(sweep.cells[5]) == generate("noisy line", 9, 0.2, 2)
    fixed = Sweep(DEFAULT_EXPERIMENT, (RATES,), 5, generated=made)
    assert fixed.data_of(fixed.cells[0]) == generate("noisy line", 9, 0.5, 4)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"varied": ()}, "one thing or two"),
        ({"varied": (RATES,) * 2}, "varied twice"),
        (
            {"varied": (Varied("momentum", 0.1, 0.5, 3),)},
            "momentum cannot be varied here, only learning_rate, start.w",
        ),
        ({"varied": (Varied("seed", 1, 3, 3),)}, "seed cannot be varied here as the data are not made up"),
        ({"varied": (Varied("learning_rate", 0.0, 1.0, 3),)}, "above 0"),
        ({"varied": (Varied("learning_rate", 0.1, 1.0, 300), Varied("start.w", 0, 1, 300))}, "too many"),
        ({"epochs": 0}, "epochs: a whole number from 1"),
        ({"wanted_loss": math.inf}, "finite"),
        ({"experiment": replace(DEFAULT_EXPERIMENT, loop=Loop(zero_grad=False))}, "mend the loop first"),
        ({"experiment": replace(DEFAULT_EXPERIMENT, loop=Loop(fault=Fault.SUM))}, "mend the loop first"),
        (
            {"experiment": replace(LINE, optimizer=SGD()), "varied": (Varied("momentum", 0.0, 1.0, 3),)},
            "momentum: Expected `?float`? < 1.0",
        ),
        (
            {
                "experiment": replace(LINE, optimizer=SGD(momentum=0.1, nesterov=True)),
                "varied": (Varied("momentum", 0.0, 0.9, 3),),
            },
            "nesterov needs a momentum above 0",
        ),
        (
            {"generated": GeneratedData("line", 4), "varied": (Varied("seed", 0, 1, 3),)},
            "seed: its values must be whole",
        ),
        (
            {"generated": GeneratedData("line", 10_000), "varied": (Varied("seed", 0, 65535, 65536),)},
            "points of their own",
        ),
        ({"generated": GeneratedData("circle", 4)}, "no data called circle"),
    ],
)
def test_what_cannot_be_swept_is_told(changes: dict[str, object], reason: str) -> None:
    usual: dict[str, object] = {"experiment": DEFAULT_EXPERIMENT, "varied": (RATES,), "epochs": 10}
    with pytest.raises(ValueError, match=reason):
        Sweep(**{**usual, **changes})  # type: ignore[arg-type]


def test_the_columns_of_a_table_have_names_of_their_own() -> None:
    assert sweep_header(Sweep(DEFAULT_EXPERIMENT, (RATES,), 3, 0.5)) == (
        *("run", "learning_rate", "epochs", "loss", "w", "lowest_loss", "lowest_epoch", "diverged_epoch"),
        "reached_epoch",
    )
    named = Experiment("run*x + momentum", (Parameter("run", 0.0), Parameter("momentum", 0.0)), Data((1.0,), (2.0,)))
    sweep = Sweep(replace(named, optimizer=SGD()), (Varied("momentum", 0.0, 0.5, 2),), 3)
    assert sweep_header(sweep)[:6] == ("RUN", "MOMENTUM", "epochs", "loss", "run", "momentum")
