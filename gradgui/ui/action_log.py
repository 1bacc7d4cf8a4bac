"""What a person does, in the log: a report of a defect then says what came before it."""

import logging

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

logger = logging.getLogger(__name__)


class ActionLog(QObject):
    """Write each action of a window into the log when it is triggered.

    Parameters
    ----------
    window
        The window, with all its menus.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        for action in window.findChildren(QAction):
            action.triggered.connect(self._write)

    @Slot()
    def _write(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            logger.info("action %s", action.objectName() or action.text().replace("&", ""))
