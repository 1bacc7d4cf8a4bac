"""When to draw: at once when little happens, at a bounded rate and share of time when much does."""

from time import perf_counter, thread_time

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

PERIOD = 1 / 30
"""Seconds between two frames at the least."""

REST_PER_WORK = 6.0
"""While training runs, the window's thread rests this many times as long as it worked: training needs the time."""


class FrameClock(QObject):
    """Turn any number of requests into frames. Without requests no timer runs.

    Signals
    -------
    frame()
        Draw now what has changed.

    Attributes
    ----------
    frames
        How many there were.
    yields
        Whether frames give way to training.
    """

    frame = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.frames = 0
        self.yields = False
        self._began = 0.0
        self._work_done = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._draw)

    @Slot()
    def request(self) -> None:
        """Ask for a frame as soon as the rate allows."""
        if self._timer.isActive():
            return
        # What this thread has worked since the last frame began: painting comes after the frame's own slots.
        work = thread_time() - self._work_done
        share = (1.0 + REST_PER_WORK) * work if self.yields else 0.0
        following = self._began + max(PERIOD, share)
        self._timer.start(max(0, round((following - perf_counter()) * 1000)))

    @Slot()
    def _draw(self) -> None:
        self._began, self._work_done = perf_counter(), thread_time()
        self.frames += 1
        self.frame.emit()
