"""What opens the help: links in any text, the panels' buttons, and What's This."""

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence, QShortcut, QWhatsThisClickedEvent
from PySide6.QtWidgets import QApplication, QDialog, QWhatsThis, QWidget

from gradgui.ui.help.book import GUIDE
from gradgui.ui.help.glossary import SCHEME
from gradgui.ui.help.help_window import HelpWindow
from gradgui.ui.help.whats_this import explain_all, explanation, name_of

WHATS_THIS_KEY = "Shift+F1"
_HAS_HELP = "has_help"


class HelpOpener(QObject):
    """Open the help of the window in front at a page; one window has one.

    A link of any label that leads to ``glossary:`` or ``guide:`` comes here by way of Qt's own handlers of addresses.

    Parameters
    ----------
    window
        The main window.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._by_key = False
        window.installEventFilter(self)
        for scheme in (SCHEME, GUIDE):
            QDesktopServices.setUrlHandler(scheme, self, "open_url")  # type: ignore[arg-type]
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)

    @Slot(QUrl)
    def open_url(self, url: QUrl) -> None:
        """Open the help at an address."""
        self.open(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))

    def open(self, url: str) -> None:
        """Open the help at an address, as ``guide:back-in-time`` or ``glossary:leaf``."""
        self._help_of(self._front()).read(url)

    @Slot()
    def whats_this(self) -> None:
        """Say what the control is for that keys led to; else wait for a click on one."""
        window = self._front()
        explain_all(window)
        focused = QApplication.focusWidget()
        text = explanation(focused) if focused is not None and self._by_key else ""
        if focused is not None and text and not focused.isWindow():
            self._help_of(window).explain(name_of(focused), text)
        else:
            QWhatsThis.enterWhatsThisMode()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow a link in a What's This."""
        if event.type() == QEvent.Type.WhatsThisClicked and isinstance(event, QWhatsThisClickedEvent):
            QWhatsThis.hideText()
            self.open(event.href())
            return True
        return super().eventFilter(watched, event)

    def _help_of(self, window: QWidget) -> HelpWindow:
        if isinstance(window, HelpWindow):
            return window
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        found = window.findChild(HelpWindow, options=direct)
        return HelpWindow(window) if found is None else found

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Note whether a key led to a control, and give a dialog that comes its What's This."""
        self._by_key = new is not None and QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton
        window = None if new is None else new.window()
        if window is None or window is self._window or window.property(_HAS_HELP) or not self._is_above(window):
            return
        window.setProperty(_HAS_HELP, True)
        window.installEventFilter(self)
        QShortcut(QKeySequence(WHATS_THIS_KEY), window, self.whats_this)

    def _front(self) -> QWidget:
        """Give what the person looks at: a dialog that holds all else up, or the window that has the keys."""
        for window in (QApplication.activeModalWidget(), QApplication.activeWindow()):
            if window is not None and isinstance(window, QDialog) and self._is_above(window):
                return window
        return self._window

    def _is_above(self, widget: QWidget) -> bool:
        """Whether a widget belongs to the main window, or to a dialog of it."""
        above: QObject | None = widget
        while above is not None and above is not self._window:
            above = above.parent()
        return above is not None
