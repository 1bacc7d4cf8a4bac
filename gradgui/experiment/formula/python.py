"""From a tree back to text: as a person writes it, and as Python."""

from collections.abc import Callable, Sequence
from types import CodeType, FunctionType
from typing import Any

from gradgui.experiment.formula.tree import (
    OPERATOR_STRENGTH,
    Binary,
    Call,
    Formula,
    Name,
    Negative,
    Node,
    Number,
    Strength,
    Written,
    names_in,
)
from gradgui.experiment.formula.vocabulary import FUNCTIONS, is_name


def to_text(node: Node) -> str:
    """Write a tree as a person would, with as few parentheses as possible.

    Parameters
    ----------
    node
        The tree of a formula, or a part of it.

    Returns
    -------
    str
        Such as ``a * exp(-x / pi)``. Parsing it gives an equal tree, unless the spaces make it
        too long to parse.
    """
    return written(node).text


def to_python(node: Node, function_prefix: str = "torch.") -> str:
    """Write a tree as Python, with as few parentheses as possible.

    Parameters
    ----------
    node
        The tree of a formula, or a part of it.
    function_prefix
        What stands before torch's names of the functions. Empty writes the functions as formulas do.

    Returns
    -------
    str
        Such as ``a * torch.exp(-x / 3.141592653589793)``: numbers as their values, ``min`` and ``max`` with a
        number as ``torch.clamp``. With an empty prefix, parsing it gives an equal tree, unless it is too long
        to parse.
    """
    return _python(node, function_prefix).text


def written(node: Node) -> Written:
    """Write a tree as `to_text` does, and say how tightly the text holds together."""
    if isinstance(node, Number) and node.typed:
        return node.typed
    match node:
        case Negative(operand):
            return _negative(written(operand))
        case Binary(operator, left, right):
            return _binary(operator, written(left), written(right))
        case Call(function, arguments):
            return _call(function, *(to_text(argument) for argument in arguments))
        case _:
            return _leaf(node)


def _python(node: Node, prefix: str) -> Written:
    match node:
        case Negative(operand):
            return _negative(_python(operand, prefix))
        case Binary(operator, left, right):
            return _binary(operator, _python(left, prefix), _python(right, prefix))
        case Call(function, arguments):
            inner = [_python(argument, prefix).text for argument in arguments]
            return _torch_call(node, inner, prefix) if prefix else _call(function, *inner)
        case _:
            return _leaf(node)


def _leaf(node: Number | Name) -> Written:
    if isinstance(node, Name):
        return Written(node.name, Strength.ATOM)
    text = repr(node.value)
    return Written(text, Strength.SIGN if text.startswith("-") else Strength.ATOM)


def _negative(operand: Written) -> Written:
    return Written(f"-{_within(operand, Strength.SIGN)}", Strength.SIGN)


def _binary(operator: str, left: Written, right: Written) -> Written:
    strength = OPERATOR_STRENGTH[operator]
    if strength is Strength.POWER:
        return Written(f"{_within(left, Strength.ATOM)}**{_within(right, Strength.SIGN)}", strength)
    tighter = Strength(strength + 1)
    return Written(f"{_within(left, strength)} {operator} {_within(right, tighter)}", strength)


def _call(function: str, *arguments: str) -> Written:
    return Written(f"{function}({', '.join(arguments)})", Strength.ATOM)


def _torch_call(node: Call, arguments: list[str], prefix: str) -> Written:
    function = FUNCTIONS[node.function]
    numbers = [isinstance(argument, Number) for argument in node.arguments]
    if function.clamp_bound and any(numbers):
        number = numbers.index(True)
        return _call(f"{prefix}clamp", arguments[1 - number], f"{function.clamp_bound}={arguments[number]}")
    return _call(prefix + function.torch_name, *arguments)


def _within(piece: Written, at_least: Strength) -> str:
    return piece.text if piece.strength >= at_least else f"({piece.text})"


def compile_formula(
    formula: Formula, arguments: Sequence[str], torch_module: object, *, mean: bool = False
) -> Callable[..., Any]:
    """Make the function that computes a formula, as fast as if it were written by hand.

    What is compiled is written anew from the checked tree, never the text that was typed.

    Parameters
    ----------
    formula
        From `parse_formula`.
    arguments
        The function's arguments in order; every name of the formula is among them. It is called with tensors.
    torch_module
        ``torch``, which only the caller can import.
    mean
        Whether the function gives the mean over the tensor's elements instead, in the same call.

    Returns
    -------
    callable
        ``model(<arguments>)``. It gives a tensor, or a plain number when there is no name in the formula.

    Raises
    ------
    ValueError
        When a name of the formula is not among the arguments, or the arguments are not all names, not all
        different, or one is ``torch``.
    """
    missing = [name for name in names_in(formula.tree) if name not in arguments]
    if missing:
        raise ValueError(f"the arguments lack {', '.join(missing)}")
    for argument in arguments:
        if not is_name(argument) or argument == "torch":
            raise ValueError(f"{argument!r} cannot be the name of an argument")
    if len(set(arguments)) < len(arguments):
        raise ValueError(f"the arguments {', '.join(arguments)} are not all different")
    source = f"def model({', '.join(arguments)}): return ({to_python(formula.tree)}){'.mean()' if mean else ''}"
    module = compile(source, "<formula>", "exec", dont_inherit=True)
    code = next(constant for constant in module.co_consts if isinstance(constant, CodeType))
    return FunctionType(code, {"torch": torch_module, "__builtins__": {}}, "model")
