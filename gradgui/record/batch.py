"""One or more finished epochs as they come from the training loop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class EpochBatch:
    """One or more finished epochs, in order, as plain values.

    The loss of an epoch is measured **before** its update, its gradients are the ones that ``backward`` gave
    in that epoch, and its parameters are the ones **after** its update.

    Attributes
    ----------
    first_epoch
        Number of the first epoch in the batch; a run's first epoch is 1.
    values
        float32 or float64, whatever the run computes in, of shape (n, 1 + 2·p) for n epochs and p parameters.
        The columns are those of the log: loss, then each parameter followed by its gradient. A gradient is
        nan where there was none. Whoever makes the batch hands the arrays over and changes them no more.
    learning_rates
        float64 of shape (n,): the step size of each epoch's update.
    buffers
        Of shape (n, k) and the dtype of the values: what the optimizer remembers after each epoch's update, nan for
        what it does not yet. Without any, k is 0.

    Raises
    ------
    ValueError
        If there is no epoch, the shapes do not fit together, or a dtype is another one.
    """

    first_epoch: int
    values: NDArray[np.floating[Any]]
    learning_rates: NDArray[np.float64]
    buffers: NDArray[np.floating[Any]] = None  # type: ignore[assignment]  # none, whose length is known below

    def __post_init__(self) -> None:
        if self.buffers is None:
            object.__setattr__(self, "buffers", np.empty((len(self.values), 0), self.values.dtype))
        if self.first_epoch < 1:
            raise ValueError(f"the first epoch of a run is 1, not {self.first_epoch}")
        if self.values.dtype not in (np.float32, np.float64):
            raise ValueError(f"values must be float32 or float64, not {self.values.dtype}")
        if self.values.ndim != 2 or len(self.values) == 0 or self.values.shape[1] % 2 == 0:
            raise ValueError(f"values must have one row an epoch and 1 + 2·p columns, not shape {self.values.shape}")
        if self.learning_rates.dtype != np.float64:
            raise ValueError(f"learning rates must be float64, not {self.learning_rates.dtype}")
        if self.learning_rates.shape != (len(self.values),):
            raise ValueError(
                f"{len(self.values)} epochs need as many learning rates, not {self.learning_rates.shape}"
            )
        if self.buffers.dtype != self.values.dtype:
            raise ValueError(f"buffers must be {self.values.dtype} as the values are, not {self.buffers.dtype}")
        if self.buffers.ndim != 2 or len(self.buffers) != len(self.values):
            raise ValueError(f"{len(self.values)} epochs need as many rows of buffers, not {self.buffers.shape}")

    def __len__(self) -> int:
        return len(self.values)

    @property
    def last_epoch(self) -> int:
        """Number of the last epoch in the batch."""
        return self.first_epoch + len(self) - 1

    def after(self, epoch: int) -> "EpochBatch | None":
        """Give the part that comes after an epoch, None when there is none."""
        known = epoch - self.first_epoch + 1
        if known <= 0:
            return self
        if known >= len(self):
            return None
        return EpochBatch(epoch + 1, self.values[known:], self.learning_rates[known:], self.buffers[known:])


def join_batches(batches: Sequence[EpochBatch]) -> EpochBatch:
    """Join consecutive batches of one run into one.

    Parameters
    ----------
    batches
        At least one, each beginning with the epoch after the last one's end.
    """
    if len(batches) == 1:
        return batches[0]
    return EpochBatch(
        first_epoch=batches[0].first_epoch,
        values=np.concatenate([batch.values for batch in batches]),
        learning_rates=np.concatenate([batch.learning_rates for batch in batches]),
        buffers=np.concatenate([batch.buffers for batch in batches]),
    )
