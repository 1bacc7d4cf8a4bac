"""How long the export of a long log takes, beside pandas with the same table, and how the window fares meanwhile."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import pandas as pd
from driven_window import DrivenWindow, run_events, wait_until
from fed_epochs import feed, make_batches
from figures import Figure, spread
from frame_rate import HeartBeat, gap_figures

from gradgui.experiment.columns import Columns
from gradgui.record.csv_file import csv_chunks, write_csv
from gradgui.record.training_log import TrainingLog
from gradgui.worker.jobs.export import Export

EPOCHS = 1_000_000
ROUNDS = 3
WANTED = 1.0
PATIENCE = 300.0


def measure_csv() -> list[Figure]:
    """Write a million epochs with both, then from the window."""
    return [*measure_writers(), *_measure_gaps()]


def measure_writers(epochs: int = EPOCHS, rounds: int = ROUNDS) -> list[Figure]:
    """Write epochs with both in turns. They are noisy: hardly a number comes twice."""
    log = TrainingLog(Columns({"w": ()}), "float32")
    for batch in make_batches(1, epochs):
        log.append(batch)
    table = pd.DataFrame({name: log.column(name) for name in log.column_names})
    ours, theirs = [], []
    with TemporaryDirectory(prefix="gradgui-benchmark-") as folder:
        path = Path(folder, "log.csv")
        for _ in range(rounds):
            ours.append(_seconds(lambda: write_csv(log.snapshot(), path)))
            theirs.append(_seconds(lambda: table.to_csv(path, index=False)))
    return [
        Figure("write_csv ÷ pandas", median(ours) / median(theirs), at_most=WANTED),
        Figure("write_csv, s", median(ours), note=spread(ours, 2)),
        Figure("pandas to_csv, s", median(theirs), note=spread(theirs, 2)),
    ]


def _measure_gaps() -> list[Figure]:
    """Export the log of a window, in the thread in which it is written for a person."""
    with DrivenWindow() as driven, TemporaryDirectory(prefix="gradgui-benchmark-") as folder:
        feed(driven, EPOCHS, EPOCHS // 100)
        run_events(0.5)
        exporter = driven.window.exporter
        pulse = HeartBeat()
        pulse.start()
        began = perf_counter()
        exporter.begin(Export(Path(folder, "log.csv"), partial(csv_chunks, driven.run.log.snapshot()), "Saved."))
        wait_until(lambda: not exporter.busy, exporter.ended, PATIENCE)
        seconds = perf_counter() - began
        pulse.stop()
    return [Figure("from the window, s", seconds), *gap_figures(pulse.gaps, "in an export")]


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
