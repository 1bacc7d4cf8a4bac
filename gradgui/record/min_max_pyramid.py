"""Where a column is lowest and highest, found without reading every row again."""

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from gradgui.record.column import Column

BUCKET_ROWS = 2**7

FloatArray = NDArray[np.floating[Any]]
RowNumbers = NDArray[np.int64]


class Extremes:
    """The lowest and the highest finite value of every 128 rows of a column, and where they are.

    Both are sought at once, as the lowest of two *heights*: the value, and its negative; +inf where the value is not
    finite.

    Parameters
    ----------
    column
        The column; `follow` must be called after every change of it.
    """

    def __init__(self, column: Column[np.floating[Any]]) -> None:
        self._column = column
        self._buckets = Column(np.dtype([("heights", column.dtype, 2), ("offsets", np.uint8, 2)]))

    def follow(self) -> None:
        """Catch up with the column after it grew or was truncated; only whole buckets are kept."""
        whole = len(self._column) // BUCKET_ROWS
        kept = min(len(self._buckets), whole)
        self._buckets.truncate(kept)
        if kept == whole:
            return
        heights = self._read(kept * BUCKET_ROWS, whole * BUCKET_ROWS).reshape(2, -1, BUCKET_ROWS)
        new = np.empty(whole - kept, self._buckets.dtype)
        new["offsets"] = heights.argmin(axis=2).T
        new["heights"] = heights.min(axis=2).T
        self._buckets.append(new)

    def rows(self, start: int, stop: int, bucket_rows: int) -> RowNumbers:
        """Find the rows of the extremes of each bucket that rows ``start`` to ``stop`` touch.

        Parameters
        ----------
        start, stop
            The first row, and the one after the last: 0 ≤ start < stop ≤ length. No other row is looked at.
        bucket_rows
            A power of two; buckets begin at its multiples. If over 128, the range must begin with a bucket or reach
            into two or more of the 128-row buckets.

        Returns
        -------
        ndarray
            Of shape (2, n) for n buckets: where each is lowest, and where it is highest. Where no value is finite it
            is the first row of the bucket.
        """
        if bucket_rows <= BUCKET_ROWS:
            cell_rows, heights = 1, self._read(start, stop)
            rows = np.broadcast_to(np.arange(start, stop), heights.shape)
        else:
            cell_rows = BUCKET_ROWS
            heights, rows = self._cells(start, stop)
        first = start // bucket_rows
        buckets = (stop - 1) // bucket_rows - first + 1
        cells = bucket_rows // cell_rows
        lead = start // cell_rows - first * cells
        grid = np.full((2, buckets * cells), np.inf, heights.dtype)
        grid[:, lead : lead + heights.shape[1]] = heights
        lowest = grid.reshape(2, buckets, cells).argmin(axis=2) + (np.arange(buckets) * cells - lead)
        # Before the range there is only padding, which is the lowest place where nothing is finite.
        return np.take_along_axis(rows, np.maximum(lowest, 0), axis=1)

    @property
    def memory_bytes(self) -> int:
        """Memory of the buckets."""
        return self._buckets.memory_bytes

    def _read(self, start: int, stop: int) -> FloatArray:
        """Both heights of rows ``start`` to ``stop``, of shape (2, stop - start)."""
        values = self._column.slice(start, stop)
        heights = np.empty((2, len(values)), values.dtype)
        heights[0] = values
        np.negative(values, out=heights[1])
        finite = np.isfinite(values)
        if not finite.all():
            heights[:, ~finite] = np.inf
        return heights

    def _cells(self, start: int, stop: int) -> tuple[FloatArray, RowNumbers]:
        """Lowest heights and their rows, of shape (2, n), for each of n times 128 rows that the range touches.

        The two ends, where the range covers less than a whole bucket, are read from the column itself.
        """
        whole_start, whole_stop = -(-start // BUCKET_ROWS), stop // BUCKET_ROWS
        head_heights, head_rows = self._lowest(start, whole_start * BUCKET_ROWS)
        tail_heights, tail_rows = self._lowest(whole_stop * BUCKET_ROWS, stop)
        whole = self._buckets.slice(whole_start, whole_stop)
        rows = np.arange(whole_start, whole_stop) * BUCKET_ROWS + whole["offsets"].T
        return (
            np.concatenate([head_heights, whole["heights"].T, tail_heights], axis=1),
            np.concatenate([head_rows, rows, tail_rows], axis=1),
        )

    def _lowest(self, start: int, stop: int) -> tuple[FloatArray, RowNumbers]:
        """Lowest heights of rows ``start`` to ``stop``, and their rows, (2, 1); (2, 0) if there are no rows."""
        if start >= stop:
            return np.empty((2, 0), self._column.dtype), np.empty((2, 0), np.int64)
        heights = self._read(start, stop)
        lowest = heights.argmin(axis=1)[:, None]
        return np.take_along_axis(heights, lowest, axis=1), start + lowest


FEWEST_POINTS = 4


class _Known(Struct, frozen=True):
    """What was found last: a picture that grows at its end is the same up to there.

    Attributes
    ----------
    start, bucket_rows
        Of which picture.
    stop
        Where its whole buckets end.
    rows
        Where the whole buckets are lowest and highest, in ascending order; a row can come twice.
    """

    start: int
    bucket_rows: int
    stop: int
    rows: RowNumbers


_NOTHING = _Known(0, 0, 0, np.empty(0, np.int64))


class MinMaxPyramid:
    """Thins a column to the points that a plot can show.

    Parameters
    ----------
    column
        The column; `follow` must be called after every change of it.
    """

    def __init__(self, column: Column[np.floating[Any]]) -> None:
        self._column = column
        self._extremes = Extremes(column)
        self._known = _NOTHING

    def follow(self) -> None:
        """Catch up with the column after it grew or was truncated."""
        self._extremes.follow()
        if len(self._column) < self._known.stop:
            self._known = _NOTHING

    def thin(self, start: int, stop: int, max_points: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Find points that draw the same picture as rows ``start`` to ``stop``.

        Every point is a real one of the column: all rows if they fit, else the first and the last row and, of
        each bucket of rows, the lowest and the highest finite value where they occur. A gap shows where a
        whole bucket has no finite value. Buckets begin at multiples of their size, a power of two, so that
        the picture stands still while the column grows.

        Parameters
        ----------
        start, stop
            The first row, and the one after the last: 0 ≤ start ≤ stop ≤ length.
        max_points
            The most points wanted, at least 4. For each pixel to be exact: four times the pixels.

        Returns
        -------
        rows
            Row numbers, ascending, of shape (n,) with n ≤ max_points.
        values
            Their values, of shape (n,); nan where the value is not finite.

        Raises
        ------
        ValueError
            If fewer than 4 points are wanted.
        IndexError
            If there are no such rows.
        """
        if max_points < FEWEST_POINTS:
            raise ValueError(f"a picture needs {FEWEST_POINTS} points or more, not {max_points}")
        if stop - start <= max_points:
            rows = np.arange(start, stop)
            values = self._column.slice(start, stop)
        else:
            bucket_rows = _bucket_rows(start, stop, max_points)
            rows = self._rows(start, stop, bucket_rows)
            values = self._column.take(rows)
        # Before the cast to float64, which would complain of a signalling nan.
        return rows, np.where(np.isfinite(values), values, np.nan).astype(np.float64)

    @property
    def memory_bytes(self) -> int:
        """Memory of the buckets."""
        return self._extremes.memory_bytes + self._known.rows.nbytes

    def _rows(self, start: int, stop: int, bucket_rows: int) -> RowNumbers:
        """Find the rows to show; of a picture that was shown before, only what came since is looked at."""
        known = self._known
        if (known.start, known.bucket_rows) != (start, bucket_rows) or known.stop > stop:
            known = _Known(start, bucket_rows, start, _NOTHING.rows)
        new = _NOTHING.rows
        if known.stop < stop:
            new = np.sort(self._extremes.rows(known.stop, stop, bucket_rows), axis=0).T.ravel()
        whole = stop // bucket_rows - known.stop // bucket_rows
        if whole:
            kept = np.concatenate([known.rows, new[: 2 * whole]])
            self._known = _Known(start, bucket_rows, stop // bucket_rows * bucket_rows, kept)
        rows: RowNumbers = np.concatenate([[start], known.rows, new, [stop - 1]])
        first_time = np.ones(len(rows), np.bool_)
        np.not_equal(rows[1:], rows[:-1], out=first_time[1:])
        thinned: RowNumbers = rows[first_time]
        return thinned


def _bucket_rows(start: int, stop: int, max_points: int) -> int:
    """Smallest power of two whose buckets, two points each, fit beside the first and the last row."""
    bucket_rows = 1
    while 2 * ((stop - 1) // bucket_rows - start // bucket_rows + 1) + 2 > max_points:
        bucket_rows *= 2
    return bucket_rows
