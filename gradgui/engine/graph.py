"""The graph behind a loss as PyTorch built it, read without knowing a single operation."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

from msgspec.structs import replace
from torch import Tensor
from torch.autograd.graph import Node
from torch.overrides import TorchFunctionMode

from gradgui.record.trace import Graph, GraphNode, SavedValue, TensorValue

FREED = "freed by the backward pass"
"""Stands for a saved value that is read too late."""

UNKNOWN_LEAF = "leaf"
"""Name of a leaf that is no parameter (any more), as the tensor that an update has replaced by a new one."""

SAVED_PREFIX = "_saved_"


def copy_tensor(tensor: Tensor) -> TensorValue:
    """Copy what a tensor holds now."""
    return TensorValue(tensor.detach().numpy().copy(), str(tensor.dtype).removeprefix("torch."))


class OutputRecorder(TorchFunctionMode):
    """A context that keeps what every operation in it gives, by the node that the operation leaves in the graph.

    Attributes
    ----------
    values
        Of each node its first output. Holding the nodes keeps their identity from being given to others.
    """

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[Node, TensorValue] = {}

    def __torch_function__(
        self, function: Any, types: Any, arguments: tuple[Any, ...] = (), options: dict[str, Any] | None = None
    ) -> Any:
        """Run an operation and record what it gives."""
        # PyTorch wraps the methods that it writes in Python. What is inside may be several operations, as in 1 / w.
        written = getattr(function, "__wrapped__", None)
        if written is None:
            output = function(*arguments, **(options or {}))
        else:
            with self:
                output = written(*arguments, **(options or {}))
        self.record(output if isinstance(output, tuple | list) else (output,))
        return output

    def record(self, outputs: Iterable[Any]) -> None:
        """Keep what those of the outputs hold now that are tensors with a node."""
        for output in outputs:
            if isinstance(output, Tensor) and output.grad_fn is not None and output.output_nr == 0:
                self.values[output.grad_fn] = copy_tensor(output)


class LossGraph:
    """The graph behind a loss, read when it has been built, and completed by its backward pass.

    Parameters
    ----------
    loss
        Before its backward pass, which frees what the nodes have saved.
    parameters
        The tensors that the leaves are named after.
    values
        What the nodes gave in the forward pass, as far as it was seen.
    """

    def __init__(self, loss: Tensor, parameters: Mapping[str, Tensor], values: Mapping[Node, TensorValue]) -> None:
        places = _nodes_behind(loss)
        self._visited = 0
        self._nodes: dict[Node, GraphNode] = {}
        for node, place in places.items():
            # Only the nodes that collect a leaf's gradient have this attribute.
            leaf: Tensor | None = getattr(node, "variable", None)
            parameter = next((name for name, tensor in parameters.items() if tensor is leaf), None)
            self._nodes[node] = GraphNode(
                identifier=place,
                name=node.name() if leaf is None else parameter or UNKNOWN_LEAF,
                parameter=parameter,
                inputs=tuple(None if source is None else places[source] for source, _ in node.next_functions),
                value=values.get(node) if leaf is None else copy_tensor(leaf),
                gradient=None,
                passed_on=(),
                order=None,
                saved=saved_values(node),
            )

    def read(self) -> Graph:
        """Give the graph as far as the backward pass has come."""
        return Graph(tuple(self._nodes.values()))

    @contextmanager
    def watching_backward(self) -> Iterator[None]:
        """Note in this context what passes through every node at its first visit, and when."""
        hooks = [node.register_hook(partial(self._visit, node)) for node in self._nodes]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()

    def _visit(self, node: Node, passed_on: tuple[Tensor | None, ...], gradients: tuple[Tensor | None, ...]) -> None:
        if self._nodes[node].order is None:
            self._visited += 1
            self._nodes[node] = replace(
                self._nodes[node],
                gradient=_copy_if_any(gradients[0]),
                passed_on=tuple(map(_copy_if_any, passed_on)),
                order=self._visited,
            )


def saved_values(node: Node) -> tuple[SavedValue, ...]:
    """Read what a node keeps for its backward rule."""
    return tuple(
        SavedValue(attribute.removeprefix(SAVED_PREFIX), _saved_value(node, attribute))
        for attribute in _saved_attributes(type(node))
    )


def _nodes_behind(loss: Tensor) -> dict[Node, int]:
    """Give each node once with its place, breadth-first; a list instead of a recursion, however deep it is."""
    nodes = [] if loss.grad_fn is None else [loss.grad_fn]
    places = dict.fromkeys(nodes, 0)
    for node in nodes:
        for source, _ in node.next_functions:
            if source is not None and source not in places:
                places[source] = len(nodes)
                nodes.append(source)
    return places


@cache
def _saved_attributes(kind: type[Node]) -> tuple[str, ...]:
    return tuple(attribute for attribute in dir(kind) if attribute.startswith(SAVED_PREFIX))


def _saved_value(node: Node, attribute: str) -> TensorValue | str:
    try:
        value = getattr(node, attribute)
    except RuntimeError as error:
        return FREED if "freed" in str(error) else str(error)
    return copy_tensor(value) if isinstance(value, Tensor) else str(value)


def _copy_if_any(tensor: Tensor | None) -> TensorValue | None:
    return None if tensor is None else copy_tensor(tensor)
