"""What it costs to keep every run: speed, room on the disk, how soon a list and a run are there, and a slow disk."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any
from unittest.mock import patch

import numpy as np
from driven_window import DrivenWindow, run_events
from figures import Figure, spread
from frame_rate import HeartBeat
from PySide6.QtCore import QObject

from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import RunStore
from gradgui.worker.jobs.run_recorder import RunRecorder

PAIRS = 14
SECONDS = 1.0
RUNS = 10_000
EPOCHS = 10_000_000
BATCH = 50_000
OPENED = 1_000_000
SLOW_SECONDS = 0.5
"""What a slow disk takes for one transaction."""
WORST_GAP = 60.0


def measure_kept_runs() -> list[Figure]:
    """Measure one window that is followed by a recorder or by none, in turns; then a slow disk, and the store."""
    with DrivenWindow() as driven:
        driven.go_full_speed()
        figures = [*_measure_speed(driven), *_measure_slow_disk(driven)]
    return [*figures, *_measure_store()]


@contextmanager
def _kept(driven: DrivenWindow) -> Iterator[RunRecorder]:
    """Have what a window trains kept for a while."""
    with TemporaryDirectory(prefix="gradgui-benchmark-") as folder:
        parent = QObject()
        recorder = RunRecorder(driven.thread.worker, Path(folder, "runs.sqlite"), parent)
        run_events(0.3)
        yield recorder
        recorder.shut_down()
        del recorder, parent


def _measure_speed(driven: DrivenWindow) -> list[Figure]:
    """Measure pairs, of which each second one begins with the other of the two: what drifts is the same for both."""
    ratios, paces, shares = [], [], []
    driven.measure_speed(SECONDS)
    for pair in range(PAIRS):
        speeds: dict[bool, float] = {}
        for is_kept in (False, True) if pair % 2 else (True, False):
            if not is_kept:
                speeds[is_kept] = driven.measure_speed(SECONDS)
                continue
            with _kept(driven):
                began, taken = perf_counter(), _recorder_seconds()
                speeds[is_kept] = driven.measure_speed(SECONDS)
                shares.append((_recorder_seconds() - taken) / (perf_counter() - began))
        ratios.append(speeds[True] / speeds[False])
        paces.append(speeds[True])
    return [
        Figure("full speed, kept ÷ not kept", median(ratios), at_least=0.97, note=spread(ratios)),
        Figure("full speed, kept, epochs/s", median(paces), note=spread(paces, 0)),
        Figure("its thread, share of a core", median(shares), at_most=0.03, note=spread(shares, 4)),
    ]


class _SlowConnection(sqlite3.Connection):
    """Waits at the end of every transaction as for a disk that does not answer."""

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if sql == "COMMIT":
            sleep(SLOW_SECONDS)
        return super().execute(sql, *parameters)


def _measure_slow_disk(driven: DrivenWindow) -> list[Figure]:
    """Measure how long the event loop does not come round while the recorder waits for the disk, and without one."""
    connect, figures = sqlite3.connect, []

    def connect_slowly(*path: Any, **options: Any) -> sqlite3.Connection:
        return connect(*path, factory=_SlowConnection, **options)

    pulse = HeartBeat()
    driven.start()
    run_events(1.0)
    pulse.start()
    run_events(3.0)
    pulse.stop()
    usual = max(pulse.gaps)
    driven.pause()
    driven.reset()
    with patch("sqlite3.connect", connect_slowly), _kept(driven) as recorder:
        pulse = HeartBeat()
        driven.start()
        run_events(1.0)
        pulse.start()
        run_events(3.0)
        pulse.stop()
        driven.pause()
        driven.reset()
        began = perf_counter()
        recorder.shut_down()
        closing = perf_counter() - began
    figures.append(
        Figure("slow disk: worst gap, ms", max(pulse.gaps), at_most=WORST_GAP, note=f"{usual:.0f} ms without keeping")
    )
    note = f"each transaction takes {SLOW_SECONDS:g} s"
    figures.append(Figure("slow disk: closing waits, s", closing, note=note))
    return figures


def _recorder_seconds() -> float:
    """Give the processor's time of the recorder's thread, 0 where the system does not tell."""
    names = [comm for comm in Path("/proc/self/task").glob("*/comm") if comm.read_text().strip() == "run recorder"]
    return sum(int(comm.with_name("schedstat").read_text().split()[0]) for comm in names) / 1e9


def _measure_store() -> list[Figure]:
    with TemporaryDirectory(prefix="gradgui-benchmark-") as folder:
        path = Path(folder, "runs.sqlite")
        store = RunStore(path)
        run = store.begin(RunSpec())
        rows = np.random.default_rng(0).normal(size=(BATCH, 4)).astype(np.float32).astype(np.float64)
        for first in range(1, EPOCHS, BATCH):
            if first == OPENED + 1:
                branch = store.begin(RunSpec(), run, OPENED)
                store.append(branch, EpochBatch(first, rows[:1]))
            store.append(run, EpochBatch(first, rows))
        store.close()
        size = path.stat().st_size / 1e6
        store = RunStore(path)
        opened = _seconds(lambda: store.log(branch))
        with store.transaction():
            for _ in range(RUNS):
                store.append(store.begin(RunSpec()), EpochBatch(1, rows[:1]))
        store.close()
        opening = _seconds(lambda: RunStore(path).close())
        store = RunStore(path)
        listing = median(_seconds(store.runs) for _ in range(5))
        store.close()
    return [
        Figure("10⁷ epochs of one parameter, MB", size, at_most=250),
        Figure("10⁶ epochs read, s", opened, at_most=0.3),
        Figure("10 000 runs listed, s", listing, at_most=0.3),
        Figure("that file opened and checked, s", opening),
    ]


def _seconds(do: Callable[[], object]) -> float:
    began = perf_counter()
    do()
    return perf_counter() - began
