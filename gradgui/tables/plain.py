"""Blocks of plain numbers read at once, bit by bit as ``float`` reads each of their cells."""

import re
from contextlib import suppress
from functools import lru_cache
from struct import pack

import numpy as np
from msgspec import MsgspecError, ValidationError, convert
from msgspec.json import Decoder
from numpy.typing import NDArray

from gradgui.tables.format import ONE_COLUMN, SPACES, TableFormat

Numbers = NDArray[np.float64]
MOST_JSON_COLUMNS = 4
"""With more, it is quicker to cut all cells and read only two."""
_NUMBERS = Decoder(list[float])
_MINUS_ZERO = re.compile(rb"-0[^.0-9]")


def plain_columns(
    block: bytes, table_format: TableFormat, width: int, places: tuple[int, ...]
) -> list[Numbers] | None:
    """Read some columns of a block, where ``float`` reads every cell as `read_number` does.

    Parameters
    ----------
    block
        Whole lines.
    table_format
        How the table is written.
    width
        How many cells a row has.
    places
        Of the columns.

    Returns
    -------
    list of array or None
        None for a block that must be read with more care: by the row, and by the cell.
    """
    if any(sign in block for sign in (b'"', b"#", b"_")):  # float would take 1_0
        return None
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if _has_comment(block, table_format.comments):
        return None
    delimiter, decimal = table_format.delimiter, table_format.decimal
    if decimal in {"", delimiter} and (b"." in block or (delimiter != "," and b"," in block)):
        return None  # it is not known what the sign means
    if decimal == "," and delimiter != ",":
        block = block.replace(b".", b"?").replace(b",", b".")
    if delimiter == SPACES:
        block = _single_spaces(block)
    if not block.endswith(b"\n"):
        block += b"\n"
    columns = None
    if width <= MOST_JSON_COLUMNS and (delimiter == "," or b"," not in block):
        columns = _as_json(block, delimiter.encode(), width, places)
    columns = columns or _by_the_cell(block.decode("latin-1"), delimiter, width, places)
    return columns if columns and all(np.isfinite(column).all() for column in columns) else None


def _has_comment(block: bytes, comments: tuple[str, ...]) -> bool:
    return any(sign.encode() in block for sign in comments) and _comment(comments).search(block) is not None


@lru_cache
def _comment(comments: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(rb"^\s*(?:%b)" % b"|".join(re.escape(sign.encode()) for sign in comments), re.MULTILINE)


def _single_spaces(block: bytes) -> bytes:
    block = block.replace(b"\t", b" ")
    while b"  " in block:
        block = block.replace(b"  ", b" ")
    return block.replace(b" \n", b"\n").replace(b"\n ", b"\n").strip(b" ")


def _as_json(block: bytes, delimiter: bytes, width: int, places: tuple[int, ...]) -> list[Numbers] | None:
    """Read a block as one list in JSON: measured, three times as fast as by the cell.

    JSON takes fewer spellings than ``float``, and no empty cell; only that rows are whole remains to be seen.
    """
    signs = block.translate(None, _all_but(delimiter + b"\n"))
    if signs != (delimiter * (width - 1) + b"\n") * (len(signs) // width):
        return None
    text = block[:-1].replace(b"\n", b",")
    try:
        numbers = _NUMBERS.decode(b"[%b]" % (text if delimiter in {b",", b""} else text.replace(delimiter, b",")))
    except (MsgspecError, UnicodeDecodeError):
        return None
    table = np.frombuffer(pack(f"{len(numbers)}d", *numbers))  # measured: twice as fast as numpy's own ways
    if not table.all() and _MINUS_ZERO.search(block):
        return None  # an integer in JSON has no such zero
    return [table[place::width] for place in places]


@lru_cache
def _all_but(kept: bytes) -> bytes:
    return bytes(sign for sign in range(256) if sign not in kept)


def even_cells(
    block: bytes, text: str, table_format: TableFormat, width: int, places: tuple[int, ...]
) -> list[list[str]] | None:
    """Give the cells of some columns of a block whose rows all have as many, each in a line of its own.

    Parameters
    ----------
    block, text
        Whole lines; the same decoded.
    table_format
        How the table is written.
    width
        How many cells a row has.
    places
        Of the columns.

    Returns
    -------
    list of list of str or None
        None for a block that must be read by the row: it has a quoted cell, a comment, or other rows.
    """
    if b'"' in block or _has_comment(block, table_format.comments):
        return None
    if table_format.delimiter == SPACES:
        text = _single_spaces(text.encode()).decode()
    return _cut_even(text, table_format.delimiter, width, places)


def _cut_even(text: str, delimiter: str, width: int, places: tuple[int, ...]) -> list[list[str]] | None:
    lines = text.removesuffix("\n")
    if delimiter == ONE_COLUMN:
        return [lines.split("\n")] * len(places)
    # One flat list: a list a row would keep the garbage collector busy. Every row ends in a cell of its own.
    cells = lines.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    cells.append("\n")
    rows = len(cells) // (width + 1)
    if len(cells) != rows * (width + 1) or {cells[width :: width + 1].count("\n"), cells.count("\n")} != {rows}:
        return None
    return [cells[place :: width + 1] for place in places]


def _by_the_cell(text: str, delimiter: str, width: int, places: tuple[int, ...]) -> list[Numbers] | None:
    columns = _cut_even(text, delimiter, width, places)
    if columns is None:
        return None
    try:
        return [np.array(_floats(column), dtype=float) for column in columns]
    except ValueError:
        return None


def _floats(cells: list[str]) -> list[float]:
    """Do what ``float`` does: measured, msgspec is five times faster, and reads the same from what it reads.

    Only of ``-0`` it makes an integer without a sign; ``.5``, ``1.``, ``+1`` and spaces it refuses.
    """
    with suppress(ValidationError):
        if "-0" not in cells:
            return convert(cells, list[float], strict=False)
    return list(map(float, cells))
