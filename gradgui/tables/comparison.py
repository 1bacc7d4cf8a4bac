"""The readings of a table beside each other: the same rows, as each reads them."""

from collections.abc import Sequence
from itertools import zip_longest

from msgspec import Struct

from gradgui.tables.cells import as_read
from gradgui.tables.columns import Kind
from gradgui.tables.format import shorten
from gradgui.tables.preview import TablePreview, begin_table
from gradgui.tables.sample import take_sample

COMPARED_ROWS = 5


class ComparedReading(Struct, frozen=True):
    """What a reading makes of some rows.

    Attributes
    ----------
    reading
        The whole of it.
    titles
        Names of the columns that are shown: those that differ from other readings.
    numeric
        Which of these have numbers or dates, counted from 0.
    lines
        The numbers of the rows' lines.
    rows
        The numbers that are read, as this program writes them, and words as they stand.
    """

    reading: TablePreview
    titles: tuple[str, ...]
    numeric: tuple[int, ...]
    lines: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


def compare_readings(readings: Sequence[TablePreview]) -> tuple[ComparedReading, ...]:
    """Show what each reading makes of the first rows or, where these are the same in all, of the first that are not.

    Parameters
    ----------
    readings
        Of one table.

    Raises
    ------
    TableError
        When its file cannot be read.
    """
    tables = [_rows_as_read(reading) for reading in readings]
    lines = sorted(set().union(*tables))
    differing = [place for place, line in enumerate(lines) if len({table.get(line) for table in tables}) > 1]
    first = differing[0] if differing and differing[0] >= COMPARED_ROWS else 0
    shown = lines[first : first + COMPARED_ROWS]
    columns = _differing_columns(readings, tables)
    return tuple(_compared(*pair, columns, shown) for pair in zip(readings, tables, strict=True))


Rows = dict[int, tuple[str, ...]]
"""Cells as they are read, by the number of their line."""


def _compared(reading: TablePreview, table: Rows, columns: list[int], shown: list[int]) -> ComparedReading:
    places = [place for place in columns if place < len(reading.columns)]
    lines = [line for line in shown if line in table]
    return ComparedReading(
        reading,
        tuple(reading.column_names[place] for place in places),
        tuple(shown_at for shown_at, place in enumerate(places) if place in reading.numeric),
        tuple(lines),
        tuple(tuple(table[line][place] for place in places if place < len(table[line])) for line in lines),
    )


def _rows_as_read(reading: TablePreview) -> Rows:
    start = begin_table(take_sample(reading.origin, reading.table_format.encoding), reading.table_format)
    columns = reading.columns

    def as_shown(cells: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            shorten((column.kind in {Kind.NUMBER, Kind.DATE} and as_read(column, cell)) or cell)
            for cell, column in zip(cells, columns, strict=False)
        )

    return {line: as_shown(cells) for line, cells in zip(start.lines, start.rows, strict=True)}


def _differing_columns(readings: Sequence[TablePreview], tables: Sequence[Rows]) -> list[int]:
    """Give the places of the columns that differ; of all where the readings have other columns."""
    width = max(len(reading.columns) for reading in readings)
    everywhere = list(range(width))
    if len({reading.column_names for reading in readings}) > 1:
        return everywhere
    differing = {
        place
        for line in set.intersection(*map(set, tables))
        for place, cells in enumerate(zip_longest(*(table[line] for table in tables)))
        if len(set(cells)) > 1
    }
    return sorted(differing) or everywhere
