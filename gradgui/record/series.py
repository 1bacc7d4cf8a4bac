"""A column of the log, with what plots need to know of it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradgui.record.column import Column
from gradgui.record.min_max_pyramid import MinMaxPyramid


class Series(Column[np.floating[Any]]):
    """A growable column that can be thinned for a plot, and that counts what a log axis cannot show.

    Parameters
    ----------
    dtype
        float32 or float64.
    """

    def __init__(self, dtype: np.dtype[np.floating[Any]]) -> None:
        super().__init__(dtype)
        self._envelope = MinMaxPyramid(self)
        self._non_positive = 0

    def append(self, values: NDArray[np.floating[Any]]) -> None:
        """Add values at the end; see `Column.append`."""
        super().append(values)
        self._envelope.follow()
        self._non_positive += int(np.count_nonzero(values <= 0))

    def truncate(self, length: int) -> None:
        """Forget the values from ``length`` on; see `Column.truncate`."""
        before = self.snapshot()
        super().truncate(length)
        self._envelope.follow()
        self._non_positive -= int(np.count_nonzero(before.slice(length, len(before)) <= 0))

    def thin(self, start: int, stop: int, max_points: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Find points that draw the same picture as rows ``start`` to ``stop``; see `MinMaxPyramid.thin`."""
        return self._envelope.thin(start, stop, max_points)

    @property
    def non_positive_count(self) -> int:
        """How many values are zero or negative; nan is neither."""
        return self._non_positive

    @property
    def memory_bytes(self) -> int:
        """Memory of the values and of what is kept to thin them."""
        return super().memory_bytes + self._envelope.memory_bytes
