"""The parabola that touches the loss at a point, and how plain gradient descent moves in it."""

import math
import sys
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import torch
from msgspec import Struct
from torch import Tensor

from gradgui.engine.model import LossFunction, Values

FLAT_SLOPE = 1e-10
"""Up to this share of the gradient's own size, its part along a flat direction counts as rounding."""

ROUNDING_OF_LOWEST = 16.0 * sys.float_info.epsilon
"""The lowest loss is a difference: this share of the loss is its rounding."""

MOST_EPOCHS = 10**18
"""Beyond this a loss counts as never reached."""

ONE_UPDATE = -10_000.0
"""Stands for the logarithm of 0: its exp is 0. So it is where one update leads to the bottom."""

LARGEST_EXPONENT = 700.0
"""Of exp, with some room below the largest float."""


class QuadraticModel(Struct, frozen=True):
    """The second-order Taylor polynomial of the loss, along the eigenvectors of its Hessian.

    At the distances ``dᵢ`` from the point it is ``L + Σ gᵢ dᵢ + Σ λᵢ dᵢ² / 2``. Along each eigenvector, an update
    ``d -= lr (g + λ d)`` multiplies the distance to the bottom by ``1 - lr λ``, and so the height above the bottom by
    ``(1 - lr λ)²`` (Goh, Why Momentum Really Works, Distill 2017).

    Attributes
    ----------
    loss
        ``L``, the loss at the point.
    eigenvalues
        ``λᵢ``, ascending.
    slopes
        ``gᵢ``, the gradient's part along each eigenvector.
    size
        Of the numbers from which the gradient was computed, to tell its rounding.
    gradient, hessian
        By the parameters that vary.
    """

    loss: float
    eigenvalues: tuple[float, ...]
    slopes: tuple[float, ...]
    size: float
    gradient: Values
    hessian: Values

    @classmethod
    def touching(
        cls, loss: LossFunction, parameters: tuple[float, ...], indices: Sequence[int] | None = None
    ) -> "QuadraticModel":
        """Make the one that touches a loss at a point, exactly: by autograd.

        Parameters
        ----------
        loss
            In float64.
        parameters
            The point, in model order.
        indices
            The places of those that vary, the others being held; None for all.
        """
        chosen = torch.tensor(range(len(parameters)) if indices is None else indices)
        whole = loss.tensor(parameters)
        point = whole[chosen].requires_grad_()
        height = loss(*whole.index_put((chosen,), point).unbind())
        (gradient,) = torch.autograd.grad(height, point, create_graph=True)
        hessian = _jacobian(gradient, point)
        if not hessian.isfinite().all():
            return cls(math.nan, (), (), math.nan, np.empty(0), np.empty((0, 0)))
        eigenvalues, eigenvectors = torch.linalg.eigh(hessian)
        return cls(
            loss=height.item(),
            eigenvalues=tuple(eigenvalues.tolist()),
            slopes=tuple((eigenvectors.T @ gradient.detach()).tolist()),
            size=hessian.abs().max().item() * max(map(abs, point.tolist())),
            gradient=gradient.detach().numpy(),
            hessian=hessian.numpy(),
        )

    @property
    def is_finite(self) -> bool:
        """Whether there is such a parabola."""
        return all(map(math.isfinite, (self.loss, self.size, *self.eigenvalues, *self.slopes)))

    @property
    def curved(self) -> list[float]:
        """The eigenvalues that are not 0: more than ``n ε`` times the largest of the n in size."""
        rounding = len(self.eigenvalues) * sys.float_info.epsilon * max(map(abs, self.eigenvalues))
        return [eigenvalue for eigenvalue in self.eigenvalues if abs(eigenvalue) > rounding]

    @property
    def step_to_bottom(self) -> Values | None:
        """What leads to the one lowest point, by parameter; None where a direction is flat or curves downwards.

        Each parameter is measured in its own curvature: else one of size 1e12 would hide one of size 1.
        """
        if not self.is_finite or not np.all(np.diag(self.hessian) > 0.0):
            return None
        unit = 1.0 / np.sqrt(np.diag(self.hessian))
        eigenvalues, eigenvectors = np.linalg.eigh(self.hessian * unit[:, None] * unit)
        if eigenvalues[0] <= len(unit) * sys.float_info.epsilon * eigenvalues[-1]:
            return None
        return np.asarray(-unit * (eigenvectors @ (eigenvectors.T @ (unit * self.gradient) / eigenvalues)))

    def drop(self, step: Values) -> float:
        """Give how far below the point's loss that of the bottom is, a step away."""
        return float(-self.gradient @ step / 2.0)

    def half_widths(self, step: Values) -> Values:
        """Give how far from the bottom, along each parameter alone, the loss is that of the point."""
        return np.asarray(np.sqrt(2.0 * max(0.0, self.drop(step)) / np.diag(self.hessian)))

    @property
    def heights(self) -> dict[float, float] | None:
        """By curved direction's eigenvalue the height above the bottom, ``gᵢ² / 2λᵢ``; None without a bottom.

        There is a bottom when no direction curves downwards and the gradient has no part along a flat one.
        """
        if not self.is_finite:
            return None
        heights: dict[float, float] = {}
        curved = self.curved
        rounding = FLAT_SLOPE * max(math.hypot(*self.slopes), self.size)
        for eigenvalue, slope in zip(self.eigenvalues, self.slopes, strict=True):
            if eigenvalue in curved and eigenvalue > 0.0:
                heights[eigenvalue] = heights.get(eigenvalue, 0.0) + slope / (2.0 * eigenvalue) * slope
            elif eigenvalue in curved or abs(slope) > rounding:
                return None
        return heights

    @property
    def lowest(self) -> float | None:
        """The loss at the bottom, 0 where it is that but for rounding; None without a bottom."""
        if self.heights is None:
            return None
        lowest = self.loss - sum(self.heights.values())
        return 0.0 if abs(lowest) <= ROUNDING_OF_LOWEST * abs(self.loss) else lowest

    def factor(self, learning_rate: float) -> float:
        """Give the largest ``|1 - lr λ|`` of the curved directions; 1 where all are flat."""
        return max((abs(1.0 - learning_rate * eigenvalue) for eigenvalue in self.curved), default=1.0)

    def epochs_needed(self, learning_rate: float, wanted_loss: float) -> int | None:
        """Count the updates until the loss is at most the wanted one; None where that is never, or has no bottom.

        After n updates the loss is ``lowest + Σ heightᵢ (1 - lr λᵢ)²ⁿ``. That is convex in n: it falls up to some
        epoch, and rises from there on if a direction diverges.
        """
        if self.loss <= wanted_loss:
            return 0
        heights, lowest = self.heights, self.lowest
        if heights is None or lowest is None:
            return None
        parts = [(height, _log_of_square(1.0 - learning_rate * curve)) for curve, height in heights.items() if height]
        if wanted_loss <= lowest and any(rate > ONE_UPDATE for _, rate in parts):
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
    return 2.0 * math.log(abs(factor)) if factor else ONE_UPDATE


def _jacobian(gradient: Tensor, point: Tensor) -> Tensor:
    if not gradient.requires_grad:  # the loss is a straight line
        return torch.zeros(len(point), len(point), dtype=point.dtype)
    return torch.stack([torch.autograd.grad(part, point, retain_graph=True)[0] for part in gradient])
