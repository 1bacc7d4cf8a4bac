"""Where the values of a varied thing are on an axis."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradgui.experiment.sweep.varied import START, Varied

CLOSE = 1e-9
"""Share of a step that is no distance: a place is worked out from a value, and back."""


class VariedPlaces:
    """The places of its values along an axis, evenly apart: on a log axis they are powers of ten.

    Parameters
    ----------
    varied
        What is varied.

    Attributes
    ----------
    varied
        As given.
    values
        Its values, in the order of the runs.
    is_logarithmic
        Whether its axis is a log axis.
    places
        Where the values are, in the same order, which goes down where the range does.
    """

    def __init__(self, varied: Varied) -> None:
        self.varied = varied
        self.values = varied.values
        self.is_logarithmic = varied.scale == "log"
        self.places = self.of(self.values)
        self._step = float(self.places[-1] - self.places[0]) / (varied.count - 1) if varied.count > 1 else 1.0

    def of(self, values: ArrayLike) -> NDArray[np.float64]:
        """Give the places of values; nan where a log axis has none."""
        numbers = np.asarray(values, np.float64)
        if not self.is_logarithmic:
            return numbers
        size = numbers if self.varied.first > 0.0 else -numbers
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(size > 0.0, np.log10(size), np.nan))

    @property
    def label(self) -> str:
        """What the axis is called; of negative values on a log axis it shows the size."""
        name = self.varied.name
        said = f"{name.removeprefix(START)} at the start" if name.startswith(START) else name.replace("_", " ")
        return f"−({said})" if self.is_logarithmic and self.varied.first < 0.0 else said

    @property
    def descends(self) -> bool:
        """Whether the places go down from run to run."""
        return self._step < 0.0

    @property
    def ends(self) -> tuple[float, float]:
        """The lower and the upper end of all cells, half a step beyond the outermost values."""
        half = 0.5 * abs(self._step)
        return float(self.places.min()) - half, float(self.places.max()) + half

    @property
    def step(self) -> float:
        """How wide a cell is."""
        return abs(self._step)

    def nearest(self, place: float) -> int | None:
        """Give which value's cell a place is in, None outside of all."""
        cell = self._cell(place)
        index = math.floor(cell + 0.5) if math.isfinite(cell) else -1
        return index if 0 <= index < self.varied.count else None

    def between(self, low: float, high: float) -> Varied:
        """Give the range from the value at or below one place to the value at or above another, divided as finely.

        Whole numbers stay whole: there may then be fewer of them.
        """
        last = self.varied.count - 1
        first_cell, last_cell = sorted((self._cell(low), self._cell(high)))
        start = min(max(math.floor(first_cell + CLOSE), 0), last)
        stop = min(max(math.ceil(last_cell - CLOSE), 0), last)
        if start == stop:
            start, stop = (start, stop + 1) if stop < last else (max(start - 1, 0), stop)
        first, end = self.values[start], self.values[stop]
        if first == end:
            return self.varied
        return Varied(self.varied.name, first, end, self._count(first, end), self.varied.scale)

    def around(self, index: int) -> Varied:
        """Give the half of the range around one of its values, or what there is of that, divided as finely."""
        place, quarter = float(self.places[index]), float(np.ptp(self.places)) / 4
        return self.between(place - quarter, place + quarter)

    def _count(self, first: float, end: float) -> int:
        count = self.varied.count
        if not self.varied.is_whole:
            return count
        width = int(abs(end - first))
        return 1 + max(parts for parts in range(1, min(count - 1, width) + 1) if width % parts == 0)

    def _cell(self, place: float) -> float:
        return (place - float(self.places[0])) / self._step
