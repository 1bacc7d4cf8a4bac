"""How long it takes from Step phase to the picture of it, with every pane open."""

from time import perf_counter

from driven_window import DrivenWindow, run_events, wait_until
from figures import Figure, percentile

from gradgui.record.trace import EpochTrace

STEPS = 100
REST_SECONDS = 0.15


def measure_step_phase() -> list[Figure]:
    """Press Step phase again and again, and wait each time until everything is drawn and painted."""
    delays = []
    with DrivenWindow() as driven:
        run = driven.run
        wait_until(lambda: run.view(EpochTrace) is not None, run.frame)
        for _ in range(STEPS):
            run_events(REST_SECONDS)
            before = run.view(EpochTrace)
            began = perf_counter()
            driven.action("step_phase").trigger()
            wait_until(lambda before=before: run.view(EpochTrace) is not before, run.frame)  # type: ignore[misc]
            run_events(0)
            delays.append((perf_counter() - began) * 1000)
    note = f"{STEPS} steps, worst {max(delays):.1f}"
    return [
        Figure("trigger → painted, median, ms", percentile(delays, 0.5), at_most=16.0, note=note),
        Figure("trigger → painted, p95, ms", percentile(delays, 0.95), at_most=33.0, note=note),
    ]
