"""What no change may break: ratios, measured in short, with room for a machine that is slow and busy."""

from dataclasses import replace
from statistics import median

from csv_export import measure_writers
from figures import Figure
from frame_growth import measure_frame_growth
from full_speed import measure_in_turns
from log_memory import measure_memory


def guard_full_speed() -> list[Figure]:
    """Hold the window to a share of the bare loop's speed."""
    bare, running, _whole = measure_in_turns(rounds=5, seconds=1.5)
    return [Figure("window ÷ bare loop", median(running) / median(bare), at_least=0.85)]


def guard_frame_growth() -> list[Figure]:
    """Hold a frame of a long run to twice what one of a short run costs."""
    return [replace(measure_frame_growth(rounds=1)[0], at_most=2.0)]


def guard_memory() -> list[Figure]:
    """Hold the log, and the whole process, to what is wanted of them: the machine's speed does not matter here."""
    return measure_memory(few=50_000, many=550_000)


def guard_csv() -> list[Figure]:
    """Hold the export to one and a half times what pandas takes."""
    return [replace(measure_writers(epochs=100_000, rounds=5)[0], at_most=1.5)]
