"""How much of the bare loop's speed is left when a whole window follows it."""

import json
import subprocess
import sys
from statistics import median
from time import perf_counter

from bare_loop import measure_bare_loop
from driven_window import DrivenWindow, run_events, wait_until
from figures import Figure, spread
from machine import choose_platform

PROCESSES = 5
"""From one process to the next the ratio varies by a twentieth, as objects lie elsewhere in memory."""
ROUNDS = 3
SECONDS = 5.0
SETTLING_SECONDS = 1.0
"""Until axes, panes and the fit have come to where they stay."""
WANTED = 1.15


def measure_full_speed() -> list[Figure]:
    """Measure epochs a second of window and bare loop in turns, in several fresh processes."""
    bare: list[float] = []
    running: list[float] = []
    ratios: list[float] = []
    whole_ratios: list[float] = []
    for _ in range(PROCESSES):
        done = subprocess.run([sys.executable, __file__], check=True, stdout=subprocess.PIPE)
        theirs, ours, whole = json.loads(done.stdout)
        bare += theirs
        running += ours
        ratios.append(median(ours) / median(theirs))
        whole_ratios.append(median(whole) / median(theirs))
    whole_note = f"{SETTLING_SECONDS + SECONDS:g} s with the first and the last moment; {spread(whole_ratios)}"
    return [
        Figure("window ÷ bare loop", median(ratios), at_least=WANTED, note=f"of processes: {spread(ratios)}"),
        Figure("from Run to rest after Pause ÷ bare loop", median(whole_ratios), note=whole_note),
        Figure("window, epochs/s", median(running), note=spread(running, 0)),
        Figure("bare loop, epochs/s", median(bare), note=spread(bare, 0)),
    ]


def measure_in_turns(rounds: int, seconds: float) -> tuple[list[float], list[float], list[float]]:
    """Give epochs a second in one process, in turns, so that all meet the same machine.

    Returns
    -------
    bare, running, whole
        Of the bare loop, of the window once it runs, and of its whole run from pressing Run to the rest.
    """
    bare: list[float] = []
    running: list[float] = []
    whole: list[float] = []
    with DrivenWindow() as driven:
        driven.go_full_speed()
        measure_bare_loop(seconds / 4)
        bare.append(measure_bare_loop(seconds))
        for _ in range(rounds):
            for speeds, speed in zip((running, whole), _measure_window(driven, seconds), strict=True):
                speeds.append(speed)
            bare.append(measure_bare_loop(seconds))
    return bare, running, whole


def _measure_window(driven: DrivenWindow, seconds: float) -> tuple[float, float]:
    """Give epochs a second between two frames of a run, and of all of it."""
    pressed = perf_counter()
    driven.start()
    run_events(SETTLING_SECONDS)
    began, first = _next_frame(driven)
    run_events(seconds)
    ended, last = _next_frame(driven)
    driven.pause()
    whole = driven.run.status.epoch / (perf_counter() - pressed)
    driven.reset()
    return (last - first) / (ended - began), whole


def _next_frame(driven: DrivenWindow) -> tuple[float, int]:
    """Give the time at which the next epochs come to be drawn, and how many there are by then."""
    epoch = driven.run.epoch
    wait_until(lambda: driven.run.epoch > epoch, driven.run.frame)
    return perf_counter(), driven.run.epoch


if __name__ == "__main__":
    choose_platform()
    print(json.dumps(measure_in_turns(ROUNDS, SECONDS)))
