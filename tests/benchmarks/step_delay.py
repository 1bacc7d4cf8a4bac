"""How long it takes from Step epoch to the picture of that epoch."""

from time import perf_counter

from driven_window import DrivenWindow, run_events, wait_until
from figures import Figure, percentile

STEPS = 100
REST_SECONDS = 0.15


def measure_step() -> list[Figure]:
    """Press Step epoch again and again, and wait each time until everything is drawn and painted."""
    delays = []
    with DrivenWindow() as driven:
        run = driven.run
        for epoch in range(1, STEPS + 1):
            run_events(REST_SECONDS)
            began = perf_counter()
            driven.action("step_epoch").trigger()
            # The status comes last of what the worker sends; the frame after it shows all of it.
            wait_until(lambda epoch=epoch: run.status.epoch == epoch == len(run.log), run.frame)  # type: ignore[misc]
            run_events(0)
            delays.append((perf_counter() - began) * 1000)
    note = f"{STEPS} steps, worst {max(delays):.1f}"
    return [
        Figure("trigger → painted, median, ms", percentile(delays, 0.5), at_most=10.0, note=note),
        Figure("trigger → painted, p95, ms", percentile(delays, 0.95), at_most=20.0, note=note),
    ]
