"""From typed text to a checked tree, with Python's precedence."""

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from gradgui.experiment.formula import constant_folding, error_messages
from gradgui.experiment.formula.tokens import FormulaError, Kind, Token, tokenize
from gradgui.experiment.formula.tree import (
    OPERATOR_STRENGTH,
    Formula,
    Name,
    Node,
    Number,
    Operator,
    Strength,
    Written,
    names_in,
)
from gradgui.experiment.formula.vocabulary import CONSTANTS, FUNCTIONS, check_variables, reserved_for

DEEPEST_NESTING = 50
"""How many parentheses, signs and powers may stand inside one another."""

MOST_NODES = 400
"""How many numbers, names, operators and calls a formula may have."""


def parse_formula(text: str, variables: Sequence[str] = ("x",)) -> Formula:
    """Read a formula as a person types it.

    Parameters
    ----------
    text
        Such as ``a * exp(-k * x)``. Numbers, ``+ - * / **``, signs, parentheses and calls mean what they mean
        in Python.
    variables
        The names whose values are given from outside. Every other name is a parameter.

    Returns
    -------
    Formula
        Checked: what it holds can be computed and written as Python.

    Raises
    ------
    FormulaError
        When the text is no formula, uses a name it may not use, has a part without names that is no finite
        number, or is too large.
    ValueError
        When the variables are no names, are functions or constants, or are not all different.
    """
    return _parse(text, tuple(variables))


@lru_cache(maxsize=64)  # a window asks again and again for the few formulas that it shows
def _parse(text: str, variables: tuple[str, ...]) -> Formula:
    check_variables(variables)
    tree = _Parser(text, variables).formula()
    parameters = tuple(name for name in names_in(tree) if name not in variables)
    return Formula(text, tree, variables, parameters)


class _Parser:
    """A Pratt parser: operands in `_operand`, operators by their strength in `_expression`."""

    def __init__(self, text: str, variables: Sequence[str]) -> None:
        self._tokens = tokenize(text)
        self._variables = variables
        self._index = 0
        self._nodes = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    @property
    def _previous(self) -> Token | None:
        return self._tokens[self._index - 1] if self._index else None

    def _take(self) -> Token:
        token = self._next
        self._index += 1
        return token

    def formula(self) -> Node:
        tree = self._expression(Strength.NONE, 0)
        if self._next.kind is Kind.CLOSE:
            raise error_messages.never_opened(self._next)
        if self._next.kind is Kind.COMMA:
            raise self._needless_comma()
        return tree

    def _expression(self, above: Strength, depth: int) -> Node:
        """Read an operand and every operator after it that is stronger than ``above``."""
        start = self._next.position
        left = self._operand(depth)
        while True:
            token = self._next
            if token.kind in (Kind.NUMBER, Kind.NAME, Kind.OPEN):
                raise self._missing_operator()
            if token.kind is not Kind.OPERATOR or OPERATOR_STRENGTH[token.text] <= above:
                return left
            self._count(self._take())
            strength = OPERATOR_STRENGTH[token.text]
            if strength is Strength.POWER:  # from right to left, and 2**-x needs no parentheses
                right = self._expression(Strength.SIGN, _deeper(depth, token))
            else:
                right = self._expression(strength, depth)
            left = constant_folding.binary(cast("Operator", token.text), left, right, start)

    def _operand(self, depth: int) -> Node:
        token = self._next
        if token.kind is Kind.OPEN:
            self._take()
            inner = self._expression(Strength.NONE, _deeper(depth, token))
            if self._next.kind is Kind.COMMA:
                raise self._needless_comma()
            self._close(token)
            return inner
        if token.kind is Kind.OPERATOR and token.text in "+-":
            self._count(self._take())
            operand = self._expression(Strength.SIGN, _deeper(depth, token))
            return constant_folding.negative(operand) if token.text == "-" else operand
        if token.kind not in (Kind.NUMBER, Kind.NAME):
            raise error_messages.missing_value(self._previous, token)
        self._count(self._take())
        return (
            constant_folding.literal(token.text, token.position)
            if token.kind is Kind.NUMBER
            else self._named(token, depth)
        )

    def _named(self, name: Token, depth: int) -> Node:
        function = FUNCTIONS.get(name.text)
        if self._next.kind is Kind.OPEN:
            if function is None:
                raise error_messages.unknown_function(name, self._variables)
            arguments = self._arguments(depth)
            if len(arguments) != function.arity:
                raise error_messages.wrong_number_of_arguments(name, function, len(arguments))
            return constant_folding.call(name.text, arguments, name.position)
        if function is not None:
            raise error_messages.function_without_call(name, function)
        if name.text in CONSTANTS:
            return Number(CONSTANTS[name.text].value, Written(name.text, Strength.ATOM))
        reason = None if name.text in self._variables else reserved_for(name.text)
        if reason:
            raise error_messages.reserved(name, reason)
        return Name(name.text)

    def _arguments(self, depth: int) -> list[Node]:
        opening = self._take()
        arguments: list[Node] = []
        if self._next.kind is not Kind.CLOSE:
            arguments.append(self._expression(Strength.NONE, _deeper(depth, opening)))
        while arguments and self._next.kind is Kind.COMMA:
            self._take()
            arguments.append(self._expression(Strength.NONE, _deeper(depth, opening)))
        self._close(opening)
        return arguments

    def _close(self, opening: Token) -> None:
        if self._next.kind is not Kind.CLOSE:
            raise error_messages.never_closed(opening)
        self._take()

    def _count(self, token: Token) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            message = f"A formula has at most {MOST_NODES} numbers, names and operators: shorten it."
            raise FormulaError(message, token.position)

    def _missing_operator(self) -> FormulaError:
        before, token = self._tokens[self._index - 1], self._take()
        is_call = token.text in FUNCTIONS and self._next.kind is Kind.OPEN
        return error_messages.missing_operator(before, token, is_call=is_call)

    def _needless_comma(self) -> FormulaError:
        before, comma, after = self._tokens[self._index - 1 : self._index + 2]
        return error_messages.needless_comma(before, comma, after)


def _deeper(depth: int, token: Token) -> int:
    if depth >= DEEPEST_NESTING:
        message = f"At most {DEEPEST_NESTING} parentheses, signs and powers stand inside one another: simplify it."
        raise FormulaError(message, token.position)
    return depth + 1
