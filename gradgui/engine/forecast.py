"""What the curvature of the loss says about the epochs to come."""

import math
import sys
from bisect import bisect_left
from dataclasses import dataclass

import torch
from torch import Tensor

from gradgui.engine.loss_function import LossFunction
from gradgui.engine.symbolic import is_quadratic
from gradgui.experiment.experiment import Experiment
from gradgui.record.forecast import Forecast

FLAT_GRADIENT = 1e-10
"""Up to this share of the gradient's own size, its part along a flat direction counts as rounding."""

ROUNDING_OF_LOWEST = 16.0 * sys.float_info.epsilon
"""The lowest loss is a difference: this share of the loss is its rounding."""

MOST_EPOCHS = 10**18
"""Beyond this a loss counts as never reached."""

ONE_STEP = -10_000.0
"""Stands for the logarithm of 0: exp of it is 0, where one update leads to the bottom."""

LARGEST_EXPONENT = 700.0
"""Of exp, with some room below the largest float."""


@dataclass(frozen=True)
class Parabola:
    """The parabola that touches the loss at a point, along the eigenvectors of its Hessian.

    With ``gᵢ`` the gradient's part along the eigenvector of eigenvalue ``λᵢ``, the loss at the distance ``dᵢ`` from
    the point is ``L + Σ gᵢ dᵢ + Σ λᵢ dᵢ² / 2`` (Taylor's theorem to the second order).

    Attributes
    ----------
    loss
        The loss at the point.
    eigenvalues
        Ascending.
    gradient
        Its part along each eigenvector.
    size
        Of the numbers from which the gradient was computed, to tell its rounding.
    """

    loss: float
    eigenvalues: tuple[float, ...]
    gradient: tuple[float, ...]
    size: float

    @property
    def is_finite(self) -> bool:
        """Whether there is such a parabola."""
        return all(map(math.isfinite, (self.loss, *self.eigenvalues, *self.gradient)))

    def is_flat(self, eigenvalue: float) -> bool:
        """Tell whether a direction is flat: whether its eigenvalue is 0 but for rounding."""
        steepest = max(map(abs, self.eigenvalues))
        return abs(eigenvalue) <= len(self.eigenvalues) * sys.float_info.epsilon * steepest

    @property
    def lowest(self) -> float | None:
        """The loss at the bottom, 0 where it is that but for rounding; None without a bottom."""
        heights = self.heights
        if heights is None:
            return None
        lowest = self.loss - sum(height for _, height in heights)
        return 0.0 if abs(lowest) <= ROUNDING_OF_LOWEST * abs(self.loss) else lowest

    @property
    def heights(self) -> list[tuple[float, float]] | None:
        """The curved directions as (eigenvalue, height above the bottom ``gᵢ² / 2λᵢ``); None without a bottom."""
        heights = []
        slope_of_rounding = FLAT_GRADIENT * max(math.hypot(*self.gradient), self.size)
        for eigenvalue, slope in zip(self.eigenvalues, self.gradient, strict=True):
            if not self.is_flat(eigenvalue):
                if eigenvalue < 0.0:
                    return None
                heights.append((eigenvalue, slope / (2.0 * eigenvalue) * slope))
            elif abs(slope) > slope_of_rounding:
                return None
        return heights


class Forecaster:
    """Forecast plain gradient descent, ``p -= lr * p.grad``, from any point of an experiment's loss.

    Near a point the loss is a parabola. Along an eigenvector of its Hessian with eigenvalue ``λ``, an update
    multiplies the distance to the bottom by ``1 - lr λ``, and so the height above the bottom by ``(1 - lr λ)²``
    (Goh, Why Momentum Really Works, Distill 2017; Nocedal and Wright, Numerical Optimization, section 3.3).

    Parameters
    ----------
    experiment
        Whose model, loss and data. Its optimizer does not count.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._loss = LossFunction(experiment, torch.float64)
        self._exact = is_quadratic(experiment)

    def forecast(
        self, parameters: tuple[float, ...], learning_rate: float, wanted_loss: float | None = None
    ) -> Forecast:
        """Forecast from a point on.

        A direction counts as flat when its eigenvalue is 0 but for rounding, that is at most ``n ε`` times the
        largest of the n in size. The error along a flat direction neither shrinks nor grows: it does not count in
        ``factor``, which is 1 where all directions are flat. Directions that curve downwards do count, with a
        factor above 1. There is a bottom when no direction curves downwards and the gradient has no part along a
        flat one; otherwise ``lowest_loss`` and ``epochs_needed`` are None.

        Parameters
        ----------
        parameters
            Values in model order.
        learning_rate
            Of every epoch to come.
        wanted_loss
            The loss that ``epochs_needed`` is about: it is the number of updates after which the parabola's loss
            is at most this one, 0 when it is so already.

        Returns
        -------
        Forecast
            With nan where the loss or its derivatives are not finite; nothing is raised.
        """
        parabola = self._parabola(parameters)
        if not parabola.is_finite:
            unknown = (math.nan,) * len(parameters)
            return Forecast(unknown, math.nan, math.nan, None, None, self._exact)
        curved = [eigenvalue for eigenvalue in parabola.eigenvalues if not parabola.is_flat(eigenvalue)]
        steepest = max(curved, default=0.0)
        return Forecast(
            eigenvalues=parabola.eigenvalues,
            largest_rate=2.0 / steepest if steepest > 0.0 else math.inf,
            factor=max((abs(1.0 - learning_rate * eigenvalue) for eigenvalue in curved), default=1.0),
            lowest_loss=parabola.lowest,
            epochs_needed=_epochs_needed(parabola, learning_rate, wanted_loss),
            exact=self._exact,
        )

    def _parabola(self, parameters: tuple[float, ...]) -> Parabola:
        point = self._loss.tensor(parameters).requires_grad_()
        loss = self._loss(*point.unbind())
        (gradient,) = torch.autograd.grad(loss, point, create_graph=True)
        hessian = _jacobian(gradient, point)
        if not hessian.isfinite().all():
            return Parabola(math.nan, (), (), math.nan)
        eigenvalues, eigenvectors = torch.linalg.eigh(hessian)
        return Parabola(
            loss=loss.item(),
            eigenvalues=tuple(eigenvalues.tolist()),
            gradient=tuple((eigenvectors.T @ gradient.detach()).tolist()),
            size=hessian.abs().max().item() * max(map(abs, parameters)),
        )


def _jacobian(gradient: Tensor, point: Tensor) -> Tensor:
    if not gradient.requires_grad:  # the loss is a straight line
        return torch.zeros(len(point), len(point), dtype=point.dtype)
    return torch.stack([torch.autograd.grad(part, point, retain_graph=True)[0] for part in gradient])


def _epochs_needed(parabola: Parabola, learning_rate: float, wanted_loss: float | None) -> int | None:
    """Count the updates until ``lowest + Σ heightᵢ (1 - lr λᵢ)²ⁿ`` is at most the wanted loss.

    That sum is convex in n: it falls up to some epoch and rises from there on, where a direction diverges.
    """
    if wanted_loss is None or math.isnan(wanted_loss):
        return None
    if parabola.loss <= wanted_loss:
        return 0
    heights, lowest = parabola.heights, parabola.lowest
    if heights is None or lowest is None:
        return None
    parts = [(height, _log_of_square(1.0 - learning_rate * eigenvalue)) for eigenvalue, height in heights if height]
    if wanted_loss <= lowest and any(rate > ONE_STEP for _, rate in parts):
        return None  # only rounding would bring it there

    def heights_after(epochs: int) -> list[tuple[float, float]]:
        return [(height * math.exp(min(epochs * rate, LARGEST_EXPONENT)), rate) for height, rate in parts]

    def is_enough(epochs: int) -> bool:
        return lowest + sum(height for height, _ in heights_after(epochs)) <= wanted_loss

    def rises(epochs: int) -> bool:
        return sum(height * rate for height, rate in heights_after(epochs)) >= 0.0

    turn = bisect_left(range(MOST_EPOCHS), True, key=rises)
    epochs = bisect_left(range(turn), True, key=is_enough)
    return epochs if is_enough(epochs) else None


def _log_of_square(factor: float) -> float:
    return 2.0 * math.log(abs(factor)) if factor else ONE_STEP
