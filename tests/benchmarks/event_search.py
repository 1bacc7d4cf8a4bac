"""How soon the last epoch is found in which something happened, in a log in which it never did or was the first."""

from time import perf_counter

import numpy as np
from figures import Figure

from gradgui.experiment.columns import Columns
from gradgui.record.batch import EpochBatch
from gradgui.record.event_search import last_epoch_where
from gradgui.record.events import BecameNotFinite, Event, GradientChangedSign, LossBelow, LossRose, ParameterCrossed
from gradgui.record.training_log import TrainingLog

EPOCHS = 10_000_000
BATCH = 500_000
ROUNDS = 5
AT_MOST = 0.2

EVENTS: dict[str, Event] = {
    "the loss rose": LossRose(),
    "a gradient changed sign": GradientChangedSign(),
    "a parameter crossed a value": ParameterCrossed("w", 5.0),
    "a number became inf or nan": BecameNotFinite(),
    "the loss first fell below a value": LossBelow(-1.0),
}


def measure_event_search() -> list[Figure]:
    """Search a log of two parameters from its end to its first epoch: nothing of it is there."""
    log = TrainingLog(Columns({"w": (), "b": ()}), "float32")
    for first in range(1, EPOCHS, BATCH):
        loss = np.linspace(2.0 - first / EPOCHS, 2.0 - (first + BATCH) / EPOCHS, BATCH)
        log.append(EpochBatch(first, np.column_stack([loss, loss, loss, loss, loss, np.full(BATCH, 0.01)])))
    figures = []
    for name, event in EVENTS.items():
        seconds = []
        for _ in range(ROUNDS):
            began = perf_counter()
            found = last_epoch_where(log, event, EPOCHS + 1)
            seconds.append(perf_counter() - began)
            if found is not None:
                raise RuntimeError(f"{name} at epoch {found}")
        figures.append(Figure(f"10⁷ epochs: {name}, s", sorted(seconds)[ROUNDS // 2], at_most=AT_MOST))
    return figures
