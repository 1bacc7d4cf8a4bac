"""How many curves go through each place of a picture."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

MOST_COLUMNS = 512
MOST_PLACES = 2**24
"""Runs times columns: of more the picture has fewer columns."""


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
