"""Whether a run trained in a stack has the bits that it has when it is trained alone."""

from collections.abc import Iterator

from gradgui.experiment.formula import Binary, Call, Name, Negative, Node, Number, names_in, parse_formula
from gradgui.experiment.sweep.sweep import Sweep

ROUNDED_BY_PLACE = frozenset({"sinh", "cosh", "sigmoid", "softplus"})
"""Functions that torch rounds otherwise at the end of a row than in its midst: it works out several numbers at once,
and what is left over one by one."""

EXACT_POWERS = frozenset({-1.0, 0.5, 1.0, 2.0, 3.0})
"""Exponents that torch works out by multiplying, dividing or taking a root; all others round by their place."""


def inexact_part(sweep: Sweep) -> str:
    """Name what keeps the runs of a sweep from being trained as one stack to the last bit, empty when nothing does.

    Returns
    -------
    str
        Such as ``sigmoid`` or ``**4``.
    """
    model = parse_formula(sweep.experiment.model)
    data = {"x", "y"} if sweep.varies_data else set()
    loss = parse_formula(sweep.experiment.loss, ("y", "y_pred"))
    parts = [*_inexact(model.tree, {*model.parameters, *data}), *_inexact(loss.tree, {"y_pred", *data})]
    return parts[0] if parts else ""


def _inexact(tree: Node, differing: set[str]) -> Iterator[str]:
    """Give the parts that work on numbers of which each run has its own."""
    if not differing & set(names_in(tree)):
        return
    match tree:
        case Negative(operand):
            yield from _inexact(operand, differing)
        case Binary(operator, left, right):
            yield from _inexact(left, differing)
            yield from _inexact(right, differing)
            if operator == "**" and not (isinstance(right, Number) and right.value in EXACT_POWERS):
                yield f"**{right.value:g}" if isinstance(right, Number) else "**"
        case Call(function, arguments):
            for argument in arguments:
                yield from _inexact(argument, differing)
            if function in ROUNDED_BY_PLACE:
                yield function
        case Name() | Number():
            pass
