"""Two columns of a table read, and every cell that is no number."""

import math
from collections.abc import Callable, Iterator
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from gradgui.experiment.data import LARGEST_DATA
from gradgui.numbers import write_count
from gradgui.tables.bad_cells import BadCells
from gradgui.tables.cells import CellError, MixedUnitsError, read_cell
from gradgui.tables.columns import Kind
from gradgui.tables.dates import DAY, SECOND, write_date
from gradgui.tables.even_columns import EvenColumns, EvenValues, Values
from gradgui.tables.format import TableError
from gradgui.tables.preview import ROW_NUMBER, Places, TablePreview
from gradgui.tables.records import Record, Records
from gradgui.tables.source import TableSource
from gradgui.tables.table import Table

ROWS_A_STEP = 200
"""Where rows are read one by one, this many take some milliseconds."""


class TableReader:
    """Read two columns, block by block, so that a caller can show progress or stop.

    Parameters
    ----------
    preview
        The table as its beginning showed it.
    x, y
        Places of the two columns; of x also `ROW_NUMBER`.

    Raises
    ------
    IndexError
        When there is no such column.
    """

    def __init__(self, preview: TablePreview, x: int | None, y: int) -> None:
        self._origin, self._format = preview.origin, preview.table_format
        self._columns = preview.columns
        self._places: Places = (x, y)
        used = [place for place in self._places if place is not ROW_NUMBER]
        if not 0 <= min(used) <= max(used) < len(self._columns):
            raise IndexError(f"there are {len(self._columns)} columns, counted from 0; {x} and {y} were asked for")
        self._used = tuple(used)
        self._even = EvenColumns(self._columns, used, self._format)
        self._rows = 0
        self._numbers: tuple[list[float], list[float]] = ([], [])
        self._chunks: tuple[list[Values], list[Values]] = ([], [])
        self._bad = BadCells()
        self._bad_rows = 0

    @property
    def bad_count(self) -> int:
        """How many bad cells have been found so far."""
        return self._bad.count

    @property
    def points(self) -> int:
        """How many rows with a number in both columns have been read so far."""
        return self._rows - self._bad_rows

    def steps(self) -> Iterator[tuple[int, int]]:
        """Read the table.

        Yields
        ------
        bytes_read, all_bytes
            After every block or part of one. Not to go on is to stop.

        Raises
        ------
        TableError
            When it cannot be read as a table, a column has more than one unit, or there are more points than an
            experiment takes.
        """
        with TableSource(self._origin, self._format.encoding) as source:
            records = Records(self._origin, self._format, source.next_text)
            above = self._format.rows_above
            while block := source.next_block():
                while (above or records.lines < self._format.head_lines) and b'"' not in block and block:
                    line, end, block = block.partition(source.line_end)
                    above -= sum(1 for _ in records.cut(source.decode(line + end)))
                read = self._read_even(block, source.decode, records.lines) if block and not above else None
                if read is None:
                    for count, row in enumerate(records.cut(source.decode(block)) if block else (), 1):
                        if above:
                            above -= 1
                        else:
                            self._take(row)
                        if count % ROWS_A_STEP == 0:
                            yield source.bytes_read, source.all_bytes
                    self._keep_rows()
                else:
                    records.lines += read
                if self.points > LARGEST_DATA:
                    most = write_count(LARGEST_DATA)
                    raise TableError(f"{self._origin}: has more than {most} points; expected at most {most}")
                yield source.bytes_read, source.all_bytes

    def finish(self) -> Table:
        """Give what was read; nothing more can be read then."""
        x, y = (self._axis(place, chunks) for place, chunks in zip(self._places, self._chunks, strict=True))
        self._chunks = ([], [])
        first, no_values = tuple(self._bad.first), tuple(self._bad.no_values.most_common())
        return Table(self._origin, x[0], y[0], x[1], y[1], self._bad_rows, self.bad_count, first, no_values)

    def _read_even(self, block: bytes, decode: Callable[[bytes], str], lines: int) -> int | None:
        """Read a block at once and give the number of its lines; None where it must be read by the row."""
        read = self._even.read(block, decode)
        if read is None:
            return None
        is_bad_row = read.is_bad_row
        bad_rows = int(np.count_nonzero(is_bad_row))
        values = list(read.values)
        if self._places[0] is ROW_NUMBER:
            values.insert(0, np.arange(self._rows + 1.0, self._rows + len(read.lines) + 1.0))
        good = np.flatnonzero(~is_bad_row) if bad_rows else None
        for chunks, column in zip(self._chunks, values, strict=True):
            chunks.append(column if good is None else column[good])
        self._rows += len(read.lines)
        self._bad_rows += bad_rows
        if bad_rows:
            self._tell_bad(read, decode, lines)
        return read.cut.count

    def _tell_bad(self, read: EvenValues, decode: Callable[[bytes], str], lines: int) -> None:
        if self._bad.is_full:
            for place, is_bad in zip(self._used, read.is_bad, strict=True):
                bad = read.lines[is_bad]
                with_text = bad[read.cut.lengths[bad, place] > 0]
                texts = map(str.strip, read.cut.texts(place, with_text, decode))
                self._bad.count_more(chain(texts, repeat("", len(bad) - len(with_text))))
            return
        for row, index in np.argwhere(read.is_bad.T).tolist():
            place, line = self._used[index], read.lines[row : row + 1]
            (text,) = read.cut.texts(place, line, decode)
            self._bad.add_unread(lines + int(line[0]) + 1, self._columns[place], text.strip())

    def _keep_rows(self) -> None:
        for place, chunks, numbers in zip(self._places, self._chunks, self._numbers, strict=True):
            chunks.append(np.array(numbers, dtype=np.int64 if self._is_date(place) else float))
            numbers.clear()

    def _is_date(self, place: int | None) -> bool:
        return place is not ROW_NUMBER and self._columns[place].kind is Kind.DATE

    def _axis(self, place: int | None, chunks: list[Values]) -> tuple[NDArray[np.float64], str]:
        values = np.concatenate(chunks) if chunks else np.array([])
        label = "row" if place is ROW_NUMBER else self._columns[place].axis_label
        if self._is_date(place) and len(values):
            passed = values - values.min()
            whole_days = values.max() >= DAY and not (passed % DAY).any()
            name, unit = ("days", DAY) if whole_days else ("seconds", SECOND)
            label = f"{name} since {write_date(int(values.min()))}"
            values = passed / unit
        numbers = values.astype(np.float64, copy=False)
        numbers.flags.writeable = False
        return numbers, label

    def _take(self, row: Record) -> None:
        line, cells = row
        bad_before = self._bad.count
        self._rows += 1
        x, y = (
            float(self._rows) if place is ROW_NUMBER else self._number(line, cells, place) for place in self._places
        )
        width = len(self._columns)
        if len(cells) > width and any(map(str.strip, cells[width:])):
            self._bad.add(line, f"column {width + 1}", cells[width], "one cell too many")
        if self._bad.count == bad_before:
            self._numbers[0].append(x)
            self._numbers[1].append(y)
        else:
            self._bad_rows += 1

    def _number(self, line: int, cells: list[str], place: int) -> float:
        """Give the number in a cell; one that is not finite after telling what is wrong."""
        column = self._columns[place]
        if place >= len(cells):
            self._bad.add(line, column.name, "", "missing")
            return math.nan
        cell = cells[place].strip()
        try:
            return read_cell(column, cell)
        except MixedUnitsError as error:
            raise TableError(
                f"{self._origin}: line {line}, {column.name}: {error}; expected one unit in the column"
            ) from error
        except CellError as error:
            self._bad.add(line, column.name, cell, str(error))
        return math.nan


def read_table(
    preview: TablePreview, x: int | None, y: int, progress: Callable[[int, int], object] | None = None
) -> Table:
    """Read two columns of a table.

    Parameters
    ----------
    preview
        The table as its beginning showed it.
    x, y
        Places of the two columns; of x also `ROW_NUMBER`.
    progress
        Called with the bytes read so far and all there are. What it raises stops the reading.

    Raises
    ------
    TableError
        When it cannot be read as a table, or a column has more than one unit.
    """
    reader = TableReader(preview, x, y)
    for bytes_read, all_bytes in reader.steps():
        if progress is not None:
            progress(bytes_read, all_bytes)
    return reader.finish()
