"""The columns of even rows read at once, and by the cell where a cell is no plain number."""

from collections.abc import Callable, Sequence
from itertools import compress

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from gradgui.tables.cells import CellNumbers, MixedUnitsError
from gradgui.tables.columns import Column, Kind
from gradgui.tables.even_rows import EvenRows, Positions, cut_evenly
from gradgui.tables.format import TableFormat
from gradgui.tables.many_dates import read_dates
from gradgui.tables.plain import read_plain

Values = NDArray[np.float64] | NDArray[np.int64]
Flags = NDArray[np.bool_]


class EvenValues(Struct, frozen=True, eq=False):
    """What was read of a block.

    Attributes
    ----------
    cut
        The block.
    lines
        Which of its lines are rows, counted from 0: those that have nothing but delimiters are none.
    values
        An array a column: numbers, or the microseconds of dates.
    is_bad
        Whether there is none in a cell: an array a column, of one or two.
    """

    cut: EvenRows
    lines: Positions
    values: list[Values]
    is_bad: Flags

    @property
    def is_bad_row(self) -> Flags:
        """Whether a cell of a row is bad; measured, ten times as fast as ``any``."""
        is_bad_row: Flags = self.is_bad[0] | self.is_bad[-1]
        return is_bad_row


class EvenColumns:
    """Read some columns.

    Parameters
    ----------
    columns
        All columns of the table.
    places
        Of the one or two that are read.
    table_format
        How it is written.
    """

    def __init__(self, columns: Sequence[Column], places: Sequence[int], table_format: TableFormat) -> None:
        self._format, self._width, self._places = table_format, len(columns), places
        self._decimal = "" if table_format.decimal == table_format.delimiter else table_format.decimal
        self._columns = [columns[place] for place in places]
        self._cell_numbers = list(map(CellNumbers, self._columns))
        self._plain = [index for index, column in enumerate(self._columns) if _is_plain(column)]
        decimals = {self._columns[index].notation[0] for index in self._plain} | {table_format.decimal}
        if len(decimals) > 1:
            self._plain = []
        self._all_plain = all(_is_plain(column) and column.kind is Kind.NUMBER for column in columns)

    def read(self, block: bytes, decode: Callable[[bytes], str]) -> EvenValues | None:
        """Read whole lines; None where they must be read by the row.

        Parameters
        ----------
        block
            The lines.
        decode
            Turns some of it into text.
        """
        rows = cut_evenly(block, self._format, self._width)
        if rows is None:
            return None
        values: list[Values] = [np.full(rows.count, np.nan) for _ in self._places]
        is_read = np.zeros((len(self._places), rows.count), dtype=bool)
        if self._plain:
            places = [self._places[index] for index in self._plain]
            numbers = read_plain(rows, self._decimal, places, all_plain=self._all_plain)
            for index, column in zip(self._plain, numbers, strict=True):
                values[index], is_read[index] = column, np.isfinite(column)
        lines = np.arange(rows.count)
        if is_read.all():
            return EvenValues(rows, lines, values, ~is_read)
        for index, one in enumerate(self._columns):
            if one.kind is Kind.DATE:
                values[index], is_read[index] = read_dates(rows, self._places[index], one.day_first)
        try:
            for index in range(len(self._places)):
                self._read_others(rows, index, values[index], is_read[index], decode)
        except MixedUnitsError:
            return None  # by the row it can be told where
        empty = rows.without_content(lines[~(is_read[0] | is_read[-1])])
        if len(empty):
            lines = np.delete(lines, empty)
            values, is_read = [column[lines] for column in values], is_read[:, lines]
        return EvenValues(rows, lines, values, ~is_read)

    def _read_others(
        self, rows: EvenRows, index: int, values: Values, is_read: Flags, decode: Callable[[bytes], str]
    ) -> None:
        """Read the cells of a column that were not read at once, by what is in them."""
        place = self._places[index]
        others = np.flatnonzero(~is_read & (rows.lengths[:, place] > 0))
        if len(others):
            read = self._cell_numbers[index].read(rows.texts(place, others, decode))
            is_number = [number == number for number in read]  # noqa: PLR0124 - nan is not
            found = others[is_number]
            values[found] = [*compress(read, is_number)]
            is_read[found] = True


def _is_plain(column: Column) -> bool:
    return column.kind is not Kind.DATE and not column.unit_in_cells
