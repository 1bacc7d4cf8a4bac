"""Where a column is lowest or highest, found without reading every row again."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gradgui.record.column import Column

BUCKET_ROWS = 2**7

FloatArray = NDArray[np.floating[Any]]
RowNumbers = NDArray[np.int64]


class Extremes:
    """The lowest or the highest finite value of every 128 rows of a column, and where it is.

    Parameters
    ----------
    column
        The column; `follow` must be called after every change of it.
    sign
        1 for the lowest values, -1 for the highest. Both are sought as the lowest *height*, which is the
        value or its negative, and +inf where the value is not finite.
    """

    def __init__(self, column: Column[np.floating[Any]], sign: Literal[1, -1]) -> None:
        self._column = column
        self._sign = sign
        self._heights = Column(column.dtype)
        self._offsets = Column(np.dtype(np.uint8))

    def follow(self) -> None:
        """Catch up with the column after it grew or was truncated; only whole buckets are kept."""
        whole = len(self._column) // BUCKET_ROWS
        kept = min(len(self._heights), whole)
        self._heights.truncate(kept)
        self._offsets.truncate(kept)
        if kept < whole:
            buckets = self._read(kept * BUCKET_ROWS, whole * BUCKET_ROWS).reshape(-1, BUCKET_ROWS)
            offsets = buckets.argmin(axis=1)
            self._heights.append(buckets[np.arange(len(buckets)), offsets])
            self._offsets.append(offsets.astype(np.uint8))

    def rows(self, start: int, stop: int, bucket_rows: int) -> RowNumbers:
        """Find the row of the extreme of each bucket that rows ``start`` to ``stop`` touch.

        Parameters
        ----------
        start, stop
            The first row, and the one after the last: 0 ≤ start < stop ≤ length. No other row is looked at.
        bucket_rows
            A power of two; buckets begin at its multiples. If over 128, the range must reach into two or more
            of the 128-row buckets.

        Returns
        -------
        ndarray
            One row number a bucket, ascending. Where no value is finite it is the first row of the bucket.
        """
        if bucket_rows <= BUCKET_ROWS:
            cell_rows, heights = 1, self._read(start, stop)
            rows = np.arange(start, stop)
        else:
            cell_rows = BUCKET_ROWS
            heights, rows = self._cells(start, stop)
        first = start // bucket_rows
        buckets = (stop - 1) // bucket_rows - first + 1
        lead = start // cell_rows - first * (bucket_rows // cell_rows)
        grid = np.full((buckets, bucket_rows // cell_rows), np.inf, heights.dtype)
        grid.reshape(-1)[lead : lead + len(heights)] = heights
        lowest = grid.argmin(axis=1) + np.arange(buckets) * grid.shape[1] - lead
        # Before the range there is only padding, which is the lowest place where nothing is finite.
        found: RowNumbers = rows[np.maximum(lowest, 0)]
        return found

    @property
    def memory_bytes(self) -> int:
        """Memory of the buckets."""
        return self._heights.memory_bytes + self._offsets.memory_bytes

    def _read(self, start: int, stop: int) -> FloatArray:
        """Heights of rows ``start`` to ``stop``."""
        values = self._column.slice(start, stop)
        heights: FloatArray = np.where(np.isfinite(values), values if self._sign > 0 else -values, np.inf)
        return heights

    def _cells(self, start: int, stop: int) -> tuple[FloatArray, RowNumbers]:
        """Lowest height and its row, for each 128 rows that ``start`` to ``stop`` touch.

        The two ends, where the range covers less than a whole bucket, are read from the column itself.
        """
        whole_start, whole_stop = -(-start // BUCKET_ROWS), stop // BUCKET_ROWS
        head_heights, head_rows = self._lowest(start, whole_start * BUCKET_ROWS)
        tail_heights, tail_rows = self._lowest(whole_stop * BUCKET_ROWS, stop)
        heights = self._heights.slice(whole_start, whole_stop)
        rows = np.arange(whole_start, whole_stop) * BUCKET_ROWS + self._offsets.slice(whole_start, whole_stop)
        return (
            np.concatenate([head_heights, heights, tail_heights]),
            np.concatenate([head_rows, rows, tail_rows]),
        )

    def _lowest(self, start: int, stop: int) -> tuple[FloatArray, RowNumbers]:
        """Lowest height of rows ``start`` to ``stop``, and its row; none of either if there are no rows."""
        heights = self._read(start, stop)
        lowest = np.array([heights.argmin()] if start < stop else [], np.int64)
        return heights[lowest], start + lowest
