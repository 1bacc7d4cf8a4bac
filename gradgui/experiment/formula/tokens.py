"""From typed text to tokens, and the error that says where a text is no formula."""

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum, auto

from msgspec import Struct

from gradgui.experiment.formula.vocabulary import FUNCTIONS, GREEK_LETTERS, name_problem

LONGEST_TEXT = 1000
LONGEST_QUOTE = 40


class FormulaError(ValueError):
    """A formula that cannot be accepted.

    Parameters
    ----------
    message
        One sentence for a person: what is wrong and what would be right.
    position
        Index into the typed text (from 0) where a mark belongs; at most its length.
    """

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message, position)
        self.message = message
        self.position = position

    def __str__(self) -> str:
        return f"column {self.position + 1}: {self.message}"


def quoted(text: str) -> str:
    """Give a piece of a formula for an error's sentence, cut to `LONGEST_QUOTE` characters."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"


class Kind(Enum):
    """What a token is."""

    NUMBER = auto()
    NAME = auto()
    OPERATOR = auto()
    OPEN = auto()
    CLOSE = auto()
    COMMA = auto()
    END = auto()


class Token(Struct, frozen=True):
    """A piece of the text that is read as one.

    Attributes
    ----------
    kind
        What it is.
    text
        How it is written; empty for the end.
    position
        Index of its first character in the typed text.
    """

    kind: Kind
    text: str
    position: int

    @property
    def end(self) -> int:
        """Index of the character after it."""
        return self.position + len(self.text)


_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_TOKEN = re.compile(
    rf"""
    (?P<NUMBER> (?: {_DIGITS} (?: \. (?: {_DIGITS} )? )? | \. {_DIGITS} ) (?: [eE] [+-]? {_DIGITS} )? )
    | (?P<NAME> [A-Za-z_{GREEK_LETTERS}] [A-Za-z0-9_{GREEK_LETTERS}]* )
    | (?P<OPERATOR> \*\* | [-+*/] )
    | (?P<OPEN> \( )
    | (?P<CLOSE> \) )
    | (?P<COMMA> , )
    """,
    re.VERBOSE,
)
_SAME_MEANING = str.maketrans("×·⋅∗÷−–", "****/--")
_SPACE = re.compile(r"\s*")

_ADVICE = {
    "^": "A power is written **: type x**2 in place of x^2.",
    "=": "A formula has no equals sign: type only the right-hand side.",
    "[": "Only round parentheses are used: write ( in place of [.",
    "]": "Only round parentheses are used: write ) in place of ].",
    "{": "Only round parentheses are used: write ( in place of {.",
    "}": "Only round parentheses are used: write ) in place of }.",
    "|": "An absolute value is written abs(x).",
    "√": "A square root is written sqrt(x).",
    "∞": "Infinity is no number that a formula can use.",
    ".": "A point belongs only between the digits of a number, as in 0.5.",
}


def tokenize(text: str) -> Sequence[Token]:
    """Cut a formula into tokens.

    Parameters
    ----------
    text
        As typed; the signs ``×``, ``·`` and ``−`` count as ``*``, ``*`` and ``-``.

    Returns
    -------
    sequence of Token
        In order, the last of kind ``END``.

    Raises
    ------
    FormulaError
        When the text is longer than `LONGEST_TEXT`, or something in it means nothing in a formula.
    """
    if len(text) > LONGEST_TEXT:
        message = f"A formula has at most {LONGEST_TEXT} characters, this one has {len(text)}: shorten it."
        raise FormulaError(message, LONGEST_TEXT)
    plain = text.translate(_SAME_MEANING)
    tokens: list[Token] = []
    position = _skip_space(plain, 0)
    while position < len(plain):
        tokens.append(_token(plain, position))
        position = _skip_space(plain, tokens[-1].end)
    return [*tokens, Token(Kind.END, "", len(text))]


def _skip_space(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position


def _token(text: str, position: int) -> Token:
    found = _TOKEN.match(text, position)
    if found is None or found.lastgroup is None:
        raise FormulaError(_advice(text[position]), position)
    token = Token(Kind[found.lastgroup], found.group(), position)
    following = text[token.end : token.end + 1]
    if token.kind is Kind.NAME:
        problem = name_problem(token.text)
        if problem:
            raise FormulaError(problem, position)
        behind_point = _TOKEN.match(text, token.end + 1)
        if following == "." and behind_point and behind_point.group() in FUNCTIONS:
            function = behind_point.group()
            raise FormulaError(f"Write {function} alone, without {token.text}. in front of it.", position)
    if token.text == following == "/":
        raise FormulaError("A division is written with one /.", position)
    return token


def _advice(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    if plain in _ADVICE:
        return _ADVICE[plain]
    if len(plain) == 1 and _TOKEN.match(plain):
        if unicodedata.decomposition(character).startswith("<super>"):
            return f"A power is written **: type **{plain} in place of {character}."
        return f"Write {plain} (U+{ord(plain):04X}) in place of {character} (U+{ord(character):04X})."
    if character.isalpha():
        return f"The letter {character} cannot stand in a name: use a to z, Greek letters, digits and _."
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    return f"The character {shown} has no meaning in a formula: remove it."
