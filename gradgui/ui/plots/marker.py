"""A single symbol that moves over a plot."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget


class Marker(QGraphicsPathItem):
    """One symbol, moved as a whole: a scatter plot of one point costs several times as much a frame.

    Parameters
    ----------
    path
        The symbol around (0, 0), in pixels.
    """

    def __init__(self, path: QPainterPath) -> None:
        super().__init__(path)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw it smooth, as the plot around it is not."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        super().paint(painter, option, widget)

    @property
    def place(self) -> tuple[float, float]:
        """Where it is, in the plot's coordinates."""
        return self.pos().x(), self.pos().y()


def disc(size: float) -> QPainterPath:
    """Give a circle of a diameter in pixels."""
    path = QPainterPath()
    path.addEllipse(QPointF(0.0, 0.0), size / 2, size / 2)
    return path


def diamond(size: float) -> QPainterPath:
    """Give a square on its tip, so many pixels wide."""
    path = QPainterPath()
    half = size / 2
    path.addPolygon(QPolygonF([QPointF(half, 0), QPointF(0, half), QPointF(-half, 0), QPointF(0, -half)]))
    path.closeSubpath()
    return path


def arrow(length: float) -> QPainterPath:
    """Give an arrow to the right, from beside (0, 0) to so many pixels from there."""
    path = QPainterPath()
    head = length - 10
    path.moveTo(9, 0)
    path.lineTo(head, 0)
    path.addPolygon(QPolygonF([QPointF(length, 0), QPointF(head, 4), QPointF(head, -4)]))
    path.closeSubpath()
    return path
