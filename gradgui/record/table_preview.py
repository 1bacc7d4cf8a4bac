"""The first rows of a table, and what its columns are called."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gradgui.record.table_format import TableError, TableFormat, number_in, shorten
from gradgui.record.table_records import Records
from gradgui.record.table_source import TableSource

SAMPLE_LINES = 1_000
SAMPLE_ROWS = 100
PREVIEW_ROWS = 8
MOST_COLUMNS = 1_000


@dataclass(frozen=True)
class TablePreview:
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
    """Tell whether a row has a number in a column."""
    return column < len(row) and number_in(row[column], decimal) is not None
