"""What the Help menu does."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from gradgui.ui.about import AboutDialog, diagnostics
from gradgui.ui.places import log_folder


class Help(QObject):
    """Versions, diagnostics and logs.

    Parameters
    ----------
    window
        The dialog's parent.
    tell
        Says a sentence to the person.
    """

    def __init__(self, window: QWidget, tell: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window, self._tell = window, tell

    @Slot()
    def show_about(self) -> None:
        """Show versions and licences."""
        AboutDialog(self._window).open()

    @Slot()
    def copy_diagnostics(self) -> None:
        """Put the diagnostic information on the clipboard."""
        QGuiApplication.clipboard().setText(diagnostics())
        self._tell("The diagnostic information is on the clipboard.")

    @Slot()
    def open_log_folder(self) -> None:
        """Show the folder of the logs in the desktop's file manager."""
        folder = log_folder()
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._tell(f"The logs are in {folder}.")
