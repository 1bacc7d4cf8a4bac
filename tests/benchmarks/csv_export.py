"""How long the export of a long log takes, beside pandas with the same table."""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import pandas as pd
from fed_epochs import make_batches
from figures import Figure, spread

from gradgui.record.csv_file import write_csv
from gradgui.record.training_log import TrainingLog

EPOCHS = 1_000_000
ROUNDS = 3


def measure_csv() -> list[Figure]:
    """Write a million epochs with both in turns. They are noisy: hardly a number comes twice."""
    log = TrainingLog(("w",), "float32")
    for batch in make_batches(1, EPOCHS):
        log.append(batch)
    table = pd.DataFrame({name: log.column(name) for name in log.column_names})
    ours, theirs = [], []
    with TemporaryDirectory(prefix="gradgui-benchmark-") as folder:
        path = Path(folder, "log.csv")
        for _ in range(ROUNDS):
            ours.append(_seconds(lambda: write_csv(log.snapshot(), path)))
            theirs.append(_seconds(lambda: table.to_csv(path, index=False)))
    return [
        Figure("write_csv ÷ pandas", median(ours) / median(theirs)),
        Figure("write_csv, s", median(ours), note=spread(ours, 2)),
        Figure("pandas to_csv, s", median(theirs), note=spread(theirs, 2)),
    ]


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
