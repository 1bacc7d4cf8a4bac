"""An edge: an arrow down with the data, and beside it a thin one back up with the gradient."""

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gradgui.ui.app.theme import LIGHT, Theme
from gradgui.ui.graph.layers import Inputs
from gradgui.ui.graph.layout import NODE_HEIGHT, Layout, Point

PORT_GAP = 16.0
"""Pixels between the ends of two edges at one node."""

Edge = tuple[int, int]
"""A node and a place among its inputs."""


class Route(Struct, frozen=True):
    """The way of one edge, downwards.

    Attributes
    ----------
    start
        Lower end of the node where the data comes from, or where the edge turns off from its trunk.
    bends
        The points between nodes that it goes through.
    end
        Upper end of the node that uses it.
    trunk
        The edge from the same node that goes farthest: what they share is drawn once, with that one.
    branch
        Whether it turns off from its trunk.
    """

    start: Point
    bends: tuple[Point, ...]
    end: Point
    trunk: Edge
    branch: bool


def find_routes(inputs: Inputs, layout: Layout, widths: Sequence[float]) -> dict[Edge, Route]:
    """Find the way of every edge.

    Parameters
    ----------
    inputs
        For each node those it takes its inputs from.
    layout
        Where they stand.
    widths
        Of the nodes.
    """
    sources = {
        (target, place): source
        for target, given in enumerate(inputs)
        for place, source in enumerate(given)
        if source is not None
    }
    trunks: dict[int, Edge] = {}
    for edge in sorted(sources, key=lambda edge: len(layout.bends[edge]), reverse=True):
        trunks.setdefault(sources[edge], edge)
    ends: dict[Edge, float] = {}
    for target, (x, _) in enumerate(layout.centres):
        edges = [edge for place in range(len(inputs[target])) if (edge := (target, place)) in sources]
        arrivals = {edge: (layout.bends[edge] or [layout.centres[sources[edge]]])[-1][0] for edge in edges}
        reach = widths[target] / 2 - PORT_GAP
        ends |= spread(arrivals, x - reach, x + reach)
    routes = {}
    for edge, source in sources.items():
        x, y = layout.centres[source]
        bends = layout.bends[edge]
        branch = bool(bends) and trunks[source] != edge
        if branch:
            (x, y), bends = bends[-1], ()
        end = (ends[edge], layout.centres[edge[0]][1] - NODE_HEIGHT / 2)
        routes[edge] = Route((x, y + NODE_HEIGHT / 2), bends, end, trunks[source], branch)
    return routes


def spread(arrivals: dict[Edge, float], least: float, most: float) -> dict[Edge, float]:
    """Find places between two bounds, apart from each other and each near to where its edge arrives."""
    gap = min(PORT_GAP, (most - least) / max(1, len(arrivals) - 1))
    ports: dict[Edge, float] = {}
    low = least
    for edge in sorted(arrivals, key=lambda edge: (arrivals[edge], edge)):
        ports[edge] = max(low, min(most, arrivals[edge]))
        low = ports[edge] + gap
    high = most
    for edge in reversed(ports):
        ports[edge] = min(high, ports[edge])
        high = ports[edge] - gap
    return ports


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
