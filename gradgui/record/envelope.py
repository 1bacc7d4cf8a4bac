"""The few points of a long column that draw the same picture as all of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradgui.record.column import Column
from gradgui.record.extremes import Extremes, RowNumbers

FEWEST_POINTS = 4


@dataclass(frozen=True)
class _Known:
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


class Envelope:
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
