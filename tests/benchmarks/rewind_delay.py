"""How long it takes to go back, and what that takes of memory."""

import random
import tracemalloc
from time import perf_counter

from figures import Figure, percentile

from gradgui.engine.run import Run
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT

EPOCHS = 200_000
"""Beyond the spacing of the checkpoints the length does not count: the states are found by bisection."""
JUMPS = 200


def measure_rewind() -> list[Figure]:
    """Train far, then jump about."""
    run = Run(DEFAULT_EXPERIMENT)
    run.train(EPOCHS)
    chance = random.Random(1)
    delays = []
    for _ in range(JUMPS):
        began = perf_counter()
        run.go_to(chance.randrange(EPOCHS))
        delays.append((perf_counter() - began) * 1000)
    return [
        Figure("any epoch of 2·10⁵, median, ms", percentile(delays, 0.5), at_most=50.0),
        Figure("any epoch of 2·10⁵, worst, ms", max(delays), at_most=50.0),
        Figure("bytes a checkpoint", _bytes_a_checkpoint(), note="at most 16 384 of them"),
    ]


def _bytes_a_checkpoint() -> float:
    run = Run(DEFAULT_EXPERIMENT)
    tracemalloc.start()
    states = [run.trainer.state() for _ in range(1000)]
    size, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / len(states)
