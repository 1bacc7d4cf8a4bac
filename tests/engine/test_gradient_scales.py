"""The gradient three ways at any scale of parameters and data, against closed forms."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gradgui.engine.gradient_check import GradientChecker
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Data, Parameter
from gradgui.record.gradient_check import GradientCheck, explain

decades = st.floats(-12.0, 12.0).map(lambda exponent: 10.0**exponent)


@settings(deadline=None, max_examples=60)
@given(decades, decades, st.floats(-3.0, 3.0).filter(lambda share: abs(share - 1.0) > 1e-3))
def test_a_line_at_any_scale(scale: float, slope: float, share: float) -> None:
    """With x = scale · (1, 2, 3) and y = slope · x: dL/dw = 2 · 14/3 · scale² · (w − slope)."""
    x = (scale, 2.0 * scale, 3.0 * scale)
    experiment = replace(DEFAULT_EXPERIMENT, data=Data(x, tuple(slope * one for one in x)), dtype="float64")
    (check,) = GradientChecker(experiment).check((share * slope,))
    exact = 28.0 / 3.0 * scale**2 * (share - 1.0) * slope
    assert check.autograd == pytest.approx(exact, rel=1e-6)
    assert check.by_hand == pytest.approx(exact, rel=1e-6)
    assert check.difference == pytest.approx(exact, rel=1e-4)
    assert "really disagree" not in explain(check, "float64")
    assert "No step is good" not in explain(check, "float64")


def test_a_small_frequency() -> None:
    """d/df of the mean of (y − a·sin(f·x))² = mean(−2·(y − a·sin(f·x))·a·x·cos(f·x))."""
    a, f = 2.0, 1.8e-6
    x = tuple(1e5 * place for place in range(1, 9))
    y = tuple(2.0 * math.sin(2.0e-6 * one) for one in x)
    data = Data(x, y)
    parameters = (Parameter("a", a), Parameter("f", f))
    experiment = replace(DEFAULT_EXPERIMENT, model="a*sin(f*x)", parameters=parameters, data=data, dtype="float64")
    check = GradientChecker(experiment).check((a, f))[1]
    pairs = list(zip(x, y, strict=True))
    exact = sum(-2.0 * (v - a * math.sin(f * u)) * a * u * math.cos(f * u) for u, v in pairs) / len(pairs)
    assert check.autograd == pytest.approx(exact, rel=1e-12)
    assert check.difference == pytest.approx(exact, rel=1e-6)
    assert check.step < f


def test_where_no_step_is_good_it_says_so() -> None:
    check = GradientCheck("a", -3e-9, -3e-9, "…", -3.2e-9, 1e-3, difference_error=1e-9)
    assert "No step is good for the finite difference here" in explain(check, "float64")
    assert "off by 2e−10" in explain(check, "float64")
