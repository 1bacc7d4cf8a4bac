"""How a table is written as text: encoding, delimiter, signs in numbers, and what stands above its rows."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

SPACES = " "
"""The delimiter that stands for a run of spaces and tabs."""
ONE_COLUMN = ""
"""The delimiter of a table in which a row is one cell."""

DELIMITERS: Mapping[str, str] = MappingProxyType(
    {
        ",": "comma",
        ";": "semicolon",
        "\t": "tab",
        SPACES: "spaces",
        "|": "vertical bar",
        ONE_COLUMN: "none: one column",
    }
)
"""Those that are looked for; a table that names its own with ``sep=`` may have another."""
DECIMALS: Mapping[str, str] = MappingProxyType({".": "point", ",": "comma"})
THOUSANDS: Mapping[str, str] = MappingProxyType({"": "none", ".": "point", ",": "comma"})
ENCODINGS: Mapping[str, str] = MappingProxyType(
    {
        "utf-8": "UTF-8",
        "utf-16": "UTF-16",
        "utf-16-le": "UTF-16 LE",
        "utf-16-be": "UTF-16 BE",
        "cp1252": "Windows-1252",
    }
)
USUAL_COMMENTS = ("#", "//", "%")
COMMENTS: Mapping[tuple[str, ...], str] = MappingProxyType(
    {USUAL_COMMENTS: "#  //  %", **{(sign,): sign for sign in (*USUAL_COMMENTS, ";", "!")}, (): "none"}
)
"""What lines can begin with that are left out."""
LONGEST_TEXT = 60
"""Characters of a name or a cell that are shown to a person."""


class TableError(ValueError):
    """A file that gives no data; its text is one sentence that names file, place and what was expected."""


class TableFormat(Struct, frozen=True):
    """How a table is written.

    Attributes
    ----------
    encoding
        One of `ENCODINGS`; UTF-8 is with or without a byte order mark, ``utf-16`` with one.
    delimiter
        What stands between two cells: one of `DELIMITERS`, or another single sign.
    decimal
        What stands before the decimals of a number: one of `DECIMALS`; empty where no number of the table tells. It
        may be the delimiter too, where cells are quoted.
    header
        Whether the first row has the names of the columns.
    thousands
        Which sign other than the decimal one groups thousands: one of `THOUSANDS`. Spaces and apostrophes always may.
    head_lines
        How many lines stand above the header, or above the first row where there is none: titles, units, metadata.
    unit_rows
        How many rows below the header are no data: units and the like.
    units_above
        Whether the row above the header, the first below the head lines, has the units.
    header_in_comment
        Whether that first row is a comment.
    day_first
        Whether 10/03/2004 is 10 March; None where it is not known.
    comments
        What lines begin with that are left out: one of `COMMENTS`.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    header: bool = True
    thousands: str = ""
    head_lines: int = 0
    unit_rows: int = 0
    units_above: bool = False
    header_in_comment: bool = False
    day_first: bool | None = None
    comments: tuple[str, ...] = USUAL_COMMENTS

    @property
    def rows_above(self) -> int:
        """How many rows below the head lines are no data."""
        return self.units_above + self.header + self.unit_rows

    def __post_init__(self) -> None:
        if self.encoding not in ENCODINGS:
            raise ValueError(f"the encoding must be one of {', '.join(ENCODINGS)}")
        if self.delimiter not in DELIMITERS and not is_delimiter(self.delimiter):
            raise ValueError("the delimiter must be a single sign that is in no number and no name")
        if self.decimal and self.decimal not in DECIMALS:
            raise ValueError("the decimal sign must be a point or a comma")
        if self.thousands not in THOUSANDS or (self.thousands and self.thousands == self.decimal):
            raise ValueError("the thousands sign must be a point or a comma, and other than the decimal sign")
        if self.comments not in COMMENTS:
            raise ValueError(f"comments must begin with one of {' '.join(COMMENTS.values())}")
        if min(self.head_lines, self.unit_rows) < 0:
            raise ValueError("the number of lines must be 0 or more")


def is_delimiter(sign: str) -> bool:
    """Tell whether a sign can stand between cells."""
    return len(sign) == 1 and not sign.isalnum() and sign not in "\"'.+-\r\n"


def shorten(text: str) -> str:
    """Give the text of a cell on one line, cut where it gets long."""
    line = " ".join(text[: 4 * LONGEST_TEXT].split())
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"
