"""When to draw: at once when little happens, at a bounded rate and share of time when much does."""

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

PERIOD = 1 / 30
"""Seconds between two frames at the least."""

REST_PER_WORK = 3.0
"""A frame that took t seconds is followed by at least this many times t without one: training needs the time."""


class FrameClock(QObject):
    """Turn any number of requests into frames. Without requests no timer runs.

    Signals
    -------
    frame()
        Draw now what has changed.
    """

    frame = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.frames = 0
        self._began = 0.0
        self._next = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._draw)
        # Runs when the event loop has nothing else to do, which is when the frame has been painted.
        self._painted = QTimer(self)
        self._painted.setSingleShot(True)
        self._painted.timeout.connect(self._take_rest)

    @Slot()
    def request(self) -> None:
        """Ask for a frame as soon as the rate allows."""
        if not self._timer.isActive():
            self._timer.start(max(0, round((self._next - perf_counter()) * 1000)))

    @Slot()
    def _draw(self) -> None:
        self._began = perf_counter()
        self._next = self._began + PERIOD
        self.frames += 1
        self.frame.emit()
        self._painted.start(0)

    @Slot()
    def _take_rest(self) -> None:
        now = perf_counter()
        self._next = max(self._began + PERIOD, now + REST_PER_WORK * (now - self._began))
