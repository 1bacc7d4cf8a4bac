"""A small plot in which a learner draws a curve before the program shows it."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gradgui.lessons.prediction import Values
from gradgui.numbers import significant
from gradgui.ui.app.theme import LIGHT, Theme

LEFT, BOTTOM, TOP, RIGHT = 44, 22, 8, 8
"""Pixels around the drawing."""
NUDGE = 0.02
"""Share of the height by which an arrow key moves the curve."""


class CurveSketch(QWidget):
    """Draw with the mouse, or by keys: ← and → choose an epoch, ↑ and ↓ move the curve from there on.

    Attributes
    ----------
    editable
        Whether it can be drawn.
    is_touched
        Whether anything was drawn.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("curve_sketch")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            "Draw the loss with the mouse; by keys: ← → choose an epoch, ↑ ↓ move the curve from there on."
        )
        self._theme: Theme = LIGHT
        self._highest = 1.0
        self._drawn = np.zeros(2)
        self._truth: np.ndarray | None = None
        self._cursor = 0
        self._last: tuple[int, float] | None = None
        self.editable, self.is_touched = True, False

    def sizeHint(self) -> QSize:
        """Ask for a plot in which a curve can be drawn."""
        return QSize(240, 150)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self._theme = theme
        self.update()

    def begin(self, count: int, highest: float, drawn: Values = ()) -> None:
        """Show an empty plot, or what was drawn before.

        Parameters
        ----------
        count
            Epochs from left to right.
        highest
            The loss at the top.
        drawn
            A loss for each epoch; empty to begin with a straight line in the middle.
        """
        self._highest, self._truth, self._cursor, self._last = highest, None, 0, None
        self.is_touched = bool(drawn)
        self._drawn = np.array(drawn) if len(drawn) == count else np.full(count, highest / 2)
        self.setAccessibleName(f"Your loss over {count} epochs")
        self.update()

    def show_truth(self, truth: Values) -> None:
        """Draw what it was beside it."""
        self._truth = np.array(truth)
        self.update()

    @property
    def values(self) -> Values:
        """The loss of each epoch as drawn."""
        return tuple(self._drawn.tolist())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        self._last = None
        self._draw_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a stroke."""
        self._draw_to(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose an epoch, or move the curve from there on."""
        sideways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        upwards = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if not self.editable or not (sideways or upwards):
            super().keyPressEvent(event)
            return
        self._cursor = min(max(self._cursor + sideways, 0), len(self._drawn) - 1)
        moved = self._drawn[self._cursor :] + upwards * NUDGE * self._highest
        self._drawn[self._cursor :] = np.clip(moved, 0.0, self._highest)
        self.is_touched = self.is_touched or bool(upwards)
        value = significant(float(self._drawn[self._cursor]))
        self.setAccessibleDescription(f"epoch {self._cursor + 1}: {value}")
        self.update()

    def _draw_to(self, position: QPointF) -> None:
        if not self.editable:
            return
        frame = self._frame
        share = (position.x() - frame.left()) / frame.width()
        place = min(max(round(share * (len(self._drawn) - 1)), 0), len(self._drawn) - 1)
        loss = (frame.bottom() - position.y()) / frame.height() * self._highest
        loss = min(max(loss, 0.0), self._highest)
        before, loss_before = self._last or (place, loss)
        first, last = sorted((before, place))
        (_, low), (_, high) = sorted([(before, loss_before), (place, loss)])
        self._drawn[first : last + 1] = np.linspace(low, high, last - first + 1)
        self._last, self._cursor, self.is_touched = (place, loss), place, True
        self.update()

    @property
    def _frame(self) -> QRectF:
        return QRectF(self.rect()).adjusted(LEFT, TOP, -RIGHT, -BOTTOM)

    def _polygon(self, values: np.ndarray) -> QPolygonF:
        frame = self._frame
        across = frame.left() + np.arange(len(values)) / max(1, len(values) - 1) * frame.width()
        height = np.clip(np.nan_to_num(values, nan=self._highest, posinf=self._highest), 0.0, self._highest)
        upwards = frame.bottom() - height / self._highest * frame.height()
        return QPolygonF([QPointF(*one) for one in zip(across.tolist(), upwards.tolist(), strict=True)])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw axes, curve and truth."""
        theme, frame, painter = self._theme, self._frame, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(theme.surface))
        painter.setPen(QPen(QColor(theme.outline), 1))
        painter.drawLine(frame.bottomLeft(), frame.topLeft())
        painter.drawLine(frame.bottomLeft(), frame.bottomRight())
        painter.setPen(QColor(theme.muted))
        left = QRectF(0, frame.top() - 6, LEFT - 6, 16)
        painter.drawText(left, Qt.AlignmentFlag.AlignRight, significant(self._highest))
        painter.drawText(left.translated(0, frame.height() - 2), Qt.AlignmentFlag.AlignRight, "0")
        below = QRectF(frame.left(), frame.bottom() + 4, frame.width(), 18)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "1")
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, "epoch")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, str(len(self._drawn)))
        painter.setPen(QPen(QColor(theme.accent), 2, Qt.PenStyle.DashLine))
        line = self._polygon(self._drawn)
        painter.drawPolyline(line)
        if self.hasFocus() and self.editable:
            painter.drawEllipse(line.at(self._cursor), 4, 4)
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._truth is not None:
            painter.setPen(QPen(QColor(theme.loss), 2))
            painter.drawPolyline(self._polygon(self._truth))
        painter.end()
