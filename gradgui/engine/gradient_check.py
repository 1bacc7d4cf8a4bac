"""The gradient of the loss in three ways: by autograd, by hand, and by a finite difference."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, NamedTuple

import torch
from msgspec.structs import replace
from torch import Tensor

from gradgui.engine.model import DTYPES, LossFunction
from gradgui.experiment.experiment import Experiment
from gradgui.record.gradient_check import GradientCheck

if TYPE_CHECKING:
    from gradgui.engine.derivatives import Derivative

RELATIVE_STEP = sys.float_info.epsilon ** (1 / 3)
"""Step of a central difference, for a parameter of size 1: about 6e-6.

Its error is ``h² |L'''| / 6`` for the terms of the Taylor series left out and about ``ε |L| / h`` for the rounding of
the two losses. With L and L''' of like size the sum is smallest near ``h = ε^(1/3)`` (Press and others, Numerical
Recipes, 3rd edition, section 5.7; Nocedal and Wright, Numerical Optimization, 2nd edition, section 8.1).
"""


GOOD_ENOUGH = 1e-6
"""Up to this share of the gradient, the error of the usual step needs no better one."""


SMALLEST_SHARE, SMALLEST_STEP, LARGEST_STEP = 1e-10, 1e-20, 1e12
"""Steps that are tried: from this share of the parameter, in powers of ten."""
BENT = 30.0
"""So many times the rounding the step's own error shows that the loss bends over it."""


class _Quotient(NamedTuple):
    """A central difference with its step, and its errors: by the bend of the loss over the step, and by rounding."""

    value: float
    step: float
    bend: float
    rounding: float

    @property
    def error(self) -> float:
        """Both together, infinite where they are not known."""
        error = self.bend + self.rounding
        return error if math.isfinite(error) else math.inf


def _error(quotient: _Quotient) -> float:
    return quotient.error


class GradientChecker:
    """Compare the three gradients of an experiment's loss at any point.

    Autograd works in the run's dtype and with the trainer's operations, the other two in float64.

    Parameters
    ----------
    experiment
        Whose model, loss and data. Made once for it: the derivatives by hand are found here.
    """

    def __init__(self, experiment: Experiment) -> None:
        from gradgui.engine.derivatives import derivatives  # noqa: PLC0415 - sympy loads here

        self._derivatives = derivatives(experiment)
        self._loss = LossFunction(experiment, DTYPES[experiment.dtype])
        self._precise_loss = LossFunction(experiment, torch.float64)

    def check(self, parameters: tuple[float, ...]) -> tuple[GradientCheck, ...]:
        """Find the gradient in three ways.

        Parameters
        ----------
        parameters
            Values in model order. Where the loss or its slope is not finite, the numbers are nan or infinite;
            nothing is raised.

        Returns
        -------
        tuple of GradientCheck
            One a parameter, in model order. Where at one of the data points the loss or its slope is not finite
            in float64, all three are nan: a sum over the points could hide it.
        """
        by_autograd = self._by_autograd(parameters)
        point = [self._precise_loss.tensor(value) for value in parameters]
        leaves = [value.expand_as(self._precise_loss.x).clone().requires_grad_() for value in point]
        losses = self._precise_loss.of_points(*leaves)
        slopes = torch.autograd.grad(losses.sum(), leaves)
        return tuple(
            self._check(index, point, gradient, losses.isfinite() & slope.isfinite())
            for index, (gradient, slope) in enumerate(zip(by_autograd, slopes, strict=True))
        )

    def _by_autograd(self, parameters: tuple[float, ...]) -> list[float]:
        leaves = [self._loss.tensor(value).requires_grad_() for value in parameters]
        return [gradient.item() for gradient in torch.autograd.grad(self._loss(*leaves), leaves)]

    @torch.no_grad()
    def _check(self, index: int, point: list[Tensor], autograd: float, defined: Tensor) -> GradientCheck:
        name, derivative = list(self._derivatives.items())[index]
        by_hand = self._by_hand(derivative, point)
        if by_hand is not None:
            defined = defined & by_hand.isfinite()
        quotient = self._best_quotient(point, index)
        check = GradientCheck(
            parameter=name,
            autograd=autograd,
            by_hand=None if by_hand is None else by_hand.mean().item(),
            formula=derivative.formula,
            difference=quotient.value,
            step=quotient.step,
            difference_error=quotient.error,
        )
        return check if defined.all() else self._undefined(check, point, int(defined.int().argmin()))

    def _best_quotient(self, point: list[Tensor], index: int) -> _Quotient:
        """Take the usual step where it is good, else of ever larger ones, until the loss bends, the least wrong."""
        size = abs(point[index].item())
        usual = self._quotient(RELATIVE_STEP * max(1.0, size), point, index)
        if usual.error <= GOOD_ENOUGH * abs(usual.value) < math.inf:
            return usual
        tried, step = [], max(SMALLEST_SHARE * size, SMALLEST_STEP)
        while step <= LARGEST_STEP:
            tried.append(self._quotient(step, point, index))
            if tried[-1].bend > BENT * tried[-1].rounding:
                break
            step *= 10.0
        return min(tried, key=_error, default=usual)

    def _quotient(self, h: float, point: list[Tensor], index: int) -> _Quotient:
        """Give the central difference with a step, and about how far it is off: twice the step tells how it bends."""
        value = point[index].item()
        differences: list[float] = []
        steps: list[float] = []
        losses: list[float] = []
        for wide in (h, 2.0 * h):
            above, below = value + wide, value - wide
            steps.append((above - below) / 2.0)  # the one that was really taken: the two ends are rounded
            ends = self._loss_at(above, point, index), self._loss_at(below, point, index)
            differences.append((ends[0] - ends[1]) / (2.0 * steps[-1]) if steps[-1] else math.nan)
            losses += map(abs, ends)
        rounding = sys.float_info.epsilon * max(losses) / steps[0] if steps[0] else math.inf
        return _Quotient(differences[0], steps[0], abs(differences[0] - differences[1]) / 3.0, rounding)

    def _by_hand(self, derivative: Derivative, point: list[Tensor]) -> Tensor | None:
        if derivative.at_points is None:
            return None
        return derivative.at_points(self._precise_loss.x, self._precise_loss.y, *point)

    def _undefined(self, check: GradientCheck, point: list[Tensor], row: int) -> GradientCheck:
        by_hand = None if check.by_hand is None else math.nan
        # At a point that a run left towards infinity no data point is to blame.
        is_of_the_data = all(value.isfinite() for value in point)
        where = (row + 1, self._precise_loss.x[row].item()) if is_of_the_data else None
        return replace(check, autograd=math.nan, by_hand=by_hand, difference=math.nan, undefined_at=where)

    def _loss_at(self, value: float, point: list[Tensor], index: int) -> float:
        moved = [*point[:index], torch.tensor(value, dtype=torch.float64), *point[index + 1 :]]
        return self._precise_loss(*moved).item()
