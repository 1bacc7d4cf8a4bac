"""Two columns of a table read, and every cell that is no number."""

import math
from collections.abc import Callable, Iterator
from itertools import compress, product

import numpy as np
from numpy.typing import NDArray

from gradgui.experiment.data import LARGEST_DATA
from gradgui.numbers import write_count
from gradgui.tables.bad_cells import BadCells
from gradgui.tables.cells import CellError, CellNumbers, MixedUnitsError, read_cell
from gradgui.tables.columns import Kind
from gradgui.tables.dates import DAY, SECOND, write_date
from gradgui.tables.format import TableError
from gradgui.tables.plain import even_cells, plain_columns
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
        self._cell_numbers = [CellNumbers(self._columns[place]) for place in used]
        self._is_plain = (
            all(
                self._columns[place].kind is not Kind.DATE and not self._columns[place].unit_in_cells
                for place in used
            )
            and len({self._columns[place].notation[0] for place in used} | {self._format.decimal}) == 1
        )
        self._rows = 0
        self._numbers: tuple[list[float], list[float]] = ([], [])
        self._chunks: tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]] = ([], [])
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
                plain = self._read_plain(block) if self._is_plain and not above else None
                text = source.decode(block) if plain is None else ""
                if plain is None and block and not above:
                    plain = self._read_even(block, text, records.lines)
                if plain is None:
                    for count, row in enumerate(records.cut(text) if text else (), 1):
                        if above:
                            above -= 1
                        else:
                            self._take(row)
                        if count % ROWS_A_STEP == 0:
                            yield source.bytes_read, source.all_bytes
                    self._keep_rows()
                else:
                    records.lines += plain
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

    def _read_plain(self, block: bytes) -> int | None:
        """Read a block at once and give the number of its rows; None where it must be read by the row."""
        columns = plain_columns(block, self._format, len(self._columns), self._used)
        if columns is None:
            return None
        count = len(columns[0])
        if self._places[0] is ROW_NUMBER:
            columns.insert(0, np.arange(self._rows + 1.0, self._rows + count + 1.0))
        for chunks, column in zip(self._chunks, columns, strict=True):
            chunks.append(column.copy())
        self._rows += count
        return count

    def _read_even(self, block: bytes, text: str, lines: int) -> int | None:
        """Read a block by the column and give the number of its rows; None where it must be read by the row."""
        cells = even_cells(block, text, self._format, len(self._columns), self._used)
        if cells is None:
            return None
        try:
            numbers = [one.read(texts) for one, texts in zip(self._cell_numbers, cells, strict=True)]
        except MixedUnitsError:
            return None  # by the row it can be told where
        is_bad = np.isnan(np.array(numbers, dtype=float))
        is_bad_row = is_bad.any(axis=0)
        bad_rows = np.flatnonzero(is_bad_row).tolist()
        if not all(any(texts[row].strip() for texts in cells) for row in bad_rows):
            return None  # a row of nothing but delimiters is none
        if self._bad.is_full:
            for texts, bad in zip(cells, is_bad, strict=True):
                self._bad.count_more(map(str.strip, compress(texts, bad.tolist())))
        else:
            for row, place in product(bad_rows, range(len(cells))):
                if is_bad[place, row]:
                    column = self._columns[self._used[place]]
                    self._bad.add_unread(lines + row + 1, column, cells[place][row].strip())
        first, count = self._rows + 1, len(cells[0])
        if self._places[0] is ROW_NUMBER:
            numbers.insert(0, [*map(float, range(first, first + count))])
        good = (~is_bad_row).tolist()
        for kept, values in zip(self._numbers, numbers, strict=True):
            kept.extend(compress(values, good) if bad_rows else values)
        self._rows += count
        self._bad_rows += len(bad_rows)
        self._keep_rows()
        return count

    def _keep_rows(self) -> None:
        for place, chunks, numbers in zip(self._places, self._chunks, self._numbers, strict=True):
            chunks.append(np.array(numbers, dtype=np.int64 if self._is_date(place) else float))
            numbers.clear()

    def _is_date(self, place: int | None) -> bool:
        return place is not ROW_NUMBER and self._columns[place].kind is Kind.DATE

    def _axis(self, place: int | None, chunks: list[NDArray[np.float64]]) -> tuple[NDArray[np.float64], str]:
        values = np.concatenate(chunks) if chunks else np.array([])
        label = "row" if place is ROW_NUMBER else self._columns[place].axis_label
        if self._is_date(place) and len(values):
            passed = values - values.min()
            whole_days = values.max() >= DAY and not (passed % DAY).any()
            name, unit = ("days", DAY) if whole_days else ("seconds", SECOND)
            label = f"{name} since {write_date(int(values.min()))}"
            values = passed / unit
        values = values.astype(float, copy=False)
        values.flags.writeable = False
        return values, label

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
