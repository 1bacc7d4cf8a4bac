"""One or more finished epochs as they come from the training loop."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray


class EpochBatch(Struct, frozen=True, eq=False):
    """One or more finished epochs, in order, as plain values.

    Attributes
    ----------
    first_epoch
        Number of the first epoch in the batch; a run's first epoch is 1.
    rows
        float64 of shape (n, columns) for n epochs, laid out as the run's `Columns`; a float32 is the float64 of the
        same value, and nan stands where there was no gradient. Whoever makes the batch hands the array over and
        changes it no more.

    Raises
    ------
    ValueError
        If there is no epoch, or the rows are no float64 table.
    """

    first_epoch: int
    rows: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.first_epoch < 1:
            raise ValueError(f"the first epoch of a run is 1, not {self.first_epoch}")
        if self.rows.dtype != np.float64 or self.rows.ndim != 2 or len(self.rows) == 0:
            raise ValueError(f"rows must be a float64 table, not {self.rows.dtype} of shape {self.rows.shape}")

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def last_epoch(self) -> int:
        """Number of the last epoch in the batch."""
        return self.first_epoch + len(self) - 1

    def after(self, epoch: int) -> "EpochBatch | None":
        """Give the part that comes after an epoch, None when there is none."""
        known = epoch - self.first_epoch + 1
        if known <= 0:
            return self
        return EpochBatch(epoch + 1, self.rows[known:]) if known < len(self) else None


def join_batches(batches: Sequence[EpochBatch]) -> EpochBatch:
    """Join consecutive batches of one run into one.

    Parameters
    ----------
    batches
        At least one, each beginning with the epoch after the last one's end.
    """
    if len(batches) == 1:
        return batches[0]
    return EpochBatch(batches[0].first_epoch, np.concatenate([batch.rows for batch in batches]))
