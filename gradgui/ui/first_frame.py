"""When a person first sees the window, in the log."""

import logging

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

logger = logging.getLogger(__name__)


class FirstFrame(QObject):
    """Write into the log when the window was painted for the first time.

    Parameters
    ----------
    window
        The window, not yet shown.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the window's own painting; its panels follow in the same pass."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._write)
        return False

    @Slot()
    def _write(self) -> None:
        logger.info("first frame painted")
