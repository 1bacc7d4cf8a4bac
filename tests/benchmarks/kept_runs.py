"""What it costs to keep every run: speed, room on the disk, and how soon a list and a run are there."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from driven_window import DrivenWindow, run_events
from figures import Figure, spread
from machine import choose_platform

from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import RunStore
from gradgui.worker.jobs.run_recorder import RunRecorder

PAIRS = 6
ROUNDS = 3
SECONDS = 4.0
RUNS = 10_000
EPOCHS = 10_000_000
BATCH = 50_000
OPENED = 1_000_000


def measure_kept_runs() -> list[Figure]:
    """Measure the window with and without keeping, in turns of fresh processes, and then the store by itself."""
    ratios, paces, shares = [], [], []
    for _ in range(PAIRS):
        (without, _), (kept, share) = (_speed_of(mode) for mode in ("without", "kept"))
        ratios.append(kept / without)
        paces.append(kept)
        shares.append(share)
    return [
        Figure("full speed, kept ÷ not kept", median(ratios), at_least=0.97, note=spread(ratios)),
        Figure("full speed, kept, epochs/s", median(paces), note=spread(paces, 0)),
        Figure("its thread, share of a core", median(shares), at_most=0.03, note=spread(shares, 4)),
        *_measure_store(),
    ]


def _speed_of(mode: str) -> tuple[float, float]:
    done = subprocess.run([sys.executable, __file__, mode], check=True, stdout=subprocess.PIPE)
    speed, share = json.loads(done.stdout)
    return speed, share


def _measure_window(mode: str) -> tuple[float, float]:
    """Give epochs a second, and what the recorder's thread takes of a core meanwhile."""
    with TemporaryDirectory(prefix="gradgui-benchmark-") as folder, DrivenWindow() as driven:
        recorder = None
        if mode == "kept":
            recorder = RunRecorder(driven.thread.worker, Path(folder, "runs.sqlite"), driven.window)
            run_events(0.5)
        driven.go_full_speed()
        driven.measure_speed(1.0)
        began, taken = perf_counter(), _recorder_seconds()
        speed = median(driven.measure_speed(SECONDS) for _ in range(ROUNDS))
        share = (_recorder_seconds() - taken) / (perf_counter() - began)
        if recorder is not None:
            recorder.shut_down()
    return speed, share


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
        listing = _seconds(store.runs)
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


if __name__ == "__main__":
    choose_platform()
    print(json.dumps(_measure_window(sys.argv[1])))
