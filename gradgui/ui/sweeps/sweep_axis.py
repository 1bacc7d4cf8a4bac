"""An axis of what was varied, or of losses, that has numbers however narrow its range."""

import math
from itertools import pairwise
from typing import Any

import numpy as np

from gradgui.numbers import shown
from gradgui.ui.plots.axes import ValueAxis

POWERS = 2.0
"""From so many decades on, powers of ten are enough."""
FEWEST, TICKS = 3, 5
EVERY = 0.0
"""In place of a level's spacing: each of its ticks has a number."""


class SweepAxis(ValueAxis):
    """A log axis that has 1, 2 and 5 times the powers of ten on a narrow range, and even steps on a narrower one."""

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[Any, list[float]]]:  # noqa: N802, N803
        """Give the ticks by levels."""
        low, high = sorted((minVal, maxVal))
        if not self.logMode or high - low >= POWERS or not math.isfinite(high - low) or abs(high) > 300.0:
            levels: list[tuple[Any, list[float]]] = super().tickValues(minVal, maxVal, size)
            return levels
        decades = range(math.floor(low), math.ceil(high) + 1)
        ticks = [
            place for decade in decades for part in (1, 2, 5) if low <= (place := decade + math.log10(part)) <= high
        ]
        if len(ticks) >= FEWEST:
            return [(EVERY, ticks)]
        begin, end = 10.0**low, 10.0**high
        step = _even_step((end - begin) / TICKS)
        values = np.arange(math.ceil(begin / step), math.floor(end / step) + 1) * step
        return [(EVERY, np.log10(values[values > 0.0]).tolist())]

    def logTickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: N802
        """Write powers of ten, or on a narrow range every number, in as many digits as tell neighbours apart."""
        if spacing != EVERY or len(values) < 2:
            return super().logTickStrings(values, scale, spacing)
        numbers = [10.0**value for value in values]
        closest = min(after - before for before, after in pairwise(numbers))
        digits = 1 + max(0, math.ceil(math.log10(numbers[-1] / closest) - 1e-9))
        return [shown(f"{number:.{min(digits, 16)}g}") for number in numbers]


def _even_step(least: float) -> float:
    """Give the next of 1, 2, 5 times a power of ten."""
    decade = 10.0 ** math.floor(math.log10(least))
    return next(part * decade for part in (1, 2, 5, 10) if part * decade >= least)
