"""The one reader and the one writer of numbers, wherever a person types, pastes, imports or reads one.

The minus is U+2212 where a number is only looked at: labels, formulas, marks. It is ASCII where a number goes on from
the window: fields and cells, what is copied, CSV, code, the lines of ``gradgui train``. The reader takes both.
"""

import math
import re

MINUS = "−"
THIN_SPACE = "\u202f"

_NUMBER = re.compile(
    r"""(?P<sign>[-+−]?)
    (?P<whole>\d* | [1-9]\d{0,2}(?P<gap>[ \u00a0\u202f'’_.,])\d{3}(?:(?P=gap)\d{3})*)
    (?:(?P<point>[.,])(?P<decimals>\d*))?
    (?:[eEdD](?P<exponent>[-+−]?\d+))?""",
    re.VERBOSE,
)
Notation = tuple[str, str]
"""The decimal sign, and the one of point and comma that groups thousands; empty where neither does."""
NOTATIONS: tuple[Notation, ...] = ((".", ""), (".", ","), (",", ""), (",", "."))

_NOT_FINITE = re.compile("[-+−]?(inf|infinity|nan)", re.IGNORECASE)


class NumberError(ValueError):
    """A text that is no number; it says so in a sentence for a person."""


class NotFiniteError(NumberError):
    """An infinity, a nan, or a number beyond the largest double."""


class AmbiguousNumberError(NumberError):
    """A text that some read as thousands and others as decimals; the sentence names both numbers."""


def read_number(text: str, decimal: str | None = None, thousands: str = "") -> float:
    """Read a number, correctly rounded.

    Parameters
    ----------
    text
        As typed: with either minus, an exponent after ``e`` or Fortran's ``d``, and digits in proper groups of three
        between spaces, apostrophes, underscores, commas or points. Spaces around it do not matter.
    decimal
        The decimal sign, ``.`` or ``,``, where it is known: the other one is then in no number. None where it is
        not: it is a point, or a comma that separates no thousands.
    thousands
        The other of the two signs, where it is known to group thousands.

    Returns
    -------
    float
        Such as 0.5 for ``0,5``, 1313973 for ``1,313,973`` and ``1 313 973``, 1313.5 for ``1,313.5`` and ``1.313,5``.

    Raises
    ------
    AmbiguousNumberError
        For ``1,000`` and ``12,345``, and for ``1.000``: thousands to some, decimals to others. Points with other
        decimals, as in ``1.204``, are read, as this program writes such numbers itself; so is ``0,001``.
    NotFiniteError
        For ``inf``, ``nan`` and ``1e400``.
    NumberError
        For anything else that is no number.
    """
    text = text.strip()
    found = _NUMBER.fullmatch(text)
    if not found or not (found["whole"] or found["decimals"]):
        if _NOT_FINITE.fullmatch(text):
            raise NotFiniteError("Only a finite number will do.")
        raise NumberError("Enter a number, such as 0 or -1.5.")
    gap, point = found["gap"], found["point"]
    if thousands and point == thousands and not gap and _is_group(found):
        return float(f"{found['sign']}{found['whole']}{found['decimals']}".replace(MINUS, "-"))
    wrong_sign = decimal and (gap in {".", ","} - {thousands} or point not in {None, decimal})
    if (gap and gap == point) or wrong_sign:
        raise NumberError("Enter a number with one decimal sign, such as 1234.5.")
    number = found["sign"] + found["whole"].replace(gap or " ", "")
    if not decimal and _may_be_thousands(found):
        decimals = write_number(float(f"{number}.{found['decimals']}".replace(MINUS, "-")))
        thousands = f"{number}{found['decimals']}".replace(MINUS, "-").lstrip("+")
        raise AmbiguousNumberError(f"“{text}” can mean {thousands} or {decimals}: write the one that is meant.")
    value = float(f"{number}.{found['decimals'] or ''}e{found['exponent'] or 0}".replace(MINUS, "-"))
    if math.isinf(value):
        raise NotFiniteError("Only a number below 1.8e308 will do.")
    return value


def _is_group(found: re.Match[str]) -> bool:
    """Tell whether a single sign may stand before the last three digits of a thousand or more."""
    if found["gap"] or found["exponent"] or len(found["decimals"] or "") != 3:
        return False
    return 1 <= len(found["whole"]) <= 3 and not found["whole"].startswith("0")


def _may_be_thousands(found: re.Match[str]) -> bool:
    """Tell whether a number typed alone is open: decimals that this program may have written are taken as such."""
    return _is_group(found) and (found["point"] == "," or found["decimals"] == "000")


def notations(text: str) -> tuple[Notation, ...]:
    """Give the notations in which a text is a number; none where it is no number in any.

    Examples
    --------
    ``1.5`` is one wherever the point is the decimal sign, ``1.204`` also where it groups thousands, ``1.000,92``
    only where it does, and ``12`` in any notation.
    """
    found = _NUMBER.fullmatch(text)
    if not found or not (found["whole"] or found["decimals"]):
        return ()
    gap, point = found["gap"], found["point"]
    grouped = gap in {".", ","}
    if gap and gap == point:
        return ()
    if point == "," and not found["decimals"]:
        return ()  # a comma that ends a cell is more likely to be a delimiter
    if not point and not grouped:
        return NOTATIONS
    return tuple(
        (decimal, thousands)
        for decimal, thousands in NOTATIONS
        if (point in {None, decimal} and gap not in {".", ","} - {thousands})
        or (point == thousands and _is_group(found))
    )


def write_number(value: float) -> str:
    """Write a number for a field or a cell: the shortest text that reads back, 2 rather than 2.0."""
    value = float(value)
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e16 else repr(value)


def shown(text: str) -> str:
    """Give a number's text as it is shown: with the minus sign of mathematics, which is read as well."""
    return text.replace("-", MINUS)


def fewer_digits(value: float, most: int) -> str:
    """Round a number to be shown until it has room, its exponent whole; 7 characters are enough for any.

    Parameters
    ----------
    value
        The number.
    most
        The most characters.
    """
    texts = (f"{value:.{digits}g}" for digits in range(17, 0, -1))
    return shown(next((text for text in texts if len(text) <= most), f"{value:.0e}"))


def write_count(count: float) -> str:
    """Write a whole number with its thousands apart: ``10 000 000``."""
    return f"{int(count):,}".replace(",", THIN_SPACE)


def printed(value: float, first: float = 0.0) -> str:
    """Write a number for a line of ``gradgui train``: three decimals where these say enough, else four digits.

    The notebook prints three decimals whatever they say, down to ``loss = 0.000``. So does this where the numbers
    began in the size that three decimals are made for: a loss that came from 30 to 0.0004 is 0 to a reader. Where
    they began smaller, ``0.000`` would be all there ever was to read.

    Parameters
    ----------
    value
        The number.
    first
        What stood in its place in the first line of all; 0 where there was none.

    Examples
    --------
    ``30.000``, ``-0.250``, ``1.234e-05``, ``2.318e+32``, ``inf``.
    """
    smallest = 0.0 if abs(first) >= 1e-2 else 1e-2
    return f"{value:.3f}" if value == 0.0 or smallest <= abs(value) < 1e5 else f"{value:.3e}"


def readable(value: float) -> str:
    """Write a number for a label: three decimals, or four significant digits where these would mislead.

    Examples
    --------
    ``30.000``, ``−0.250``, ``1.234e−05``, ``2.318e+32``, ``inf``.
    """
    return shown(printed(value))


def significant(value: float, digits: int = 4) -> str:
    """Write a number for a label in so many significant digits at most: ``0.3``, ``−1.667``, ``1e+20``."""
    return shown(f"{value:.{digits}g}")
