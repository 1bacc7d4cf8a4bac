"""What a person sees at full speed: frames a second, and how long the window does not answer."""

from collections.abc import Sequence
from time import perf_counter

from driven_window import DrivenWindow, run_events
from figures import Figure, percentile
from PySide6.QtCore import QObject, Qt, QTimer, Slot

SECONDS = 15.0
SETTLING_SECONDS = 1.0
WANTED_FRAMES = 15.0
WANTED_P99_MS, WANTED_WORST_MS = 20.0, 60.0


class HeartBeat(QObject):
    """Note when the event loop of the window's thread comes round; a gap is a time without an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.beats: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Beat every millisecond, if the event loop can."""
        self._timer.start(1)

    def stop(self) -> None:
        """Beat no more."""
        self._timer.stop()

    @Slot()
    def _beat(self) -> None:
        self.beats.append(perf_counter())

    @property
    def gaps(self) -> list[float]:
        """Milliseconds from each beat to the next."""
        return [(after - before) * 1000 for before, after in zip(self.beats, self.beats[1:], strict=False)]


def gap_figures(gaps: Sequence[float], note: str, when: str = "") -> list[Figure]:
    """Give what is wanted of a window that works, and what was found.

    Parameters
    ----------
    gaps
        Milliseconds, as a `HeartBeat` has them.
    note
        What they were made of.
    when
        What the window was doing, where a row has more than one such list.
    """
    name = f"{when}: event loop gap" if when else "event loop gap"
    note = f"{len(gaps)} gaps {note}"
    return [
        Figure(f"{name} p50, ms", percentile(gaps, 0.5), note=note),
        Figure(f"{name} p99, ms", percentile(gaps, 0.99), at_most=WANTED_P99_MS, note=note),
        Figure(f"{name} worst, ms", max(gaps), at_most=WANTED_WORST_MS, note=note),
    ]


def measure_frames() -> list[Figure]:
    """Count frames and gaps while the loop runs at full speed."""
    with DrivenWindow() as driven:
        driven.go_full_speed()
        driven.start()
        run_events(SETTLING_SECONDS)
        pulse = HeartBeat()
        began, frames = perf_counter(), driven.run.clock.frames
        pulse.start()
        run_events(SECONDS)
        rate = (driven.run.clock.frames - frames) / (perf_counter() - began)
        pulse.stop()
        driven.pause()
    return [Figure("frames/s", rate, at_least=WANTED_FRAMES), *gap_figures(pulse.gaps, f"in {SECONDS:g} s")]
