"""How much of the bare loop's speed is left when a whole window follows it."""

import json
import subprocess
import sys
from statistics import median

from bare_loop import measure_bare_loop
from driven_window import DrivenWindow
from figures import Figure, spread
from machine import choose_platform

PROCESSES = 5
"""From one process to the next the ratio varies by a twentieth, as objects lie elsewhere in memory."""
ROUNDS = 3
SECONDS = 5.0
WANTED = 0.90


def measure_full_speed() -> list[Figure]:
    """Measure epochs a second of window and bare loop in turns, in several fresh processes."""
    bare: list[float] = []
    live: list[float] = []
    ratios: list[float] = []
    for _ in range(PROCESSES):
        done = subprocess.run([sys.executable, __file__], check=True, stdout=subprocess.PIPE)
        theirs, ours = json.loads(done.stdout)
        bare += theirs
        live += ours
        ratios.append(median(ours) / median(theirs))
    return [
        Figure("window ÷ bare loop", median(ratios), at_least=WANTED, note=f"of processes: {spread(ratios)}"),
        Figure("window, epochs/s", median(live), note=spread(live, 0)),
        Figure("bare loop, epochs/s", median(bare), note=spread(bare, 0)),
    ]


def measure_in_turns(rounds: int, seconds: float) -> tuple[list[float], list[float]]:
    """Give epochs a second of bare loop and window in one process, in turns, so that both meet the same machine."""
    bare, live = [], []
    with DrivenWindow() as driven:
        driven.go_full_speed()
        measure_bare_loop(seconds / 4)
        bare.append(measure_bare_loop(seconds))
        for _ in range(rounds):
            live.append(driven.measure_speed(seconds))
            bare.append(measure_bare_loop(seconds))
    return bare, live


if __name__ == "__main__":
    choose_platform()
    print(json.dumps(measure_in_turns(ROUNDS, SECONDS)))
