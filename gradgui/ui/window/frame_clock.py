"""When to draw: at once when little happens, at a bounded rate and share of time when much does."""

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

PERIOD = 1 / 40
"""Seconds between two frames at the least."""

REST_PER_WORK = 10.0
"""While training runs, the window rests this many times as long as a frame took: training needs the time."""

READING_PERIOD = 1 / 3
"""Seconds between two frames with figures while they change faster than anybody reads; curves come with each."""

LONGEST_REST = 0.5
"""Seconds after which there is a frame in any case."""


class FrameClock(QObject):
    """Turn any number of requests into frames. Without requests no timer runs.

    Signals
    -------
    figures()
        Write now what is to be read: numbers, and tables of them.
    frame()
        Draw now what has changed; everything that belongs to the frame has been told when its slots are done.
    painted()
        The frame is on the screen, and the window's thread has nothing more to do.
    rested()
        While training runs: the window has time for another frame, and would like something to draw.

    Attributes
    ----------
    frames
        How many there were.
    yields_to_training
        Whether frames give way to training.
    batched
        Whether epochs come by many at a time, so that their figures cannot be read.
    """

    figures = Signal()
    frame = Signal()
    painted = Signal()
    rested = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.frames = 0
        self.yields_to_training = False
        self.batched = False
        self._began = 0.0
        self._following = 0.0
        self._next_reading = 0.0
        self._draw_timer = self._make_timer()
        self._draw_timer.timeout.connect(self._draw)
        self._idle_timer = self._make_timer()
        self._idle_timer.timeout.connect(self._settle)
        self._rest_timer = self._make_timer()
        self._rest_timer.timeout.connect(self.rested)

    def _make_timer(self) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        return timer

    @Slot()
    def request(self) -> None:
        """Ask for a frame as soon as the rate allows."""
        if not self._draw_timer.isActive():
            self._draw_timer.start(_milliseconds_until(self._following))

    @Slot()
    def _draw(self) -> None:
        self._began = perf_counter()
        self._following = self._began + PERIOD
        self.frames += 1
        if self._began >= self._next_reading or not (self.yields_to_training and self.batched):
            self._next_reading = self._began + READING_PERIOD
            self.figures.emit()
        self.frame.emit()
        self._idle_timer.start(0)  # painting comes after the frame's own slots, and this after painting

    @Slot()
    def _settle(self) -> None:
        self.painted.emit()
        if self.yields_to_training and not self._rest_timer.isActive():  # which other frames do not put off
            # Only what is asked for waits: at speeds that a person can follow epochs come unasked, and are drawn.
            now = perf_counter()
            rest = min(REST_PER_WORK * (now - self._began), LONGEST_REST)
            self._rest_timer.start(_milliseconds_until(max(self._following, now + rest)))


def _milliseconds_until(moment: float) -> int:
    return max(0, round((moment - perf_counter()) * 1000))
