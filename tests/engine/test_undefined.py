"""What is undefined is named with its data point; what has only grown too large is not."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gradgui.engine.ending import Ending, find_ending
from gradgui.engine.forecast import Forecaster
from gradgui.engine.run import Run
from gradgui.engine.undefined import Undefined
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.formula import parse_formula
from gradgui.experiment.run_spec import RunSpec
from gradgui.worker import commands
from gradgui.worker.session import Session
from gradgui.worker.status import FinishReason, State

CROSS_ENTROPY = "-(y*log(y_pred) + (1 - y)*log(1 - y_pred))"


def experiment_of(model: str, x: tuple[float, ...], loss: str = "(y - y_pred)**2", start: float = 1.0) -> Experiment:
    """Give an experiment with all parameters at one start value, in float64."""
    parameters = tuple(Parameter(name, start) for name in parse_formula(model).parameters)
    data = Data(x, tuple(float(place % 2) for place in range(len(x))))
    return replace(DEFAULT_EXPERIMENT, model=model, parameters=parameters, data=data, loss=loss, dtype="float64")


@pytest.mark.parametrize(
    ("model", "x", "said"),
    [
        ("a*sqrt(x) + b", (-1.0, 1.0, 4.0), "sqrt(x) is undefined at point 1, x = −1"),
        ("a*sqrt(x) + b", (1.0, 4.0, -9.0), "sqrt(x) is undefined at point 3, x = −9"),
        ("a/x + b", (2.0, 0.0), "a / x is undefined at point 2, x = 0"),
        ("a*log(x) + b", (0.0, 1.0), "log(x) is undefined at point 1, x = 0"),
        ("a*log(x - 3) + b", (4.0, 2.0), "log(x - 3) is undefined at point 2, x = 2 (x - 3 = −1)"),
        (
            "(0 - a)**(x + 0.5)",
            (1.0,),
            "(0 - a)**(x + 0.5) is undefined at point 1, x = 1 (0 - a = −1.5, x + 0.5 = 1.5)",
        ),
        ("a*asin(x)", (0.5, 2.0), "asin(x) is undefined at point 2, x = 2"),
        ("sqrt(a*x)", (0.0, 1.0), "the slope of the loss along a is undefined at point 1, x = 0"),
    ],
)
def test_the_innermost_part_is_named_with_its_point(model: str, x: tuple[float, ...], said: str) -> None:
    experiment = experiment_of(model, x)
    values = tuple(1.5 if "**" in model else one.start for one in experiment.parameters)
    assert Undefined(experiment).explain(values) == said


def test_a_saturated_cross_entropy_is_undefined_in_the_midst_of_a_run() -> None:
    experiment = experiment_of("sigmoid(w*x + b)", (30.0, 45.0, 60.0), CROSS_ENTROPY, start=0.0)
    experiment = replace(experiment, learning_rate=50.0, dtype="float32")
    session = Session(RunSpec(experiment))
    session.do(commands.Run())
    while session.running:
        session.train(10, math.inf)
    assert session.status.state is State.DIVERGED
    assert session.status.finish_reason is FinishReason.UNDEFINED
    assert "log(y_pred) is undefined at point 1, x = 30 (y_pred = 0)" in session.status.message
    assert "learning rate" not in session.status.message


@settings(deadline=None, max_examples=30)
@given(st.floats(0.2, 1e6), st.floats(0.1, 1e3), st.sampled_from(["float32", "float64"]))
def test_what_grows_too_large_is_not_undefined_and_names_the_rate(rate: float, scale: float, dtype: str) -> None:
    """In closed form: the largest stable rate of y = w·x with the mean of squares is 1 / mean(x²)."""
    x = (scale, 2.0 * scale, 3.0 * scale)
    experiment = replace(
        experiment_of("w*x", x, start=0.0),
        learning_rate=rate * 3.0 / (14.0 * scale**2) * 5.0,
        dtype=dtype,
        epochs=10_000,
    )
    run = Run(experiment)
    run.train(10_000)
    if not run.diverged:
        return
    assert run.ending is not None
    assert not run.ending.undefined
    assert "is above the largest stable rate here, " in run.ending.text
    assert float(run.ending.text.rpartition(" ")[2].replace("−", "-")) == pytest.approx(
        3.0 / (14.0 * scale**2), rel=1e-3
    )


def test_nothing_is_advised_where_nothing_is_known() -> None:
    experiment = replace(experiment_of("a*exp(k*x)", (1.0, 2.0)), learning_rate=1e9)
    assert find_ending("loss is inf", experiment, (1.0, 1.0), 1e9) == Ending("loss is inf")


@pytest.mark.parametrize(
    ("model", "x"),
    [("a*exp(x)", (100.0,)), ("a*2**x", (600.0,)), ("a*x**20", (500.0,)), ("a/x", (1e-40,)), ("a*cosh(x)", (90.0,))],
)
def test_what_float32_cannot_hold_is_not_undefined(model: str, x: tuple[float, ...]) -> None:
    """Each has a finite value in float64; in float32 it is beyond 3.4e38, and no pole of the formula."""
    experiment = replace(experiment_of(model, x), dtype="float32")
    assert Undefined(experiment).explain((1.0,)) == ""


@pytest.mark.parametrize("denominator", ["x", "(x - 2)", "(x**2 - 4)"])
def test_a_pole_is_one_at_any_scale_of_what_is_divided(denominator: str) -> None:
    x = (0.0,) if denominator == "x" else (2.0,)
    for numerator in (1e-12, 1.0, 1e3, 1e12):
        said = Undefined(experiment_of(f"a/{denominator}", x)).explain((numerator,))
        assert f"is undefined at point 1, x = {x[0]:g}" in said


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_loss_that_the_run_cannot_hold_has_no_forecast(dtype: str) -> None:
    """exp(100) is 2.7e43: finite in float64, infinite in float32."""
    experiment = replace(experiment_of("a*exp(x)", (100.0,)), dtype=dtype)
    assert math.isnan(Forecaster(experiment).forecast((1.0,), 0.01).factor) == (dtype == "float32")


def test_a_loss_saturated_in_the_runs_dtype_has_no_forecast_and_says_why() -> None:
    """In float32 sigmoid(20) is 1; in float64 it is 1 − 2e−9."""
    experiment = replace(experiment_of("sigmoid(w*x)", (20.0,), CROSS_ENTROPY), dtype="float32")
    forecast = Forecaster(experiment).forecast((1.0,), 0.01)
    assert math.isnan(forecast.factor)
    assert forecast.undefined == "log(1 - y_pred) is undefined at point 1, x = 20 (1 - y_pred = 0)"


def test_what_the_dtype_cannot_hold_at_the_start_is_named_and_is_no_divergence() -> None:
    experiment = replace(experiment_of("a*exp(x)", (1.0, 100.0)), dtype="float32")
    said = "exp(x) is too large for float32 at point 2, x = 100"
    assert Forecaster(experiment).forecast((1.0,), 0.01).undefined == said
    run = Run(experiment)
    run.train(10)
    assert run.diverged
    assert run.ending is not None
    assert run.ending.undefined
    assert run.ending.text.endswith(said)


def test_a_pole_that_does_no_harm_is_not_blamed() -> None:
    """tanh(1/0) is 1: the loss is finite, and so is its slope along a."""
    assert Undefined(experiment_of("a*tanh(1/x)", (0.0, 1.0))).explain((1.0,)) == ""
