"""From a sympy expression back to a formula's tree, in the order in which a student would write it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

import sympy  # type: ignore[import-untyped]

from gradgui.engine.symbols.functions import CLAMPS, FUNCTIONS, Above, AtLeast, AtMost, TwiceAbove
from gradgui.engine.symbols.numbers import (
    is_best_as_decimal,
    is_negative,
    number_in_exponent,
    split_number,
    turned_over,
    written_number,
)
from gradgui.engine.symbols.powers import LogOfBase, OneLess, Power
from gradgui.engine.symbols.reading import Expression
from gradgui.experiment.formula import Name, Node, Number, parse_formula, to_text
from gradgui.experiment.formula.folding import binary, call, negative

ZERO, ONE = Number(0), Number(1)

LARGEST_DIVISOR = 9
"""``x / 5`` up to here, ``0.1 * x`` beyond."""

_NAMES: Mapping[type[sympy.Function], str] = MappingProxyType(
    {made: name for table in (FUNCTIONS, CLAMPS, {"log": sympy.log}) for name, made in table.items()}
)
_CONSTANTS = MappingProxyType({sympy.pi: "pi", sympy.E: "e"})
_COMPARISONS = MappingProxyType({Above: ">", AtLeast: "≥", AtMost: "≤"})
_X = sympy.Symbol("x")
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
            return written_number(expression)
        if expression.is_Symbol or expression in _CONSTANTS:
            name = _CONSTANTS.get(expression) or expression.name
            return Name(name) if name in self._places else parse_formula(name).tree
        if expression.is_Add:
            return self._sum(expression.args)
        if expression.is_Mul or number_in_exponent(expression).is_negative:
            return self.product(*expression.as_coeff_Mul(rational=True))
        if not expression.args:
            raise ValueError("a part of it is no real number")
        return self._call(expression.func, expression.args)

    def product(self, coefficient: Expression, expression: Expression) -> Node:
        """Write a rational number times an expression: as one fraction where something is divided by."""
        number, expression = split_number(expression)
        number *= coefficient
        if number == 0:
            return ZERO
        numerator, denominator = abs(number.p), number.q
        if denominator > LARGEST_DIVISOR and is_best_as_decimal(number):
            numerator, denominator = abs(number), 1
        factors = [] if expression == 1 else sympy.Mul.make_args(expression)
        below = [factor for factor in factors if number_in_exponent(factor).is_negative]
        above = self._factors(numerator, (factor for factor in factors if factor not in below))
        if number.is_negative:
            above[0] = negative(above[0])
        if not below and denominator == 1:
            return _multiplied(above)
        divisor = self._factors(denominator, (turned_over(factor) for factor in below))
        return binary("/", _multiplied(above), _multiplied(divisor), 0)

    def _factors(self, number: Expression, factors: Iterable[Expression]) -> list[Node]:
        nodes = [self.tree(factor) for factor in sorted(factors, key=self._factor_key)]
        return nodes if nodes and number == 1 else [written_number(sympy.Rational(number)), *nodes]

    def _sum(self, terms: Iterable[Expression]) -> Node:
        first, *others = sorted(terms, key=self._term_key)
        result = self.tree(first)
        for term in others:
            falls = is_negative(term)
            result = binary("-" if falls else "+", result, self.tree(-term if falls else term), 0)
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
        return is_negative(term), self._place(term)


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
