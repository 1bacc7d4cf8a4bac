"""What a million data points leave of the loop's speed, and of the window's."""

from random import Random
from statistics import median

from bare_loop import measure_bare_loop
from driven_window import DrivenWindow, run_events
from figures import Figure, spread
from frame_costs import measure_frame_costs
from frame_rate import HeartBeat, gap_figures
from msgspec import structs

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment

POINTS = 1_000_000
ROUNDS = 3
SECONDS = 5.0
GAP_SECONDS = 10.0
WANTED = 0.95
WANTED_FRAME_MS = 16.0


def make_problem(points: int) -> Experiment:
    """Give the lesson with so many points, scattered about its line."""
    random = Random(0)
    x = tuple(random.uniform(1.0, 4.0) for _ in range(points))
    return structs.replace(
        DEFAULT_EXPERIMENT, data=Data(x, tuple(2.0 * value + random.gauss(0.0, 0.5) for value in x))
    )


def measure_many_points() -> list[Figure]:
    """Measure the window and the bare loop with the same points in turns, then the window alone."""
    problem = make_problem(POINTS)
    bare, live = [], []
    with DrivenWindow() as driven:
        driven.open(problem)
        driven.go_full_speed()
        for _ in range(ROUNDS):
            live.append(driven.measure_speed(SECONDS))
            bare.append(measure_bare_loop(SECONDS, problem.data, look_every=1))
        pulse = HeartBeat()
        driven.start()
        run_events(1.0)
        pulse.start()
        run_events(GAP_SECONDS)
        pulse.stop()
        driven.pause()
        run_events(1.0)
        costs = measure_frame_costs(driven, new_epochs=False, new_fit=True)
    return [
        Figure("window ÷ bare loop", median(live) / median(bare), at_least=WANTED),
        Figure("window, epochs/s", median(live), note=spread(live, 1)),
        Figure("bare loop, epochs/s", median(bare), note=spread(bare, 1)),
        Figure("fit taken → painted, ms", median(costs), at_most=WANTED_FRAME_MS, note=spread(costs, 1)),
        *gap_figures(pulse.gaps, f"in {GAP_SECONDS:g} s"),
    ]
