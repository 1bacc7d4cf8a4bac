"""What a list of runs shows of each, without its log."""

import math
from enum import Enum

from msgspec import Struct


class RunStoreError(ValueError):
    """A run that is not there or is damaged; its text is one sentence."""


class Ended(Enum):
    """How a run ended."""

    RUNNING = "running"
    FINISHED = "finished"
    DIVERGED = "diverged"
    UNDEFINED = "undefined"
    STOPPED_EARLY = "stopped early"
    PAUSED = "paused"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """Its process has ended while it was running. Never in the file: it follows from a lock that is held no more."""


class RunSummary(Struct, frozen=True):
    """A run as a list shows it.

    Attributes
    ----------
    id
        Its number in the file; never given to another run.
    began
        When it was begun, in seconds since 1970 (UTC).
    model, loss, optimizer, learning_rate
        Of its experiment, as at its start; of the optimizer the name.
    parent
        The run that it left, None for one that began at epoch 0 by itself.
    branch_epoch
        How many epochs it has in common with its parent.
    epochs
        How many it has, those in common included.
    final_loss
        Of the last epoch; may be nan or infinite.
    lowest_loss, lowest_epoch
        The least finite loss and the first epoch that had it; nan and 0 when there is none.
    ended, reason
        How it ended, and one sentence where there is more to say.
    name, note, starred
        What a person gave it.
    """

    id: int
    began: float
    model: str
    loss: str
    optimizer: str
    learning_rate: float
    parent: int | None = None
    branch_epoch: int = 0
    epochs: int = 0
    final_loss: float = math.nan
    lowest_loss: float = math.nan
    lowest_epoch: int = 0
    ended: Ended = Ended.RUNNING
    reason: str = ""
    name: str = ""
    note: str = ""
    starred: bool = False

    @property
    def title(self) -> str:
        """What it is called: its name, or else its model."""
        return self.name or self.model
