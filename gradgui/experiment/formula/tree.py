"""The tree of a formula."""

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Literal, TypeAlias

from msgspec import Struct

Operator = Literal["+", "-", "*", "/", "**"]


class Strength(IntEnum):
    """How tightly a piece of a formula holds together, as in Python."""

    NONE = 0
    SUM = 1
    PRODUCT = 2
    SIGN = 3
    POWER = 4
    ATOM = 5


OPERATOR_STRENGTH: dict[str, Strength] = {
    "+": Strength.SUM,
    "-": Strength.SUM,
    "*": Strength.PRODUCT,
    "/": Strength.PRODUCT,
    "**": Strength.POWER,
}


class Written(Struct, frozen=True):
    """A piece of a formula as text.

    Attributes
    ----------
    text
        The piece, without parentheses around it.
    strength
        What decides whether it needs parentheses inside a larger piece.
    """

    text: str
    strength: Strength


class Number(Struct, frozen=True):
    """A number that training never changes.

    Attributes
    ----------
    value
        An int of at most nine digits, or a finite float.
    typed
        How the person wrote it (``pi``, ``1 / 3``, ``1e-3``); None shows the value. It does not count
        when trees are compared.
    """

    value: int | float
    typed: Written | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


class Name(Struct, frozen=True):
    """A variable or a parameter."""

    name: str


class Negative(Struct, frozen=True):
    """A minus sign in front of ``operand``."""

    operand: "Node"


class Binary(Struct, frozen=True):
    """Two pieces and the operator between them."""

    operator: Operator
    left: "Node"
    right: "Node"


class Call(Struct, frozen=True):
    """A function of the vocabulary, by its name there, with as many arguments as it takes."""

    function: str
    arguments: tuple["Node", ...]


Node: TypeAlias = Number | Name | Negative | Binary | Call


class Formula(Struct, frozen=True):
    """A formula that was checked.

    Attributes
    ----------
    text
        As it was typed.
    tree
        What it means; every part without a name in it is already one `Number`.
    variables
        The names whose values are given from outside, whether or not the formula uses them.
    parameters
        Every other name, in order of first appearance.
    """

    text: str
    tree: Node
    variables: tuple[str, ...]
    parameters: tuple[str, ...]


def names_in(node: Node) -> tuple[str, ...]:
    """Give every variable and parameter in a tree once, in order of first appearance."""
    return tuple(dict.fromkeys(_names(node)))


def _names(tree: Node) -> Iterator[str]:
    waiting = [tree]
    while waiting:
        match waiting.pop():
            case Name(name):
                yield name
            case Negative(operand):
                waiting.append(operand)
            case Binary(_, left, right):
                waiting += (right, left)
            case Call(_, arguments):
                waiting += reversed(arguments)
            case Number():
                pass


def substituted(node: Node, replacements: Mapping[str, Node]) -> Node:
    """Give a tree whose names are replaced by other nodes; those without a replacement stay."""
    match node:
        case Name(name):
            return replacements.get(name, node)
        case Negative(operand):
            return Negative(substituted(operand, replacements))
        case Binary(operator, left, right):
            return Binary(operator, substituted(left, replacements), substituted(right, replacements))
        case Call(function, arguments):
            return Call(function, tuple(substituted(argument, replacements) for argument in arguments))
        case Number():
            return node
