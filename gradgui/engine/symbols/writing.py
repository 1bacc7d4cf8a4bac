"""From a sympy expression back to a formula's tree, in the order in which a student would write it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

import sympy  # type: ignore[import-untyped]

from gradgui.engine.symbols.functions import (
    CLAMPS,
    FUNCTIONS,
    Above,
    AtLeast,
    AtMost,
    LogOfBase,
    OneLess,
    Power,
    TwiceAbove,
)
from gradgui.engine.symbols.reading import Expression
from gradgui.experiment.formula import Name, Node, Number, parse_formula, to_text
from gradgui.experiment.formula.constant_folding import LONGEST_INT, binary, call, negative

ZERO, ONE = Number(0), Number(1)

LARGEST_DIVISOR = 9
"""``x / 5`` up to here, ``0.1 * x`` beyond."""

_NAMES: Mapping[type[sympy.Function], str] = MappingProxyType(
    {made: name for table in (FUNCTIONS, CLAMPS, {"log": sympy.log}) for name, made in table.items()}
)
_CONSTANTS = MappingProxyType({sympy.pi: "pi", sympy.E: "e"})
_COMPARISONS = MappingProxyType({Above: ">", AtLeast: "≥", AtMost: "≤"})
_X = sympy.Symbol("x")
_TOO_LONG = 10**LONGEST_INT
_BEYOND = 1_000
"""The place of what no name is in: the last one."""


class Writer:
    """Write expressions made from `to_sympy`'s as trees.

    Parameters
    ----------
    order
        Names in the order in which terms and factors that hold them are written.
    readable
        Whether the trees are for reading: they then have conditions such as ``(u > 0)`` in the place of names.
        Otherwise only the vocabulary is in them, and they can be compiled.
    """

    def __init__(self, order: Sequence[str], *, readable: bool) -> None:
        self._places = {name: place for place, name in enumerate(order)}
        self._readable = readable

    def tree(self, expression: Expression) -> Node:
        """Write an expression.

        Raises
        ------
        ValueError
            When a part of it is no real number, or nothing that a formula can say.
        OverflowError
            When a number in it is too large for a float.
        """
        if expression.is_Rational:
            return _number(expression)
        if expression.is_Symbol or expression in _CONSTANTS:
            name = _CONSTANTS.get(expression) or expression.name
            return Name(name) if name in self._places else parse_formula(name).tree
        if expression.is_Add:
            return self._sum(expression.args)
        if expression.is_Mul or _exponent(expression).is_negative:
            return self.product(*expression.as_coeff_Mul(rational=True))
        return self._call(expression.func, expression.args)

    def product(self, coefficient: Expression, expression: Expression) -> Node:
        """Write a rational number times an expression: as one fraction where something is divided by."""
        number, expression = split_number(expression)
        number *= coefficient
        if number == 0:
            return ZERO
        numerator, denominator = abs(number.p), number.q
        if denominator > LARGEST_DIVISOR and _is_best_as_decimal(number):
            numerator, denominator = abs(number), 1
        factors = [] if expression == 1 else sympy.Mul.make_args(expression)
        below = [factor for factor in factors if _exponent(factor).is_negative]
        above = self._factors(numerator, (factor for factor in factors if factor not in below))
        if number.is_negative:
            above[0] = negative(above[0])
        if not below and denominator == 1:
            return _multiplied(above)
        divisor = self._factors(denominator, (_turned_over(factor) for factor in below))
        return binary("/", _multiplied(above), _multiplied(divisor), 0)

    def _factors(self, number: Expression, factors: Iterable[Expression]) -> list[Node]:
        nodes = [self.tree(factor) for factor in sorted(factors, key=self._factor_key)]
        return nodes if nodes and number == 1 else [_number(sympy.Rational(number)), *nodes]

    def _sum(self, terms: Iterable[Expression]) -> Node:
        first, *others = sorted(terms, key=self._term_key)
        result = self.tree(first)
        for term in others:
            is_negative = _is_negative(term)
            result = binary("-" if is_negative else "+", result, self.tree(-term if is_negative else term), 0)
        return result

    def _call(self, function: type[sympy.Function], inner: Sequence[Expression]) -> Node:
        if function is OneLess and self._readable:
            return self.tree(inner[0] - 1)
        arguments = [self.tree(argument) for argument in inner]
        if function in (Power, sympy.Pow):
            is_root = inner[1] == sympy.Rational(1, 2)
            return call("sqrt", arguments[:1], 0) if is_root else binary("**", arguments[0], arguments[1], 0)
        if function in _NAMES:
            return call(_NAMES[function], arguments, 0)
        return self._condition(function, *arguments)

    def _condition(self, function: type[sympy.Function], left: Node, right: Node = ZERO) -> Node:
        """Write a function that is not in the vocabulary: for a reader in its own way, otherwise by the others."""
        if function in _COMPARISONS and self._readable:
            return Name(f"({to_text(left)} {_COMPARISONS[function]} {to_text(right)})")
        if function is LogOfBase and self._readable:
            return call("log", [left], 0)
        if function not in _IN_OTHER_WORDS:
            raise ValueError(f"a formula has no {function.__name__}")
        return _IN_OTHER_WORDS[function](left, right)

    def _place(self, expression: Expression) -> int:
        return min((self._places.get(name.name, _BEYOND) for name in expression.free_symbols), default=_BEYOND)

    def _factor_key(self, factor: Expression) -> tuple[int, bool, int]:
        core = factor.args[0] if factor.is_Pow or factor.func is Power else factor
        place = self._place(factor)
        if place == _BEYOND:
            rank = 0
        elif core.is_Symbol:
            rank = 1
        else:
            rank = 2 if core.is_Add else 3
        return rank, core == _X, place

    def _term_key(self, term: Expression) -> tuple[bool, int]:
        return _is_negative(term), self._place(term)


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


def _number(value: Expression) -> Node:
    numerator, denominator = int(value.p), int(value.q)
    if denominator == 1 and abs(numerator) < _TOO_LONG:
        return Number(numerator)
    if denominator == 1 or _is_best_as_decimal(value):
        return Number(numerator / denominator)
    return binary("/", Number(numerator), Number(denominator), 0)


def _is_best_as_decimal(value: Expression) -> bool:
    """Tell whether a fraction has a short decimal, or is too long to be read as a fraction."""
    exact = Fraction(int(value.p), int(value.q))
    return Fraction(repr(float(exact))) == exact or max(abs(exact.numerator), exact.denominator) >= _TOO_LONG


def _exponent(expression: Expression) -> Expression:
    """Give the exponent of a power when it is a number, otherwise 1."""
    is_power = expression.is_Pow or expression.func is Power
    return expression.args[1] if is_power and expression.args[1].is_Rational else sympy.Integer(1)


def _turned_over(power: Expression) -> Expression:
    base, exponent = power.args
    return power.func(base, -exponent)


def _is_negative(term: Expression) -> bool:
    return bool(term.as_coeff_Mul(rational=True)[0].is_negative)


def _multiplied(nodes: Sequence[Node]) -> Node:
    result = nodes[0]
    for node in nodes[1:]:
        result = binary("*", result, node, 0)
    return result


def _sign(left: Node, right: Node) -> Node:
    return call("sign", [left if right == ZERO else binary("-", left, right, 0)], 0)


def _step(left: Node, right: Node) -> Node:
    """Give 1 where the left is above the right, otherwise 0."""
    return call("relu", [_sign(left, right)], 0)


def _or_one_at_zero(node: Node) -> Node:
    """Give 1 where the node is 0, otherwise the node."""
    is_zero = binary("-", ONE, call("abs", [_sign(node, ZERO)], 0), 0)
    return binary("+", node, is_zero, 0)


_IN_OTHER_WORDS: Mapping[type[sympy.Function], Callable[[Node, Node], Node]] = MappingProxyType(
    {
        Above: _step,
        AtLeast: lambda left, right: binary("-", ONE, _step(right, left), 0),
        AtMost: lambda left, right: binary("-", ONE, _step(left, right), 0),
        TwiceAbove: lambda left, right: binary("+", ONE, _sign(left, right), 0),
        LogOfBase: lambda base, _: call("log", [_or_one_at_zero(base)], 0),
        OneLess: lambda exponent, _: binary("-", _or_one_at_zero(exponent), ONE, 0),
    }
)
