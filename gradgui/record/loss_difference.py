"""The difference of two runs' losses, epoch by epoch."""

import numpy as np

from gradgui.experiment.columns import Columns
from gradgui.record.batch import EpochBatch
from gradgui.record.training_log import TrainingLog


class LossDifference:
    """The first run's loss less the second's, over the epochs that both have; it grows as they do.

    Parameters
    ----------
    first, second
        The logs of the runs.

    Attributes
    ----------
    log
        Whose column ``loss`` is the difference, in float64; nan where there is none.
    """

    def __init__(self, first: TrainingLog, second: TrainingLog) -> None:
        self.first, self.second = first, second
        self._begin()

    def _begin(self) -> None:
        self.log = TrainingLog(Columns({}), "float64")
        self._truncations = self.first.truncations, self.second.truncations

    def follow(self) -> None:
        """Take the epochs that came since into account."""
        if self._truncations != (self.first.truncations, self.second.truncations):
            self._begin()
        done, common = len(self.log), min(len(self.first), len(self.second))
        if common > done:
            epochs = np.arange(done + 1, common + 1)
            with np.errstate(invalid="ignore", over="ignore"):
                difference = self.first.values("loss", epochs) - self.second.values("loss", epochs)
            self.log.append(EpochBatch(done + 1, np.column_stack([difference, np.zeros(len(epochs))])))
