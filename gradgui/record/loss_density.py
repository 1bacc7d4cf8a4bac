"""How many of many loss curves go through each place of a picture."""

from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

ROWS = 256
"""Of a picture."""
MOST_LINES = 64
"""Curves up to which they are drawn as lines, and not as a picture."""
RISE = 0.3
"""Losses are shown up to so many times the span of those that do not rise above their first."""
WIDE = 30.0
"""From so many times the lowest value on, a logarithm shows more."""
MOST_COLUMNS = 512
MOST_PLACES = 2**24
"""Runs times columns: of more the picture has fewer columns."""


class LossDensity(Struct, frozen=True, eq=False):
    """Loss curves as a picture.

    Attributes
    ----------
    is_logarithmic
        Whether the losses stand on a logarithmic axis.
    low, high
        Its ends, on the axis as it is.
    counts
        How many curves go through each place, shape ``(rows, columns)``, the lowest row first; without any where no
        picture is wanted.
    """

    is_logarithmic: bool
    low: float
    high: float
    counts: NDArray[np.int64]


def loss_density(losses: NDArray[np.floating[Any]], *, pictured: bool = True) -> LossDensity:
    """Find the range in which losses are seen best, and count the curves in it.

    Parameters
    ----------
    losses
        Shape ``(kept, runs)``; nan behind a run's last epoch.
    pictured
        Whether they are to be counted.
    """
    known = losses.astype(np.float64)
    is_logarithmic = needs_logarithm(known[np.isfinite(known)])
    heights = loss_heights(known, is_logarithmic=is_logarithmic)
    low, high = _range(heights)
    counts = np.zeros((0, 0), np.int64)
    if pictured:
        with np.errstate(invalid="ignore"):  # beyond the range they are only known to be there
            even = np.where(np.isnan(heights), np.nan, np.clip((heights - low) / (high - low), -1.0, 2.0))
        counts = curve_density(even, ROWS)
    return LossDensity(is_logarithmic, low, high, counts)


def needs_logarithm(values: NDArray[np.float64]) -> bool:
    """Tell whether finite values span so much that a logarithm shows more; a few may be 0, none below."""
    positive = values[values > 0.0]
    return bool(len(positive) and (values >= 0.0).all() and positive.max() >= WIDE * positive.min())


def loss_heights(losses: NDArray[np.float64], *, is_logarithmic: bool) -> NDArray[np.float64]:
    """Give where losses stand on the axis."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log10(losses)) if is_logarithmic else losses


def _range(heights: NDArray[np.float64]) -> tuple[float, float]:
    finite = np.isfinite(heights)
    if not finite.any():
        return 0.0, 1.0
    falling = finite & (heights <= np.where(finite[:1], heights[:1], -np.inf))
    good = heights[falling] if falling.any() else heights[finite]
    low, limit = float(good.min()), float(good.max()) + RISE * float(np.ptp(good))
    high = max(min(float(heights[finite].max()), limit), low)
    room = 0.04 * (high - low) or max(abs(low), 1.0) * 0.1
    return low - room, high + room


def curve_density(heights: NDArray[np.float64], rows: int) -> NDArray[np.int64]:
    """Count curves, each once in every place that it goes through: what falls steeply goes through many in a column.

    Parameters
    ----------
    heights
        Shape ``(kept, runs)``: 0 is the lower end of the picture, 1 its upper end; nan where a curve has ended.
        Between two kept ones a curve is straight.
    rows
        Of the picture.

    Returns
    -------
    ndarray
        Shape ``(rows, columns)``; the columns part the way from the first kept place to the last into even pieces,
        one or more for each step from one to the next, or each for several steps.
    """
    kept, runs = heights.shape
    if kept < 2 or not runs:
        heights = np.repeat(heights, 2, axis=0)[:2] if kept else np.full((2, runs), np.nan)
        kept = 2
    steps = kept - 1
    most = max(1, min(MOST_COLUMNS, MOST_PLACES // max(runs, 1)))
    if steps <= most:
        return _finer(heights, rows, parts=most // steps)
    starts = np.linspace(0, steps, most + 1).astype(np.int64)
    columns = [_column(heights[start : end + 1], rows) for start, end in pairwise(starts)]
    return np.stack(columns, axis=1)


def _finer(heights: NDArray[np.float64], rows: int, parts: int) -> NDArray[np.int64]:
    """Count in so many columns for each step."""
    columns = []
    for before, after in pairwise(heights):
        edges = before + (after - before) * np.linspace(0.0, 1.0, parts + 1)[:, None]
        columns += [_column(edges[part : part + 2], rows) for part in range(parts)]
    return np.stack(columns, axis=1)


def _column(heights: NDArray[np.float64], rows: int) -> NDArray[np.int64]:
    """Count what goes through the rows of one column, from these heights at its edges, and between them."""
    lowest, highest = heights.min(axis=0), heights.max(axis=0)  # nan where one is
    seen = (lowest <= 1.0) & (highest >= 0.0)
    first = np.floor(np.clip(lowest[seen], 0.0, 1.0) * rows).astype(np.int64)
    last = np.floor(np.clip(highest[seen], 0.0, 1.0) * rows).astype(np.int64)
    begun = np.bincount(np.minimum(first, rows - 1), minlength=rows)
    ended = np.bincount(np.minimum(last, rows - 1) + 1, minlength=rows + 1)[:rows]
    return np.asarray(np.cumsum(begun - ended))
