"""Signals with which the system asks a program to end."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Ctrl+C in the terminal, a shutdown, a terminal that is closed; not every system has all."""


class EndingSignals(QObject):
    """Hear of SIGINT, SIGTERM and SIGHUP in the window's event loop, instead of ending in the midst of something.

    Python's own handlers would run only when the window's thread next runs Python, and raise wherever that is.

    Signals
    -------
    received()
        The program is to end.
    """

    received = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._before = signal.set_wakeup_fd(self._writing.fileno())
        known = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
        known = [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]  # as nohup wants it
        self._handlers = {number: signal.signal(number, _ignore) for number in known}

    @Slot()
    def _read(self) -> None:
        self._reading.recv(4096)
        self.received.emit()

    def stop(self) -> None:
        """Leave the signals to Python again."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._before)
        self._notifier.setEnabled(False)
        self._reading.close()
        self._writing.close()


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the notifier has heard of it."""
