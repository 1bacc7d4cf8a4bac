"""Epochs that were never trained, for windows and files that need a million of them."""

from collections.abc import Iterator

import numpy as np
from driven_window import DrivenWindow, run_events

from gradgui.record.batch import EpochBatch

BATCH_EPOCHS = 1_000
"""What the loop trains between two frames at full speed, or so."""


def make_batches(first_epoch: int, epochs: int, batch_epochs: int = BATCH_EPOCHS) -> Iterator[EpochBatch]:
    """Give epochs of the lesson's columns as batches; the loss falls and is noisy, so that a curve is hard to draw.

    Parameters
    ----------
    first_epoch
        Number of the first one.
    epochs
        How many in all.
    batch_epochs
        How many a batch, the last one has the rest.
    """
    random = np.random.default_rng(first_epoch)
    for start in range(first_epoch, first_epoch + epochs, batch_epochs):
        count = min(batch_epochs, first_epoch + epochs - start)
        falling = 1 / np.arange(start, start + count) ** 0.25
        noisy = falling[:, None] * random.lognormal(sigma=0.3, size=(count, 3))
        yield EpochBatch(start, noisy.astype(np.float32), np.full(count, 0.01))


def feed(driven: DrivenWindow, epochs: int) -> None:
    """Have the window take epochs until its log is so long, drawing frames on the way as it would in a run.

    Parameters
    ----------
    driven
        Its loop rests meanwhile.
    epochs
        How long the log is to be.
    """
    run = driven.run
    for batch in make_batches(len(run.log) + 1, epochs - len(run.log)):
        run.take_epochs(batch)
        run.clock.request()
        run_events(0)
