"""What an epoch costs in memory: in the log's own count, and in the whole process."""

from driven_window import DrivenWindow, run_events
from fed_epochs import feed
from figures import Figure
from machine import resident_bytes

FEW, MANY = 100_000, 2_000_000
WANTED_BYTES = 64.0


def measure_memory(few: int = FEW, many: int = MANY) -> list[Figure]:
    """Feed a window with epochs and see what it grows by."""
    with DrivenWindow() as driven:
        feed(driven, few, few // 100)
        before = resident_bytes()
        feed(driven, many, many // 100)
        run_events(0.2)
        after = resident_bytes()
        in_log = driven.run.log.memory_bytes / many
    figures = [Figure("log, bytes/epoch", in_log, at_most=WANTED_BYTES, note=f"at {many} epochs")]
    if before and after:
        grown = (after - before) / (many - few)
        note = f"RSS {before / 1e6:.0f} MB at {few} epochs, {after / 1e6:.0f} MB at {many}"
        figures.append(Figure("whole process, bytes/epoch", grown, at_most=WANTED_BYTES, note=note))
    return figures
