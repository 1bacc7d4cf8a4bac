"""A line through many points."""

from typing import Literal

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

Values = NDArray[np.float64]


class Line(QGraphicsPathItem):
    """Points joined by a line, or by twos; a gap where one is not finite.

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
        self._points = np.asarray(x, np.float64), np.asarray(y, np.float64)
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
