"""A few dots, one a point."""

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget


class Dots(QGraphicsItem):
    """Round dots of one size, in pixels, that nobody takes hold of.

    A scatter plot can do more, and costs ten times as much a frame.

    Parameters
    ----------
    size
        Diameter in pixels.
    """

    def __init__(self, size: float) -> None:
        super().__init__()
        self._bounds = QRectF()
        self._places = QPolygonF()
        self._pen = QPen(Qt.PenStyle.SolidLine)
        self._pen.setCosmetic(True)
        self._pen.setWidthF(size)
        self._pen.setCapStyle(Qt.PenCapStyle.RoundCap)

    def set_colour(self, colour: QColor | str) -> None:
        """Take this colour, such as ``#rrggbb``."""
        self._pen.setColor(colour)
        self.update()

    def draw(self, x: ArrayLike, y: ArrayLike) -> None:
        """Draw these points instead; one that is not finite has no dot.

        Parameters
        ----------
        x, y
            Of shape (n,) each, in the plot's coordinates.
        """
        points = np.column_stack([x, y]).astype(np.float64)
        finite = points[np.isfinite(points).all(axis=1)]
        self.prepareGeometryChange()
        self._places = QPolygonF([QPointF(*point) for point in finite.tolist()])
        self._bounds = self._places.boundingRect()

    def boundingRect(self) -> QRectF:
        """Give the room of the points; a canvas always draws all of itself, the dots' size beyond included."""
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw the dots."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        painter.drawPoints(self._places)
