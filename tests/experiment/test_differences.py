"""What is said to tell runs apart: short, true, and never the same of two."""

import math
import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gradgui.experiment.changes import DataChange, Intervention, LearningRateChange, LoopChange, ParameterChange
from gradgui.experiment.data import Data
from gradgui.experiment.differences import differences
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.losses import LOSSES
from gradgui.experiment.optimizers import (
    SGD,
    Adam,
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    RMSprop,
    StepSchedule,
)
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import Fault, Loop
from gradgui.numbers import THIN_SPACE
from tests.experiment.test_experiment_file import experiments

SEVEN = Data(x=range(7), y=range(7))
EIGHT = Data(x=range(8), y=range(8))
OUTLIER = EIGHT.with_value(2, 1, 30.0)
FAULTS = {
    Fault.WRONG_SIGN: "wrong sign of the update",
    Fault.TARGET_AS_INPUT: "y in place of x",
    Fault.SWAPPED_LOSS: "y and y_pred swapped",
    Fault.COMPARED_WITH_INPUT: "y_pred compared with x",
    Fault.SUM: "sum, not mean",
    Fault.ZEROED_EARLY: "zero_grad before the update",
    Fault.DETACHED: "y_pred detached",
    Fault.NOT_UPDATED: "last parameter not updated",
    Fault.NOT_ZEROED: "last gradient not zeroed",
    Fault.OTHER_GRADIENT: "update with another gradient",
}


def of(*edits: dict[str, object]) -> tuple[str, ...]:
    return differences([RunSpec(replace(DEFAULT_EXPERIMENT, **edit)) for edit in edits])


@pytest.mark.parametrize(
    ("edits", "texts"),
    [
        ([{"learning_rate": 0.01}, {"learning_rate": 0.1}], ("lr 0.01", "lr 0.1")),
        ([{"learning_rate": 1e-5}, {"learning_rate": 0.1}], ("lr 1e−05", "lr 0.1")),
        ([{"optimizer": SGD()}, {"optimizer": SGD(momentum=0.9)}], ("SGD momentum 0", "SGD momentum 0.9")),
        (
            [{"optimizer": GradientDescent()}, {"optimizer": SGD(momentum=0.9)}, {"optimizer": Adam()}],
            ("gradient descent", "SGD momentum 0.9", "Adam"),
        ),
        (
            [{"optimizer": SGD(0.9, nesterov=True)}, {"optimizer": SGD(0.9)}],
            ("SGD nesterov", "SGD no nesterov"),
        ),
        (
            [{"optimizer": RMSprop(weight_decay=0.1)}, {"optimizer": RMSprop(alpha=0.5, weight_decay=0.1)}],
            ("RMSprop alpha 0.99", "RMSprop alpha 0.5"),
        ),
        (
            [{"parameters": (Parameter("w", 3.0),)}, {"parameters": (Parameter("w", -0.5),)}],
            ("w start 3", "w start −0.5"),
        ),
        ([{"learning_rate": 0.01}, {"learning_rate": 0.01 * 2**0.5}], ("lr 0.01", "lr 0.0141421")),
        (
            [{"learning_rate": 2 / 15}, {"learning_rate": 2 / 15 + 1e-8}],  # which six digits do not tell apart
            ("lr 0.133333333", "lr 0.133333343"),
        ),
        (
            [{"learning_rate": 0.1}, {"learning_rate": math.nextafter(0.1, 1.0)}],
            ("lr 0.1", "lr 0.10000000000000002"),
        ),
        ([{"loss": LOSSES["MAE"]}, {"loss": "(y - y_pred)**4"}, {}], ("MAE", "loss (y - y_pred)**4", "MSE")),
        ([{"dtype": "float64"}, {}], ("float64", "float32")),
        ([{"data": SEVEN}, {"data": EIGHT}, {"data": SEVEN}], ("7 points (1)", "8 points", "7 points (2)")),
        ([{"data": EIGHT}, {"data": OUTLIER}], ("point 3 (2, 2)", "point 3 (2, 30)")),
        (
            [{"data": OUTLIER}, {"data": SEVEN}, {"data": EIGHT}],
            ("data 1 (8 points)", "data 2 (7 points)", "data 3 (8 points)"),
        ),
        ([{"data": EIGHT}, {"data": replace(EIGHT, x_name="hours")}], ("same settings 1", "same settings 2")),
        ([{"loop": Loop(zero_grad=False)}, {}], ("no zero_grad", "correct loop")),
        *(([{"loop": Loop(fault=fault)}, {}], (text, "correct loop")) for fault, text in FAULTS.items()),
        ([{}, {}, {}], ("same settings 1", "same settings 2", "same settings 3")),
        (
            [{"epochs": 5, "probe": 1.0}, {"epochs": 50, "stop": StopRules(loss_below=0.1)}],
            ("same settings 1", "same settings 2"),
        ),
        (
            [{"model": "w * x + b", "parameters": (Parameter("w", 1.0), Parameter("b", 0.5))}, {}],
            ("w * x + b, w start 1", "w * x, w start 0"),
        ),
        (
            [
                {"optimizer": SGD(), "schedule": one}
                for one in (None, StepSchedule(), ExponentialSchedule(0.5), CosineSchedule(lowest=0.1))
            ],
            (
                "no schedule",
                "lr × 0.5 every 10 epochs",
                "lr × 0.5 every epoch",
                "lr as a cosine to 0.1 in 100 epochs",
            ),
        ),
    ],
)
def test_what_differs_is_said(edits: list[dict[str, object]], texts: tuple[str, ...]) -> None:
    assert of(*edits) == texts


def test_changes_on_the_way_that_not_all_have_are_said() -> None:
    rate, value = LearningRateChange(10, 0.1), ParameterChange(40, "w", 3.0)
    data, loop = DataChange(50, SEVEN), LoopChange(60, Loop(no_grad=False))
    runs = [(rate,), (rate, value), (rate, value, data), (rate, value, data, loop)]
    assert differences([RunSpec(DEFAULT_EXPERIMENT, changes) for changes in runs]) == (
        "unchanged",
        "w = 3 at epoch 40",
        "w = 3 at epoch 40, 7 points at epoch 50",
        "w = 3 at epoch 40, 7 points at epoch 50, 1 more change",
    )


CHANGES: st.SearchStrategy[Intervention] = st.one_of(
    st.builds(LearningRateChange, st.integers(0, 9), st.sampled_from([0.1, 0.2])),
    st.builds(LoopChange, st.integers(0, 9), st.sampled_from([Loop(), Loop(zero_grad=False)])),
    st.builds(DataChange, st.integers(0, 9), st.sampled_from([SEVEN, EIGHT, OUTLIER])),
)
NEAR = st.builds(  # to one another, so that few things differ
    replace,
    st.just(DEFAULT_EXPERIMENT),
    learning_rate=st.sampled_from([0.01, 0.1]),
    data=st.sampled_from([SEVEN, EIGHT, OUTLIER]),
    optimizer=st.sampled_from([SGD(), SGD(0.9), Adam()]),
)


@st.composite
def specs(draw: st.DrawFn) -> RunSpec:
    experiment: Experiment = draw(NEAR | experiments())
    changes = sorted(draw(st.lists(CHANGES, max_size=4)), key=lambda change: change.epoch)
    return RunSpec(experiment, tuple(changes), draw(st.integers(0, 3)))


@given(st.lists(specs(), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_no_two_are_called_the_same_and_all_on_one_line(runs: list[RunSpec]) -> None:
    texts = differences(runs)
    assert len(texts) == len(runs) == len(set(texts))
    assert all(text.strip() == text and text.replace(THIN_SPACE, "").isprintable() for text in texts)


def without_numbers(text: str) -> str:
    return re.sub(r"data \d+ |( \(\d+\)|(?<=same settings) \d+)$", "", text)


@given(st.lists(specs(), min_size=2, max_size=5), st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_what_is_said_does_not_depend_on_the_order_but_for_numbers(runs: list[RunSpec], seed: int) -> None:
    places = list(range(len(runs)))
    Random(seed).shuffle(places)
    plain = [without_numbers(text) for text in differences(runs)]
    mixed = [without_numbers(text) for text in differences([runs[place] for place in places])]
    assert mixed == [plain[place] for place in places]


@given(specs(), st.sampled_from([0.02, 0.3, 7.0]))
@settings(max_examples=100, deadline=None)
def test_of_two_runs_that_differ_in_their_rate_only_that_is_said(spec: RunSpec, rate: float) -> None:
    other = replace(spec, experiment=replace(spec.experiment, learning_rate=rate))
    if spec.experiment.learning_rate != rate:
        first, second = differences([spec, other])
        assert re.fullmatch(r"lr \S+", first)
        assert second == f"lr {rate:g}"
