"""The sheet of all keys."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gradgui.ui.app.theme import SPACING
from gradgui.ui.window.action_entries import NAMES
from gradgui.ui.window.actions import Actions

ELSEWHERE = (
    ("Space", "Run or pause, wherever no button or field takes it"),
    ("Tab, Shift+Tab", "To the next field, button or panel in sight, or back"),
    ("Enter, Tab", "In a field: take what was typed"),
    ("Esc", "In a field: back to what is in force"),
    ("↑, ↓", "In a field for a number: the next higher or lower sensible one"),
    ("←, →, ↑, ↓", "In the autograd graph: from node to node; Esc leaves it"),
    ("+, −, 0 or F", "In the autograd graph: zoom in, zoom out, show all"),
    ("←, →, ↑, ↓", "In the loss landscape: move the ball"),
    ("←, →", "In Who pulls?, on its line: from point to point; Esc leaves it"),
    ("←, →, ↑, ↓", "In a loss curve to be drawn: choose an epoch, move the curve from there on"),
    ("←, →, ↑, ↓", "In a sweep: from run to run, with Ctrl by ten"),
    ("Enter, +", "In a sweep: open the run, train the half of the range around it anew"),
    ("Enter, F2, Delete", "In the list of runs: open, rename, delete"),
    ("←, →, Page Up, Page Down, Home, End", "On the timeline: to another epoch"),
    ("Delete, Ctrl+V", "In the table of the data: remove or paste points"),
    ("Ctrl+F, Alt+←, Alt+→", "In the help: search, back, forth"),
)
"""What is no action of the window."""


class KeysDialog(QDialog):
    """All keys with what they do, from the actions themselves.

    Parameters
    ----------
    window
        The dialog's parent.
    actions
        Whose shortcuts.
    """

    def __init__(self, window: QWidget, actions: Actions) -> None:
        super().__init__(window)
        self.setObjectName("keys_dialog")
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows = list(ELSEWHERE)
        for action in (actions[name] for name in NAMES):
            keys = ", ".join(one.toString(QKeySequence.SequenceFormat.NativeText) for one in action.shortcuts())
            if keys:
                rows.append((keys, action.text().replace("&", "").rstrip("…")))
        table = QTableWidget(len(rows), 2)
        table.setObjectName("keys_table")
        table.setAccessibleName("Keys and what they do")
        table.setHorizontalHeaderLabels(["Keys", "What they do"])
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                table.setItem(place, column, QTableWidgetItem(text))
        table.resizeColumnToContents(0)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, SPACING)
        layout.addWidget(table)
        layout.addWidget(buttons)
        self.resize(720, min(620, window.height()))
