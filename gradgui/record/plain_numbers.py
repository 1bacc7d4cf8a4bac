"""The quick way through a table: blocks in which every cell is a plain number, and every row has all its cells."""

import math
import re

import msgspec

from gradgui.record.table_format import SPACES, TableFormat

Columns = tuple[list[float], list[float]]

_FLOATS = msgspec.json.Decoder(list[float])
_GAPS = re.compile(rb"[ \t]+")
_LINE_GAPS = re.compile(rb"[ \t]*(\r?\n)[ \t]*")
_MINUS_ZERO = re.compile(rb"-0[, \r]|-0$")


class PlainNumbers:
    """Read blocks of plain numbers.

    A block becomes a JSON list of numbers, which msgspec reads, correctly rounded, several times faster than NumPy or
    ``float``. What is no such list, it refuses; that the cells lie in rows as they should is checked before.

    Parameters
    ----------
    table_format
        How the table is written.
    width
        How many cells a row has.
    x, y
        The places of the two columns.
    """

    def __init__(self, table_format: TableFormat, width: int, x: int, y: int) -> None:
        self._spaces = table_format.delimiter == SPACES
        self._delimiter = b"\t" if self._spaces else table_format.delimiter.encode()
        self._decimal = table_format.decimal.encode()
        self._in_numbers = b"0123456789+-eE " + self._decimal
        self._width, self._x, self._y = width, x, y

    def columns(self, block: bytes) -> Columns | None:
        """Give x and y of a block of whole lines; None when something else than plain numbers is in it."""
        line_end = b"\r\n" if b"\r" in block else b"\n"
        if not block.endswith(b"\n"):
            block += line_end
        if self._spaces:
            block = _tabs_for_gaps(block)
        row = self._delimiter * (self._width - 1) + line_end
        rest = block.translate(None, self._in_numbers)
        if rest != row * (len(rest) // len(row)) or self._delimiter + b"\r" in block:
            return None
        if self._decimal == b",":
            block = block.replace(b",", b".")
        block = block.replace(self._delimiter, b",").replace(b"\n", b",")
        numbers = _decode(block[:-1])
        if numbers is None:
            return None
        return numbers[self._x :: self._width], numbers[self._y :: self._width]


def _tabs_for_gaps(block: bytes) -> bytes:
    return _GAPS.sub(b"\t", _LINE_GAPS.sub(rb"\1", block.strip(b" \t")))


def _decode(numbers: bytes) -> list[float] | None:
    try:
        floats = _FLOATS.decode(b"[%b]" % numbers)
    except msgspec.DecodeError:  # .5 or 1. or +1 or 01, or something else
        return _decode_slowly(numbers)
    if 0.0 in floats and _MINUS_ZERO.search(numbers):  # msgspec reads -0 as the integer 0
        return _decode_slowly(numbers)
    return floats


def _decode_slowly(numbers: bytes) -> list[float] | None:
    try:
        floats = list(map(float, numbers.split(b",")))
    except ValueError:
        return None
    return floats if all(map(math.isfinite, floats)) else None
