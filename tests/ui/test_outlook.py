"""What the forecast says holds when it is tried: plain gradient descent in plain Python."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gradgui.engine.forecast import Forecaster
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.formula import parse_formula
from gradgui.ui.experiment.outlook import outlook, reckoning

LESSON = DEFAULT_EXPERIMENT


def said(experiment: Experiment, rate: float) -> str:
    """Give the forecast in words at the start values."""
    values = tuple(parameter.start for parameter in experiment.parameters)
    return outlook(Forecaster(experiment).forecast(values, rate), experiment, rate)


def experiment_of(model: str, start: float = 0.5, loss: str = "(y - y_pred)**2") -> Experiment:
    """Give the lesson with another model."""
    parameters = tuple(Parameter(name, start) for name in parse_formula(model).parameters)
    return replace(LESSON, model=model, parameters=parameters, loss=loss)


def test_the_lesson() -> None:
    assert said(LESSON, 0.01) == (
        "stable: the largest stable rate is 0.1333.\n"
        "Each epoch w’s distance to its best value × 0.85, the loss × 0.7225."
    )
    assert "× 1.1, the loss × 1.21; it changes sides each epoch." in said(LESSON, 0.14)
    assert said(LESSON, 0.14).startswith("unstable")


def test_the_reckoning_has_the_lessons_numbers() -> None:
    forecast = Forecaster(LESSON).forecast((0.0,), 0.01)
    text = reckoning(forecast, LESSON, 0.01)
    assert "2 · mean(x²) = 15" in text
    assert "2 / 15 = 0.1333" in text
    assert "(1 − 0.01 · 15) = × 0.85" in text
    assert text.index("Hessian") > text.index("0.1333"), "the words come behind what they mean"


@settings(deadline=None)
@given(
    st.floats(-12.0, 12.0).map(lambda exponent: 10.0**exponent),
    st.floats(-6.0, 6.0).map(lambda exponent: 10.0**exponent),
    st.floats(0.01, 1.99).filter(lambda share: abs(share - 1.0) > 0.01),
)
def test_what_it_says_of_a_line_is_what_happens(scale: float, slope: float, share: float) -> None:
    """With x = scale · (1, 2, 3) the curvature is 2 · 14/3 · scale², whatever y is."""
    x = (scale, 2.0 * scale, 3.0 * scale)
    experiment = replace(LESSON, data=Data(x, tuple(slope * one for one in x)), dtype="float64")
    curvature = 28.0 / 3.0 * scale**2
    rate = share / curvature
    text = said(experiment, rate)
    assert text.startswith("stable")
    assert ("changes sides" in text) == (share > 1.0)
    w = 0.0
    for _ in range(3):
        w, before = w - rate * curvature * (w - slope), w
        factor = abs(w - slope) / abs(before - slope)
    shown = re.search(r"value × ([^,;.]+(?:\.\d+)?(?:e.?\d+)?)", text)
    assert shown is not None
    assert factor == pytest.approx(abs(1.0 - share), rel=1e-3)
    assert float(shown.group(1).replace("−", "-").replace("1 - ", "")) == pytest.approx(factor, rel=1e-2)


@pytest.mark.parametrize(("model", "start"), [("a*b*x", 0.01), ("a**2*x", 0.1)])
def test_nothing_is_stable_where_the_loss_curves_downwards(model: str, start: float) -> None:
    experiment = experiment_of(model, start)
    values = tuple(parameter.start for parameter in experiment.parameters)
    assert min(Forecaster(experiment).forecast(values, 0.01).eigenvalues) < 0.0
    assert said(experiment, 0.01).startswith("Not known: the loss curves downwards")
    assert "stable" not in said(experiment, 0.01)


def test_a_mean_of_absolute_errors_jumps_around_its_minimum() -> None:
    experiment = experiment_of("w*x", 0.0, "abs(y - y_pred)")
    assert "near the minimum it jumps around it" in said(experiment, 1.0)
    w, seen = 0.0, []
    for _ in range(50):  # d/dw mean|2x − w·x| = ∓ 2.5
        w -= 1.0 * (-2.5 if w < 2.0 else 2.5)
        seen.append(w)
    assert {round(value, 9) for value in seen[-10:]} == {0.0, 2.5}


def test_a_rate_that_the_curvature_allows_is_not_stable_where_the_next_update_raises_the_loss() -> None:
    """At w = 0 the slope is 1 and the curvature 2e-4; a step of 0.5 meets 1e6 · w⁴ = 62 500."""
    experiment = experiment_of("w*x", 0.0, "y_pred + 0.0001*y_pred**2 + y_pred**4*1000000")
    experiment = replace(experiment, data=Data((1.0,), (0.0,)), dtype="float64")
    text = said(experiment, 0.5)
    assert text.startswith("Not known")
    assert "stable" not in text
    assert "the next update raises the loss" in text
    assert said(experiment, 1e-4).startswith("stable"), "there the loss falls"


def test_where_there_is_no_loss_there_is_no_forecast() -> None:
    experiment = replace(experiment_of("a*sqrt(x)"), data=Data((-1.0, 1.0), (0.0, 1.0)))
    assert said(experiment, 0.01) == "No forecast: sqrt(x) is undefined at point 1, x = −1."
    forecast = Forecaster(experiment).forecast((0.5,), 0.01)
    assert math.isnan(forecast.factor)


@settings(deadline=None, max_examples=150)
@given(
    st.floats(-12.0, 12.0).map(lambda exponent: 10.0**exponent),
    st.floats(-12.0, 12.0).map(lambda exponent: 10.0**exponent),
    st.lists(st.floats(-2.0, 2.0), min_size=2, max_size=5, unique=True),
    st.floats(0.01, 2.3),
)
def test_what_it_says_of_two_parameters_is_what_happens(
    scale: float, height: float, shape: list[float], share: float
) -> None:
    """With y = w·x + b: descent in NumPy, and the eigenvalues of the closed 2 × 2 Hessian by its determinant."""
    x = np.array(shape) * scale
    y = np.array(shape[::-1]) * height
    mean_square, mean = float(np.mean(x**2)), float(np.mean(x))
    steepest = mean_square + 1.0 + math.hypot(mean_square - 1.0, 2.0 * mean)
    flattest = 4.0 * float(np.var(x)) / steepest
    rate = share / steepest
    experiment = replace(
        experiment_of("w*x + b", 0.0), data=Data(tuple(x.tolist()), tuple(y.tolist())), dtype="float64"
    )
    text = said(experiment, rate)
    w, b, losses = 0.0, 0.0, []
    for _ in range(51):
        left = w * x + b - y
        losses.append(float(np.mean(left**2)))
        w, b = w - rate * 2.0 * float(np.mean(left * x)), b - rate * 2.0 * float(np.mean(left))
    if text.startswith("stable"):
        assert losses[-1] <= losses[0] * (1.0 + 1e-9) + 1e-25 * float(np.mean(y**2))
    else:
        assert share >= 2.0 * (1.0 - 1e-6)
    shown = re.search(r"the slowest distance to the best × (\d\S*?)(?:[;.] ?|$)(?!\d)", text)
    if shown and "look flat" not in text and "1 −" not in shown.group():
        told = float(shown.group(1).replace("−", "-"))
        factors = abs(1.0 - rate * steepest), abs(1.0 - rate * flattest)
        assert told == pytest.approx(max(factors), rel=2e-3, abs=1e-6)


def test_a_direction_too_flat_to_be_told_from_none_is_not_called_the_slowest() -> None:
    """With x near 1e-9 the second eigenvalue is 2e-18 of the first: w hardly moves, while b comes nearer by 0.4."""
    experiment = replace(experiment_of("w*x + b", 0.0), data=Data((1e-9, 2e-9), (1.0, 2.0)), dtype="float64")
    assert "× 0.4; directions that look flat do not count" in said(experiment, 0.3)
