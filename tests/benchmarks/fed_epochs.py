"""Epochs that were never trained, for windows and files that need a million of them."""

from collections.abc import Iterator

import numpy as np
from driven_window import DrivenWindow, run_events
from msgspec.structs import replace
from PySide6.QtCore import QObject, Slot

from gradgui.record.batch import EpochBatch

BATCH_EPOCHS = 1_000
"""What the loop trains between two frames at full speed, or so."""


def make_batches(
    first_epoch: int, epochs: int, batch_epochs: int = BATCH_EPOCHS, parameters: int = 1
) -> Iterator[EpochBatch]:
    """Give epochs as batches; the numbers fall and are noisy, so that a curve is hard to draw.

    Parameters
    ----------
    first_epoch
        Number of the first one.
    epochs
        How many in all.
    batch_epochs
        How many a batch, the last one has the rest.
    parameters
        How many the model has.
    """
    random = np.random.default_rng(first_epoch)
    for start in range(first_epoch, first_epoch + epochs, batch_epochs):
        count = min(batch_epochs, first_epoch + epochs - start)
        falling = 1 / np.arange(start, start + count) ** 0.25
        noisy = falling[:, None] * random.lognormal(sigma=0.3, size=(count, 1 + 2 * parameters))
        yield EpochBatch(start, np.column_stack([noisy, np.full(count, 0.01)]))


def feed(driven: DrivenWindow, epochs: int, batch_epochs: int = BATCH_EPOCHS) -> None:
    """Have the window take epochs until its log is so long, drawing frames on the way as it would in a run.

    Parameters
    ----------
    driven
        Its loop rests meanwhile.
    epochs
        How long the log is to be.
    batch_epochs
        How many a frame.
    """
    run = driven.run
    for batch in make_batches(len(run.log) + 1, epochs - len(run.log), batch_epochs, len(run.experiment.parameters)):
        run.take_epochs(batch)
        run.clock.request()
        run_events(0)


class Stretcher(QObject):
    """Make a run that is under way look longer than it is: what comes from the loop goes to the end of the log.

    The batches come as they do in any run, one a frame and when the window has asked; it is their numbers that
    change, and, while it stretches, how many epochs they have.

    Parameters
    ----------
    driven
        Its loop runs at full speed. When it rests, the epochs that were never trained are forgotten.

    Attributes
    ----------
    batch_epochs
        How many epochs that were never trained stand in for a batch; 0 leaves it as it is.
    """

    def __init__(self, driven: DrivenWindow, batch_epochs: int = 0) -> None:
        super().__init__(driven.window)
        self._run = driven.run
        self.batch_epochs = batch_epochs
        self._made = next(make_batches(1, batch_epochs, batch_epochs)) if batch_epochs else None
        finished = driven.thread.worker.epochs_finished
        finished.disconnect(self._run.take_epochs)
        finished.connect(self._take)

    @Slot(EpochBatch)
    def _take(self, batch: EpochBatch) -> None:
        first = len(self._run.log) + 1
        if self._made is not None and self.batch_epochs:
            batch = replace(self._made, rows=self._made.rows * first**-0.25)
        self._run.take_epochs(replace(batch, first_epoch=first))
