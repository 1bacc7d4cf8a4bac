"""Where two runs part: the first epoch whose numbers are not equal to the last bit."""

import numpy as np
from msgspec import Struct

from gradgui.experiment.training_loop import Phase
from gradgui.record.training_log import TrainingLog


class FirstDifference(Struct, frozen=True):
    """The first number in which two runs differ.

    Attributes
    ----------
    epoch
        The epoch in which they part, counted from 1.
    phase
        The phase that gives other numbers, None when the epoch begins with them.
    name
        What differs: ``w``, ``w.grad``, ``loss``, ``y_pred of point 2``, ``w.exp_avg``; empty when it is the error.
    first, second
        The number in either run, or None where it has none.
    errors
        What PyTorch raised in either run, empty where it did not.
    """

    epoch: int
    phase: Phase | None
    name: str = ""
    first: float | None = None
    second: float | None = None
    errors: tuple[str, str] = ("", "")


def first_differing_epoch(first: TrainingLog, second: TrainingLog) -> int | None:
    """Find the first epoch in which two logs differ in a column that both have, bit by bit.

    Returns
    -------
    int or None
        The epoch; None when all that both have is equal.
    """
    length, found = min(len(first), len(second)), []
    for name in first.columns.names:
        if name not in second.columns.names:  # what only one optimizer remembers
            continue
        one, other = (log.column(name)[:length].astype(np.float64) for log in (first, second))
        differs = one.view(np.int64) != other.view(np.int64)
        place = int(np.argmax(differs)) if length else 0
        if length and differs[place]:
            found.append(place + 1)
    return min(found, default=None)
