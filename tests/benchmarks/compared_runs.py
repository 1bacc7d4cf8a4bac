"""What a frame costs while many long runs are drawn beside the present one."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from driven_window import DrivenWindow, run_events
from fed_epochs import feed, make_batches
from figures import Figure, spread
from frame_costs import measure_frame_costs
from msgspec.structs import replace

from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.run_store import RunStore
from gradgui.ui.plots.epoch_panels import LossPanel
from gradgui.worker.jobs.run_recorder import RunRecorder

RUNS = 20
EPOCHS = 100_000
LAST = 10_000
"""Epochs that are followed, so that every frame moves the range."""
WANTED_MS = 16.0


def measure_compared_runs() -> list[Figure]:
    """Measure frames with and without the runs, then with a range that moves, then with all of them smoothed."""
    with TemporaryDirectory(prefix="gradgui-benchmark-") as folder, DrivenWindow() as driven:
        path, window = Path(folder, "runs.sqlite"), driven.window
        runs = _keep(path)
        recorder = RunRecorder(driven.thread.worker, path, window)
        window.kept_runs.follow(recorder, path)
        compared = window.compared_runs
        feed(driven, EPOCHS, EPOCHS // 100)
        run_events(0.5)
        alone = measure_frame_costs(driven)
        began, worst = perf_counter(), 0.0
        for run in runs:
            compared.tick(run, True)
        while compared.reading:
            turn = perf_counter()
            run_events(0)
            worst = max(worst, perf_counter() - turn)
        read = perf_counter() - began
        run_events(0.5)
        comparison = window._docks.view(LossPanel).plot.comparison
        assert comparison is not None
        assert len(comparison.overlays.drawn) == RUNS
        costs = measure_frame_costs(driven)
        window._docks.follow(LAST)
        run_events(0.5)
        moving = measure_frame_costs(driven)
        compared.smooth(0.99)
        run_events(0.5)
        smooth = measure_frame_costs(driven)
        compared.clear()
        window.kept_runs.close()
        recorder.shut_down()
    return [
        Figure("frame, ms", median(costs), at_most=WANTED_MS, note=spread(costs, 1)),
        Figure("frame, no runs compared, ms", median(alone), note=spread(alone, 1)),
        Figure("frame, range moves, ms", median(moving), at_most=WANTED_MS, note=spread(moving, 1)),
        Figure("frame, range moves, smoothed, ms", median(smooth), at_most=WANTED_MS, note=spread(smooth, 1)),
        Figure("20 runs read, s", read),
        Figure("longest wait meanwhile, ms", worst * 1000),
    ]


def _keep(path: Path) -> list[int]:
    store = RunStore(path)
    runs = []
    for place in range(RUNS):
        runs.append(store.begin(RunSpec(replace(DEFAULT_EXPERIMENT, learning_rate=0.01 * (place + 1)))))
        for batch in make_batches(1, EPOCHS, EPOCHS // 4):
            store.append(runs[-1], replace(batch, rows=batch.rows * np.float64(1 + 0.1 * place)))
    store.close()
    return runs
