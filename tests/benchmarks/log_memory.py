"""What an epoch costs in memory: in the log's own count, and in the whole process."""

import gc
import os
from pathlib import Path

from driven_window import DrivenWindow, run_events
from fed_epochs import feed
from figures import Figure

FEW, MANY = 100_000, 2_000_000
WANTED_BYTES = 64.0
STATM = Path("/proc/self/statm")


def measure_memory() -> list[Figure]:
    """Feed a window with epochs and see what it grows by."""
    with DrivenWindow() as driven:
        feed(driven, FEW)
        before = _resident_bytes()
        feed(driven, MANY)
        run_events(0.2)
        after = _resident_bytes()
        in_log = driven.run.log.memory_bytes / MANY
    figures = [Figure("log, bytes/epoch", in_log, at_most=WANTED_BYTES, note=f"at {MANY} epochs")]
    if before and after:
        grown = (after - before) / (MANY - FEW)
        note = f"RSS {before / 1e6:.0f} MB at {FEW} epochs, {after / 1e6:.0f} MB at {MANY}"
        figures.append(Figure("whole process, bytes/epoch", grown, at_most=WANTED_BYTES, note=note))
    return figures


def _resident_bytes() -> int:
    """Give the memory the process has now, 0 where the system does not tell."""
    gc.collect()
    if not STATM.exists():
        return 0
    return int(STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
