"""A line to type into that leaves the window its shortcuts."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

EXPORT = Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_E
"""On X11 a line takes Ctrl+E for itself, to go to its end; here it exports the log, wherever the focus is."""


class LineEdit(QLineEdit):
    """A line of text."""

    def event(self, event: QEvent) -> bool:
        """Let the window have Ctrl+E, and keep Escape from closing a floating panel around a line that it reverts."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if (event.modifiers(), event.key()) == EXPORT:
                return False
            if event.key() == Qt.Key.Key_Escape and self.isModified():
                event.accept()
                return True
        return super().event(event)
