"""States kept along a run, so that any epoch is a short replay away and memory stays bounded."""

from bisect import bisect_right

from gradgui.engine.state import TrainerState

MOST_CHECKPOINTS = 16_384
FIRST_SPACING = 64
"""Epochs between two checkpoints to begin with: some two milliseconds of replay for the lesson."""


class Checkpoints:
    """The states of a run at evenly spaced epochs; the spacing doubles whenever there are too many.

    Parameters
    ----------
    start
        The state before the first epoch, always kept.

    Attributes
    ----------
    spacing
        Epochs between two checkpoints.
    """

    def __init__(self, start: TrainerState) -> None:
        self.spacing = FIRST_SPACING
        self._states = [start]

    def __len__(self) -> int:
        return len(self._states)

    def epochs_until_next(self, epoch: int) -> int:
        """Give the number of epochs from this one to the next that is due to be kept, at least 1."""
        return self.spacing - epoch % self.spacing

    def keep(self, state: TrainerState) -> None:
        """Keep a state if it is due and new."""
        if state.epoch % self.spacing or state.epoch <= self._states[-1].epoch:
            return
        self._states.append(state)
        if len(self._states) > MOST_CHECKPOINTS:
            self.spacing *= 2
            self._states = [kept for kept in self._states if kept.epoch % self.spacing == 0]

    def latest(self, epoch: int) -> TrainerState:
        """Give the kept state nearest to an epoch that is not after it."""
        return self._states[bisect_right(self._states, epoch, key=_epoch) - 1]

    def forget_after(self, epoch: int) -> None:
        """Drop the states after an epoch: they belong to a future that no longer comes."""
        del self._states[bisect_right(self._states, epoch, key=_epoch) :]


def _epoch(state: TrainerState) -> int:
    return state.epoch
