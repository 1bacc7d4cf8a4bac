"""What a person is asked where a table can be read in more than one way."""

from collections.abc import Sequence

from gradgui.tables.cells import as_read
from gradgui.tables.columns import Kind
from gradgui.tables.dates import is_open
from gradgui.tables.preview import TablePreview

SETTINGS = ("delimiter", "decimal", "day_first", "header")
"""What two readings can differ in: names of fields of a `TableFormat`."""


def open_setting(readings: Sequence[TablePreview]) -> str:
    """Give the first setting in which readings differ; empty where there is only one."""
    for setting in SETTINGS:
        if len({getattr(reading.table_format, setting) for reading in readings}) > 1:
            return setting
    return ""


def question(readings: Sequence[TablePreview]) -> str:
    """Give a sentence that names the table, and what is open in it: at least two readings, as for `what_is_open`."""
    return f"{readings[0].origin}: {what_is_open(readings)}; expected a choice"


def what_is_open(readings: Sequence[TablePreview]) -> str:
    """Name what is open, with its place.

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
    return _what(setting, first, other)


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
            values = [as_read(one, cell) or "no number" for one in (column, again)]
            if values[0] != values[1] and (column.kind is not Kind.DATE or is_open(cell)):
                return f"line {line}, {column.name}: {cell} can be {values[0]} or {values[1]}"
    signs = {",": "a comma", ".": "a point"}
    one, two = (signs[one.table_format.decimal] for one in (first, other))
    return f"numbers can have {one} before decimals or {two}"
