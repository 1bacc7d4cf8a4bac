"""Whether the event loop goes on."""

from time import perf_counter, process_time

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

BEAT_MS = 2


class Heart(QObject):
    """Beats in the event loop: knows how long that stood still, and closes menus, which have a loop of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.timer = QTimer(self)
        self.timer.timeout.connect(self._beat)
        self.longest_stop = 0.0
        self._last = perf_counter(), process_time()
        self.timer.start(BEAT_MS)

    def begin(self) -> None:
        """Measure from now on."""
        self.longest_stop, self._last = 0.0, (perf_counter(), process_time())

    @Slot()
    def _beat(self) -> None:
        now = perf_counter(), process_time()
        passed, worked = now[0] - self._last[0], now[1] - self._last[1]
        # A machine that is busy with something else stops this process as well: that is not the window's fault.
        self.longest_stop, self._last = max(self.longest_stop, min(passed, 2.0 * worked)), now
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
