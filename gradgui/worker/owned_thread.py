"""A thread and what lives in it, as the window's side owns them."""

from typing import Protocol

from PySide6.QtCore import QObject, QThread, Signal, Slot


class Worker(Protocol):
    """A `QObject` with slots that are called by signals alone, in its thread."""

    def shut_down(self) -> None:
        """End what is done; who lives there first also ends the thread, with ``QThread.currentThread().quit()``."""

    def moveToThread(self, thread: QThread, /) -> bool:  # noqa: N802 - Qt's
        """As every `QObject`."""


class OwnedThread(QObject):
    """Own a thread and its workers until they are shut down.

    Parameters
    ----------
    name
        Of the thread, as the system shows it.
    parent
        The window, or what belongs to it.
    worker, others
        Live there from now on. The others are shut down first.
    """

    _shut_down_requested = Signal()

    def __init__(self, name: str, parent: QObject, worker: Worker, *others: Worker) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName(name)
        for one in (*others, worker):
            one.moveToThread(self._thread)
            self._shut_down_requested.connect(one.shut_down)

    @Slot()
    def shut_down(self) -> None:
        """Have the workers end and wait for its thread; after that nothing of it runs any more."""
        if self._thread.isRunning():
            self._shut_down_requested.emit()
            self._thread.wait()
