"""Making nodes; what has no name in it becomes one number at once."""

import math
from collections.abc import Callable, Sequence

from gradgui.experiment.formula.python import written
from gradgui.experiment.formula.tokens import FormulaError, quoted
from gradgui.experiment.formula.tree import Binary, Call, Negative, Node, Number, Operator, Strength, Written
from gradgui.experiment.formula.vocabulary import FUNCTIONS, LARGEST_CLAMP

LONGEST_INT = 9
"""Digits up to which a whole number stays an int; both dtypes and torch take such numbers as they are."""


def literal(text: str, position: int) -> Number:
    """Read a number as Python would.

    Parameters
    ----------
    text
        Digits, with a point or an exponent or both.
    position
        Where it stands, for the error.

    Returns
    -------
    Number
        An int when the text is a whole number of at most `LONGEST_INT` digits, otherwise a float.

    Raises
    ------
    FormulaError
        When it is too large for a float, or a whole number with zeros in front.
    """
    typed = Written(text, Strength.ATOM)
    digits = text.replace("_", "")
    if digits.isdecimal():
        if digits.startswith("0") and digits.strip("0"):
            message = f"A whole number has no zeros in front: write {quoted(digits.lstrip('0'))}."
            raise FormulaError(message, position)
        if len(digits) <= LONGEST_INT:
            return Number(int(digits), typed)
    return Number(_finite(float(digits), text, position), typed)


def negative(operand: Node) -> Node:
    """Put a minus sign before a node; before a number, this gives the negative number."""
    node = Negative(operand)
    return Number(-operand.value, written(node)) if isinstance(operand, Number) else node


def binary(operator: Operator, left: Node, right: Node, position: int) -> Node:
    """Join two nodes with an operator; two numbers are computed.

    Parameters
    ----------
    operator, left, right
        What is joined.
    position
        Where ``left`` begins, for the error.

    Returns
    -------
    Node
        A `Binary`, or a `Number`.

    Raises
    ------
    FormulaError
        When two numbers have no finite real result.
    """
    node = Binary(operator, left, right)
    if not (isinstance(left, Number) and isinstance(right, Number)):
        return node
    return _computed(node, _OPERATIONS[operator], (left, right), position)


def call(function: str, arguments: Sequence[Node], position: int) -> Node:
    """Call a function of the vocabulary; of numbers it is computed.

    Parameters
    ----------
    function
        A name in `FUNCTIONS`.
    arguments
        As many as the function takes.
    position
        Where the call begins, for the error.

    Returns
    -------
    Node
        A `Call`, or a `Number`.

    Raises
    ------
    FormulaError
        When the function of these numbers has no finite real value, or one beside a name is too large for
        ``torch.clamp``.
    """
    node = Call(function, tuple(arguments))
    numbers = [argument for argument in arguments if isinstance(argument, Number)]
    if len(numbers) < len(arguments):
        if any(abs(number.value) > LARGEST_CLAMP for number in numbers):
            message = f"A number in {function} is at most {LARGEST_CLAMP:.1e} in size: write a smaller one."
            raise FormulaError(message, position)
        return node
    return _computed(node, FUNCTIONS[function].evaluate, numbers, position)


_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "**": lambda left, right: left**right,
}


def _computed(node: Node, operation: Callable[..., float], numbers: Sequence[Number], position: int) -> Number:
    typed = written(node)
    try:
        value = operation(*(float(number.value) for number in numbers))
    except OverflowError:
        value = math.inf
    except ZeroDivisionError:
        raise FormulaError(f"{quoted(typed.text)} divides by zero.", position) from None
    except ValueError:
        raise _no_value(typed.text, position) from None
    if isinstance(value, complex):
        raise _no_value(typed.text, position)
    return Number(_finite(value, typed.text, position), typed)


def _finite(value: float, text: str, position: int) -> float:
    if not math.isfinite(value):
        raise FormulaError(f"{quoted(text)} is too large for a number.", position)
    return value


def _no_value(text: str, position: int) -> FormulaError:
    return FormulaError(f"{quoted(text)} has no value among the real numbers.", position)
