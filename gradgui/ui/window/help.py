"""What the Help menu does."""

import platform
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QUrl, Slot, qVersion
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gradgui import __version__
from gradgui.logs import log_folder
from gradgui.platform import is_frozen
from gradgui.resources import resource_path
from gradgui.ui.app.theme import SPACING
from gradgui.ui.help.book import GLOSSARY_URL, guide_pages, guide_url
from gradgui.ui.help.help_opener import HelpOpener
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.docks import Docks
from gradgui.ui.window.keys_dialog import KeysDialog


class Help(QObject):
    """Guide, glossary, What's This, keys, versions, diagnostics and logs.

    Parameters
    ----------
    window
        The dialog's parent.
    actions
        The window's actions, some of which are for help.
    docks
        The window's panels, each of which gets a button for its page.
    tell
        Says a sentence to the person.
    """

    def __init__(self, window: QWidget, actions: Actions, docks: Docks, tell: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window, self._actions, self._tell = window, actions, tell
        self._opener = HelpOpener(window)
        actions["guide"].triggered.connect(self.show_guide)
        actions["glossary"].triggered.connect(self.show_glossary)
        actions["whats_this"].triggered.connect(self._opener.whats_this)
        for kind, dock in docks.by_kind.items():
            action = QAction("?", self)
            action.setObjectName(f"help_{kind.name}")
            action.setToolTip(f"Help: what the panel {kind.heading} shows, and what can be done there.")
            action.setData(kind.guide)
            action.triggered.connect(self._show_panel)
            dock.add_button(action).setAccessibleName(f"Help on {kind.heading}")
        actions["keys"].triggered.connect(self.show_keys)
        actions["about"].triggered.connect(self.show_about)
        actions["copy_diagnostics"].triggered.connect(self.copy_diagnostics)
        actions["open_log_folder"].triggered.connect(self.open_log_folder)

    @Slot()
    def show_guide(self) -> None:
        """Open the guide at its beginning."""
        self._opener.open(guide_pages()[0].url)

    @Slot()
    def show_glossary(self) -> None:
        """Open the list of all words."""
        self._opener.open(GLOSSARY_URL)

    @Slot()
    def _show_panel(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._opener.open(guide_url(action.data()))

    @Slot()
    def show_keys(self) -> None:
        """Show all keys."""
        KeysDialog(self._window, self._actions).open()

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


PACKAGES = {
    "torch": ("PyTorch", "BSD-3-Clause"),
    "PySide6-Essentials": ("PySide6 and Qt", "LGPL-3.0"),
    "shiboken6": ("Shiboken", "LGPL-3.0"),
    "pyqtgraph": ("pyqtgraph", "MIT"),
    "numpy": ("NumPy", "BSD-3-Clause"),
    "sympy": ("SymPy", "BSD-3-Clause"),
    "mpmath": ("mpmath", "BSD-3-Clause"),
    "networkx": ("NetworkX", "BSD-3-Clause"),
    "msgspec": ("msgspec", "BSD-3-Clause"),
    "typing-extensions": ("typing-extensions", "PSF-2.0"),
    "filelock": ("filelock", "MIT"),
    "fsspec": ("fsspec", "BSD-3-Clause"),
    "Jinja2": ("Jinja2", "BSD-3-Clause"),
    "MarkupSafe": ("MarkupSafe", "BSD-3-Clause"),
}
"""Distribution by the name that it is installed under: its own name and its licence."""

QT_NOTICE = (
    "GradGUI uses Qt and PySide6 under the GNU Lesser General Public License, version 3. They are shared libraries of"
    " their own beside the program and may be replaced by your own builds. Their source code is at download.qt.io and"
    " code.qt.io; the text of the licence is in {folder}."
)
SIZE = (520, 560)


def versions() -> dict[str, str]:
    """Give the version of everything inside, by name, in the order in which it is shown."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - costs the first frame 20 ms

    found = {"GradGUI": __version__, "Python": platform.python_version(), "Qt": qVersion()}
    for distribution, (name, _) in PACKAGES.items():
        try:
            found[name] = version(distribution)
        except PackageNotFoundError:
            continue
    return found


def diagnostics() -> str:
    """Give what a report of a defect should say, as text."""
    screens = ", ".join(
        f"{screen.size().width()}×{screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    )
    facts = {
        "system": platform.platform(),
        "program": "frozen" if is_frozen() else "Python package",
        "Qt platform": QGuiApplication.platformName(),
        "screens": screens,
        "log folder": str(log_folder()),
    }
    return "".join(f"{name}: {fact}\n" for name, fact in (versions() | facts).items())


class AboutDialog(QDialog):
    """Name, versions, licences.

    Parameters
    ----------
    parent
        The window.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("about_dialog")
        self.setWindowTitle("About GradGUI")
        self.resize(*SIZE)
        picture = QLabel()
        picture.setPixmap(QIcon(str(resource_path("icons", "gradgui.svg"))).pixmap(64, 64))
        title = QLabel(
            f"<span style='font-size:18pt;font-weight:600'>GradGUI</span><br>Version {__version__}, MIT licence<br>"
            "A microscope for gradient descent"
        )
        title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        head.setSpacing(2 * SPACING)
        head.addWidget(picture)
        head.addWidget(title, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("Copy diagnostic information", QDialogButtonBox.ButtonRole.ActionRole)
        copy.setObjectName("copy_diagnostics")
        copy.setToolTip("Put versions, system and screens on the clipboard, for a report of a defect.")
        copy.clicked.connect(self.copy_diagnostics)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(head)
        layout.addWidget(_table())
        layout.addWidget(wrapping_label("hint", QT_NOTICE.format(folder=resource_path("licences"))))
        layout.addWidget(buttons)

    @Slot()
    def copy_diagnostics(self) -> None:
        """Put the diagnostic information on the clipboard."""
        QGuiApplication.clipboard().setText(diagnostics())


def _table() -> QTableWidget:
    licences = dict(PACKAGES.values())
    licences |= {"GradGUI": "MIT", "Python": "PSF-2.0", "Qt": "LGPL-3.0"}
    found = versions()
    table = QTableWidget(len(found), 3)
    table.setObjectName("about_versions")
    table.setAccessibleName("Versions and licences")
    table.setHorizontalHeaderLabels(["Package", "Version", "Licence"])
    table.verticalHeader().hide()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for row, (name, number) in enumerate(found.items()):
        for column, text in enumerate((name, number, licences[name])):
            table.setItem(row, column, QTableWidgetItem(text))
    return table
