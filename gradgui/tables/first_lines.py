"""The first lines of a table, each with what becomes of it, and each cell that is no number with the reason."""

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from gradgui.tables.cells import CellError, as_read, read_cell
from gradgui.tables.format import TableFormat, shorten
from gradgui.tables.layout import column_names, stripped
from gradgui.tables.preview import ROW_NUMBER, Places, TablePreview
from gradgui.tables.records import Record
from gradgui.tables.sample import Sample, take_sample

ROWS = 30
MOST_LEFT_OUT = 200
"""How many lines above the rows are shown; of more, the last."""
LONGEST_LINE = 300


class Role(Enum):
    """What becomes of a line."""

    LEFT_OUT = "left out"
    UNITS = "units"
    NAMES = "names"
    ROW = "row"


class FirstCell(Struct, frozen=True):
    """A cell, as it stands.

    Attributes
    ----------
    text
        What is in it; of a line that is left out, all of it.
    value
        What is read from it; empty where nothing is.
    problem
        Why it is no number where there should be one, in a few words; else empty.
    """

    text: str
    value: str = ""
    problem: str = ""


class FirstLine(Struct, frozen=True):
    """A line of a table.

    Attributes
    ----------
    number
        As an editor counts.
    role
        What becomes of it.
    cells
        One where it is left out.
    """

    number: int
    role: Role
    cells: tuple[FirstCell, ...]


def first_lines(preview: TablePreview, places: Places) -> tuple[FirstLine, ...]:
    """Give the first lines of a table, from its very first on; blank ones are left out.

    Parameters
    ----------
    preview
        How it is read.
    places
        Of x and y.

    Raises
    ------
    TableError
        When the file cannot be read.
    """
    form = preview.table_format
    sample = take_sample(preview.origin, form.encoding)
    records = sample.records(form, form.rows_above + ROWS)
    roles = [Role.UNITS] * form.units_above + [Role.NAMES] * form.header + [Role.UNITS] * form.unit_rows
    found = _left_out(sample, form, records)
    for place, (number, cells) in enumerate(records):
        if place < len(roles):
            names = column_names(cells, len(preview.columns))
            found.append(FirstLine(number, roles[place], tuple(FirstCell(shorten(name)) for name in names)))
        else:
            found.append(FirstLine(number, Role.ROW, _row(preview, places, stripped(cells))))
    return tuple(sorted(found, key=lambda line: line.number))


def _left_out(sample: Sample, form: TableFormat, records: Sequence[Record]) -> list[FirstLine]:
    """Give the lines before and between records that are no part of one: titles, comments, rows without content."""
    if records:
        last, cells = records[-1]
        inside = {line + place for line, row in records for place in range(_lines_in(row))}
        most = last + _lines_in(cells) - 1
    else:
        inside, most = set(), form.head_lines + ROWS
    lines = sample.texts[0].split("\n", most)[:most]
    found = [
        FirstLine(number, Role.LEFT_OUT, (FirstCell(line[:LONGEST_LINE].replace("\t", " ").strip()),))
        for number, line in enumerate(lines, 1)
        if number not in inside and line.strip()
    ]
    return found[-MOST_LEFT_OUT:]


def _lines_in(cells: Sequence[str]) -> int:
    return 1 + sum(cell.count("\n") for cell in cells)


def _row(preview: TablePreview, places: Places, cells: list[str]) -> tuple[FirstCell, ...]:
    width = len(preview.columns)
    used = [place for place in places if place is not ROW_NUMBER]
    while len(cells) > width and not cells[-1]:
        cells.pop()
    shown = [FirstCell(shorten(cell)) for cell in cells] + [FirstCell("")] * (1 + max(used) - len(cells))
    for place in used:
        if place >= len(cells):
            shown[place] = FirstCell("", problem="missing")
            continue
        try:
            read_cell(preview.columns[place], cells[place])
            shown[place] = replace(shown[place], value=as_read(preview.columns[place], cells[place]))
        except CellError as error:
            shown[place] = replace(shown[place], problem=str(error))
    if len(cells) > width:
        shown[width] = replace(shown[width], problem="one cell too many")
    return tuple(shown)
