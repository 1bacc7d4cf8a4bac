"""The gradient three ways, against closed forms, the trainer, and the error bounds of each way."""

import math
import sys
from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradgui.engine.gradient_check import GradientChecker
from gradgui.engine.trainer import Trainer
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, MEAN_SQUARED_ERROR, DType, Experiment, Parameter
from gradgui.experiment.formula import parse_formula
from gradgui.record.gradient_check import GradientCheck, explain

EPSILON = sys.float_info.epsilon
FLOAT32_ROUNDING = 2.0**-24

X = (-1.5, -0.25, 0.0, 0.75, 2.0)
Y = (0.3, -1.2, 0.1, 1.9, 0.6)


def experiment_of(
    model: str,
    starts: Sequence[float],
    *,
    loss: str = MEAN_SQUARED_ERROR,
    x: Sequence[float] = X,
    y: Sequence[float] = Y,
    dtype: str = "float64",
) -> Experiment:
    return Experiment(
        model=model,
        parameters=tuple(map(Parameter, parse_formula(model).parameters, starts)),
        data=Data(x=tuple(map(float, x)), y=tuple(map(float, y))),
        loss=loss,
        dtype=cast("DType", dtype),
    )


def check_at(experiment: Experiment, *values: float) -> tuple[GradientCheck, ...]:
    return GradientChecker(experiment).check(values)


def by_hand(check: GradientCheck) -> float:
    assert check.by_hand is not None
    return check.by_hand


# --- The figures


def test_the_lesson_before_its_first_epoch() -> None:
    (check,) = check_at(DEFAULT_EXPERIMENT, 0.0)
    assert (check.parameter, check.autograd, check.by_hand) == ("w", -30.0, -30.0)
    assert check.formula == "∂loss/∂w = mean(2·x·(w·x − y))"
    assert check.difference == pytest.approx(-30.0, abs=30.0 * EPSILON / check.step)
    assert check.step == pytest.approx(6.0555e-6, rel=1e-4)


@pytest.mark.parametrize("value", [0.0, 0.3, -1.0, 7.0, -12345.678, 1e-9])
def test_the_step_is_the_one_that_was_taken(value: float) -> None:
    (check,) = check_at(experiment_of("w*x", (0.0,)), value)
    step = EPSILON ** (1 / 3) * max(1.0, abs(value))
    assert check.step == ((value + step) - (value - step)) / 2.0


VALUES = st.floats(-4.0, 4.0, width=32)
COLUMNS = st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(COLUMNS, VALUES, VALUES, st.sampled_from(["float32", "float64"]))
def test_a_straight_lines_gradients_are_those_of_the_closed_form(
    points: list[tuple[float, float]], w: float, b: float, dtype: str
) -> None:
    x, y = np.array(points).T
    checks = check_at(experiment_of("w*x + b", (w, b), x=x, y=y, dtype=dtype), w, b)
    residuals = w * x + b - y
    loss = float(np.mean(residuals**2))
    sizes = np.abs(w * x) + abs(b) + np.abs(y)
    rounding = {"float32": FLOAT32_ROUNDING, "float64": EPSILON}[dtype]
    for check, slope in zip(checks, (x, np.ones_like(x)), strict=True):
        exact = float(np.mean(2.0 * slope * residuals))
        size = float(np.mean(2.0 * np.abs(slope) * sizes))  # what the roundings of all steps are relative to
        assert check.autograd == pytest.approx(exact, abs=20.0 * rounding * size + 1e-37)
        assert by_hand(check) == pytest.approx(exact, abs=20.0 * EPSILON * size + 1e-300)
        # Of a parabola the third derivative is 0: only the two losses' rounding is left.
        largest_loss = (
            loss + check.step * abs(exact) + check.step**2 * float(np.mean(slope**2)) + float(np.mean(sizes**2))
        )
        assert check.difference == pytest.approx(exact, abs=20.0 * EPSILON * largest_loss / check.step)


@settings(max_examples=40, deadline=None)
@given(st.floats(-3.0, 3.0), st.floats(-1.5, 1.5))
def test_the_finite_difference_keeps_its_bound(a: float, k: float) -> None:
    """The error is at most h²/6 times the largest third derivative, and the losses' rounding over h."""
    checks = check_at(experiment_of("a*exp(-k*x)", (a, k)), a, k)
    x, y = np.array(X), np.array(Y)
    decay = np.exp(-k * x)
    residuals = a * decay - y
    loss = float(np.mean(residuals**2))
    gradient = (float(np.mean(2.0 * residuals * decay)), float(np.mean(-2.0 * residuals * a * x * decay)))
    # The loss is mean(a² e^(-2kx) - 2 y a e^(-kx) + y²).
    third = (0.0, float(np.mean(8.0 * a**2 * np.abs(x) ** 3 * decay**2 + 2.0 * np.abs(y * a * x**3) * decay)))
    sizes = float(np.mean((np.abs(a) * decay + np.abs(y)) ** 2 * (1.0 + np.abs(k * x))))
    for check, exact, bound in zip(checks, gradient, third, strict=True):
        assert by_hand(check) == pytest.approx(exact, rel=1e-12, abs=1e-12 * (1.0 + loss))
        error = 1.01 * check.step**2 / 6.0 * bound + 20.0 * EPSILON * sizes / check.step
        assert check.difference == pytest.approx(exact, abs=error)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("model", ["w*x + b", "w*exp(-b*x)", "relu(w*x) - b", "0.1*w*x + sin(b*x)/3"])
@pytest.mark.parametrize("loss", [MEAN_SQUARED_ERROR, "abs(y - y_pred)", "log(cosh(y - y_pred))"])
def test_autograd_is_the_trainers_bit_for_bit(model: str, loss: str, dtype: str) -> None:
    trainer = Trainer(experiment_of(model, (0.3, -0.7), loss=loss, dtype=dtype))
    checker = GradientChecker(trainer.experiment)
    for _ in range(3):
        before = tuple(tensor.item() for tensor in trainer.parameters.values())
        checks = checker.check(before)
        row = trainer.finish_epoch()
        assert tuple(check.autograd for check in checks) == row[2:-1:2]


def test_all_three_are_of_the_data_as_the_run_has_it() -> None:
    experiment = experiment_of("w*x", (0.0,), x=(0.1,), y=(0.0,), dtype="float32")
    (check,) = check_at(experiment, 0.3)
    exact = 2.0 * float(np.float32(0.1)) ** 2 * float(np.float32(0.3))
    assert by_hand(check) == pytest.approx(exact, rel=4.0 * EPSILON)
    assert check.difference == pytest.approx(exact, rel=1e-9)


# --- Points where something is missing


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1e38, -1e300])
@pytest.mark.parametrize("model", ["w*x", "exp(w*x)", "x/w", "log(w)*x", "sqrt(w) + x", "abs(w)**x"])
def test_a_point_that_is_not_finite_raises_nothing(model: str, value: float, dtype: str) -> None:
    experiment = experiment_of(model, (1.0,), dtype=dtype)
    (check,) = check_at(experiment, value)
    assert explain(check, dtype)


def test_no_number_is_no_gradient() -> None:
    (check,) = check_at(experiment_of("log(w)*x", (1.0,)), -1.0)
    assert all(map(math.isnan, (check.autograd, by_hand(check), check.difference)))
    assert "not a finite number" in explain(check, "float64")


def test_float32_overflows_where_float64_does_not() -> None:
    (check,) = check_at(
        experiment_of("w*x", (1.0,), x=(1.0,), y=(0.0,), loss="(y_pred - y)**4", dtype="float32"), 1e30
    )
    assert check.autograd == math.inf
    value = float(np.float32(1e30))
    assert by_hand(check) == pytest.approx(4.0 * value**3, rel=1e-12)
    assert "float32" in explain(check, "float32")


def test_without_a_derivative_by_hand_there_is_a_sentence() -> None:
    model = "*".join(f"(w + x*{i})" for i in range(1, 37))
    (check,) = check_at(experiment_of(model, (0.1,), x=(0.01,), y=(0.5,)), 0.5)
    assert check.by_hand is None
    assert "No derivative by w" in check.formula
    assert check.autograd == pytest.approx(check.difference, rel=1e-6, abs=1e-6)
    assert "agree" in explain(check, "float64")


# --- Kinks


@pytest.mark.parametrize(
    ("model", "value", "autograd", "difference"),
    [
        ("abs(w)*x", 0.0, 0.0, 0.0),
        ("relu(w)*x", 0.0, 0.0, 0.5),
        ("max(w, 0)*x", 0.0, 1.0, 0.5),
        ("min(w, 0)*x", 0.0, 1.0, 0.5),
        ("max(w, 2*w)*x", 0.0, 1.5, 1.5),
    ],
)
def test_at_a_kink_autograd_and_hand_agree_on_a_convention(
    model: str, value: float, autograd: float, difference: float
) -> None:
    (check,) = check_at(experiment_of(model, (0.0,), x=(1.0,), y=(0.0,), loss="y_pred - y"), value)
    assert (check.autograd, check.by_hand) == (autograd, autograd)
    assert check.difference == pytest.approx(difference, abs=1e-9)
    assert ("kink" in explain(check, "float64")) is (autograd != difference)


# --- What the differences mean


def made(autograd: float, by_hand: float | None, difference: float) -> GradientCheck:
    return GradientCheck("w", autograd, by_hand, "…", difference, 6e-6)


@pytest.mark.parametrize(
    ("check", "dtype", "words"),
    [
        (made(-30.0, -30.0, -30.0000000002), "float32", ["to the last digit", "off by 2e−10", "h²", "1/h", "6e−06"]),
        (made(-28.5, -28.499999, -28.499999), "float32", ["by 4e−08", "float32 rounds", "6e−08"]),
        (made(1.0, 1.0 + 1e-14, 1.0), "float64", ["by 1e−14", "float64 rounds", "1e−16"]),
        (made(1.1e-4, 1.0e-4, 1.0e-4), "float32", ["by 0.09", "nearly cancel"]),
        (made(0.0, 0.0, 0.5), "float32", ["hand agree", "off by 0.5", "kink"]),
        (made(1.0, 0.0, 0.5), "float64", ["really disagree", "kink"]),
        (made(1.0, None, 1.0 + 1e-9), "float64", ["agree as far as"]),
        (made(1.0, None, 2.0), "float64", ["really disagree", "kink"]),
        (made(math.inf, 4e90, 4e90), "float32", ["Autograd gives inf", "float32"]),
        (made(math.nan, math.nan, math.nan), "float32", ["not a finite number"]),
        (made(1.0, 1.0, math.nan), "float64", ["both sides"]),
        (made(1.0, None, math.inf), "float64", ["not a finite number"]),
    ],
)
def test_the_explanation_depends_on_the_figures(check: GradientCheck, dtype: str, words: list[str]) -> None:
    text = explain(check, dtype)
    assert [word for word in words if word not in text] == []
    assert text.endswith(".")
    assert text.count(". ") <= 1


# --- Data points at which there is no gradient


@pytest.mark.parametrize(
    ("model", "x", "loss", "undefined_at"),
    [
        ("w*x + sqrt(b - x)", (0.0, 0.5, 2.0), MEAN_SQUARED_ERROR, (3, 2.0)),
        ("w/x + b", (1.0, 0.0), MEAN_SQUARED_ERROR, (2, 0.0)),
        ("w + b + 1/x", (1.0, 0.0), "abs(y - y_pred)", (2, 0.0)),  # autograd's is finite there
        ("w + b*log(x)", (0.0, 1.0), MEAN_SQUARED_ERROR, (1, 0.0)),
        ("w + b*x**0.5*x**0.5", (1.0, -1.0), MEAN_SQUARED_ERROR, (2, -1.0)),  # sympy makes x of it
        ("w + b*(x/x)", (1.0, 2.0, 0.0), MEAN_SQUARED_ERROR, (3, 0.0)),
        ("w + b + log(w - w - 2)", (0.5, 3.0), MEAN_SQUARED_ERROR, (1, 0.5)),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_where_a_point_has_no_loss_none_of_the_three_is_a_number(
    model: str, x: tuple[float, ...], loss: str, undefined_at: tuple[int, float], dtype: str
) -> None:
    experiment = experiment_of(model, (1.0, 1.0), x=x, y=[0.25] * len(x), loss=loss, dtype=dtype)
    for check in check_at(experiment, 1.0, 1.0):
        assert check.undefined_at == undefined_at
        assert math.isnan(check.autograd)
        assert math.isnan(check.difference)
        assert check.by_hand is None or math.isnan(check.by_hand)
        text = explain(check, dtype)
        assert f"data point {undefined_at[0]} (x = {undefined_at[1]:g})".replace("-", "−") in text
        assert text.count(". ") <= 1


def test_where_only_the_derivative_by_one_parameter_is_undefined_the_other_has_its_gradient() -> None:
    of_w, of_b = check_at(experiment_of("w*x + sqrt(b*x)", (1.0, 1.0), x=(1.0, 0.0), y=(0.0, 0.0)), 1.0, 1.0)
    assert of_w.undefined_at is None
    assert of_w.autograd == by_hand(of_w) == 2.0
    assert of_b.undefined_at == (2, 0.0)
    assert all(map(math.isnan, (of_b.autograd, by_hand(of_b), of_b.difference)))


def test_of_parameters_that_are_not_finite_no_data_point_is_to_blame() -> None:
    (check,) = check_at(experiment_of("w*x", (1.0,)), math.inf)
    assert check.undefined_at is None
    assert "not a finite number" in explain(check, "float32")
