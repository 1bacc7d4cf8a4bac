"""How soon the map of 65 536 runs is drawn anew, as it is again and again while they train."""

from statistics import median
from time import perf_counter

import numpy as np
from figures import Figure, percentile, spread
from PySide6.QtWidgets import QApplication

from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.experiment.sweep.varied import Varied
from gradgui.record.sweep_outcomes import LossCurves, SweepOutcomes
from gradgui.ui.app.application import Application
from gradgui.ui.app.theme import LIGHT
from gradgui.ui.sweeps.sweep_map import SweepMap

SIDE = 256
ROUNDS = 60
KEPT = 16


def measure_sweep_map() -> list[Figure]:
    """Draw outcomes that differ from frame to frame, in a plot of 700 by 450 pixels."""
    application = QApplication.instance() or Application([])
    sweep = Sweep(
        DEFAULT_EXPERIMENT,
        (Varied("start.w", -3.0, 3.0, SIDE), Varied("learning_rate", 1e-3, 1.0, SIDE, "log")),
        epochs=ROUNDS + 1,
    )
    plot = SweepMap()
    plot.set_theme(LIGHT)
    plot.resize(700, 450)
    plot.show()
    costs = []
    for epoch in range(1, ROUNDS + 1):
        outcomes = _outcomes(sweep, epoch)
        application.processEvents()
        began = perf_counter()
        plot.show_outcomes(outcomes)
        application.processEvents()
        costs.append((perf_counter() - began) * 1000)
    return [
        Figure("65 536 runs drawn anew, ms", median(costs[1:]), at_most=16.0, note=spread(costs[1:], 1)),
        Figure("its p95, ms", percentile(costs[1:], 0.95)),
    ]


def _outcomes(sweep: Sweep, epoch: int) -> SweepOutcomes:
    """Make up outcomes: a third of the runs has diverged, some rose."""
    numbers, runs = np.random.default_rng(epoch), sweep.runs
    losses = (10.0 ** numbers.uniform(-8.0, 3.0, (KEPT, runs))).astype(np.float32)
    diverged = np.where(numbers.random(runs) < 1 / 3, numbers.integers(1, epoch + 1, runs), 0)
    return SweepOutcomes(
        sweep=sweep,
        epochs=np.where(diverged > 0, diverged, epoch),
        loss=losses[-1],
        parameters=np.zeros((runs, 1), np.float32),
        lowest_loss=losses.min(axis=0),
        lowest_epoch=np.ones(runs, np.int64),
        diverged_epoch=diverged,
        reached_epoch=np.zeros(runs, np.int64),
        curves=LossCurves(np.arange(1, KEPT + 1), losses),
    )
