"""The Qt application: how it is named and looks, and the files that the desktop hands to it."""

import logging
import sys

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from gradgui import __version__
from gradgui.resources import resource_path


class Application(QApplication):
    """GradGUI's QApplication.

    Signals
    -------
    file_opened(str)
        The path of a file opened by double-click on macOS, where it comes as an event and not on the command line.
    """

    file_opened = Signal(str)

    def event(self, event: QEvent) -> bool:
        """Take files; leave all else to Qt."""
        if isinstance(event, QFileOpenEvent):
            self.file_opened.emit(event.file())
            return True
        return super().event(event)


def create_application() -> Application:
    """Make the application, or give the one there is."""
    application = QApplication.instance()
    if isinstance(application, Application):
        return application
    application = Application(sys.argv[:1])
    application.setApplicationName("GradGUI")
    application.setApplicationDisplayName("GradGUI")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("gradgui")
    application.setStyle("Fusion")
    application.setWindowIcon(QIcon(str(resource_path("icons", "gradgui.svg"))))
    return application


logger = logging.getLogger(__name__)


class FirstPaint(QObject):
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
