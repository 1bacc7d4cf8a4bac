"""How a table is written, found out from its first lines, and a preview of what that gives."""

import codecs
from collections import Counter
from contextlib import suppress
from itertools import islice
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from gradgui.numbers import NotFiniteError, NumberError, read_number
from gradgui.tables.format import DECIMALS, DELIMITERS, TableError, TableFormat, shorten
from gradgui.tables.source import Records, TableSource

SAMPLE_LINES = 1_000
SAMPLE_ROWS = 100
PREVIEW_ROWS = 8
MOST_COLUMNS = 1_000


class TablePreview(Struct, frozen=True):
    """A table as far as its first rows show it.

    Attributes
    ----------
    path
        The file.
    table_format
        How it is written.
    column_names
        One a column: from the header or, where there is none, ``column 1`` and so on.
    rows
        The first rows, without the header.
    numeric
        Places of the columns in which most cells are numbers.
    """

    path: Path
    table_format: TableFormat
    column_names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...]


def preview_table(path: Path, table_format: TableFormat) -> TablePreview:
    """Read the first rows of a table.

    Parameters
    ----------
    path
        The file.
    table_format
        How it is written.

    Raises
    ------
    TableError
        When the file cannot be read, or has no row, or more than `MOST_COLUMNS` columns.
    """
    rows = sample_rows(first_lines(path, table_format.encoding), table_format)
    if not rows:
        raise TableError(f"{path}: has nothing in it; expected rows of numbers")
    header = rows.pop(0) if table_format.header else []
    width = max(len(header), usual_width(rows))
    if width > MOST_COLUMNS:
        raise TableError(f"{path}: has {width} columns; expected at most {MOST_COLUMNS}")
    names = [*header, *[""] * (width - len(header))]
    numbers = [sum(is_number(row, column, table_format.decimal) for row in rows) for column in range(width)]
    return TablePreview(
        path,
        table_format,
        tuple(shorten(name) or f"column {place}" for place, name in enumerate(names, 1)),
        tuple(tuple(map(shorten, row)) for row in rows[:PREVIEW_ROWS]),
        tuple(column for column, count in enumerate(numbers) if 2 * count > len(rows)),
    )


def first_lines(path: Path, encoding: str) -> str:
    """Read the first `SAMPLE_LINES` of a file, or as many as are in its first block."""
    with TableSource(path, encoding) as source:
        lines = source.decode(source.next_block()).split("\n", SAMPLE_LINES)
    return "\n".join(lines[:SAMPLE_LINES])


def sample_rows(text: str, table_format: TableFormat) -> list[list[str]]:
    """Cut the first lines of a file into cells without spaces around them.

    Parameters
    ----------
    text
        Whole lines.
    table_format
        How the table is written.

    Returns
    -------
    list
        At most `SAMPLE_ROWS`, up to the first mistake in them, which the reading will tell. A delimiter at the end
        of every row does not make a column.
    """
    rows = []
    records = Records(Path(), table_format, str)
    with suppress(TableError):
        for _, cells in islice(records.cut(text), SAMPLE_ROWS):
            rows.append([cell.strip() for cell in cells])
    if all(len(row) > 1 and not row[-1] for row in rows):
        rows = [row[:-1] for row in rows]
    return rows


def usual_width(rows: list[list[str]]) -> int:
    """Give the number of cells that most rows have, 0 when there are none."""
    widths = Counter(map(len, rows))
    return max(widths, key=lambda width: (widths[width], width), default=0)


def is_number(row: list[str], column: int, decimal: str) -> bool:
    """Tell whether a row has a number in a column, finite or not."""
    if column >= len(row):
        return False
    try:
        read_number(row[column], decimal)
    except NotFiniteError:
        return True
    except NumberError:
        return False
    return True


Rows = list[list[str]]


def detect_format(path: Path) -> TableFormat:
    """Find out how a table is written.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    TableFormat
        With the delimiter and the decimal sign that make numbers of the most cells.

    Raises
    ------
    TableError
        When the file cannot be read.
    """
    encoding = _detect_encoding(path)
    text = first_lines(path, encoding)
    formats = [
        TableFormat(encoding, delimiter, decimal)
        for delimiter in DELIMITERS
        for decimal in DECIMALS
        if decimal != delimiter
    ]
    samples = [sample_rows(text, table_format) for table_format in formats]
    scores = [_score(rows, form.decimal) for rows, form in zip(samples, formats, strict=True)]
    best = scores.index(max(scores))  # of equals the first
    return replace(formats[best], header=_has_header(samples[best], formats[best].decimal))


def _detect_encoding(path: Path) -> str:
    with TableSource(path, "cp1252") as source:
        block = source.next_block()
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _score(rows: Rows, decimal: str) -> tuple[float, float]:
    """Tell how well a format suits: by the share of cells that are numbers, and by that of rows of the same length.

    A single column counts half: ``1,5`` is taken for two numbers.
    """
    body = rows[1:] or rows
    width = usual_width(body)
    usual = [row for row in body if len(row) == width]
    cells = sum(bool(cell) for row in usual for cell in row)
    if not cells:
        return 0.0, 0.0
    even = len(usual) / len(body) * (1.0 if width > 1 else 0.5)
    numbers = sum(is_number(row, column, decimal) for row in usual for column in range(width))
    return even * numbers / cells, even


def _has_header(rows: Rows, decimal: str) -> bool:
    """Tell whether the first row names columns: what stands above numbers is mostly none, or there are no numbers."""
    if not rows:
        return False
    first, body = rows[0], rows[1:]
    columns = range(len(first))
    above_numbers = [c for c in columns if 2 * sum(is_number(row, c, decimal) for row in body) > len(body)]
    if not above_numbers:
        return not any(is_number(first, column, decimal) for column in columns)
    words = [column for column in above_numbers if first[column] and not is_number(first, column, decimal)]
    return 2 * len(words) > len(above_numbers)
