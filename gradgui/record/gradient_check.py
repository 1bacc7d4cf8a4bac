"""The gradient three ways, as plain values."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GradientCheck:
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
        The symbolic derivative as a student would write it; a sentence why where there is none.
    difference
        Central finite difference ``(L(p + h) - L(p - h)) / 2h`` in float64.
    step
        The ``h`` of it.
    """

    parameter: str
    autograd: float
    by_hand: float | None
    formula: str
    difference: float
    step: float
