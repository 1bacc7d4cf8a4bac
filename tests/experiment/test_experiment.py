"""What an experiment accepts, refuses, and promises: equal ones can stand for each other."""

import math
import subprocess
import sys
from typing import Any

import pytest
from msgspec.structs import replace

from gradgui.experiment.columns import Role
from gradgui.experiment.data import Data
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    Optimizer,
    RMSprop,
    StepSchedule,
)
from gradgui.experiment.training_loop import PHASES, Loop, Phase

LINE = Experiment(
    model="w * x + b",
    parameters=(Parameter("w", 0.5), Parameter("b", -1.0)),
    data=Data(x=(1.0, 2.0), y=(3.0, 4.0)),
)


def refusal(**changes: Any) -> str:
    """The sentence with which the lesson is refused when it is changed so."""
    with pytest.raises(ValueError, match=r"\S") as refused:
        replace(DEFAULT_EXPERIMENT, **changes)
    sentence = str(refused.value)
    assert len(sentence.splitlines()) == 1
    return sentence


def test_the_lesson_is_the_notebook() -> None:
    notebook = Experiment(
        model="w * x",
        parameters=(Parameter("w", 0.0),),
        data=Data(x=(1.0, 2.0, 3.0, 4.0), y=(2.0, 4.0, 6.0, 8.0)),
        learning_rate=0.01,
        epochs=20,
        loss="(y - y_pred)**2",
        optimizer=GradientDescent(),
        schedule=None,
        dtype="float32",
        probe=5.0,
        loop=Loop(zero_grad=True, no_grad=True, in_place=True, backward_once=True),
        stop=StopRules(loss_below=None, gradient_below=None, patience=None),
    )
    assert notebook == DEFAULT_EXPERIMENT


def test_the_parameters_names_stand_in_model_order() -> None:
    assert LINE.parameter_names == ("w", "b")


@pytest.mark.parametrize(
    ("names", "wanted", "given"),
    [
        ((), "w, b", "none"),
        (("w",), "w, b", "w"),
        (("b", "w"), "w, b", "b, w"),
        (("w", "b", "c"), "w, b", "w, b, c"),
        (("w", "w"), "w, b", "w, w"),
        (("w", "x"), "w, b", "w, x"),
        (("W", "b"), "w, b", "W, b"),
    ],
)
def test_parameters_that_are_not_those_of_the_model(names: tuple[str, ...], wanted: str, given: str) -> None:
    sentence = refusal(model="w * x + b", parameters=tuple(Parameter(name, 0.0) for name in names))
    assert "parameters" in sentence
    assert wanted in sentence
    assert given in sentence


@pytest.mark.parametrize("model", ["2 * x", "x", "3", "pi"])
def test_a_model_without_a_parameter(model: str) -> None:
    assert "parameter" in refusal(model=model, parameters=())


@pytest.mark.parametrize("model", ["", "w *", "w * x)", "w; x", "import os", "w * loss", "w.grad", "open(x)"])
def test_a_model_that_is_no_formula_names_field_and_column(model: str) -> None:
    sentence = refusal(model=model)
    assert sentence.startswith("model: ")
    assert "column" in sentence


@pytest.mark.parametrize("loss", ["", "(y - y_pred", "y_pred ** ", "y = y_pred", "mean(y)"])
def test_a_loss_that_is_no_formula_names_field_and_column(loss: str) -> None:
    sentence = refusal(loss=loss)
    assert sentence.startswith("loss: ")
    assert "column" in sentence


@pytest.mark.parametrize(
    ("loss", "stranger"), [("(y - y_pred)**2 + w", "w"), ("(x - y_pred)**2", "x"), ("k*y_pred", "k")]
)
def test_a_loss_with_unknown_names_names_them(loss: str, stranger: str) -> None:
    sentence = refusal(loss=loss)
    assert sentence.startswith("loss: ")
    assert sentence.endswith(stranger)


@pytest.mark.parametrize("loss", ["3", "y", "(y - 1)**2", "pi"])
def test_a_loss_without_the_prediction_cannot_be_trained(loss: str) -> None:
    assert "y_pred" in refusal(loss=loss)


@pytest.mark.parametrize("learning_rate", [math.nan, math.inf, -math.inf])
def test_a_learning_rate_that_is_no_number(learning_rate: float) -> None:
    assert "learning_rate" in refusal(learning_rate=learning_rate)


def test_data_without_a_point() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        Data(x=(), y=())


@pytest.mark.parametrize(("x", "y"), [((1.0,), ()), ((1.0, 2.0), (1.0,)), ((1.0,), (1.0, 2.0, 3.0))])
def test_data_whose_columns_differ_in_length(x: tuple[float, ...], y: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"point|each x needs its y"):
        Data(x=x, y=y)


def test_nesterov_without_momentum() -> None:
    with pytest.raises(ValueError, match="momentum"):
        SGD(nesterov=True)
    assert SGD(nesterov=True, momentum=0.5).nesterov


@pytest.mark.parametrize(
    ("optimizer", "names"),
    [
        (GradientDescent(), ()),
        (SGD(), ()),
        (SGD(momentum=0.9), ("momentum_buffer",)),
        (RMSprop(), ("square_avg",)),
        (RMSprop(momentum=0.9), ("square_avg", "momentum_buffer")),
        (Adagrad(), ("sum",)),
        (Adam(), ("exp_avg", "exp_avg_sq")),
        (AdamW(), ("exp_avg", "exp_avg_sq")),
    ],
)
def test_what_an_optimizer_remembers(optimizer: Optimizer, names: tuple[str, ...]) -> None:
    assert optimizer.buffers == names
    expected = [f"{parameter}.{name}" for parameter in ("w", "b") for name in names]
    assert [one.name for one in replace(LINE, optimizer=optimizer).columns.of(Role.BUFFER)] == expected


def test_a_schedule_needs_an_optimizer_that_takes_one() -> None:
    assert refusal(schedule=StepSchedule()) == (
        "schedule: it needs an optimizer of torch.optim, such as sgd;"
        " plain gradient descent has its update written out"
    )
    assert replace(DEFAULT_EXPERIMENT, optimizer=SGD(), schedule=StepSchedule()).schedule == StepSchedule(
        step_size=10, gamma=0.5
    )


CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"model": "w*x"},
    {"parameters": (Parameter("w", 0.5),)},
    {"data": Data(x=(1.0,), y=(2.0,))},
    {"learning_rate": 0.1},
    {"epochs": 21},
    {"loss": "abs(y - y_pred)"},
    {"optimizer": SGD()},
    {"optimizer": SGD(momentum=0.9)},
    {"optimizer": SGD(momentum=0.9, nesterov=True)},
    {"optimizer": SGD(weight_decay=0.1)},
    {"optimizer": Adam()},
    {"optimizer": Adam(beta1=0.5)},
    {"optimizer": Adam(beta2=0.5)},
    {"optimizer": Adam(epsilon=1e-6)},
    {"optimizer": Adam(weight_decay=0.1)},
    {"optimizer": SGD(), "schedule": StepSchedule()},
    {"optimizer": SGD(), "schedule": StepSchedule(step_size=5)},
    {"optimizer": SGD(), "schedule": StepSchedule(gamma=0.95)},
    {"optimizer": SGD(), "schedule": ExponentialSchedule()},
    {"optimizer": SGD(), "schedule": CosineSchedule()},
    {"optimizer": SGD(), "schedule": CosineSchedule(lowest=0.001)},
    {"dtype": "float64"},
    {"probe": 6.0},
    {"loop": Loop(zero_grad=False)},
    {"loop": Loop(no_grad=False)},
    {"loop": Loop(in_place=False)},
    {"loop": Loop(backward_once=False)},
    {"stop": StopRules(loss_below=0.5)},
    {"stop": StopRules(gradient_below=0.5)},
    {"stop": StopRules(patience=5)},
)


def test_experiments_are_equal_exactly_when_everything_in_them_is() -> None:
    ours = [replace(DEFAULT_EXPERIMENT, **change) for change in CHANGES]
    theirs = [replace(DEFAULT_EXPERIMENT, **change) for change in CHANGES]
    for i, one in enumerate(ours):
        for j, other in enumerate(theirs):
            assert (one == other) is (i == j), (CHANGES[i], CHANGES[j])


def test_data_are_unequal_exactly_when_they_are_not_equal() -> None:
    same, other = Data((1, 2), (3, 4)), Data((1, 2), (3, 5))
    assert not same != Data((1.0, 2.0), (3.0, 4.0))  # noqa: SIM202 - it is this very operator
    assert same != other


def test_equal_experiments_have_equal_hashes() -> None:
    ours = {replace(DEFAULT_EXPERIMENT, **change): number for number, change in enumerate(CHANGES)}
    assert len(ours) == len(CHANGES)
    for number, change in enumerate(CHANGES):
        assert ours[replace(DEFAULT_EXPERIMENT, **change)] == number


@pytest.mark.parametrize(
    ("owner", "field"),
    [
        (DEFAULT_EXPERIMENT, "learning_rate"),
        (DEFAULT_EXPERIMENT.data, "x"),
        (DEFAULT_EXPERIMENT.parameters[0], "start"),
        (DEFAULT_EXPERIMENT.loop, "zero_grad"),
        (SGD(), "momentum"),
        (Adam(), "beta1"),
    ],
)
def test_nothing_in_an_experiment_can_be_changed(owner: object, field: str) -> None:
    with pytest.raises(AttributeError, match="immutable"):
        setattr(owner, field, None)


def test_the_phases_follow_each_other_round_and_round() -> None:
    assert [phase.value for phase in PHASES] == ["forward", "loss", "backward", "update", "zero_grad"]
    assert [phase.following for phase in PHASES] == [*PHASES[1:], Phase.FORWARD]


def test_the_room_needs_neither_torch_nor_qt() -> None:
    code = (
        "import sys\n"
        "from gradgui.experiment import changes, early_stopping, experiment, optimizers, run_spec\n"
        "seen = sorted({'torch', 'PySide6', 'pyqtgraph'} & set(sys.modules))\n"
        "print(seen, experiment.DEFAULT_EXPERIMENT.epochs)\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "[] 20\n"
