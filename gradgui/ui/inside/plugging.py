"""Names in a formula replaced by their values."""

import re
from collections.abc import Mapping

_NAME = re.compile(r"[^\W\d]\w*")


def plugged(formula: str, values: Mapping[str, str]) -> str:
    """Replace each whole name that has a value, and write products with a dot.

    Parameters
    ----------
    formula
        A checked formula's own text.
    values
        Texts by name; other names (functions) stay.

    Examples
    --------
    >>> plugged("w * x", {"w": "0.300", "x": "[1, 2]"})
    '0.300 · [1, 2]'
    """

    def replacement(found: re.Match[str]) -> str:
        return values.get(found[0], found[0])

    return _NAME.sub(replacement, formula.replace("**", "^").replace("*", "·")).replace(" - ", " − ")
