"""How much of the bare loop's speed is left when a whole window follows it."""

from statistics import median

from bare_loop import measure_bare_loop
from driven_window import DrivenWindow
from figures import Figure, spread

ROUNDS = 6
SECONDS = 6.0
WANTED = 0.90


def measure_full_speed(rounds: int = ROUNDS, seconds: float = SECONDS) -> list[Figure]:
    """Measure epochs a second of window and bare loop in turns, so that both meet the same machine."""
    bare, live = [], []
    with DrivenWindow() as driven:
        driven.go_full_speed()
        measure_bare_loop(seconds / 4)
        bare.append(measure_bare_loop(seconds))
        for _ in range(rounds):
            live.append(driven.measure_speed(seconds))
            bare.append(measure_bare_loop(seconds))
    ratios = [2 * speed / (bare[i] + bare[i + 1]) for i, speed in enumerate(live)]
    return [
        Figure("window ÷ bare loop", median(live) / median(bare), at_least=WANTED, note=spread(ratios)),
        Figure("window, epochs/s", median(live), note=spread(live, 0)),
        Figure("bare loop, epochs/s", median(bare), note=spread(bare, 0)),
    ]
