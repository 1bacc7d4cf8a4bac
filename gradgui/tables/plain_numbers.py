"""Quick ways through a table, for blocks in which every row has all its cells and x and y are plain numbers."""

import math
import re

import msgspec

from gradgui.tables.format import SPACES, TableFormat

Columns = tuple[list[float], list[float]]

_FLOATS = msgspec.json.Decoder(list[float])
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
        """Give x and y of a block of whole lines; None when it must be read with more care."""
        line_end = b"\r\n" if b"\r" in block else b"\n"
        if not block.endswith(b"\n"):
            block += line_end
        if self._spaces:
            block = _tabs_for_gaps(block)
        numbers = self._numbers(block, line_end)
        if numbers is None:
            return self._columns_among_words(block, line_end)
        return numbers[self._x :: self._width], numbers[self._y :: self._width]

    def _numbers(self, block: bytes, line_end: bytes) -> list[float] | None:
        """Give all cells of a block, row after row, where every one is a plain number."""
        row = self._delimiter * (self._width - 1) + line_end
        rest = block.translate(None, self._in_numbers)
        if rest != row * (len(rest) // len(row)) or self._delimiter + b"\r" in block:
            return None
        if self._decimal == b",":
            block = block.replace(b",", b".")
        numbers = block.replace(self._delimiter, b",").replace(b"\n", b",")[:-1]
        try:
            floats = _FLOATS.decode(b"[%b]" % numbers)
        except msgspec.DecodeError:  # .5 or 1. or +1 or 01, or something else
            return _floats(numbers.split(b","))
        if 0.0 in floats and _MINUS_ZERO.search(numbers):  # msgspec reads -0 as the integer 0
            return _floats(numbers.split(b","))
        return floats

    def _columns_among_words(self, block: bytes, line_end: bytes) -> Columns | None:
        """Give x and y where other columns are no numbers, and no sign has a meaning of its own."""
        ends = block.count(line_end)
        if b'"' in block or b"#" in block or block.count(b"\n") != ends or block.count(b"\r") not in (0, ends):
            return None
        rows = [line.split(self._delimiter) for line in block.split(line_end)[:-1]]
        if any(len(row) != self._width for row in rows):
            return None
        cells = [row[column] for column in (self._x, self._y) for row in rows]
        if b"_" in block and any(b"_" in cell for cell in cells):  # float would take 1_000
            return None
        if self._decimal == b",":
            cells = [cell.replace(b".", b"?").replace(b",", b".") for cell in cells]
        floats = _floats(cells)
        return None if floats is None else (floats[: len(rows)], floats[len(rows) :])


def _tabs_for_gaps(block: bytes) -> bytes:
    block = block.replace(b"\t", b" ")
    while b"  " in block:
        block = block.replace(b"  ", b" ")
    for end in (b"\r\n", b"\n"):
        block = block.replace(b" " + end, end)
    return block.replace(b"\n ", b"\n").strip(b" ").replace(b" ", b"\t")


def _floats(cells: list[bytes]) -> list[float] | None:
    try:
        floats = list(map(float, cells))
    except ValueError:
        return None
    return floats if all(map(math.isfinite, floats)) else None
