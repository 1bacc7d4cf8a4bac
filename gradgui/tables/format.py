"""How a table is written as text: encoding, delimiter, decimal sign, header."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

SPACES = " "
"""The delimiter that stands for a run of spaces and tabs."""

DELIMITERS: Mapping[str, str] = MappingProxyType(
    {",": "comma", ";": "semicolon", "\t": "tab", SPACES: "spaces", "|": "vertical bar"}
)
DECIMALS: Mapping[str, str] = MappingProxyType({".": "point", ",": "comma"})
ENCODINGS = ("utf-8", "utf-16", "cp1252")
LONGEST_TEXT = 60
"""Characters of a name or a cell that are shown to a person."""


class TableError(ValueError):
    """A file that gives no data; its text is one sentence that names file, place and what was expected."""


class TableFormat(Struct, frozen=True):
    """How a table is written.

    Attributes
    ----------
    encoding
        One of `ENCODINGS`; UTF-8 is with or without a byte order mark, UTF-16 with one.
    delimiter
        What stands between two cells: one of `DELIMITERS`.
    decimal
        What stands before the decimals of a number: one of `DECIMALS`, other than the delimiter.
    header
        Whether the first row has the names of the columns.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    header: bool = True

    def __post_init__(self) -> None:
        if self.encoding not in ENCODINGS:
            raise ValueError(f"the encoding must be one of {', '.join(ENCODINGS)}")
        if self.delimiter not in DELIMITERS:
            raise ValueError(f"the delimiter must be one of {', '.join(DELIMITERS.values())}")
        if self.decimal not in DECIMALS:
            raise ValueError("the decimal sign must be a point or a comma")
        if self.decimal == self.delimiter:
            raise ValueError("a comma cannot be both the delimiter and the decimal sign")


def shorten(text: str) -> str:
    """Give the text of a cell on one line, cut where it gets long."""
    line = " ".join(text[: 4 * LONGEST_TEXT].split())
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"
