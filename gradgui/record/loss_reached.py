"""When a run first had a loss."""

from weakref import WeakKeyDictionary

import numpy as np

from gradgui.record.training_log import TrainingLog

_BLOCK = 1 << 20
"""Epochs that are looked at together."""


class LossReached:
    """Find the first epoch whose loss is at most a number; of a log that grows only what is new is looked at.

    Parameters
    ----------
    loss
        The number.

    Attributes
    ----------
    loss
        As given.
    """

    def __init__(self, loss: float) -> None:
        self.loss = loss
        self._seen: WeakKeyDictionary[TrainingLog, tuple[int, int, int]] = WeakKeyDictionary()

    def epoch(self, log: TrainingLog) -> int | None:
        """Give that epoch of a log, None where there is none."""
        truncations, searched, found = self._seen.get(log, (log.truncations, 0, 0))
        if truncations != log.truncations:
            searched = found = 0
        while not found and searched < len(log):
            stop = min(searched + _BLOCK, len(log))
            low = log.values("loss", np.arange(searched + 1, stop + 1)) <= self.loss
            if low.any():
                found = searched + 1 + int(np.argmax(low))
            searched = stop
        self._seen[log] = log.truncations, searched, found
        return found or None
