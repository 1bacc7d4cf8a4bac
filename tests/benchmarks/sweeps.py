"""What it takes to train many runs as one graph: beside the same runs one after another, and 65 536 of them."""

import resource
from statistics import median
from time import perf_counter

import torch
from driven_window import DrivenWindow, run_events, wait_until
from figures import Figure, spread
from frame_rate import HeartBeat, gap_figures
from msgspec.structs import replace

from gradgui.engine.sweeps.stacks import Stacks
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.experiment.sweep.varied import Varied

RUNS, EPOCHS = 256, 50
PATIENCE = 120.0
ALONE = 8
"""Of the runs so many are trained alone: each takes as long as any other."""
TURNS = 7
WANTED = {4: 60.0, 100: 60.0, 1000: 7.0}
"""By points: how many times as fast the stack is to be."""
MANY = Sweep(DEFAULT_EXPERIMENT, (Varied("learning_rate", 0.001, 0.2, 256), Varied("start.w", -5.0, 5.0, 256)), 100)


def measure_sweeps() -> list[Figure]:
    """Measure a line with two parameters, the lesson 65 536 times, and the memory that this takes."""
    figures = [_measure_stack(points, wanted) for points, wanted in WANTED.items()]
    seconds = [_seconds(MANY) for _ in range(3)]
    figures.append(Figure("65 536 runs of 100 epochs, s", median(seconds), at_most=6.0, note=spread(seconds)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*figures, Figure("the process's most memory, MB", peak, at_most=1000.0)]


def _seconds(sweep: Sweep) -> float:
    began = perf_counter()
    for _ in Stacks(sweep).train():
        pass
    return perf_counter() - began


def _measure_stack(points: int, wanted: float) -> Figure:
    x = torch.linspace(0.0, 1.0, points).tolist()
    y = [2.0 * value + 1.0 for value in x]
    line = Experiment("w*x + b", (Parameter("w", 0.0), Parameter("b", 0.0)), Data(x, y))
    sweep = Sweep(line, (Varied("learning_rate", 0.001, 0.5, RUNS),), EPOCHS)
    _seconds(sweep)
    ratios = []
    for _ in range(TURNS):
        together = _seconds(sweep)
        began = perf_counter()
        for values in sweep.cells[:: RUNS // ALONE]:
            _train_alone(x, y, values[0])
        ratios.append((perf_counter() - began) * RUNS / ALONE / together)
    return Figure(
        f"{RUNS} runs, {points} points: one after another ÷ as one graph", median(ratios), wanted, note=spread(ratios)
    )


def _train_alone(x_values: list[float], y_values: list[float], rate: float) -> list[tuple[float, ...]]:
    """Train one run as the notebook does, with what a sweep keeps of each epoch."""
    x, y = torch.tensor(x_values), torch.tensor(y_values)
    w, b = (torch.tensor(0.0, requires_grad=True) for _ in range(2))
    rows: list[tuple[float, ...]] = []
    for _ in range(EPOCHS):
        loss = ((y - (w * x + b)) ** 2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            w -= rate * w.grad  # type: ignore[operator]
            b -= rate * b.grad  # type: ignore[operator]
        rows.append((loss.item(), w.item(), b.item(), w.grad.item(), b.grad.item()))  # type: ignore[union-attr]
        w.grad.zero_()  # type: ignore[union-attr]
        b.grad.zero_()  # type: ignore[union-attr]
    return rows


def measure_sweep_beside_window() -> list[Figure]:
    """Measure the window's gaps while a sweep is trained: beside a loop that rests, and one that runs."""
    figures = []
    with DrivenWindow() as driven:
        sweeps = driven.window.sweeps
        sweeps.show()
        run_events(1.0)
        for when in ("the loop rests", "the loop runs"):
            if when == "the loop runs":
                driven.start()
            pulse = HeartBeat()
            pulse.start()
            sweeps.begin(replace(MANY, epochs=400))
            wait_until(lambda: not sweeps.training.busy, sweeps.training.ended, PATIENCE)
            pulse.stop()
            figures += gap_figures(pulse.gaps, f"65 536 runs, {when}", f" while {when}")
            run_events(0.5)
        driven.pause()
    return figures
