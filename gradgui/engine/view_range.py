"""Ranges around a run that stay while they serve, so that the landscape does not move under the ball."""

import numpy as np

from gradgui.engine.model import LossFunction, Values
from gradgui.engine.quadratic_model import QuadraticModel

FORETOLD = 0.1
"""The loss at a bottom is as the parabola says, but for this share of the way down; else no bottom is there."""
ROOM = 1.25
"""A range reaches this far beyond what must be seen."""
ROOM_TO_GROW = 1.6
"""And this far once the run has left it: it may go on."""
UPDATES = 20.0
"""From 0, where no bottom tells of a scale, a range reaches as many times as far as the first update."""
OUTERMOST = 1e154
"""A run that has come farther is out of sight: a range as wide as floats go could not be drawn."""
NARROWEST = 1e-150
"""Nor could a narrower one."""

Range = tuple[float, float]


class ViewRange:
    """The values of some parameters worth a look: around the bottom of the loss, with the run in it.

    The bottom is that of the quadratic model of the loss at the start, where there is one nearby.

    Parameters
    ----------
    loss
        The loss.
    start
        All parameters' start values, in model order.
    indices
        The places in model order of those that are looked at.
    """

    def __init__(self, loss: LossFunction, start: tuple[float, ...], indices: tuple[int, ...]) -> None:
        self._start = [start[index] for index in indices]
        with np.errstate(all="ignore"):  # a bottom that is not finite is none
            self._middles, self._least = _centre(loss, start, indices)
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
        farthest = max(abs(number - middle) for number in seen)
        least = self._least[axis] or (UPDATES * farthest or 1.0 if present is None else 0.0)
        reach = room * max(farthest, min(least, OUTERMOST), NARROWEST)
        made = middle - reach, middle + reach
        self._ranges[axis], self._since[axis] = made, epoch
        return made


def _centre(
    loss: LossFunction, start: tuple[float, ...], indices: tuple[int, ...]
) -> tuple[list[float], list[float]]:
    """Give the middle of each range and the least that it must reach to both sides, 0 where nothing tells."""
    origin = np.array([start[index] for index in indices])
    size = np.minimum(np.abs(origin), OUTERMOST)
    if not np.all(np.abs(origin) < OUTERMOST):
        return [0.0] * len(indices), size.tolist()
    model = QuadraticModel.touching(loss, start, indices)
    step = model.step_to_bottom
    if step is not None:
        middles = origin + step
        places: list[float | Values] = list(start)
        for index, ends in zip(indices, np.column_stack([origin, middles]), strict=True):
            places[index] = ends
        here, there = loss.at_places(places)
        # Where the loss hardly curves, as a straight slope does, that is no bottom but a place far out of sight.
        drop = model.drop(step)
        # A quarter of the way to the start's own loss on the other side, whichever way that is.
        least = np.maximum(0.25 * model.half_widths(step), 0.05 * np.abs(middles))
        foretold = there <= here and abs(here - there - drop) <= FORETOLD * drop
        if foretold and np.all(np.abs(middles) + least < OUTERMOST):
            return middles.tolist(), np.where(least > 0.0, least, 1e-3 * size).tolist()
    return origin.tolist(), size.tolist()
