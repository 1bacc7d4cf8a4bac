"""From a formula's tree to a sympy expression."""

import math
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

import sympy  # type: ignore[import-untyped]

from gradgui.engine.symbols.functions import CLAMPS, FUNCTIONS, Power
from gradgui.experiment.formula import Binary, Call, Name, Negative, Node, Number

Expression: TypeAlias = sympy.Expr

LARGEST_DENOMINATOR = 1000
"""Up to this denominator a number such as ``1 / 3`` or ``pi / 2`` is taken for the fraction it was meant to be."""

LARGEST_EXPONENT = 9
"""Up to here the power of a name is sympy's own, so that ``x * x**2`` becomes ``x**3``. Of anything else sympy
would multiply powers out, and of ``(2 * x)**999999999`` never come to an end."""


def to_sympy(tree: Node) -> Expression:
    """Read a checked formula as a sympy expression.

    Parameters
    ----------
    tree
        From `parse_formula`.

    Returns
    -------
    sympy.Expr
        Equal to the formula wherever that has a finite value. Its numbers are exact fractions. Its symbols have
        the formula's names; a number such as ``sqrt(2)`` is a symbol as well, with that text as its name.
    """
    match tree:
        case Number():
            return _number(tree)
        case Name(name):
            return sympy.Symbol(name)
        case Negative(operand):
            return -to_sympy(operand)
        case Binary(operation, left, right):
            return _OPERATIONS[operation](to_sympy(left), to_sympy(right))
        case Call(function, arguments):
            return _call(function, arguments)


def _number(number: Number) -> Expression:
    for unit, symbol in ((1.0, sympy.Integer(1)), (math.pi, sympy.pi), (math.e, sympy.E)):
        share = Fraction(number.value / unit).limit_denominator(LARGEST_DENOMINATOR)
        if float(share) * unit == number.value:
            return sympy.Rational(share.numerator, share.denominator) * symbol
    if number.typed and not _is_literal(number.typed.text):
        return sympy.Symbol(number.typed.text)
    exact = Fraction(repr(number.value))
    return sympy.Rational(exact.numerator, exact.denominator)


def _is_literal(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _power(base: Expression, exponent: Expression) -> Expression:
    is_small = exponent.is_Integer and abs(exponent) <= LARGEST_EXPONENT
    return base**exponent if base.is_Symbol and is_small else Power(base, exponent)


def _call(function: str, arguments: tuple[Node, ...]) -> Expression:
    expressions = [to_sympy(argument) for argument in arguments]
    numbers = [isinstance(argument, Number) for argument in arguments]
    if function in CLAMPS and any(numbers):
        bound = expressions.pop(numbers.index(True))
        return CLAMPS[function](*expressions, bound)
    return FUNCTIONS[function](*expressions)


_OPERATIONS: Mapping[str, Callable[[Expression, Expression], Expression]] = MappingProxyType(
    {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": _power}
)
