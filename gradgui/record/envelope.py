"""The few points of a long column that draw the same picture as all of them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradgui.record.column import Column
from gradgui.record.extremes import Extremes

FEWEST_POINTS = 4


class Envelope:
    """Thins a column to the points that a plot can show.

    Parameters
    ----------
    column
        The column; `follow` must be called after every change of it.
    """

    def __init__(self, column: Column[np.floating[Any]]) -> None:
        self._column = column
        self._lowest = Extremes(column, 1)
        self._highest = Extremes(column, -1)

    def follow(self) -> None:
        """Catch up with the column after it grew or was truncated."""
        self._lowest.follow()
        self._highest.follow()

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
            lowest = self._lowest.rows(start, stop, bucket_rows)
            highest = self._highest.rows(start, stop, bucket_rows)
            rows = np.unique(np.concatenate([[start], lowest, highest, [stop - 1]]))
            values = self._column.take(rows)
        # Before the cast to float64, which would complain of a signalling nan.
        return rows, np.where(np.isfinite(values), values, np.nan).astype(np.float64)

    @property
    def memory_bytes(self) -> int:
        """Memory of the buckets."""
        return self._lowest.memory_bytes + self._highest.memory_bytes


def _bucket_rows(start: int, stop: int, max_points: int) -> int:
    """Smallest power of two whose buckets, two points each, fit beside the first and the last row."""
    bucket_rows = 1
    while 2 * ((stop - 1) // bucket_rows - start // bucket_rows + 1) + 2 > max_points:
        bucket_rows *= 2
    return bucket_rows
