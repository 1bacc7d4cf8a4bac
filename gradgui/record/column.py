"""A column of numbers that grows without ever copying what it holds."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

BLOCK_ROWS = 2**16
FIRST_BLOCK_ROWS = 2**6

Scalar = TypeVar("Scalar", bound=np.generic)


class Rows(Generic[Scalar]):
    """Rows of one dtype, to be read; what a column's snapshot is.

    Parameters
    ----------
    dtype
        Of every row.
    blocks
        Row ``r`` is at ``blocks[r // BLOCK_ROWS][r % BLOCK_ROWS]``.
    length
        How many rows there are; the last block may have room for more.
    """

    def __init__(self, dtype: np.dtype[Scalar], blocks: Sequence[NDArray[Scalar]], length: int) -> None:
        self.dtype = dtype
        self._blocks = blocks
        self._length = length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, row: int) -> Scalar:
        if not 0 <= row < self._length:
            raise IndexError(f"row {row} is not one of {self._length}")
        value: Scalar = self._blocks[row // BLOCK_ROWS][row % BLOCK_ROWS]
        return value

    def slice(self, start: int, stop: int) -> NDArray[Scalar]:
        """Give rows ``start`` to ``stop``, which never change afterwards, whatever becomes of the column.

        Parameters
        ----------
        start, stop
            The first row, and the one after the last: 0 ≤ start ≤ stop ≤ length.

        Returns
        -------
        ndarray
            Read-only, of shape (stop - start,): a view where one block holds all the rows, else a copy.

        Raises
        ------
        IndexError
            If there are no such rows.
        """
        if not 0 <= start <= stop <= self._length:
            raise IndexError(f"rows {start} to {stop} are not within {self._length}")
        pieces = [
            self._blocks[block][max(start - block * BLOCK_ROWS, 0) : stop - block * BLOCK_ROWS]
            for block in range(start // BLOCK_ROWS, -(-stop // BLOCK_ROWS))
        ]
        rows = pieces[0] if len(pieces) == 1 else np.concatenate([np.empty(0, self.dtype), *pieces])
        rows.flags.writeable = False
        return rows

    def take(self, rows: NDArray[np.int64]) -> NDArray[Scalar]:
        """Give the values of single rows.

        Parameters
        ----------
        rows
            Row numbers in ascending order, each 0 ≤ row < length.

        Returns
        -------
        ndarray
            A copy, of the shape (n,) of ``rows``.
        """
        values = np.empty(len(rows), self.dtype)
        edges = np.searchsorted(rows, np.arange(len(self._blocks) + 1) * BLOCK_ROWS).tolist()
        for number, (start, stop) in enumerate(pairwise(edges)):
            if start < stop:
                values[start:stop] = self._blocks[number][rows[start:stop] - number * BLOCK_ROWS]
        return values


class Column(Rows[Scalar]):
    """A growable column of one dtype, in blocks of 65 536 rows.

    A row that was written is never written again: growing fills the rows behind it, and truncating replaces
    the last block by a copy of what stays. So every slice and snapshot keeps its values for good, and a
    thread that reads a snapshot needs no lock.

    Parameters
    ----------
    dtype
        Of every row.
    """

    def __init__(self, dtype: np.dtype[Scalar]) -> None:
        super().__init__(dtype, (), 0)
        self._blocks: list[NDArray[Scalar]] = []

    def append(self, values: NDArray[Scalar]) -> None:
        """Add rows at the end.

        Parameters
        ----------
        values
            Of shape (n,) and the column's dtype.

        Raises
        ------
        ValueError
            If the shape or the dtype is another one.
        """
        if values.ndim != 1 or values.dtype != self.dtype:
            raise ValueError(f"a column of {self.dtype} does not take {values.dtype} of shape {values.shape}")
        while len(values):
            room = self._room()
            room[: len(values)] = values[: len(room)]
            self._length += min(len(values), len(room))
            values = values[len(room) :]

    def truncate(self, length: int) -> None:
        """Forget the rows from ``length`` on.

        Raises
        ------
        ValueError
            If ``length`` is negative or more than there is.
        """
        if not 0 <= length <= self._length:
            raise ValueError(f"a column of {self._length} rows cannot be cut to {length}")
        if length == self._length:
            return
        full, rest = divmod(length, BLOCK_ROWS)
        kept = self._blocks[:full]
        if rest:
            kept.append(self._resized(self._blocks[full], rest, self._blocks[full].size))
        self._blocks = kept
        self._length = length

    def snapshot(self) -> Rows[Scalar]:
        """Give the present rows, for good: cheap, and untouched by what becomes of the column."""
        return Rows(self.dtype, tuple(self._blocks), self._length)

    @property
    def memory_bytes(self) -> int:
        """Memory of all blocks, rows not yet used included."""
        return sum(block.nbytes for block in self._blocks)

    def _room(self) -> NDArray[Scalar]:
        """Free rows at the end of the last block, at least one, after making some where there are none."""
        if self._length == len(self._blocks) * BLOCK_ROWS:
            self._blocks.append(np.empty(BLOCK_ROWS if self._blocks else FIRST_BLOCK_ROWS, self.dtype))
        last = self._blocks[-1]
        used = self._length - (len(self._blocks) - 1) * BLOCK_ROWS
        if used == last.size:
            # Only the first block is ever smaller than the others: a short log stays tiny.
            last = self._blocks[-1] = self._resized(last, used, 2 * used)
        return last[used:]

    def _resized(self, block: NDArray[Scalar], used: int, size: int) -> NDArray[Scalar]:
        copy = np.empty(size, self.dtype)
        copy[:used] = block[:used]
        return copy
