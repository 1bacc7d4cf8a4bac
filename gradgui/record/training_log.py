"""The log of a run: one row an epoch, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradgui.record.batch import EpochBatch
from gradgui.record.column import Rows
from gradgui.record.series import Series


@dataclass(frozen=True, eq=False)
class LogSnapshot:
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
    """Every epoch of a run in columns ``epoch, loss, <p>, <p>_grad, …, lr``.

    The loss of an epoch is measured **before** its update, its parameters are the ones **after** it. Numbers
    are kept in the run's dtype, the learning rate in float64. Epochs are counted from 1; epoch 0, the start,
    is not in the log. What the optimizer remembers is beside the columns: it is read by the same methods, but
    stands in no row and no file.

    Parameters
    ----------
    parameters
        Names of the model's parameters, in model order.
    dtype
        What the run computes in: ``float32`` or ``float64``.
    buffers
        Names of what the optimizer remembers, as ``w.exp_avg``.

    Raises
    ------
    ValueError
        If the dtype is another one, or two columns would have the same name.
    """

    def __init__(self, parameters: Sequence[str], dtype: str, buffers: Sequence[str] = ()) -> None:
        if dtype not in {"float32", "float64"}:
            raise ValueError(f"a log is of float32 or float64, not {dtype}")
        gradients = [column for name in parameters for column in (name, f"{name}_grad")]
        self._names = ("epoch", "loss", *gradients, "lr")
        self._buffers = tuple(buffers)
        names = self._names + self._buffers
        if len(set(names)) < len(names):
            raise ValueError(f"two columns would have the same name: {', '.join(names)}")
        self._dtype = dtype
        self._revision = 0
        self._series = {name: Series(np.dtype("float64" if name == "lr" else dtype)) for name in names[1:]}

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return self._names

    @property
    def buffer_names(self) -> tuple[str, ...]:
        """Names of what the optimizer remembers, which is no column but can be read as one."""
        return self._buffers

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
            If the batch does not begin at the next epoch, or its columns or dtype are not those of the log.
            The log is then as it was.
        """
        if batch.first_epoch != len(self) + 1:
            raise ValueError(f"the next epoch is {len(self) + 1}, not {batch.first_epoch}")
        for kind, wanted, given in (
            ("values", len(self._names) - 2, batch.values.shape[1]),
            ("buffers", len(self._buffers), batch.buffers.shape[1]),
        ):
            if given != wanted:
                raise ValueError(f"the log has {wanted} {kind} an epoch, the batch {given}")
        if batch.values.dtype != self._dtype:
            raise ValueError(f"the log is of {self._dtype}, the batch of {batch.values.dtype}")
        self._revision += 1
        columns = [*batch.values.T, batch.learning_rates, *batch.buffers.T]
        for series, values in zip(self._series.values(), columns, strict=True):
            series.append(values)

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
        return (epoch, *(float(self._series[name][epoch - 1]) for name in self._names[1:]))

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
        return LogSnapshot(self._names, tuple(self._series[name].snapshot() for name in self._names[1:]))

    @property
    def memory_bytes(self) -> int:
        """Memory of everything the log keeps."""
        return sum(series.memory_bytes for series in self._series.values())
