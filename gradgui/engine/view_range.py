"""Ranges around a run that stay while they serve, so that the ground does not move under the ball."""

import math
from itertools import combinations_with_replacement, product

import numpy as np

from gradgui.engine.loss_surface import LossSurface, Values

FARTHEST = 100.0
"""The farthest bottom that is looked for, in units of the start value or of 1."""
ROOM = 1.25
"""A range reaches this far beyond what must be seen."""
ROOM_TO_GROW = 1.6
"""And this far once the run has left it: it may go on."""
OUTERMOST = 1e300
"""A run that has come farther is out of sight; a range as wide as floats go could not be drawn."""

Range = tuple[float, float]


class ViewRange:
    """The values of some parameters worth a look: around the bottom of the loss, with the run in it.

    The bottom is that of the parabola that touches the loss at the start, where there is one nearby.

    Parameters
    ----------
    surface
        The loss.
    start
        All parameters' start values, in model order.
    indices
        The places in model order of those that are looked at.
    """

    def __init__(self, surface: LossSurface, start: tuple[float, ...], indices: tuple[int, ...]) -> None:
        self._start = [start[index] for index in indices]
        self._middles, self._least = _centre(surface, start, indices)
        self._ranges: list[Range | None] = [None] * len(indices)
        self._since = [0] * len(indices)

    def around(self, epoch: int, *seen: tuple[float, ...]) -> tuple[Range, ...]:
        """Give the range of each parameter.

        Parameters
        ----------
        epoch
            Epochs finished. A range that was made for a later one is given up.
        seen
            What it must contain beside the start, in the order of ``indices``.
        """
        columns = zip(self._start, *seen, strict=True)
        return tuple(self._keep_or_make(axis, epoch, numbers) for axis, numbers in enumerate(columns))

    def _keep_or_make(self, axis: int, epoch: int, numbers: tuple[float, ...]) -> Range:
        seen = [number for number in numbers if abs(number) < OUTERMOST] or [0.0]
        present = self._ranges[axis] if epoch >= self._since[axis] else None
        if present is not None and present[0] <= min(seen) and max(seen) <= present[1]:
            return present
        middle = self._middles[axis]
        room = ROOM if present is None else ROOM_TO_GROW
        reach = room * max([abs(number - middle) for number in seen] + [self._least[axis]])
        made = middle - reach, middle + reach
        self._ranges[axis], self._since[axis] = made, epoch
        return made


def _centre(surface: LossSurface, start: tuple[float, ...], indices: tuple[int, ...]) -> tuple[list[float], Values]:
    """Give the middle of each range and the least that it must reach to both sides."""
    origin = np.array([start[index] for index in indices])
    size = np.maximum(1.0, np.abs(origin))
    if not np.all(np.abs(origin) < OUTERMOST):
        return [0.0] * len(indices), size
    step = 1e-2 * size

    def losses(places: Values) -> Values:
        values = origin + step * places
        return surface.losses(start, {index: values[:, place] for place, index in enumerate(indices)})

    around = np.array(list(product((-1.0, 0.0, 1.0), repeat=len(indices))))
    parabola = _parabola_through(around, losses(around))
    if parabola is not None:
        slopes, curvatures = parabola
        bottom = -np.linalg.solve(curvatures, slopes)
        here, there = losses(np.array([np.zeros_like(bottom), bottom]))
        # Where the loss hardly curves, as a straight slope does, that is no bottom but a place far out of sight.
        if np.all(np.abs(step * bottom) <= FARTHEST * size) and there <= here:
            middles = origin + step * bottom
            # A quarter of the way to the start's own loss on the other side, whichever way that is.
            rise = np.sqrt(-(slopes @ bottom) / np.diag(curvatures))
            return middles.tolist(), np.maximum(0.25 * step * rise, np.maximum(0.05 * np.abs(middles), 1e-3))
    return origin.tolist(), size


def _parabola_through(places: Values, losses: Values) -> tuple[Values, Values] | None:
    """Give slopes and second derivatives at the middle of some places; None unless it opens upwards all around."""
    axes = places.shape[1]
    pairs = list(combinations_with_replacement(range(axes), 2))
    products = [places[:, one] * places[:, other] / (2 if one == other else 1) for one, other in pairs]
    if not np.isfinite(losses).all():
        return None
    largest = float(np.abs(losses).max()) or 1.0
    terms = np.column_stack([np.ones(len(places)), places, *products])
    found = np.asarray(np.linalg.lstsq(terms, losses / largest, rcond=None)[0] * largest, np.float64)
    slopes, curvatures = found[1 : axes + 1], np.empty((axes, axes))
    for (one, other), value in zip(pairs, found[axes + 1 :], strict=True):
        curvatures[one, other] = curvatures[other, one] = value
    if not (math.isfinite(found.sum()) and np.linalg.eigvalsh(curvatures)[0] > 1e-12 * largest):
        return None
    return slopes, curvatures
