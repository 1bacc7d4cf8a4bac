"""The functions and constants a formula may use."""

import keyword
import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct


class Function(Struct, frozen=True):
    """A function that formulas may call.

    Attributes
    ----------
    name
        As it is typed.
    meaning
        One line for a person.
    example
        A call of it.
    torch_name
        Where it is found below ``torch.``.
    evaluate
        Its value for floats; raises ValueError or OverflowError where it has none.
    arity
        How many arguments it takes.
    clamp_bound
        For functions of two tensors that torch does not take a number in: the keyword of ``torch.clamp`` that
        does the same when one argument is a number. Otherwise empty.
    """

    name: str
    meaning: str
    example: str
    torch_name: str
    evaluate: Callable[..., float]
    arity: int = 1
    clamp_bound: str = ""


class Constant(Struct, frozen=True):
    """A number that has a name.

    Attributes
    ----------
    name
        As it is typed.
    meaning
        One line for a person.
    value
        The nearest float.
    """

    name: str
    meaning: str
    value: float


LARGEST_CLAMP = 3.4028234663852886e38
"""The largest float32: ``torch.clamp`` takes no larger number as a bound in that dtype."""

SOFTPLUS_THRESHOLD = 20.0
"""Above this softplus(x) is x, as in torch."""


def _sigmoid(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))


def _softplus(x: float) -> float:
    return x if x > SOFTPLUS_THRESHOLD else math.log1p(math.exp(x))


def _sign(x: float) -> float:
    return float((x > 0.0) - (x < 0.0))


def _relu(x: float) -> float:
    return max(x, 0.0)


_ALL_FUNCTIONS = (
    Function("sin", "sine of an angle in radians", "sin(x)", "sin", math.sin),
    Function("cos", "cosine of an angle in radians", "cos(x)", "cos", math.cos),
    Function("tan", "tangent of an angle in radians", "tan(x)", "tan", math.tan),
    Function("asin", "angle in radians whose sine is x, for x from -1 to 1", "asin(x)", "asin", math.asin),
    Function("acos", "angle in radians whose cosine is x, for x from -1 to 1", "acos(x)", "acos", math.acos),
    Function("atan", "angle in radians whose tangent is x", "atan(x)", "atan", math.atan),
    Function("sinh", "hyperbolic sine", "sinh(x)", "sinh", math.sinh),
    Function("cosh", "hyperbolic cosine", "cosh(x)", "cosh", math.cosh),
    Function("tanh", "hyperbolic tangent, from -1 to 1", "tanh(x)", "tanh", math.tanh),
    Function("exp", "e to the power of x", "exp(x)", "exp", math.exp),
    Function("log", "natural logarithm (base e), for x above 0", "log(x)", "log", math.log),
    Function("log2", "logarithm to base 2, for x above 0", "log2(x)", "log2", math.log2),
    Function("log10", "logarithm to base 10, for x above 0", "log10(x)", "log10", math.log10),
    Function("sqrt", "square root, for x from 0", "sqrt(x)", "sqrt", math.sqrt),
    Function("abs", "distance from 0", "abs(x)", "abs", math.fabs),
    Function("sigmoid", "1 / (1 + exp(-x)), from 0 to 1", "sigmoid(x)", "sigmoid", _sigmoid),
    Function("relu", "x above 0, otherwise 0", "relu(x)", "relu", _relu),
    Function("softplus", "log(1 + exp(x)), a smooth relu", "softplus(x)", "nn.functional.softplus", _softplus),
    Function("sign", "-1 below 0, 0 at 0, 1 above 0", "sign(x)", "sign", _sign),
    Function("erf", "error function of the normal distribution, from -1 to 1", "erf(x)", "erf", math.erf),
    Function("min", "the smaller of two", "min(x, 1)", "minimum", min, arity=2, clamp_bound="max"),
    Function("max", "the larger of two", "max(x, 0)", "maximum", max, arity=2, clamp_bound="min"),
)

_ALL_CONSTANTS = (
    Constant("pi", "circumference of a circle over its diameter, 3.14159…", math.pi),
    Constant("π", "the same as pi", math.pi),
    Constant("e", "base of the natural logarithm, 2.71828…", math.e),
)

FUNCTIONS: Mapping[str, Function] = MappingProxyType({one.name: one for one in _ALL_FUNCTIONS})
"""Every function by its name, in the order in which a list for people shows them."""

CONSTANTS: Mapping[str, Constant] = MappingProxyType({one.name: one for one in _ALL_CONSTANTS})
"""Every constant by its name."""

OTHER_SPELLINGS: Mapping[str, str] = MappingProxyType(
    {
        "absolute": "abs",
        "arccos": "acos",
        "arcsin": "asin",
        "arctan": "atan",
        "expit": "sigmoid",
        "fabs": "abs",
        "lg": "log10",
        "ln": "log",
        "logistic": "sigmoid",
        "maximum": "max",
        "minimum": "min",
        "sgn": "sign",
        "tg": "tan",
    }
)
"""What the same functions are called elsewhere, for the error that says how they are called here."""


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
