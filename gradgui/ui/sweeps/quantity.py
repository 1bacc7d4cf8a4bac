"""What is looked at in every run of a sweep, and which runs have it."""

from enum import Enum, IntEnum

import numpy as np
from numpy.typing import NDArray

from gradgui.record.sweep_outcomes import SweepOutcomes


class Quantity(Enum):
    """A number that every run has, by its name for a person."""

    LAST_LOSS = "last loss"
    LOWEST_LOSS = "lowest loss"
    EPOCHS = "epochs until the wanted loss"

    def values(self, outcomes: SweepOutcomes) -> NDArray[np.float64]:
        """Give it for every run, nan where there is none."""
        if self is Quantity.EPOCHS:
            return np.where(outcomes.reached_epoch > 0, outcomes.reached_epoch, np.nan)
        losses = outcomes.loss if self is Quantity.LAST_LOSS else outcomes.lowest_loss
        numbers = losses.astype(np.float64)
        return np.where(np.isfinite(numbers), numbers, np.nan)


class Kind(IntEnum):
    """How a run ended."""

    UNTRAINED = 0
    KNOWN = 1
    WITHOUT = 2
    """It ended well, but the quantity is not known: it never had the wanted loss."""
    ROSE = 3
    """It ended above the loss that it began with, its numbers finite."""
    DIVERGED = 4
    """Its numbers left the finite ones."""


def kinds_of(outcomes: SweepOutcomes, values: NDArray[np.float64]) -> NDArray[np.int8]:
    """Give the `Kind` of every run, where these are the values of the quantity that is looked at."""
    kinds = np.where(np.isnan(values), np.int8(Kind.WITHOUT), np.int8(Kind.KNOWN))
    kinds[outcomes.rose] = Kind.ROSE
    kinds[outcomes.diverged_epoch > 0] = Kind.DIVERGED
    kinds[outcomes.epochs == 0] = Kind.UNTRAINED
    return kinds
