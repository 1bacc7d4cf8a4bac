"""The gradient three ways at any scale of parameters and data, against closed forms."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gradgui.engine.gradient_check import GradientChecker
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Parameter
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


MODELS = {
    "w*x + b": {"w": (1, -1), "b": (1, 0)},
    "a*sin(f*x)": {"a": (1, 0), "f": (0, -1)},
    "a*exp(-k*x)": {"a": (1, 0), "k": (0, -1)},
    "a/(1 + k*x)": {"a": (1, 0), "k": (0, -1)},
    "a*tanh(k*x) + b": {"a": (1, 0), "k": (0, -1), "b": (1, 0)},
}
"""Each parameter's size in powers of y's and x's."""


@settings(deadline=None, max_examples=120)
@example(1e9, 1.0, "a*exp(-k*x)", [1.0, 2.0], [1.0, 0.0, 0.0])  # over the usual step exp is infinite, on one side
@given(
    decades,
    decades,
    st.sampled_from(sorted(MODELS)),
    st.lists(st.floats(0.1, 2.0), min_size=2, max_size=5),
    st.lists(st.sampled_from([0.0, 0.3, 1.0, 1.7]), min_size=3, max_size=3),
)
def test_the_three_agree_at_any_scale_or_it_is_said(
    scale: float, height: float, model: str, shape: list[float], shares: list[float]
) -> None:
    data = Data(tuple(scale * one for one in shape), tuple(height * (2.0 - one) for one in shape))
    sizes = MODELS[model].items()
    parameters = tuple(
        Parameter(name, share * height**of_y * scale**of_x)
        for (name, (of_y, of_x)), share in zip(sizes, shares, strict=False)
    )
    experiment = replace(DEFAULT_EXPERIMENT, model=model, parameters=parameters, data=data, dtype="float64")
    for check in GradientChecker(experiment).check(tuple(one.start for one in parameters)):
        assert check.by_hand is not None
        assert math.isfinite(check.difference)
        off = abs(check.difference - check.by_hand)
        is_told = "No step is good" in explain(check, "float64")
        assert off <= 1e-3 * abs(check.by_hand) or is_told or off <= 20.0 * check.difference_error
        assert "really disagree" not in explain(check, "float64")


def test_where_no_step_is_good_it_says_so() -> None:
    check = GradientCheck("a", -3e-9, -3e-9, "…", -3.2e-9, 1e-3, difference_error=1e-9)
    assert "No step is good for the finite difference here" in explain(check, "float64")
    assert "off by 2e−10" in explain(check, "float64")
