"""A field for a formula, checked as it is typed, with a mark under the character that is wrong."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPolygonF, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gradgui.experiment.formula import FormulaError
from gradgui.ui.widgets.number_field import LineEdit
from gradgui.ui.widgets.problem_note import ProblemNote

MARK_HEIGHT = 6


class FormulaField(QWidget):
    """A line for a formula, a mark under it, and the reason over what lies below.

    Nothing is passed on before Enter or leaving the line, and a bad formula never is.

    Parameters
    ----------
    name
        ``objectName`` of the line.
    title
        Accessible name.
    check
        Raises FormulaError or ValueError when the text is no formula that can be used.

    Signals
    -------
    entered(str)
        A good formula other than the present one was entered.

    Attributes
    ----------
    line
        The line itself.
    """

    entered = Signal(str)

    def __init__(self, name: str, title: str, check: Callable[[str], object]) -> None:
        super().__init__()
        self._check_text = check
        self._text = ""
        self.line = LineEdit()
        self.line.setObjectName(name)
        self.line.setAccessibleName(title)
        self._mark = _Mark(self.line)
        self._problem = ProblemNote(self._mark)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.line)
        layout.addWidget(self._mark)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._check)
        self.line.editingFinished.connect(self._commit)

    @property
    def problem(self) -> str:
        """What is wrong with the entry, empty when nothing is."""
        return self._problem.text()

    @property
    def marked(self) -> int | None:
        """The place of the character that is marked, None when none is."""
        return self._mark.place

    def set_text(self, text: str) -> None:
        """Show a formula; one that is being typed stays."""
        changed = text != self._text
        self._text = text
        if changed or not self.line.hasFocus():
            self._revert()

    def insert(self, text: str) -> None:
        """Write something where the cursor is, or over what is selected."""
        self.line.setFocus()
        self.line.insert(text)
        self._check()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Escape: the formula that is in force comes back."""
        if event.key() == Qt.Key.Key_Escape:
            self._revert()
        else:
            super().keyPressEvent(event)

    def _revert(self) -> None:
        self.line.setText(self._text)
        self.line.setCursorPosition(0)
        self._tell("", None)

    @Slot()
    def _commit(self) -> None:
        text = self.line.text().strip()
        if text != self._text and not self._check():
            return
        self.line.setModified(False)
        if text == self._text:
            return
        self._text = text
        self.entered.emit(text)

    @Slot()
    def _check(self) -> bool:
        """Mark what is wrong, and tell whether nothing is."""
        try:
            self._check_text(self.line.text())
        except FormulaError as error:
            self._tell(error.message, error.position)
        except ValueError as error:
            self._tell(str(error), None)
        else:
            self._tell("", None)
            return True
        return False

    def _tell(self, problem: str, place: int | None) -> None:
        self._problem.show_problem(problem)
        self._mark.show_at(place)
        self.line.setAccessibleDescription(problem)
        if self.line.property("invalid") != bool(problem):
            self.line.setProperty("invalid", bool(problem))
            self.line.style().unpolish(self.line)
            self.line.style().polish(self.line)


class _Mark(QWidget):
    """A small arrow that points up to a character of a line; its room is always there."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__()
        self._line = line
        self.place: int | None = None
        line.cursorPositionChanged.connect(self.update)

    def sizeHint(self) -> QSize:
        """Give the arrow's height."""
        return QSize(0, MARK_HEIGHT)

    def show_at(self, place: int | None) -> None:
        """Point to a character, or to none."""
        self.place = place
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the arrow under the character."""
        if self.place is None:
            return
        # The line scrolls: what it shows is told by where its cursor is.
        metrics = self._line.fontMetrics()
        text = self._line.text()
        cursor = self._line.cursorRect().center().x()
        across = metrics.horizontalAdvance(text[: self.place]) - metrics.horizontalAdvance(
            text[: self._line.cursorPosition()]
        )
        x = min(max(cursor + across + metrics.averageCharWidth() / 2, 4.0), self.width() - 4.0)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().highlight())
        height = float(MARK_HEIGHT)
        painter.drawPolygon(QPolygonF([QPointF(x, 0), QPointF(x + 4, height), QPointF(x - 4, height)]))
        painter.end()
