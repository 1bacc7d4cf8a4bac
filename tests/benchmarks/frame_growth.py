"""Whether a frame of a long run costs more than one of a short run."""

from statistics import median
from time import perf_counter

from driven_window import DrivenWindow, run_events
from fed_epochs import feed, make_batches
from figures import Figure

SHORT, LONG = 1_000, 1_000_000
FRAMES = 60
EPOCHS_A_FRAME = 10
"""Few, so that the short run stays short."""
WANTED = 1.3


def measure_frame_growth() -> list[Figure]:
    """Measure drawing and painting of a frame at both lengths, twice each and in turns."""
    costs: dict[int, list[float]] = {SHORT: [], LONG: []}
    for _ in range(2):
        with DrivenWindow() as driven:
            for length in (SHORT, LONG):
                feed(driven, length)
                run_events(0.5)
                costs[length] += _measure_frames(driven)
    short, long = median(costs[SHORT]), median(costs[LONG])
    return [
        Figure("frame at 10⁶ ÷ at 10³ epochs", long / short, at_most=WANTED),
        Figure("frame at 10³ epochs, ms", short, note=f"median of {len(costs[SHORT])}"),
        Figure("frame at 10⁶ epochs, ms", long, note=f"median of {len(costs[LONG])}"),
    ]


def _measure_frames(driven: DrivenWindow) -> list[float]:
    """Give the milliseconds of frames, from their beginning until they are painted, each with a few new epochs."""
    run = driven.run
    costs = []
    for batch in make_batches(len(run.log) + 1, FRAMES * EPOCHS_A_FRAME, EPOCHS_A_FRAME):
        run.log.append(batch)
        run.epoch = batch.last_epoch
        began = perf_counter()
        run.frame.emit()
        run_events(0)
        costs.append((perf_counter() - began) * 1000)
    return costs
