"""What a person sees at full speed: frames a second, and how long the window does not answer."""

from time import perf_counter

from driven_window import DrivenWindow, run_events
from figures import Figure, percentile
from PySide6.QtCore import QObject, Qt, QTimer, Slot

SECONDS = 15.0
SETTLING_SECONDS = 1.0


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

    @Slot()
    def _beat(self) -> None:
        self.beats.append(perf_counter())

    @property
    def gaps(self) -> list[float]:
        """Milliseconds from each beat to the next."""
        return [(after - before) * 1000 for before, after in zip(self.beats, self.beats[1:], strict=False)]


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
        driven.pause()
    gaps = pulse.gaps
    note = f"{len(gaps)} gaps in {SECONDS:g} s"
    return [
        Figure("frames/s", rate),
        Figure("event loop gap p50, ms", percentile(gaps, 0.5), note=note),
        Figure("event loop gap p99, ms", percentile(gaps, 0.99), note=note),
        Figure("event loop gap worst, ms", max(gaps), note=note),
    ]
