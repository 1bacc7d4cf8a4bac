"""The drawing of a graph: laid out once for its structure, and then only its texts change."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QGraphicsScene

from gradgui.record.trace import Graph
from gradgui.ui.app.theme import LIGHT, Theme
from gradgui.ui.graph.edge_item import Edge, EdgeItem, find_routes
from gradgui.ui.graph.layout import lay_out
from gradgui.ui.graph.node_item import NodeItem
from gradgui.ui.graph.node_text import node_text

MARGIN = 8.0
"""Pixels around the drawing."""


class GraphScene(QGraphicsScene):
    """Boxes and arrows of one graph.

    Parameters
    ----------
    font
        The window's font.

    Attributes
    ----------
    nodes
        The boxes, in the order of the graph's nodes.
    edges
        The arrows, by node and place among its inputs.
    """

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self.nodes: list[NodeItem] = []
        self.edges: dict[Edge, EdgeItem] = {}
        self._font = font
        self._structure: object = None
        self._parameters: tuple[str, ...] = ()
        self._theme = LIGHT

    @property
    def drawing(self) -> QRectF:
        """Where there is something, with a margin around it."""
        return self.itemsBoundingRect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN) if self.nodes else QRectF()

    def show_graph(self, graph: Graph, parameters: Sequence[str]) -> bool:
        """Show a graph.

        Parameters
        ----------
        graph
            What to show.
        parameters
            The parameters' names in model order.

        Returns
        -------
        bool
            Whether it was drawn anew; else the boxes are where they were, and only what they say has changed.
        """
        structure = [(node.name, node.inputs, node.value and node.value.shape) for node in graph.nodes]
        new = structure != self._structure
        if new:
            self._structure = structure
            self._build(graph)
        if new or self._parameters != tuple(parameters):
            self._parameters = tuple(parameters)
            self._colour()
        visited = any(node.order is not None for node in graph.nodes)
        for node, item in zip(graph.nodes, self.nodes, strict=True):
            item.show_text(node_text(node), node.name, dimmed=visited and node.order is None)
        self._show_gradients(graph)
        return new

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self._theme = theme
        self.setBackgroundBrush(QColor(theme.surface))
        self._colour()

    def set_visible(self, visible: bool) -> None:
        """Show the boxes and arrows, or hide them until they are wanted again."""
        for item in (*self.edges.values(), *self.nodes):
            item.setVisible(visible)

    def _build(self, graph: Graph) -> None:
        self.clear()
        self.nodes = [NodeItem(node, node_text(node).name, self._font) for node in graph.nodes]
        inputs = [node.inputs for node in graph.nodes]
        widths = [item.width for item in self.nodes]
        layout = lay_out(inputs, widths)
        self.edges = {edge: EdgeItem(route) for edge, route in find_routes(inputs, layout, widths).items()}
        for box, centre in zip(self.nodes, layout.centres, strict=True):
            box.setPos(*centre)
        for item in (*self.edges.values(), *self.nodes):
            self.addItem(item)

    def _colour(self) -> None:
        """Colour the boxes: parameters and the loss as in the plots."""
        colours = {name: self._theme.parameter(place) for place, name in enumerate(self._parameters)}
        for box in self.nodes:
            loss = self._theme.loss if box.identifier == 0 else None
            box.set_colours(self._theme, colours.get(box.parameter, loss))
        for arrow in self.edges.values():
            arrow.set_colours(self._theme)

    def _show_gradients(self, graph: Graph) -> None:
        came_back = set()
        for (target, place), arrow in self.edges.items():
            passed_on = graph.nodes[target].passed_on
            if place < len(passed_on) and passed_on[place] is not None:
                came_back |= {(target, place), arrow.route.trunk}
        for edge, arrow in self.edges.items():
            arrow.show_gradient(edge in came_back)
