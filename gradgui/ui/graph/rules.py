"""The rule by which an operation passes the gradient on, as one line of mathematics for a person to read.

PyTorch does the calculation; nothing here takes part in it.
"""

from gradgui.record.trace import Graph, GraphNode
from gradgui.ui.graph.node_text import friendly_name

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
