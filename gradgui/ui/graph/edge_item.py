"""An edge: an arrow down with the data, and beside it a thin one back up with the gradient."""

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gradgui.ui.graph.layout import NODE_HEIGHT
from gradgui.ui.graph.routes import Route
from gradgui.ui.theme import LIGHT, Theme

HEAD = 6.0
"""Length of an arrowhead, pixels."""

ASIDE = 7.0
"""How far the gradient's arrow is from the data's."""


class EdgeItem(QGraphicsItem):
    """What leads from a node to one of its users.

    Parameters
    ----------
    route
        The way it takes.

    Attributes
    ----------
    route
        The same.
    gradient_flows
        Whether it shows that a gradient went back along it.
    """

    def __init__(self, route: Route) -> None:
        super().__init__()
        self.route = route
        self.gradient_flows = False
        self._path = _path(route)
        self._theme = LIGHT

    def show_gradient(self, flows: bool) -> None:
        """Show whether a gradient went back along it."""
        if flows != self.gradient_flows:
            self.gradient_flows = flows
            self.update()

    def set_colours(self, theme: Theme) -> None:
        """Take these colours."""
        self._theme = theme
        self.update()

    def boundingRect(self) -> QRectF:
        """Give the room of both arrows."""
        return self._path.boundingRect().adjusted(-HEAD, -2, HEAD + ASIDE, 2)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw what flows."""
        self._draw_line(painter, QPen(QColor(self._theme.muted), 1.4))
        _draw_head(painter, QPointF(*self.route.end), -HEAD)
        if self.gradient_flows:
            painter.translate(ASIDE, 0)
            self._draw_line(painter, QPen(QColor(self._theme.accent), 1.1))
            if not self.route.branch:  # the trunk has the head for both
                _draw_head(painter, QPointF(*self.route.start), HEAD)
            painter.translate(-ASIDE, 0)

    def _draw_line(self, painter: QPainter, pen: QPen) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)


def _path(route: Route) -> QPainterPath:
    """Go straight down past each row that is passed, and in a smooth line between two rows."""
    points = [route.start]
    for x, y in route.bends:
        points += [(x, y - NODE_HEIGHT / 2), (x, y + NODE_HEIGHT / 2)]
    points.append(route.end)
    path = QPainterPath(QPointF(*route.start))
    for (x, y), (next_x, next_y) in pairwise(points):
        if x == next_x:
            path.lineTo(next_x, next_y)
        else:
            middle = (y + next_y) / 2
            path.cubicTo(x, middle, next_x, middle, next_x, next_y)
    return path


def _draw_head(painter: QPainter, tip: QPointF, back: float) -> None:
    """Fill a triangle in the colour of the pen."""
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon([tip, tip + QPointF(-HEAD / 2, back), tip + QPointF(HEAD / 2, back)])
