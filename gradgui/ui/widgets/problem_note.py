"""What is wrong with an entry, said below its field without moving anything."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QWidget

GAP = 1
"""Pixels between a field and its note."""
LEAST_WIDTH = 150


class ProblemNote(QLabel):
    """A sentence that lies over what is below a line, and lets clicks through; empty, it is not there.

    Parameters
    ----------
    line
        What is wrong is in it.
    """

    def __init__(self, line: QWidget) -> None:
        super().__init__(line)
        self._line = line
        self.setObjectName("problem_note")
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        line.installEventFilter(self)

    def show_problem(self, problem: str) -> None:
        """Say what is wrong; nothing for nothing."""
        self.setText(problem)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the line wherever it goes."""
        if self.text() and event.type() in {
            QEvent.Type.Move,
            QEvent.Type.Resize,
            QEvent.Type.Show,
            QEvent.Type.Hide,
            QEvent.Type.LayoutRequest,
        }:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        line, ground = self._line, _ground(self._line)
        if not self.text() or not line.isVisible():
            self.hide()
            return
        if self.parentWidget() is not ground:
            self.setParent(ground)
            ground.installEventFilter(self)
            line.destroyed.connect(self._end)
        width = min(max(line.width(), LEAST_WIDTH), ground.width())
        height = self.heightForWidth(width)
        corner = line.mapTo(ground, QPoint(0, line.height() + GAP))
        if corner.y() + height > ground.height():  # no room below: above it
            corner = line.mapTo(ground, QPoint(0, -height - GAP))
        self.setGeometry(min(corner.x(), ground.width() - width), max(0, corner.y()), width, height)
        self.show()
        self.raise_()

    @Slot()
    def _end(self) -> None:
        """Go with the line; until then there is nothing to follow."""
        self.clear()
        self.deleteLater()


def _ground(line: QWidget) -> QWidget:
    """Give what scrolls with a line, or else its window."""
    widget = line
    while (parent := widget.parentWidget()) is not None and not widget.isWindow():
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            return widget
        widget = parent
    return widget
