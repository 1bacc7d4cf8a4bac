"""Graphs as the engine would give them, made by hand."""

import numpy as np
from msgspec.structs import replace

from gradgui.record.trace import Graph, GraphNode, SavedValue, TensorValue

FREED = "freed by the backward pass"


def tensor(*values: float, shape: tuple[int, ...] | None = None) -> TensorValue:
    """Make a float32 tensor; of one value a single number."""
    array = np.array(values, np.float32)
    return TensorValue(array.reshape(() if shape is None and len(values) == 1 else shape or array.shape), "float32")


def node(identifier: int, name: str, inputs: tuple[int | None, ...], value: TensorValue | None = None) -> GraphNode:
    """Make a node that the backward pass has not visited; one without inputs is a parameter."""
    parameter = None if inputs else name
    return GraphNode(identifier, name, parameter, inputs, value, None, (), None, ())


def bare_graph(inputs: list[tuple[int | None, ...]]) -> Graph:
    """Make a graph of a structure alone."""
    return Graph(
        tuple(
            node(place, "AddBackward0" if given else f"p{place}", given, tensor(float(place)))
            for place, given in enumerate(inputs)
        )
    )


def lesson_forward() -> Graph:
    """Make the graph behind the lesson's first loss."""
    saved = (SavedValue("exponent", "2"), SavedValue("self", tensor(2, 4, 6, 8)))
    return Graph(
        (
            node(0, "MeanBackward0", (1,), tensor(30)),
            replace(node(1, "PowBackward0", (2,), tensor(4, 16, 36, 64)), saved=saved),
            node(2, "SubBackward0", (None, 3), tensor(2, 4, 6, 8)),
            node(3, "MulBackward0", (4, None), tensor(0, 0, 0, 0)),
            node(4, "w", (), tensor(0)),
        )
    )


def lesson_backward() -> Graph:
    """Make the same graph after the backward pass."""
    down = tensor(-1, -2, -3, -4)
    steps: list[tuple[TensorValue, tuple[TensorValue | None, ...]]] = [
        (tensor(1), (tensor(0.25, 0.25, 0.25, 0.25),)),
        (tensor(0.25, 0.25, 0.25, 0.25), (tensor(1, 2, 3, 4),)),
        (tensor(1, 2, 3, 4), (None, down)),
        (down, (tensor(-30), None)),
        (tensor(-30), ()),
    ]
    nodes = [
        replace(one, gradient=gradient, passed_on=passed_on, order=place + 1)
        for place, (one, (gradient, passed_on)) in enumerate(zip(lesson_forward().nodes, steps, strict=True))
    ]
    nodes[1] = replace(nodes[1], saved=(SavedValue("exponent", "2"), SavedValue("self", FREED)))
    return Graph(tuple(nodes))


def polynomial(terms: int) -> list[tuple[int | None, ...]]:
    """Give the structure of a mean of ``(y - (a0 + a1 * x + a2 * x**2 + …))**2``: a parameter for each term."""
    inputs: list[tuple[int | None, ...]] = [(1,), (2,), (None, 3)]
    for _ in range(terms - 1):
        place = len(inputs)
        inputs += [(place + 3, place + 1), (place + 2, None), ()]
    return [*inputs, ()]
