"""A table as far as its beginning shows it, read in a given way."""

import re
from itertools import repeat

from msgspec import Struct
from msgspec.structs import replace

from gradgui.numbers import write_count
from gradgui.tables.columns import Column, Evidence, Kind
from gradgui.tables.format import DECIMALS, DELIMITERS, THOUSANDS, TableError, TableFormat, shorten
from gradgui.tables.layout import column_names, stripped, trimmed, usual_width
from gradgui.tables.sample import Sample, take_sample
from gradgui.tables.source import Origin

SAMPLE_ROWS = 1_000
SAMPLE_CELLS = 50_000
PREVIEW_ROWS = 8
MOST_COLUMNS = 1_000
ROW_NUMBER = None
"""The place of x where x is the number of a row, counted from 1."""
Places = tuple[int | None, int]
"""The places of x and y, counted from 0; of x also `ROW_NUMBER`."""


class TooManyColumnsError(TableError):
    """A table of more than `MOST_COLUMNS` columns."""

    def __init__(self, origin: Origin, count: int) -> None:
        most = write_count(MOST_COLUMNS)
        super().__init__(f"{origin}: has {write_count(count)} columns; expected at most {most}")


class TablePreview(Struct, frozen=True):
    """A table as far as its beginning shows it.

    Attributes
    ----------
    origin
        The file, or what was pasted.
    table_format
        How it is written.
    columns
        What is known of each.
    rows
        The first rows of data.
    lines
        The number of the line in which each begins.
    """

    origin: Origin
    table_format: TableFormat
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """One a column: from the header or, where there is none, ``column 1`` and so on."""
        return tuple(column.name for column in self.columns)

    @property
    def numeric(self) -> tuple[int, ...]:
        """Places of the columns in which most cells are numbers or dates."""
        return tuple(place for place, column in enumerate(self.columns) if column.kind in {Kind.NUMBER, Kind.DATE})

    @property
    def description(self) -> str:
        """How it is read, in a few words."""
        form, count = self.table_format, len(self.columns)
        delimiter = DELIMITERS.get(form.delimiter, form.delimiter)
        parts = [f"{count} columns, {delimiter} between cells" if count > 1 else "1 column"]
        if form.decimal:
            parts.append(f"decimal {DECIMALS[form.decimal]}")
        if form.thousands:
            parts.append(f"{THOUSANDS[form.thousands]} for thousands")
        if form.day_first is not None:
            parts.append("day before month" if form.day_first else "month before day")
        return ", ".join([*parts, "with a header" if form.header else "without a header"])

    def format_of(self, places: Places) -> TableFormat:
        """Give the format with the signs that the numbers of two columns are read with, whatever was asked for."""
        columns = (self.columns[place] for place in places if place is not ROW_NUMBER)
        own = (self.table_format.decimal, self.table_format.thousands)
        settled = {column.notation for column in columns if column.kind is Kind.NUMBER} - {own}
        if len(settled) != 1:
            return self.table_format
        ((decimal, thousands),) = settled
        return replace(self.table_format, decimal=decimal, thousands=thousands)

    @property
    def suggested(self) -> Places:
        """The columns that are x and y by name, or else the first of numbers that are named, if any are.

        The only column of numbers is y over the number of its row. A date that can be two is no suggestion where
        there are others.
        """
        places = range(len(self.columns))
        numeric = [place for place in self.numeric if self.columns[place].named] or list(self.numeric)
        certain = [place for place in numeric if not self.columns[place].has_open_dates]
        numeric = certain if len(certain) > 1 else numeric
        fit = [place for place in places if self.columns[place].kind is not Kind.TEXT]
        xs, ys = ([place for place in fit if _is_axis(self.columns[place].name, axis)][:1] for axis in "xy")
        order = [*xs, *(place for place in numeric if place not in xs + ys)]
        if not order + ys:
            return (0, 1) if len(places) > 1 else (ROW_NUMBER, 0)
        y = ys[0] if ys else order[min(1, len(order) - 1)]
        return next((place for place in order if place != y), ROW_NUMBER), y


def _is_axis(name: str, axis: str) -> bool:
    """Tell whether a name is that of an axis: ``x``, ``X (m)``, ``x_train``."""
    return re.match(rf"{axis}(?![^\W\d_])(?!\d)", name, re.IGNORECASE) is not None


class TableStart(Struct, frozen=True):
    """The beginning of a table, cut in a given way.

    Attributes
    ----------
    sample
        Its text.
    table_format
        How it is cut.
    names
        One a column; empty where it has none.
    units
        The cells of the first row of units; none where there is no such row.
    rows, lines
        Rows of data, and the numbers of their first lines.
    evidence
        What the cells of each column tell.
    """

    sample: Sample
    table_format: TableFormat
    names: list[str]
    units: list[str]
    rows: list[list[str]]
    lines: list[int]
    evidence: list[Evidence]

    def look_further(self) -> None:
        """Look at all of the sample where the first rows leave open how numbers are written."""
        open_places = [
            place for place, one in enumerate(self.evidence) if one.kind is Kind.NUMBER and not one.is_settled
        ]
        if not open_places or not self.sample.tells_of_signs(self.table_format.delimiter):
            return
        rows = self.sample.rows(self.table_format)[len(self.rows) :]
        for place in open_places:
            self.evidence[place].add([row[place].strip() for row in rows if len(row) >= len(self.names)])

    def preview(self, table_format: TableFormat) -> TablePreview:
        """Give what is to be seen when open numbers and dates are read as a format says."""
        columns = tuple(map(self._column, range(len(self.names)), repeat(table_format)))
        rows = tuple(tuple(map(shorten, row)) for row in self.rows[:PREVIEW_ROWS])
        return TablePreview(self.sample.origin, table_format, columns, rows, tuple(self.lines[:PREVIEW_ROWS]))

    def _column(self, place: int, table_format: TableFormat) -> Column:
        name, evidence = shorten(self.names[place]), self.evidence[place]
        orders = evidence.day_orders
        day_first = next(iter(orders)) if len(orders) == 1 else table_format.day_first
        unit = evidence.unit
        return Column(
            name or f"column {place + 1}",
            bool(name),
            Kind.TEXT if evidence.has_mixed_units else evidence.kind,
            evidence.notation(table_format),
            unit or (self.units[place] if self.units else ""),
            bool(unit),
            day_first,
            len(orders) > 1 and day_first is None,
        )


def begin_table(sample: Sample, table_format: TableFormat, most_rows: int = SAMPLE_ROWS) -> TableStart:
    """Cut the beginning of a table.

    Raises
    ------
    TableError
        When it has no row, or more than `MOST_COLUMNS` columns.
    """
    records = sample.records(table_format, most_rows)
    rows, lines = trimmed([stripped(cells) for _, cells in records]), [line for line, _ in records]
    if not rows:
        raise TableError(f"{sample.origin}: has nothing in it; expected rows of numbers")
    above, rows = rows[: table_format.rows_above], rows[table_format.rows_above :]
    units_above = [above.pop(0)] if table_format.units_above and above else []
    header = above.pop(0) if table_format.header and above else []
    width = usual_width(rows)
    has_caption = len(header) == width + 1 > 1 and header[0].endswith(":")
    names = column_names(header, width if has_caption else max(width, len(header)))
    if len(names) > MOST_COLUMNS:
        raise TooManyColumnsError(sample.origin, len(names))
    rows_seen = rows[: max(1, SAMPLE_CELLS // max(1, len(names)))]
    cells = ([row[place] for row in rows_seen if place < len(row)] for place in range(len(names)))
    units = next((column_names(cells, len(names)) for cells in [*units_above, *above]), [])
    lines = lines[len(lines) - len(rows) :]
    return TableStart(sample, table_format, names, units, rows, lines, list(map(Evidence, cells)))


def preview_table(origin: Origin, table_format: TableFormat) -> TablePreview:
    """Look at the beginning of a table that is written in a known way.

    Parameters
    ----------
    origin
        A file, or a text.
    table_format
        How it is written. A column whose numbers or dates can be read in one way only is read in that way.

    Raises
    ------
    TableError
        When the file cannot be read, or has no row, or more than `MOST_COLUMNS` columns.
    """
    start = begin_table(take_sample(origin, table_format.encoding), table_format)
    start.look_further()
    return start.preview(table_format)
