"""All that is known of a node, as rich text."""

from collections.abc import Container
from html import escape

import numpy as np

from gradgui.record.number import shortest_column
from gradgui.record.trace import Graph, GraphNode, TensorValue
from gradgui.ui.graph.node_text import NOT_THERE_YET, friendly_name, shape_text
from gradgui.ui.graph.rules import LETTERS, rule_of
from gradgui.ui.theme import Theme

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
