"""When a person first sees the window."""

import logging

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

logger = logging.getLogger(__name__)


class FirstFrame(QObject):
    """Tell when a window was painted for the first time, and write it into the log.

    Parameters
    ----------
    window
        The window, not yet shown.

    Signals
    -------
    painted()
        The window is on the screen.
    """

    painted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the window's own painting; its panels follow in the same pass."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._tell)
        return False

    @Slot()
    def _tell(self) -> None:
        logger.info("first frame painted")
        self.painted.emit()
