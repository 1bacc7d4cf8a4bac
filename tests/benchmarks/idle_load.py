"""What a window costs that nobody touches."""

from time import perf_counter, process_time

from driven_window import DrivenWindow, run_events
from figures import Figure

TRAINING_SECONDS, SETTLING_SECONDS, SECONDS = 2.0, 1.0, 10.0
WANTED_PERCENT = 1.0


def measure_idle() -> list[Figure]:
    """Train, pause, and count the seconds of CPU of every thread while the window is only visible."""
    with DrivenWindow() as driven:
        driven.go_full_speed()
        driven.start()
        run_events(TRAINING_SECONDS)
        driven.pause()
        run_events(SETTLING_SECONDS)
        began, worked = perf_counter(), process_time()
        run_events(SECONDS)
        share = (process_time() - worked) / (perf_counter() - began)
    return [Figure("CPU, % of a core", 100 * share, at_most=WANTED_PERCENT, note=f"in {SECONDS:g} s, paused")]
