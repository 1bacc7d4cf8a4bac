"""The Qt application: how it is named and looks, and the files that the desktop hands to it."""

import sys

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

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
    if not isinstance(application, Application):
        application = Application(sys.argv[:1])
    application.setApplicationName("GradGUI")
    application.setApplicationDisplayName("GradGUI")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("gradgui")
    application.setStyle("Fusion")
    application.setWindowIcon(QIcon(str(resource_path("icons", "gradgui.svg"))))
    return application
