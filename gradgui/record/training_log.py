"""The log of a run: one row an epoch, however many there are."""

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from gradgui.experiment.columns import Columns
from gradgui.record.batch import EpochBatch
from gradgui.record.column import Rows
from gradgui.record.series import Series


class LogSnapshot(Struct, frozen=True, eq=False):
    """A log that changes no more, whatever becomes of the one it was taken from; any thread may read it.

    Attributes
    ----------
    column_names
        ``epoch`` and then one name for each of ``columns``.
    columns
        Rows of the columns behind the epoch, all of the same length; row 0 is epoch 1.
    """

    column_names: tuple[str, ...]
    columns: tuple[Rows[np.floating[Any]], ...]

    def __len__(self) -> int:
        return len(self.columns[0])


class TrainingLog:
    """Every epoch of a run, in the columns of its layout behind ``epoch``.

    Epochs are counted from 1; epoch 0, the start, is not in the log. What the optimizer remembers is read by the same
    methods as the other columns, but stands in no row and no file.

    Parameters
    ----------
    columns
        The layout of a row.
    dtype
        What the run computes in: ``float32`` or ``float64``.

    Attributes
    ----------
    columns
        The layout of a row.
    truncations
        How many times epochs were forgotten: until it changes, what was in the log once stays there.

    Raises
    ------
    ValueError
        If the dtype is another one.
    """

    def __init__(self, columns: Columns, dtype: str) -> None:
        if dtype not in {"float32", "float64"}:
            raise ValueError(f"a log is of float32 or float64, not {dtype}")
        self.columns = columns
        self._dtype = dtype
        self._revision = self.truncations = 0
        self._series = {column.name: Series(np.dtype(columns.numpy_dtype(column, dtype))) for column in columns}

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns that stand in a row, in order: ``epoch`` first, without the optimizer's buffers."""
        return ("epoch", *self.columns.in_file)

    @property
    def dtype(self) -> str:
        """What the run computes in: ``float32`` or ``float64``."""
        return self._dtype

    @property
    def revision(self) -> int:
        """Another number after every change, so that what was made of the log can be told to be still true."""
        return self._revision

    def __len__(self) -> int:
        return len(self._series["lr"])

    def append(self, batch: EpochBatch) -> None:
        """Add epochs at the end.

        Raises
        ------
        ValueError
            If the batch does not begin at the next epoch, or its rows have another width. The log is then as it was.
        """
        if batch.first_epoch != len(self) + 1:
            raise ValueError(f"the next epoch is {len(self) + 1}, not {batch.first_epoch}")
        if batch.rows.shape[1] != len(self.columns):
            raise ValueError(f"the log has {len(self.columns)} columns, the batch {batch.rows.shape[1]}")
        self._revision += 1
        for series, values in zip(self._series.values(), batch.rows.T, strict=True):
            series.append(values.astype(series.dtype))

    def truncate(self, epochs: int) -> None:
        """Forget what came after the first ``epochs`` epochs.

        Raises
        ------
        ValueError
            If ``epochs`` is negative or more than there are.
        """
        for series in self._series.values():
            series.truncate(epochs)
        self._revision += 1
        self.truncations += 1

    def until(self, epochs: int) -> "TrainingLog":
        """Give a log of its own with the first ``epochs`` epochs of this one.

        Raises
        ------
        IndexError
            If ``epochs`` is negative or more than there are.
        """
        log = TrainingLog(self.columns, self._dtype)
        for name, series in self._series.items():
            log._series[name].append(series.slice(0, epochs))
        return log

    def column(self, name: str) -> NDArray[Any]:
        """Give the whole column, of shape (epochs,), to be read only: int64 for ``epoch``, else its own dtype.

        Raises
        ------
        KeyError
            If there is no such column.
        """
        if name == "epoch":
            return np.arange(1, len(self) + 1)
        return self._series[name].slice(0, len(self))

    def value(self, name: str, epoch: int) -> int | float:
        """Give one value; a float32 as the float of the same value.

        Raises
        ------
        KeyError
            If there is no such column.
        IndexError
            If there is no such epoch.
        """
        return self.row(epoch)[0] if name == "epoch" else float(self._series[name][epoch - 1])

    def values(self, name: str, epochs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the values of single epochs.

        Parameters
        ----------
        name
            Any column but ``epoch``, or a buffer.
        epochs
            Of shape (n,), ascending, each in the log.

        Returns
        -------
        ndarray
            Of shape (n,).

        Raises
        ------
        KeyError
            If there is no such column.
        """
        return self._series[name].take(epochs - 1).astype(np.float64)

    def row(self, epoch: int) -> tuple[int | float, ...]:
        """Give all values of an epoch, in the order of the columns.

        Raises
        ------
        IndexError
            If there is no such epoch.
        """
        return (epoch, *(float(self._series[name][epoch - 1]) for name in self.columns.in_file))

    def thin(
        self, name: str, first_epoch: int, last_epoch: int, max_points: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Find the few points that draw the same picture as epochs ``first_epoch`` to ``last_epoch``.

        Parameters
        ----------
        name
            Any column but ``epoch``, or a buffer.
        first_epoch, last_epoch
            Both included; what is outside the log is left out.
        max_points
            The most points wanted, at least 4; four times the pixels are enough for each pixel to be exact.

        Returns
        -------
        epochs
            Of shape (n,) with n ≤ max_points, ascending; the first and the last one are always among them.
        values
            Of shape (n,): those epochs' own values, nan where not finite.

        Raises
        ------
        KeyError
            If there is no such column.
        ValueError
            If fewer than 4 points are wanted.
        """
        stop = max(min(last_epoch, len(self)), 0)
        start = min(max(first_epoch - 1, 0), stop)
        rows, values = self._series[name].thin(start, stop, max_points)
        return rows + 1, values

    def non_positive_count(self, name: str) -> int:
        """Count the values of a column that a log axis cannot show, being zero or negative.

        Raises
        ------
        KeyError
            If there is no such column (``epoch`` is not counted).
        """
        return self._series[name].non_positive_count

    def snapshot(self) -> LogSnapshot:
        """Give the log as it is now, for good: cheap, and to be read by any thread."""
        return LogSnapshot(self.column_names, tuple(self._series[name].snapshot() for name in self.columns.in_file))

    @property
    def memory_bytes(self) -> int:
        """Memory of everything the log keeps."""
        return sum(series.memory_bytes for series in self._series.values())
