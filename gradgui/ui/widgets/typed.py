"""What is typed in a field and not entered yet."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit


def enter_typed() -> None:
    """Have the field that has the focus take what is typed in it, as when the focus leaves it.

    A button of the toolbar, a menu and a key do not take the focus: what is seen would not be what is trained or
    saved.
    """
    line = QApplication.focusWidget()
    if isinstance(line, QLineEdit) and line.isModified():
        line.clearFocus()
        if line.isVisible():  # the editor of a cell is gone by now
            line.setFocus(Qt.FocusReason.OtherFocusReason)
