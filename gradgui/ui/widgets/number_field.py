"""A field for one number, which marks what it cannot accept and says what it would."""

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

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


class NumberField(QWidget):
    """A line for a number and, when it is bad, the reason under it.

    Nothing is passed on before Enter, Tab, an arrow key or a click elsewhere, and a bad entry never is.

    Parameters
    ----------
    name
        ``objectName`` of the line.
    title
        Accessible name.
    parse
        Turns the text into the number; raises ValueError with a sentence that says what would be accepted.
    write
        Turns a number into the text that shows it.
    steps
        The numbers that arrow down and arrow up lead to from a number.

    Signals
    -------
    entered(float)
        A good number other than the present one was entered.

    Attributes
    ----------
    line
        The line itself.
    """

    entered = Signal(float)

    def __init__(
        self,
        name: str,
        title: str,
        parse: Callable[[str], float],
        write: Callable[[Any], str],
        steps: Callable[[float], tuple[float, float]],
    ) -> None:
        super().__init__()
        self._parse, self._write, self._steps = parse, write, steps
        self._value = math.nan
        self.line = _Line()
        self.line.setObjectName(name)
        self.line.setAccessibleName(title)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._problem = QLabel()
        self._problem.setObjectName("problem")
        self._problem.setWordWrap(True)
        self._problem.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.line)
        layout.addWidget(self._problem)
        self.setFocusProxy(self.line)
        self.line.left.connect(self._commit)
        self.line.returnPressed.connect(self._commit)
        self.line.stepped.connect(self._step)
        self.line.reverted.connect(self._revert)
        self.line.textEdited.connect(self._check)

    @property
    def value(self) -> float:
        """The number that is in force."""
        return self._value

    @property
    def problem(self) -> str:
        """What is wrong with the entry, empty when nothing is."""
        return self._problem.text()

    def set_value(self, value: float) -> None:
        """Show a number; an entry that is being typed stays."""
        changed = value != self._value
        self._value = value
        if changed and not (self.line.hasFocus() and self.line.isModified()):
            self._revert()

    @Slot()
    def _revert(self) -> None:
        self.line.setText(self._write(self._value))
        self._mark("")

    @Slot()
    def _commit(self) -> None:
        if not self.line.isModified():
            return
        if self.line.text() == self._write(self._value):  # the shortest text may read back to another number
            self._revert()
            return
        try:
            value = self._parse(self.line.text())
        except ValueError as error:
            self._mark(str(error))
            return
        self.line.setModified(False)
        self._mark("")
        if value != self._value:
            self._value = value
            self.entered.emit(value)
        self.line.setText(self._write(value))

    @Slot()
    def _check(self) -> None:
        """Take a mark away as soon as the entry is good; do not nag while it is typed."""
        if not self.problem:
            return
        try:
            self._parse(self.line.text())
        except ValueError as error:
            self._mark(str(error))
        else:
            self._mark("")

    @Slot(bool)
    def _step(self, up: bool) -> None:
        lower, higher = self._steps(self._value)
        self.line.setText(self._write(higher if up else lower))
        self.line.setModified(True)
        self._commit()

    def _mark(self, problem: str) -> None:
        if problem == self.problem:
            return
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.line.setAccessibleDescription(problem)
        self.line.setProperty("invalid", bool(problem))
        self.line.style().unpolish(self.line)
        self.line.style().polish(self.line)


class _Line(LineEdit):
    """A line that tells when it is left, and has the arrow and escape keys.

    Signals
    -------
    left()
        The focus went elsewhere.
    stepped(bool)
        Arrow up (True) or down (False) was pressed.
    reverted()
        Escape was pressed.
    """

    left = Signal()
    stepped = Signal(bool)
    reverted = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Pass on that the focus went elsewhere."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the arrow and escape keys."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(event.key() == Qt.Key.Key_Up)
        elif event.key() == Qt.Key.Key_Escape:
            self.reverted.emit()
        else:
            super().keyPressEvent(event)
