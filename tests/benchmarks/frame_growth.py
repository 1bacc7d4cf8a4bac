"""Whether a frame of a long run costs more than one of a short run."""

from statistics import median

from driven_window import DrivenWindow, run_events
from fed_epochs import feed
from figures import Figure
from frame_costs import measure_frame_costs

SHORT, LONG = 1_000, 1_000_000
ROUNDS = 2
WANTED = 1.3


def measure_frame_growth(rounds: int = ROUNDS) -> list[Figure]:
    """Measure drawing and painting of a frame at both lengths, in turns."""
    costs: dict[int, list[float]] = {SHORT: [], LONG: []}
    for _ in range(rounds):
        with DrivenWindow() as driven:
            for length in (SHORT, LONG):
                feed(driven, length, max(SHORT, length // 100))
                run_events(0.5)
                costs[length] += measure_frame_costs(driven)
    short, long = median(costs[SHORT]), median(costs[LONG])
    return [
        Figure("frame at 10⁶ ÷ at 10³ epochs", long / short, at_most=WANTED),
        Figure("frame at 10³ epochs, ms", short, note=f"median of {len(costs[SHORT])}"),
        Figure("frame at 10⁶ epochs, ms", long, note=f"median of {len(costs[LONG])}"),
    ]
