"""How soon ten thousand runs are listed and searched in the window, and a long one is open and drawn."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from driven_window import DrivenWindow, run_events, wait_until
from figures import Figure, spread
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QLineEdit

from gradgui.engine.run import Run
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import Ended, RunStore
from gradgui.ui.runs.runs_panel import RunsPanel
from gradgui.worker.jobs.run_recorder import RunRecorder

RUNS = 10_000
EPOCHS = 1_000_000
TRAINED, TO_THE_END = 50_000, 5_000
SEARCHES = ("diverged", "99", "w", "", "run that nobody has", "2026")


def measure_runs_panel() -> list[Figure]:
    """Fill a file of runs, open the panel, search, and open the longest run."""
    with TemporaryDirectory(prefix="gradgui-benchmark-") as folder, DrivenWindow() as driven:
        path, window = Path(folder, "runs.sqlite"), driven.window
        _fill(path)
        recorder = RunRecorder(driven.thread.worker, path, window)
        window.kept_runs.follow(recorder, path)
        run_events(1.0)
        opened = _seconds(driven.action("kept_runs").trigger)
        panel = window.findChild(RunsPanel)
        assert panel is not None
        assert panel.model.count == RUNS
        search = driven._find(QLineEdit, "runs_search")
        searches = [_seconds(partial(search.setText, text)) for text in SEARCHES]
        began = perf_counter()
        window.kept_runs.open(1)
        QApplication.processEvents()
        drawn = perf_counter() - began
        wait_until(lambda: not driven.run.is_awaited, driven.run.status_changed)
        taken_up = perf_counter() - began
        assert driven.run.epoch == EPOCHS
        window.kept_runs.close()
        recorder.shut_down()
    return [
        Figure("10 000 runs listed, s", opened, at_most=0.3),
        Figure("searched, longest, ms", max(searches) * 1000, at_most=50.0, note=spread(searches)),
        Figure("searched, median, ms", median(searches) * 1000),
        Figure("10⁶ epochs opened and drawn, s", drawn, at_most=0.3),
        Figure("and ready to go on, 5 000 epochs trained again, s", taken_up),
    ]


def _fill(path: Path) -> None:
    """Keep one long run with a checkpoint, and many short ones that are only rows.

    The lesson stands still in float32 long before its 50 000th epoch: what comes after is the last row again.
    """
    experiment = replace(DEFAULT_EXPERIMENT, epochs=EPOCHS)
    run = Run(experiment)
    rows = run.train(TRAINED).rows
    state = replace(run.trainer.state(), epoch=EPOCHS - TO_THE_END)
    store = RunStore(path)
    long = store.begin(RunSpec(experiment))
    with store.transaction():
        store.append(long, EpochBatch(1, rows))
        for first in range(TRAINED, EPOCHS, TRAINED):
            store.append(long, EpochBatch(first + 1, np.repeat(rows[-1:], TRAINED, axis=0)))
        store.keep_checkpoint(long, state.epoch, state.to_bytes())
        store.update(long, RunSpec(experiment), Ended.FINISHED)
        for _ in range(RUNS - 1):
            store.append(store.begin(RunSpec()), EpochBatch(1, np.ones((1, 4))))
    store.close()


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    QApplication.processEvents()
    return perf_counter() - began
