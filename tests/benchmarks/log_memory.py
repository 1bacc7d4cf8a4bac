"""What an epoch costs in memory: in the log's own count, and in the whole process."""

from driven_window import DrivenWindow, run_events
from fed_epochs import feed
from figures import Figure
from machine import resident_bytes

FEW, MANY = 100_000, 2_000_000
WANTED_BYTES = 64.0


def measure_memory() -> list[Figure]:
    """Feed a window with epochs and see what it grows by."""
    with DrivenWindow() as driven:
        feed(driven, FEW)
        before = resident_bytes()
        feed(driven, MANY)
        run_events(0.2)
        after = resident_bytes()
        in_log = driven.run.log.memory_bytes / MANY
    figures = [Figure("log, bytes/epoch", in_log, at_most=WANTED_BYTES, note=f"at {MANY} epochs")]
    if before and after:
        grown = (after - before) / (MANY - FEW)
        note = f"RSS {before / 1e6:.0f} MB at {FEW} epochs, {after / 1e6:.0f} MB at {MANY}"
        figures.append(Figure("whole process, bytes/epoch", grown, at_most=WANTED_BYTES, note=note))
    return figures
