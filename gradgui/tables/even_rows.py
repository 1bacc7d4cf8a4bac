"""Blocks of rows that all have as many cells, cut at once: where each cell stands, without an object for it."""

import re
from collections.abc import Callable
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from gradgui.tables.format import SPACES, TableFormat

Positions = NDArray[np.int64]
Bytes = NDArray[np.uint8]


class EvenRows:
    """The rows of a block.

    Parameters
    ----------
    content
        Their text; every row ends in a line feed.
    delimiter
        What stands between cells.
    width
        How many cells a row has.
    ends
        Where the cells end in it, row by row.

    Attributes
    ----------
    content
        Their text.
    signs
        The same as numbers.
    delimiter
        What stands between cells.
    width
        How many cells a row has.
    count
        How many rows there are.
    ends
        Where the cells end: an array a row.
    """

    def __init__(self, content: bytes, delimiter: str, width: int, ends: Positions) -> None:
        self.content, self.delimiter = content, delimiter
        self.width, self.count = width, len(ends) // width
        self.signs: Bytes = np.frombuffer(content, dtype=np.uint8)
        self.ends = ends.reshape(-1, width)

    @cached_property
    def lengths(self) -> Positions:
        """How long the cells are."""
        return np.diff(self.ends.ravel(), prepend=-1).reshape(-1, self.width) - 1

    @cached_property
    def begins(self) -> Positions:
        """Where the cells begin."""
        begins: Positions = self.ends - self.lengths
        return begins

    def texts(self, place: int, rows: Positions, decode: Callable[[bytes], str]) -> list[str]:
        """Give the cells of a column in some rows."""
        ends = zip(self.begins[rows, place].tolist(), self.ends[rows, place].tolist(), strict=True)
        return [decode(self.content[begin:end]) for begin, end in ends]

    def without_content(self, rows: Positions) -> Positions:
        """Give those of some rows that have nothing in them but delimiters."""
        empty = []
        for row, length in zip(rows.tolist(), self.lengths[rows].sum(axis=1).tolist(), strict=True):
            text = self.content[self.begins[row, 0] : self.ends[row, -1]].decode("utf-8", "replace") if length else ""
            if not (text.replace(self.delimiter, "") if self.delimiter else text).strip():
                empty.append(row)
        return np.array(empty, dtype=np.int64)


def cut_evenly(block: bytes, table_format: TableFormat, width: int) -> EvenRows | None:
    """Cut a block.

    Parameters
    ----------
    block
        Whole lines.
    table_format
        How the table is written.
    width
        How many cells a row has.

    Returns
    -------
    EvenRows or None
        None for a block that must be cut by the row: it has a quoted cell, a comment, or other rows.
    """
    delimiter = table_format.delimiter.encode()
    if b'"' in block or len(delimiter) > 1 or _has_comment(block, table_format.comments):
        return None
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if table_format.delimiter == SPACES:
        block = _single_spaces(block)
    if not block.endswith(b"\n"):
        block += b"\n"
    signs = np.frombuffer(block, dtype=np.uint8)
    is_end = signs == ord("\n")
    if delimiter:
        lines = int(np.count_nonzero(is_end))
        is_end |= signs == ord(delimiter)
    ends = np.flatnonzero(is_end)
    if not delimiter:
        lines = len(ends)
    if len(ends) != lines * width or not (signs[ends[width - 1 :: width]] == ord("\n")).all():
        return None
    return EvenRows(block, table_format.delimiter, width, ends)


def _has_comment(block: bytes, comments: tuple[str, ...]) -> bool:
    """Tell whether a line begins with a sign; one byte is looked for first, which is much quicker than two."""
    signs = [sign.encode() for sign in comments]
    found = any(sign[:1] in block and sign in block for sign in signs)
    return found and _comment(comments).search(block) is not None


@lru_cache
def _comment(comments: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(rb"^\s*(?:%b)" % b"|".join(re.escape(sign.encode()) for sign in comments), re.MULTILINE)


def _single_spaces(block: bytes) -> bytes:
    block = block.replace(b"\t", b" ")
    while b"  " in block:
        block = block.replace(b"  ", b" ")
    return block.replace(b" \n", b"\n").replace(b"\n ", b"\n").strip(b" ")
