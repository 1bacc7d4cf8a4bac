"""The gradient three ways, as plain values, and what their differences mean."""

import math

from msgspec import Struct

from gradgui.numbers import significant
from gradgui.record.views import RunView

ROUNDING = {"float32": 2.0**-24, "float64": 2.0**-53}
"""By how much of itself a result is rounded at most, in each dtype."""

MOST_ROUNDINGS = 1000
"""A difference of this many roundings is still an ordinary one: a mean adds those of all its points."""

LARGEST_STEP_ERROR = 1e-5
"""What the step of a finite difference usually costs at most, as a share of the gradient."""

MOST_ERRORS = 20.0
"""So many times its estimated error a finite difference may be off."""

POOR = 1e-3
"""A finite difference with a larger error than this share of the gradient shows little."""


class GradientCheck(Struct, frozen=True):
    """The gradient of the loss by one parameter, found in three ways at the same point.

    Attributes
    ----------
    parameter
        Its name.
    autograd
        What PyTorch's backward pass gives, in the run's dtype.
    by_hand
        The symbolic derivative evaluated on the data in float64; None where none could be found.
    formula
        The symbolic derivative as a student would write it: ``∂loss/∂w = mean(2·x·(w·x − y))``; a sentence why
        where there is none.
    difference
        Central finite difference ``(L(p + h) - L(p - h)) / 2h`` in float64.
    step
        The ``h`` of it.
    undefined_at
        Number, counted from 1, and x of the first data point at which the loss or its derivative is not finite
        in float64: there is no gradient then, and all three are nan. None where there is no such point, or where
        the parameters themselves are not finite.
    difference_error
        About how far the finite difference is off, by its step and by rounding.
    """

    parameter: str
    autograd: float
    by_hand: float | None
    formula: str
    difference: float
    step: float
    undefined_at: tuple[int, float] | None = None
    difference_error: float = 0.0


class GradientChecks(RunView, frozen=True):
    """Every parameter's gradient three ways, at the start of one epoch.

    Attributes
    ----------
    epoch
        Its number.
    checks
        In model order.
    """

    epoch: int
    checks: tuple[GradientCheck, ...]


def explain(check: GradientCheck, dtype: str) -> str:
    """Say in one or two sentences what the differences between the three gradients mean.

    Parameters
    ----------
    check
        The three of them.
    dtype
        The run's: ``float32`` or ``float64``.
    """
    if check.undefined_at is not None:
        row, x = check.undefined_at
        return (
            f"At data point {row} (x = {significant(x, 15)}) the loss or its derivative is infinite or undefined, so"
            " the gradient is not a finite number."
        )
    exact = check.difference if check.by_hand is None else check.by_hand
    if not all(map(math.isfinite, (check.autograd, exact, check.difference))):
        return _explain_not_finite(check, exact, dtype)
    if check.by_hand is None:
        return _explain_without_hand(check)
    if not _is_near(check, exact):
        return _explain_far_difference(check, exact)
    off = _shown(abs(check.difference - exact))
    if check.difference_error > POOR * abs(exact) > 0.0:
        return (
            f"{_explain_autograd(check.autograd, exact, dtype)} No step is good for the finite difference here: over"
            f" a large one the loss bends, a small one is lost in rounding, and the best is off by {off}."
        )
    return (
        f"{_explain_autograd(check.autograd, exact, dtype)} The finite difference is off by {off}: its step h ="
        f" {_shown(check.step)} costs an error that grows with h² times the third derivative, and rounding that grows"
        " with 1/h."
    )


def _explain_not_finite(check: GradientCheck, exact: float, dtype: str) -> str:
    if math.isfinite(exact) and not math.isfinite(check.autograd):
        return (
            f"Autograd gives {significant(check.autograd)}, although the gradient is a finite number: on the way to"
            f" it something has left what {dtype} can hold, or is infinite or undefined."
        )
    if math.isfinite(exact) and math.isfinite(check.autograd):
        return (
            "The finite difference needs the loss on both sides of this point, and on one of them it is not finite."
        )
    return "Here the gradient is not a finite number: the loss is infinite or undefined, or too steep."


def _explain_without_hand(check: GradientCheck) -> str:
    if _is_near(check, check.autograd):
        return "Autograd and the finite difference agree as far as the finite difference is exact."
    return (
        "Autograd and the finite difference really disagree: the loss has a kink or a jump near this point, or bends"
        " sharply."
    )


def _explain_far_difference(check: GradientCheck, exact: float) -> str:
    off = _shown(abs(check.difference - exact))
    reason = (
        f"over its step h = {_shown(check.step)} the loss has a kink or a jump, where the gradient is a matter of"
        " convention, or it bends very sharply."
    )
    if abs(check.autograd - exact) <= LARGEST_STEP_ERROR * abs(exact):
        return f"Autograd and the derivative by hand agree, and the finite difference is off by {off}: {reason}"
    return f"The three really disagree, the finite difference by {off}: {reason}"


def _explain_autograd(autograd: float, exact: float, dtype: str) -> str:
    if autograd == exact:
        return "Autograd and the derivative by hand agree to the last digit."
    share = abs(autograd - exact) / max(abs(autograd), abs(exact))
    rounding = _shown(ROUNDING[dtype])
    differs = f"Autograd differs from the derivative by hand by {_shown(share)} of it"
    if share <= MOST_ROUNDINGS * ROUNDING[dtype]:
        return f"{differs}: {dtype} rounds every result by up to {rounding} of itself."
    return (
        f"{differs}, more than the {rounding} by which {dtype} rounds a result: large terms nearly cancel here, and"
        " what is left is mostly their rounding."
    )


def _is_near(check: GradientCheck, exact: float) -> bool:
    """Whether the finite difference is as near as its step and rounding let expect, whatever the gradient's scale."""
    return abs(check.difference - exact) <= max(LARGEST_STEP_ERROR * abs(exact), MOST_ERRORS * check.difference_error)


def _shown(number: float) -> str:
    return significant(number, 1)
