"""What a node says of itself, in few words."""

import re

import numpy as np
from msgspec import Struct

from gradgui.numbers import readable, significant
from gradgui.record.trace import Graph, GraphNode, TensorValue

NOT_THERE_YET = "not there yet"

LISTED = 4
"""The most elements that are written out."""

LIST_LENGTH = 28
"""The most characters of such a list; digits are left out to keep to it."""


class NodeText(Struct, frozen=True):
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
        return readable(tensor.number)
    if values.ndim == 1 and 0 < values.size <= LISTED:
        for digits in (4, 3, 2):
            text = ", ".join(significant(value, digits) for value in values.tolist())
            if len(text) + 2 <= LIST_LENGTH:
                return f"[{text}]"
    if values.size == 0:
        return f"{tensor.dtype}[{shape_text(tensor)}]"
    with np.errstate(all="ignore"):  # the mean of what has diverged is inf or nan, and is shown so
        mean = float(values.mean(dtype=np.float64))
    return f"{tensor.dtype}[{shape_text(tensor)}] mean {significant(mean)}"


def longest_brief(tensor: TensorValue) -> str:
    """Give about the longest text that `brief` may write for a tensor of this shape."""
    return f"{tensor.dtype}[{shape_text(tensor)}] mean −0.000e+00" if tensor.shape else "−0.000e+00"


def shape_text(tensor: TensorValue) -> str:
    """Write a shape, as in ``3 × 4``; nothing for a single number."""
    return " × ".join(map(str, tensor.shape))


LETTERS = "abcdefgh"
"""What the rules call the inputs, in their order."""

_RULES = {
    "AccumulateGrad": "p.grad ← p.grad + ∂L/∂p, or ∂L/∂p alone where there was no p.grad yet",
    "Add": "out = a + b: ∂L/∂a = ∂L/∂out, ∂L/∂b = ∂L/∂out",
    "Sub": "out = a − b: ∂L/∂a = ∂L/∂out, ∂L/∂b = −∂L/∂out",
    "Rsub": "out = b − a: ∂L/∂a = −∂L/∂out, ∂L/∂b = ∂L/∂out",
    "Mul": "out = a · b: ∂L/∂a = b · ∂L/∂out, ∂L/∂b = a · ∂L/∂out",
    "Div": "out = a / b: ∂L/∂a = (1 / b) · ∂L/∂out, ∂L/∂b = −(a / b²) · ∂L/∂out",
    "Reciprocal": "out = 1 / a: ∂L/∂a = −out² · ∂L/∂out",
    "Neg": "out = −a: ∂L/∂a = −∂L/∂out",
    "Pow": "out = a^b: ∂L/∂a = b · a^(b−1) · ∂L/∂out, ∂L/∂b = out · ln a · ∂L/∂out",
    "Exp": "out = e^a: ∂L/∂a = out · ∂L/∂out",
    "Exp2": "out = 2^a: ∂L/∂a = out · ln 2 · ∂L/∂out",
    "Expm1": "out = e^a − 1: ∂L/∂a = (out + 1) · ∂L/∂out",
    "Log": "out = ln a: ∂L/∂a = (1 / a) · ∂L/∂out",
    "Log2": "out = log₂ a: ∂L/∂a = 1 / (a · ln 2) · ∂L/∂out",
    "Log10": "out = log₁₀ a: ∂L/∂a = 1 / (a · ln 10) · ∂L/∂out",
    "Log1P": "out = ln(1 + a): ∂L/∂a = 1 / (1 + a) · ∂L/∂out",
    "Sqrt": "out = √a: ∂L/∂a = 1 / (2 · out) · ∂L/∂out",
    "Rsqrt": "out = 1 / √a: ∂L/∂a = −(out³ / 2) · ∂L/∂out",
    "Abs": "out = |a|: ∂L/∂a = sign(a) · ∂L/∂out",
    "Sign": "out = sign(a): ∂L/∂a = 0, as a step is flat on both sides",
    "Sin": "out = sin a: ∂L/∂a = cos a · ∂L/∂out",
    "Cos": "out = cos a: ∂L/∂a = −sin a · ∂L/∂out",
    "Tan": "out = tan a: ∂L/∂a = (1 + out²) · ∂L/∂out",
    "Asin": "out = asin a: ∂L/∂a = 1 / √(1 − a²) · ∂L/∂out",
    "Acos": "out = acos a: ∂L/∂a = −1 / √(1 − a²) · ∂L/∂out",
    "Atan": "out = atan a: ∂L/∂a = 1 / (1 + a²) · ∂L/∂out",
    "Sinh": "out = sinh a: ∂L/∂a = cosh a · ∂L/∂out",
    "Cosh": "out = cosh a: ∂L/∂a = sinh a · ∂L/∂out",
    "Tanh": "out = tanh a: ∂L/∂a = (1 − out²) · ∂L/∂out",
    "Sigmoid": "out = 1 / (1 + e^(−a)): ∂L/∂a = out · (1 − out) · ∂L/∂out",
    "Softplus": "out = ln(1 + e^a): ∂L/∂a = 1 / (1 + e^(−a)) · ∂L/∂out",
    "Erf": "out = erf a: ∂L/∂a = (2 / √π) · e^(−a²) · ∂L/∂out",
    "Relu": "out = max(a, 0): ∂L/∂a = ∂L/∂out where a > 0, else 0",
    "Clamp": "out = a kept within bounds: ∂L/∂a = ∂L/∂out where a is within them, else 0",
    "Maximum": "out = max(a, b): ∂L/∂out goes to the larger, half to each where they are equal",
    "Minimum": "out = min(a, b): ∂L/∂out goes to the smaller, half to each where they are equal",
    "Sum": "out = Σ aᵢ: ∂L/∂aᵢ = ∂L/∂out for each element",
    "Mean": "out = Σ aᵢ / n: ∂L/∂aᵢ = (1 / n) · ∂L/∂out for each of the n elements",
}

GENERIC = "∂L/∂a = ∂out/∂a · ∂L/∂out: the chain rule, with this operation's own derivative by each input"

SPREAD = "An input that many elements of out were made with gets the sum of what comes from each."


def rule_of(graph: Graph, node: GraphNode) -> str:
    """Give the rule that a node applies in the backward pass."""
    name = friendly_name(node.name) if node.inputs else "AccumulateGrad"
    if name not in _RULES:
        return f"{GENERIC}."
    sources = [graph.nodes[place].value for place in node.inputs if place is not None]
    spread = node.value is not None and any(
        source is not None and source.values.size < node.value.values.size for source in sources
    )
    return f"{_RULES[name]}. {SPREAD}" if spread else f"{_RULES[name]}."
