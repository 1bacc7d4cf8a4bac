"""What became of every run of a sweep."""

import math
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from gradgui.experiment.sweep.sweep import Sweep
from gradgui.record.loss_density import LossDensity

Whole = NDArray[np.int64]
Numbers = NDArray[np.floating[Any]]


class LossCurves(Struct, frozen=True, eq=False):
    """The loss of all runs over the epochs, every so many of which are kept.

    Attributes
    ----------
    epochs
        Those that are kept, ascending, shape ``(kept,)``.
    losses
        Shape ``(kept, runs)``; nan behind a run's last epoch.
    """

    epochs: Whole
    losses: Numbers


class SweepOutcomes(Struct, frozen=True, eq=False):
    """How the runs of a sweep ended, of shape ``(runs,)`` each; an epoch that there is not is 0.

    Attributes
    ----------
    sweep
        What was trained.
    epochs
        How many epochs each run has: fewer than the sweep's where it diverged or was cancelled, 0 before its first.
    loss
        Of its last epoch, in the runs' own dtype; nan before the first.
    parameters
        After its last epoch, shape ``(runs, parameters)``.
    lowest_loss, lowest_epoch
        The lowest loss that it had, infinite where it had none that is a number, and the first epoch that had it.
    diverged_epoch
        The epoch in which its numbers left the finite ones.
    reached_epoch
        The first epoch whose loss was at most the wanted one.
    curves
        The loss of every run over the epochs.
    curvature
        The largest eigenvalue of the loss's Hessian where it is the same everywhere and for all runs, nan elsewhere.
    density
        The curves as a picture, None where nobody has drawn it yet.
    """

    sweep: Sweep
    epochs: Whole
    loss: Numbers
    parameters: Numbers
    lowest_loss: Numbers
    lowest_epoch: Whole
    diverged_epoch: Whole
    reached_epoch: Whole
    curves: LossCurves
    curvature: float = math.nan
    density: LossDensity | None = None

    @property
    def trained(self) -> int:
        """The epochs of the run that has most."""
        return int(self.epochs.max(initial=0))

    @property
    def best(self) -> int | None:
        """The run with the lowest last loss, of several that which had it first; None where none has a finite one."""
        known = np.where(np.isfinite(self.loss), self.loss, np.inf)
        lowest = known.min()
        alike = np.flatnonzero(known == lowest)
        return int(alike[self.lowest_epoch[alike].argmin()]) if np.isfinite(lowest) else None

    @property
    def rose(self) -> NDArray[np.bool_]:
        """Whether a run ended above the loss that it began with, its numbers finite or not."""
        kept = self.curves.losses
        first = kept[0] if len(kept) else np.full(len(self.loss), np.nan)
        return np.asarray((self.epochs > 0) & ~(self.loss <= first))
