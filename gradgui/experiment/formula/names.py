"""Which names a formula may give to its variables and parameters."""

import keyword
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from gradgui.experiment.formula.vocabulary import CONSTANTS, FUNCTIONS

LONGEST_NAME = 30

RESERVED_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "torch": "the PyTorch library in the loop's code",
        "math": "Python's math module in the loop's code",
        "epoch": "the log's column that counts the epochs",
        "epochs": "the number of epochs in the loop's code",
        "loss": "the log's column of the loss",
        "lr": "the log's column of the learning rate",
        "learning_rate": "the learning rate in the loop's code",
        "y": "the targets of the data",
        "y_pred": "the prediction in the loop's code",
    }
)
"""Names no parameter may have, each with what it is used for: columns of the log or lines of the loop.

A caller may still pass them as variables: a loss is a formula in ``y`` and ``y_pred``.
"""

RESERVED_SUFFIX = "_grad"
"""No parameter's name ends so: ``w_grad`` is the log's column of the gradient of ``w``."""


def _is_greek(character: str) -> bool:
    return (
        unicodedata.name(character, "").startswith("GREEK")
        and character.isidentifier()
        and unicodedata.normalize("NFKC", character) == character
    )


GREEK_LETTERS = "".join(filter(_is_greek, map(chr, range(0x370, 0x400))))
"""The Greek letters that Python takes in a name and leaves as they are."""

_WITHOUT_GREEK = str.maketrans(GREEK_LETTERS, "g" * len(GREEK_LETTERS))


def name_problem(name: str) -> str | None:
    """Say why a word cannot be a name in any formula.

    Parameters
    ----------
    name
        A word of letters, digits and underscores that begins with no digit.

    Returns
    -------
    str or None
        One sentence, or None when nothing is wrong.
    """
    if len(name) > LONGEST_NAME:
        return f"A name has at most {LONGEST_NAME} characters, this one has {len(name)}: shorten it."
    if name.startswith("__"):
        return "A name may begin with one underscore but not with two: leave one out."
    if keyword.iskeyword(name):
        return f"{name} is a word of the Python language: write {name}_ or choose another name."
    return None


def reserved_for(name: str) -> str | None:
    """Say what a name that no parameter may have is used for, or give None."""
    if name.endswith(RESERVED_SUFFIX):
        return "a gradient's column in the log"
    return RESERVED_NAMES.get(name)


def is_name(word: str) -> bool:
    """Tell whether a word is a name that formulas and the code made from them can use."""
    plain = word.translate(_WITHOUT_GREEK)
    return plain.isascii() and plain.isidentifier() and name_problem(word) is None


def check_variables(variables: Sequence[str]) -> None:
    """Refuse variables that no formula could use.

    Parameters
    ----------
    variables
        Names given by a caller.

    Raises
    ------
    ValueError
        When one is no name, is a function or a constant, or comes twice.
    """
    for variable in variables:
        if not is_name(variable):
            raise ValueError(f"{variable!r} cannot be the name of a variable")
        if variable in FUNCTIONS or variable in CONSTANTS:
            raise ValueError(f"{variable!r} has another meaning in formulas")
    if len(set(variables)) < len(variables):
        raise ValueError(f"the variables {', '.join(variables)} are not all different")
