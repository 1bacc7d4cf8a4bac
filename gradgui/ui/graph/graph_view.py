"""The graph behind the loss, as PyTorch built it: what flowed forward, and the gradient that came back."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from gradgui.record.trace import EpochTrace, Graph, GraphNode
from gradgui.ui.app.theme import LIGHT, Theme
from gradgui.ui.epoch.loop_panel import is_outrun
from gradgui.ui.graph.graph_scene import GraphScene
from gradgui.ui.graph.layers import Inputs
from gradgui.ui.graph.layout import Point
from gradgui.ui.graph.node_details import NodeDetails
from gradgui.ui.graph.node_item import NodeItem
from gradgui.ui.graph.zoom_view import ZoomButtons, ZoomView
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View


class Step(Enum):
    """Where to go from a node."""

    TO_INPUT = "up"
    TO_USER = "down"
    LEFT = "left"
    RIGHT = "right"


def neighbour(inputs: Inputs, centres: Sequence[Point], node: int, step: Step) -> int | None:
    """Find the nearest node in a direction: along an edge up or down, within the row to the sides.

    Parameters
    ----------
    inputs
        For each node those it takes its inputs from.
    centres
        The middle of each node.
    node
        Where to go from.
    step
        Which way.

    Returns
    -------
    int or None
        The node; None where there is none.
    """
    here, row = centres[node]
    candidates: list[int]
    if step is Step.TO_INPUT:
        candidates = [source for source in inputs[node] if source is not None]
    elif step is Step.TO_USER:
        candidates = [user for user, sources in enumerate(inputs) if node in sources]
    else:
        sign = -1 if step is Step.LEFT else 1
        candidates = [one for one, (x, y) in enumerate(centres) if y == row and (x - here) * sign > 0]
    return min(candidates, key=lambda one: (abs(centres[one][1] - row), abs(centres[one][0] - here)), default=None)


HINT = "The graph is drawn from the loss: press Step phase twice, and it is here."

NO_GRAPH = "There is no graph behind this loss: nothing that it was made from asks for a gradient."

USE = "Arrow keys go from node to node, plus and minus zoom, 0 shows the whole graph."

_STEPS: dict[int, Step] = {
    Qt.Key.Key_Up: Step.TO_INPUT,
    Qt.Key.Key_Down: Step.TO_USER,
    Qt.Key.Key_Left: Step.LEFT,
    Qt.Key.Key_Right: Step.RIGHT,
}


class GraphView(QWidget, View):
    """Shows a graph, and beside it what is known of the selected node.

    As long as the structure is the same, everything stays where it is and only the texts change.

    Signals
    -------
    node_selected(GraphNode)
        The person chose this node.

    Attributes
    ----------
    scene
        The drawing.
    view
        What it is seen through.
    details
        The pane for the selected node.
    selected
        The selected node's place in the graph, None for none.
    """

    name = "graph_panel"
    heading = "Autograd graph"
    guide = "the-autograd-graph"
    pictures = (("graph_view", heading),)
    node_selected = Signal(GraphNode)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("graph_view")
        self._graph: Graph | None = None
        self.selected: int | None = None
        self.scene = GraphScene(self.font())
        self.view = ZoomView(self.scene)
        self.view.setObjectName("graph_canvas")
        self.view.setAccessibleName("Graph behind the loss")
        self.details = NodeDetails()
        self.details.hide()
        self._buttons = ZoomButtons(self.view)
        self._hint = QLabel(HINT)
        self._hint.setObjectName("hint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over = QVBoxLayout(self.view)
        over.addWidget(self._hint)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        splitter.addWidget(self.view)
        splitter.addWidget(self.details)
        splitter.setStretchFactor(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        self.setFocusProxy(self.view)
        self.view.clicked.connect(self._take_click)
        self.details.closed.connect(self.clear_selection)
        self.set_theme(LIGHT)
        self.show_graph(None, ())

    def sizeHint(self) -> QSize:
        """Give the size at which the lesson's graph can be read."""
        return QSize(380, 300)

    @property
    def shows_graph(self) -> bool:
        """Whether there is a graph to be seen."""
        return self._graph is not None

    def show_graph(self, graph: Graph | None, parameters: Sequence[str]) -> None:
        """Show a graph, or why there is none.

        Parameters
        ----------
        graph
            The graph as it is now; None shows a hint.
        parameters
            The parameters' names in model order, for their colours.
        """
        self._graph = graph if graph is not None and graph.nodes else None
        self._hint.setText(HINT if graph is None else NO_GRAPH)
        self._hint.setVisible(self._graph is None)
        self._buttons.setVisible(self._graph is not None)
        self.scene.set_visible(self._graph is not None)
        if self._graph is None:
            self.details.show_hint(self._hint.text())
        elif self.scene.show_graph(self._graph, parameters):
            self._select(None)
            self.view.show_drawing(self.scene.drawing, self.scene.nodes[0].sceneBoundingRect())
        elif self.selected is not None:
            self.details.show_node(self._graph, self._graph.nodes[self.selected])
        self._describe()

    @property
    def pictured(self) -> tuple[QWidget, ...]:
        """The graph."""
        return (self,)

    def needs(self) -> dict[str, Any]:
        """Ask for the epoch, opened up."""
        return {"epoch": True}

    def show_figures(self, run: LiveRun) -> None:
        """Show the graph of the epoch that is opened up."""
        trace = run.view(EpochTrace)
        if trace is not None and self.isVisible() and not is_outrun(run):
            self.show_graph(trace.graph, run.experiment.parameter_names)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self.scene.set_theme(theme)
        self.details.set_theme(theme)
        self._buttons.set_theme(theme)
        self.view.take_type_size()
        self.setStyleSheet(
            "QGraphicsView { border: 1px solid transparent; }"
            f"QGraphicsView:focus {{ border: 1px solid {theme.accent}; }}"
            f"QSplitter::handle {{ background: {theme.border}; }}"
        )

    @Slot()
    def fit(self) -> None:
        """Show the whole graph."""
        self.view.fit()

    @Slot()
    def clear_selection(self) -> None:
        """Select no node, and put the details away."""
        self.view.setFocus()
        self._select(None)

    def select(self, identifier: int) -> None:
        """Select a node, show its details, and tell of it."""
        if self._graph is not None:
            self._select(identifier)
            self.node_selected.emit(self._graph.nodes[identifier])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from node to node, beginning at the loss."""
        step = _STEPS.get(event.key())
        if event.key() == Qt.Key.Key_Escape and self.selected is not None:
            self.clear_selection()
        elif step is not None and self._graph is not None and not self.details.text.hasFocus():
            self._go(self._graph, step)
        else:
            super().keyPressEvent(event)

    def _go(self, graph: Graph, step: Step) -> None:
        if self.selected is None:
            self.select(0)
            return
        centres = [(item.x(), item.y()) for item in self.scene.nodes]
        there = neighbour([node.inputs for node in graph.nodes], centres, self.selected, step)
        if there is not None:
            self.select(there)

    @Slot(QPointF)
    def _take_click(self, point: QPointF) -> None:
        item = self.scene.itemAt(point, self.view.transform())
        if isinstance(item, NodeItem):
            self.select(item.identifier)
        else:
            self.clear_selection()

    def _select(self, identifier: int | None) -> None:
        if self.selected is not None and self.selected < len(self.scene.nodes):
            self.scene.nodes[self.selected].set_selected(False)
        self.selected = identifier
        self.view.watch(None)
        self.details.setVisible(identifier is not None)
        if identifier is not None and self._graph is not None:
            self.scene.nodes[identifier].set_selected(True)
            self.details.show_node(self._graph, self._graph.nodes[identifier])
            self.view.watch(self.scene.nodes[identifier])
        self._describe()

    def _describe(self) -> None:
        """Tell a screen reader what is selected."""
        if self._graph is None:
            description = self._hint.text()
        elif self.selected is None:
            description = f"{len(self._graph.nodes)} nodes. {USE}"
        else:
            description = self.scene.nodes[self.selected].text.sentence
        if description != self.view.accessibleDescription():
            self.view.setAccessibleDescription(description)
            QAccessible.updateAccessibility(QAccessibleEvent(self.view, QAccessible.Event.DescriptionChanged))
