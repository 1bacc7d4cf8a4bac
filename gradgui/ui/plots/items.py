"""A line through many points."""

from typing import Literal

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from gradgui.ui.app.type_scale import scaled
from gradgui.ui.plots.axes import drawable

Values = NDArray[np.float64]


class Line(QGraphicsPathItem):
    """Points joined by a line, or by twos; a gap where one is not finite, or too far away to be drawn.

    pyqtgraph's own curve asks its view and its data for their extremes again and again while it is painted, which
    costs several times as much as the painting.

    Parameters
    ----------
    connect
        ``finite`` joins each point to the next, ``pairs`` the first to the second, the third to the fourth and so on.
    smooth
        Whether it is drawn with smooth edges.

    Attributes
    ----------
    smooth
        As given.
    """

    def __init__(self, *, connect: Literal["finite", "pairs"] = "finite", smooth: bool = False) -> None:
        super().__init__()
        self.smooth = smooth
        self._connect = connect
        self._bounds = QRectF()
        self._points: tuple[Values, Values] = np.empty(0), np.empty(0)
        self.setPen(QPen())

    @property
    def points(self) -> tuple[Values, Values]:
        """What is drawn: x and y, of shape (n,) each."""
        return self._points

    def draw(self, x: ArrayLike, y: ArrayLike) -> None:
        """Draw these points instead.

        Parameters
        ----------
        x, y
            Of shape (n,) each, in the plot's coordinates.
        """
        self._points = drawable(x), drawable(y)
        path = pg.functions.arrayToQPath(*self._points, connect=self._connect)
        self.prepareGeometryChange()
        self._bounds = path.controlPointRect()
        self.setPath(path)

    def boundingRect(self) -> QRectF:
        """Give the room of the points; a canvas always draws all of itself, the pen's width beyond included."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the line."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.smooth)
        super().paint(painter, option, widget)


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
        self._size = size
        self._bounds = QRectF()
        self._places = QPolygonF()
        self._pen = QPen(Qt.PenStyle.SolidLine)
        self._pen.setCosmetic(True)
        self._pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.take_type_size()

    def take_type_size(self) -> None:
        """Be as large as type is now."""
        self._pen.setWidthF(scaled(self._size))
        self.update()

    def set_colour(self, colour: QColor | str) -> None:
        """Take this colour, such as ``#rrggbb``."""
        self._pen.setColor(colour)
        self.update()

    def draw(self, x: ArrayLike, y: ArrayLike) -> None:
        """Draw these points instead; one that is not finite, or too far away, has no dot.

        Parameters
        ----------
        x, y
            Of shape (n,) each, in the plot's coordinates.
        """
        points = drawable(np.column_stack([x, y]))
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
        places = painter.worldTransform().map(self._places)
        painter.save()
        painter.resetTransform()  # to Qt a point is a short line, which a plot of a narrow range would stretch
        painter.drawPoints(places)
        painter.restore()


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
        self.take_type_size()

    def take_type_size(self) -> None:
        """Be as large as type is now."""
        self.setScale(scaled(1.0))

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
