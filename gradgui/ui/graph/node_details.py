"""The pane beside the graph with all that is known of the selected node."""

from collections.abc import Container
from html import escape

import numpy as np
from PySide6.QtCore import QSize, Qt, QUrl, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QTextBrowser, QToolButton, QVBoxLayout, QWidget

from gradgui.record.csv_file import shortest_column
from gradgui.record.trace import Graph, GraphNode, TensorValue
from gradgui.ui.app.icons import line_icon
from gradgui.ui.app.theme import LIGHT, SPACING, Theme
from gradgui.ui.app.type_scale import scaled_pixels
from gradgui.ui.graph.node_text import LETTERS, NOT_THERE_YET, friendly_name, node_text, rule_of, shape_text

WIDTH = 190


class NodeDetails(QWidget):
    """Everything about one node, to be read, scrolled and copied.

    Signals
    -------
    closed()
        The person wants it away.

    Attributes
    ----------
    text
        Where it is written.
    """

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._shown: tuple[Graph, GraphNode] | None = None
        self._whole: set[str] = set()
        self._hint = ""
        self._name = QLabel()
        self._name.setObjectName("panel_name")
        self._close = QToolButton()
        self._close.setToolTip("Close the details (Esc)")
        self._close.setAccessibleName("Close the details")
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.closed)
        self.text = QTextBrowser()
        self.text.setObjectName("graph_details")
        self.text.setAccessibleName("Details of the selected node")
        self.text.setOpenLinks(False)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.document().setDocumentMargin(0)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.anchorClicked.connect(self._show_whole)
        title = QHBoxLayout()
        title.addWidget(self._name, 1)
        title.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, 4, 4, 4)
        layout.setSpacing(4)
        layout.addLayout(title)
        layout.addWidget(self.text, 1)

    def sizeHint(self) -> QSize:
        """Give the width it begins with."""
        return QSize(scaled_pixels(WIDTH), 0)

    def show_node(self, graph: Graph, node: GraphNode) -> None:
        """Show a node; the same one with new values stays scrolled and opened up as it is."""
        self._hint = ""
        same = self._shown is not None and self._shown[1].identifier == node.identifier
        self._shown = (graph, node)
        if not same:
            self._whole.clear()
        self._write(keep_place=same)

    def show_hint(self, hint: str) -> None:
        """Say why there is nothing to show for now."""
        self._hint = hint
        self._write(keep_place=True)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self._theme = theme
        self._close.setIcon(line_icon("close", theme.text))
        self._write(keep_place=True)

    @Slot(QUrl)
    def _show_whole(self, link: QUrl) -> None:
        self._whole.add(link.toString())
        self._write(keep_place=True)

    def _write(self, *, keep_place: bool) -> None:
        if self._shown is None or self._hint:
            self.text.setPlainText(self._hint)
            return
        graph, node = self._shown
        bar = self.text.verticalScrollBar()
        place = bar.value() if keep_place else 0
        self._name.setText(node_text(node).name)
        self.text.setHtml(details_text(graph, node, self._theme, self._whole))
        bar.setValue(place)


FEW = 8
"""The most values of a tensor that are written without being asked for."""


def details_text(graph: Graph, node: GraphNode, theme: Theme, whole: Container[str]) -> str:
    """Write everything about a node.

    Parameters
    ----------
    graph
        Where it is in.
    node
        Which one.
    theme
        Colours.
    whole
        The tensors to be written with all their values, by the links that ask for it.

    Returns
    -------
    str
        HTML as Qt understands it.
    """
    missing = NOT_THERE_YET if node.order is None else "none came"

    def part(label: str, body: str) -> str:
        return f'<span style="color: {theme.muted}">{label}</span><br>{body}' if body else ""

    parts = [
        _kind(node),
        part("Value", _tensor(node.value, "not seen", "value", whole)),
        part("Gradient of the loss by it", _tensor(node.gradient, missing, "gradient", whole)),
        part("Passed on to its inputs", _passed_on(graph, node, whole)),
        part("Local rule", _rule(graph, node)),
        part("Saved in the forward pass", _saved(node, whole)),
    ]
    return "".join(f'<p style="margin: 0 0 7px 0">{part}</p>' for part in parts if part)


def _kind(node: GraphNode) -> str:
    lines = [escape(node.name) if node.inputs else "a leaf: no operation made it"]
    if node.value is not None:
        shape = f"shape [{shape_text(node.value)}]" if node.value.shape else "a single number"
        lines.append(f"{shape}, {escape(node.value.dtype)}")
    if node.order is not None:
        lines.append(f"visited as number {node.order}")
    return "<br>".join(lines)


def _rule(graph: Graph, node: GraphNode) -> str:
    """Write each formula on a line of its own."""
    return escape(rule_of(graph, node)).replace(": ", "<br>").replace(", ∂", "<br>∂").replace(". ", ".<br>")


def _passed_on(graph: Graph, node: GraphNode, whole: Container[str]) -> str:
    lines = []
    for place, source in enumerate(node.inputs):
        letter = LETTERS[place] if place < len(LETTERS) else f"input {place + 1}"
        if source is None:
            lines.append(f"{letter}: <i>needs no gradient</i>")
            continue
        from_node = graph.nodes[source]
        name = escape(from_node.parameter or friendly_name(from_node.name))
        given = node.passed_on[place] if place < len(node.passed_on) else None
        missing = "nothing" if node.passed_on else NOT_THERE_YET
        lines.append(f"{letter} = {name}: {_tensor(given, missing, f'passed_on_{place}', whole)}")
    return "<br>".join(lines)


def _saved(node: GraphNode, whole: Container[str]) -> str:
    lines = []
    for place, saved in enumerate(node.saved):
        value = saved.value
        text = escape(value) if isinstance(value, str) else _tensor(value, "", f"saved_{place}", whole)
        lines.append(f"{escape(saved.name)}: {text}")
    return "<br>".join(lines)


def _tensor(tensor: TensorValue | None, missing: str, link: str, whole: Container[str]) -> str:
    if tensor is None:
        return f"<i>{missing}</i>"
    values = tensor.values.ravel()
    shown = values if values.size <= FEW or link in whole else values[:FEW]
    floating = values.dtype in (np.float32, np.float64)
    numbers = ", ".join(shortest_column(shown) if floating else [str(one) for one in shown.tolist()])
    if not tensor.shape:
        return numbers
    if shown.size == values.size:
        return f"[{numbers}]"
    return f'[{numbers}, …] <a href="{link}">Show all {values.size} values</a>'
