"""What a node says of itself, in few words."""

import re
from dataclasses import dataclass

import numpy as np

from gradgui.record.trace import GraphNode, TensorValue
from gradgui.ui.number_text import readable

NOT_THERE_YET = "not there yet"

LISTED = 4
"""The most elements that are written out."""

LIST_LENGTH = 28
"""The most characters of such a list; digits are left out to keep to it."""


@dataclass(frozen=True)
class NodeText:
    """The texts of one node.

    Attributes
    ----------
    name
        The operation, or the parameter of a leaf.
    value, gradient
        A line each.
    visited
        In which place the backward pass came here; empty before.
    has_gradient
        Whether there is a gradient to speak of.
    """

    name: str
    value: str
    gradient: str
    visited: str
    has_gradient: bool

    @property
    def sentence(self) -> str:
        """All of it, to be read out."""
        visited = f"visited as number {self.visited} by the backward pass" if self.visited else ""
        return ", ".join(filter(None, (self.name, self.value, self.gradient, visited)))


def node_text(node: GraphNode) -> NodeText:
    """Give the texts of a node."""
    value = "not seen" if node.value is None else brief(node.value)
    if node.gradient is not None:
        gradient = brief(node.gradient)
    else:
        gradient = NOT_THERE_YET if node.order is None else "none came"
    return NodeText(
        name=node.parameter or friendly_name(node.name),
        value=f"value {value}",
        gradient=f"grad {gradient}",
        visited="" if node.order is None else str(node.order),
        has_gradient=node.gradient is not None,
    )


def friendly_name(name: str) -> str:
    """Give an operation's name without PyTorch's decoration: ``Mul`` for ``MulBackward0``."""
    plain = name.rpartition("::")[2]
    return re.sub(r"Backward\d*$", "", plain) or plain


def brief(tensor: TensorValue) -> str:
    """Write a tensor in about 30 characters.

    Examples
    --------
    ``30.000``, ``[0.3, 0.6, 0.9, 1.2]``, ``float32[1000] mean 0.31``.
    """
    values = tensor.values
    if values.ndim == 0:
        return _signed(readable(tensor.number))
    if values.ndim == 1 and 0 < values.size <= LISTED:
        for digits in (4, 3, 2):
            text = ", ".join(f"{value:.{digits}g}" for value in values.tolist())
            if len(text) + 2 <= LIST_LENGTH:
                return _signed(f"[{text}]")
    if values.size == 0:
        return f"{tensor.dtype}[{shape_text(tensor)}]"
    with np.errstate(all="ignore"):  # the mean of what has diverged is inf or nan, and is shown so
        mean = float(values.mean(dtype=np.float64))
    return _signed(f"{tensor.dtype}[{shape_text(tensor)}] mean {mean:.4g}")


def longest_brief(tensor: TensorValue) -> str:
    """Give about the longest text that `brief` may write for a tensor of this shape."""
    return f"{tensor.dtype}[{shape_text(tensor)}] mean −0.000e+00" if tensor.shape else "−0.000e+00"


def shape_text(tensor: TensorValue) -> str:
    """Write a shape, as in ``3 × 4``; nothing for a single number."""
    return " × ".join(map(str, tensor.shape))


def _signed(text: str) -> str:
    return text.replace("-", "−")
