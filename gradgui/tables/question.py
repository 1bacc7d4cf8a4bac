"""What a person is asked where a table can be read in more than one way."""

from collections.abc import Sequence

from gradgui.numbers import NumberError, read_number, write_number
from gradgui.tables.columns import Column, Kind
from gradgui.tables.dates import DateError, is_open, read_date, write_date
from gradgui.tables.preview import TablePreview
from gradgui.tables.units import split_unit

SETTINGS = ("delimiter", "decimal", "day_first", "header")
"""What two readings can differ in: names of fields of a `TableFormat`."""


def open_setting(readings: Sequence[TablePreview]) -> str:
    """Give the first setting in which readings differ; empty where there is only one."""
    for setting in SETTINGS:
        if len({getattr(reading.table_format, setting) for reading in readings}) > 1:
            return setting
    return ""


def question(readings: Sequence[TablePreview]) -> str:
    """Give a sentence that names what is open, with its place.

    Parameters
    ----------
    readings
        At least two; those that differ in the setting that is asked for.
    """
    setting = open_setting(readings)
    first = readings[0]
    other = next(
        one for one in readings if getattr(one.table_format, setting) != getattr(first.table_format, setting)
    )
    return f"{first.origin}: {_what(setting, first, other)}; expected a choice"


def _what(setting: str, first: TablePreview, other: TablePreview) -> str:
    if setting == "delimiter":
        counts = [f"{len(one.columns)} cells" if len(one.columns) > 1 else "1 cell" for one in (first, other)]
        short = min((first, other), key=lambda one: len(one.columns))
        shown = " ".join(short.rows[0]) if short.rows else "a row"
        return f"line {first.lines[0]}: {shown} can be {counts[0]} or {counts[1]}"
    if setting == "header":
        return f"line {min(*first.lines, *other.lines)} can have the names of the columns or numbers"
    for line, row in zip(first.lines, first.rows, strict=True):
        for cell, column, again in zip(row, first.columns, other.columns, strict=False):
            values = [_shown(cell, one) for one in (column, again)]
            if values[0] != values[1] and (column.kind is not Kind.DATE or is_open(cell)):
                return f"line {line}, {column.name}: {cell} can be {values[0]} or {values[1]}"
    signs = {",": "a comma", ".": "a point"}
    one, two = (signs[one.table_format.decimal] for one in (first, other))
    return f"numbers can have {one} before decimals or {two}"


def _shown(cell: str, column: Column) -> str:
    try:
        if column.kind is Kind.DATE:
            return write_date(read_date(cell, column.day_first))
        return write_number(read_number(split_unit(cell)[0], *column.notation))
    except (NumberError, DateError):
        return "no number"
