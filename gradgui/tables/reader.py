"""Two columns of a table read as data, and every cell that is no number."""

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct, ValidationError, convert

from gradgui.experiment.experiment import Data
from gradgui.numbers import NotFiniteError, NumberError, read_number
from gradgui.tables.detection import TablePreview
from gradgui.tables.format import SPACES, TableError, TableFormat, shorten
from gradgui.tables.source import Record, Records, TableSource

MOST_ROWS = 5_000_000
MOST_BAD_CELLS = 100
"""How many bad cells are kept; all are counted."""


class BadCell(Struct, frozen=True):
    """A cell that stands where a number should.

    Attributes
    ----------
    line
        Number of its row's first line in the file, as an editor counts.
    column
        Name of its column.
    text
        What is in it, cut where it gets long.
    problem
        What is wrong with it, in a few words.
    """

    line: int
    column: str
    text: str
    problem: str


class Table(Struct, frozen=True):
    """What two columns of a file gave.

    Attributes
    ----------
    path
        The file.
    data
        The rows in which nothing is bad; None when there is none.
    bad_rows, bad_count
        How many rows were left out of the data, and how many bad cells are in them.
    bad_cells
        The first `MOST_BAD_CELLS` of them.
    """

    path: Path
    data: Data | None
    bad_rows: int
    bad_count: int
    bad_cells: tuple[BadCell, ...]

    def usable_data(self, leave_out_bad: bool) -> Data:
        """Give the data, if it may be used.

        Parameters
        ----------
        leave_out_bad
            Whether rows with bad cells may be left out.

        Raises
        ------
        TableError
            When there is no good row, or there is a bad one that may not be left out.
        """
        if self.bad_cells and not leave_out_bad:
            cell = self.bad_cells[0]
            raise TableError(
                f"{self.path}: line {cell.line}, {cell.column}: {cell.text or 'the cell'} is {cell.problem};"
                " expected a finite number"
            )
        if self.data is None:
            raise TableError(f"{self.path}: has no row with a number in both columns; expected at least one")
        return self.data


class TableReader:
    """Read two columns, block by block, so that a caller can show progress or stop.

    Parameters
    ----------
    preview
        The table as its first rows showed it.
    x, y
        Places of the two columns.

    Raises
    ------
    IndexError
        When there is no such column.
    """

    def __init__(self, preview: TablePreview, x: int, y: int) -> None:
        self._path, self._format = preview.path, preview.table_format
        self._names = preview.column_names
        self._columns = (x, y)
        if not 0 <= min(x, y) <= max(x, y) < len(self._names):
            raise IndexError(f"there are {len(self._names)} columns, counted from 0; {x} and {y} were asked for")
        self._x: list[float] = []
        self._y: list[float] = []
        self._bad_cells: list[BadCell] = []
        self._bad_rows = self._bad_count = 0

    def steps(self) -> Iterator[tuple[int, int]]:
        """Read the file.

        Yields
        ------
        bytes_read, all_bytes
            After every block. Not to go on is to stop.

        Raises
        ------
        TableError
            When the file cannot be read as a table.
        """
        with TableSource(self._path, self._format.encoding) as source:
            records = Records(self._path, self._format, lambda: source.decode(source.next_line()))
            header_ahead = self._format.header
            while block := source.next_line() if header_ahead else source.next_block():
                text = source.decode(block)
                columns = (
                    None if header_ahead else plain_columns(text, self._format, len(self._names), *self._columns)
                )
                if columns is None:
                    rows = records.cut(text)
                    header_ahead = header_ahead and next(rows, None) is None
                    for row in rows:
                        self._take(row)
                else:
                    records.lines += len(columns[0])
                    self._x += columns[0]
                    self._y += columns[1]
                if len(self._x) > MOST_ROWS:
                    raise TableError(f"{self._path}: has more rows than expected: at most {MOST_ROWS} can be used")
                yield source.bytes_read, source.all_bytes

    def finish(self) -> Table:
        """Give what was read; nothing more can be read then."""
        data = None
        if self._x:
            x, self._x = tuple(self._x), []
            y, self._y = tuple(self._y), []
            data = Data(x, y)
        return Table(self._path, data, self._bad_rows, self._bad_count, tuple(self._bad_cells))

    def _take(self, row: Record) -> None:
        line, cells = row
        bad_before = self._bad_count
        x, y = (self._number(line, cells, column) for column in self._columns)
        width = len(self._names)
        if len(cells) > width and any(map(str.strip, cells[width:])):
            self._tell(line, f"column {width + 1}", cells[width], "one cell too many")
        if self._bad_count == bad_before:
            self._x.append(x)
            self._y.append(y)
        else:
            self._bad_rows += 1

    def _number(self, line: int, cells: list[str], column: int) -> float:
        """Give the number in a cell; one that is not finite after telling what is wrong."""
        if column >= len(cells):
            self._tell(line, self._names[column], "", "missing")
            return math.nan
        cell = cells[column]
        try:
            return read_number(cell, self._format.decimal)
        except NotFiniteError:
            self._tell(line, self._names[column], cell, "not a finite number")
        except NumberError:
            self._tell(line, self._names[column], cell, "not a number" if cell.strip() else "empty")
        return math.nan

    def _tell(self, line: int, column: str, text: str, problem: str) -> None:
        self._bad_count += 1
        if len(self._bad_cells) < MOST_BAD_CELLS:
            self._bad_cells.append(BadCell(line, column, shorten(text), problem))


def plain_columns(
    text: str, table_format: TableFormat, width: int, x: int, y: int
) -> tuple[list[float], list[float]] | None:
    """Read the two columns of a block at once, where ``float`` reads every cell as `read_number` does.

    Parameters
    ----------
    text
        Whole lines.
    table_format
        How the table is written.
    width
        How many cells a row has.
    x, y
        Places of the two columns.

    Returns
    -------
    tuple of list or None
        None for a block that must be read with more care: by the row, and by the cell.
    """
    if '"' in text or "#" in text or "_" in text:  # float would take 1_0
        return None
    if table_format.decimal == ",":
        text = text.replace(".", "?").replace(",", ".")
    delimiter = table_format.delimiter
    if delimiter == SPACES:
        text = _single_spaces(text)
    # One flat list: a list a row would keep the garbage collector busy. Every row ends in a cell of its own.
    cells = text.removesuffix("\n").replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    row_ends = len(cells) // (width + 1)
    if cells[width :: width + 1] != ["\n"] * row_ends or cells.count("\n") != row_ends:
        return None
    try:
        xs, ys = _floats(cells[x :: width + 1]), _floats(cells[y :: width + 1])
    except ValueError:
        return None
    return (xs, ys) if len(xs) == len(ys) and all(map(math.isfinite, xs)) and all(map(math.isfinite, ys)) else None


def _single_spaces(text: str) -> str:
    text = text.replace("\t", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text.replace(" \n", "\n").replace("\n ", "\n").strip(" ")


def _floats(cells: list[str]) -> list[float]:
    """Do what ``float`` does: measured, msgspec is five times faster, and reads the same from what it reads.

    Only of ``-0`` it makes an integer without a sign; ``.5``, ``1.``, ``+1`` and spaces it refuses.
    """
    with suppress(ValidationError):
        if "-0" not in cells:
            return convert(cells, list[float], strict=False)
    return list(map(float, cells))


def read_table(preview: TablePreview, x: int, y: int, progress: Callable[[int, int], object] | None = None) -> Table:
    """Read two columns of a table.

    Parameters
    ----------
    preview
        The table as its first rows showed it.
    x, y
        Places of the two columns.
    progress
        Called with the bytes read so far and all there are. What it raises stops the reading.

    Raises
    ------
    TableError
        When the file cannot be read as a table.
    """
    reader = TableReader(preview, x, y)
    for bytes_read, all_bytes in reader.steps():
        if progress is not None:
            progress(bytes_read, all_bytes)
    return reader.finish()
