"""The numbers in sympy's products, sums and powers, and how a student would write them."""

from fractions import Fraction

import sympy  # type: ignore[import-untyped]

from gradgui.engine.symbols.powers import Power
from gradgui.engine.symbols.reading import Expression
from gradgui.experiment.formula import Node, Number
from gradgui.experiment.formula.folding import LONGEST_INT, binary

TOO_LONG = 10**LONGEST_INT
"""A whole number from here on is written as a float."""


def split_number(expression: Expression) -> tuple[Expression, Expression]:
    """Take the number out of a product and its sums: ``x * (2*w - 2*y)`` gives 2 and ``x * (w - y)``."""
    number, product = expression.as_coeff_Mul(rational=True)
    rest = []
    for factor in sympy.Mul.make_args(product):
        common, primitive = factor.primitive() if factor.is_Add else (sympy.Integer(1), factor)
        # Of w*x/3 - y, sympy would make w*x - 3*y.
        if common.q == 1 or all(abs(term.as_coeff_Mul(rational=True)[0]) == 1 for term in primitive.args):
            number, factor = number * common, primitive  # noqa: PLW2901
        rest.append(factor)
    return number, sympy.Mul(*rest)


def written_number(value: Expression) -> Node:
    """Write a rational number: as a whole number, a short decimal such as 0.1, or a fraction."""
    numerator, denominator = int(value.p), int(value.q)
    if denominator == 1 and abs(numerator) < TOO_LONG:
        return Number(numerator)
    if denominator == 1 or is_best_as_decimal(value):
        return Number(numerator / denominator)
    return binary("/", Number(numerator), Number(denominator), 0)


def is_best_as_decimal(value: Expression) -> bool:
    """Tell whether a fraction has a short decimal, or is too long to be read as a fraction."""
    exact = Fraction(int(value.p), int(value.q))
    return Fraction(repr(float(exact))) == exact or max(abs(exact.numerator), exact.denominator) >= TOO_LONG


def number_in_exponent(expression: Expression) -> Expression:
    """Give the exponent of a power when it is a number, otherwise 1."""
    is_power = expression.is_Pow or expression.func is Power
    return expression.args[1] if is_power and expression.args[1].is_Rational else sympy.Integer(1)


def turned_over(power: Expression) -> Expression:
    """Give one divided by a power."""
    base, exponent = power.args
    return power.func(base, -exponent)


def is_negative(term: Expression) -> bool:
    """Tell whether a minus sign stands in front of a term."""
    return bool(term.as_coeff_Mul(rational=True)[0].is_negative)
