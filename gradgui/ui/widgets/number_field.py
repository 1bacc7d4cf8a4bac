"""A field for one number, which marks what it cannot accept and says what it would."""

import math

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QToolTip, QVBoxLayout, QWidget

from gradgui.numbers import fewer_digits
from gradgui.ui.widgets.number_kind import NumberKind
from gradgui.ui.widgets.problem_note import ProblemNote

EXPORT = Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_E
"""On X11 a line takes Ctrl+E for itself, to go to its end; here it exports the log, wherever the focus is."""

TEXT_MARGIN = 2
"""Pixels that a QLineEdit keeps free at both ends of its text."""


class LineEdit(QLineEdit):
    """A line of text."""

    def event(self, event: QEvent) -> bool:
        """Let the window have Ctrl+E, and Ctrl+Z once what was typed is entered; keep Escape for reverting.

        Else Escape would close a floating panel around the line.
        """
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            takes_back = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
            if (event.modifiers(), event.key()) == EXPORT or (takes_back and not self.isModified()):
                return False
            if event.key() == Qt.Key.Key_Escape and self.isModified():
                event.accept()
                return True
        return super().event(event)


class NumberField(QWidget):
    """A line for a number and, when it is bad, the reason over what lies below it.

    A number that the line has no room for is rounded, and its tooltip has all digits.

    Nothing is passed on before Enter, Tab, an arrow key or a click elsewhere, and a bad entry never is.

    Parameters
    ----------
    name
        ``objectName`` of the line.
    title
        Accessible name.
    kind
        What numbers it accepts.

    Signals
    -------
    entered(float)
        A good number other than the present one was entered.

    Attributes
    ----------
    line
        The line itself.
    kind
        What numbers the field accepts.
    """

    entered = Signal(float)

    def __init__(self, name: str, title: str, kind: NumberKind) -> None:
        super().__init__()
        self.kind = kind
        self._value = math.nan
        self.line = _Line()
        self.line.setObjectName(name)
        self.line.setAccessibleName(title)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._problem = ProblemNote(self.line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line)
        self.setFocusProxy(self.line)
        self.line.left.connect(self._commit)
        self.line.returnPressed.connect(self._commit)
        self.line.stepped.connect(self._step)
        self.line.reverted.connect(self._revert)
        self.line.resized.connect(self._fit)
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
        self._show_value()
        self._mark("")

    @Slot()
    def _fit(self) -> None:
        if not self.line.isModified() and not self.problem:
            self._show_value()

    def _show_value(self) -> None:
        self.line.whole_text = self.kind.write(self._value)
        self.line.setText(self._text)

    @property
    def _text(self) -> str:
        """What the line shows: the number in as many digits as there is room for."""
        text = self.kind.write(self._value)
        return text if self.kind.whole or len(text) <= self.line.room else fewer_digits(self._value, self.line.room)

    @Slot()
    def _commit(self) -> None:
        if not self.line.isModified():
            return
        if self.line.text() == self._text:  # which may read back to another number
            self._revert()
            return
        try:
            value = self.kind.read(self.line.text())
        except ValueError as error:
            self._mark(str(error))
            return
        self.line.setModified(False)
        self._mark("")
        if value != self._value:
            self._value = value
            self.entered.emit(value)
        self._show_value()

    @Slot()
    def _check(self) -> None:
        """Take a mark away as soon as the entry is good; do not nag while it is typed."""
        if not self.problem:
            return
        try:
            self.kind.read(self.line.text())
        except ValueError as error:
            self._mark(str(error))
        else:
            self._mark("")

    @Slot(bool)
    def _step(self, up: bool) -> None:
        lower, higher = self.kind.steps(self._value)
        self.line.setText(self.kind.write(higher if up else lower))
        self.line.setModified(True)
        self._commit()

    def _mark(self, problem: str) -> None:
        if problem == self.problem:
            return
        self._problem.show_problem(problem)
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
    resized()
        There is room for more characters, or for fewer.

    Attributes
    ----------
    whole_text
        All of what it shows a part of; it stands in the tooltip.
    """

    left = Signal()
    stepped = Signal(bool)
    reverted = Signal()
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.whole_text = ""

    @property
    def room(self) -> int:
        """How many digits are in sight at once."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        contents = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        return (contents.width() - 2 * TEXT_MARGIN) // max(1, self.fontMetrics().horizontalAdvance("0"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pass on that there is other room."""
        super().resizeEvent(event)
        self.resized.emit()

    def event(self, event: QEvent) -> bool:
        """Put all digits of a number before the tooltip where the line has no room for them."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.is_rounded:
            QToolTip.showText(event.globalPos(), f"{self.whole_text}\n{self.toolTip()}", self)
            return True
        return super().event(event)

    @property
    def is_rounded(self) -> bool:
        """Whether it shows a number in fewer digits than it has."""
        return not self.isModified() and self.text() != self.whole_text

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Pass on that the focus went elsewhere."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the arrow and escape keys; leave Space to the window, unless a number is being typed."""
        if event.key() == Qt.Key.Key_Space and not self.isModified():
            event.ignore()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(event.key() == Qt.Key.Key_Up)
        elif event.key() == Qt.Key.Key_Escape:
            self.reverted.emit()
        else:
            super().keyPressEvent(event)
