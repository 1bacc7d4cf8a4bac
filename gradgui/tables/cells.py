"""A cell read as the number, or the date, that it is."""

import math
from contextlib import suppress

from gradgui.numbers import NotFiniteError, NumberError, notations, read_number, write_number
from gradgui.tables.columns import NO_VALUE, Column, Kind
from gradgui.tables.dates import DateError, read_date, write_date
from gradgui.tables.format import shorten
from gradgui.tables.units import split_unit

MOST_KEPT = 2**12
"""How many texts of cells are kept with their numbers."""


class CellError(ValueError):
    """A cell that is no number; it says what it is in a few words."""


class MixedUnitsError(CellError):
    """A cell whose unit is not that of the other cells of its column."""


def read_cell(column: Column, cell: str) -> float:
    """Give the number in a cell; of a date, its microseconds.

    Parameters
    ----------
    column
        Which tells how its numbers are written.
    cell
        Without spaces around it.

    Raises
    ------
    CellError
        When there is none.
    """
    try:
        if column.kind is Kind.DATE:
            return read_date(cell, column.day_first)
        return read_number(_without_unit(column, cell), *_signs(column, cell))
    except NotFiniteError:
        raise CellError("not a finite number") from None
    except NumberError:
        raise CellError("not a number" if cell else "empty") from None
    except DateError as error:
        raise CellError(str(error) if cell else "empty") from None


class CellNumbers(dict[str, float]):
    """The numbers in the cells of a column, by their text; nan where there is none.

    What was read is kept, as many cells of a column are alike, and plain numbers are read as ``float`` reads them.

    Parameters
    ----------
    column
        Which tells how its numbers are written.
    """

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column
        self._has_point = column.kind is not Kind.DATE and not column.unit_in_cells and column.notation[0] == "."

    def __missing__(self, cell: str) -> float:
        value = self._read(cell)
        if len(self) < MOST_KEPT:
            self[cell] = value
        return value

    def read(self, cells: list[str]) -> list[float]:
        """Read many cells.

        Raises
        ------
        MixedUnitsError
            When one has another unit than the column.
        """
        if self._has_point and "_" not in "".join(cells):  # which float would take
            with suppress(ValueError):
                values = [float(cell) if cell and cell not in NO_VALUE else math.nan for cell in cells]
                if math.inf not in values and -math.inf not in values:
                    return values
        return list(map(self.__getitem__, cells))

    def _read(self, cell: str) -> float:
        if self._has_point and "_" not in cell:
            with suppress(ValueError):
                if math.isfinite(value := float(cell)):
                    return value
        try:
            return read_cell(self._column, cell.strip())
        except MixedUnitsError:
            raise
        except CellError:
            return math.nan


def as_read(column: Column, cell: str) -> str:
    """Write what is read from a cell; nothing where that is no number.

    Examples
    --------
    ``1204`` or ``1.204`` for ``1.204``, ``2004-03-10`` for ``10/03/2004``.
    """
    try:
        value = read_cell(column, cell)
    except CellError:
        return ""
    return write_date(int(value)) if column.kind is Kind.DATE else write_number(value)


def _without_unit(column: Column, cell: str) -> str:
    if not column.unit_in_cells:
        return cell
    number, unit = split_unit(cell)
    if unit and unit != column.unit:
        raise MixedUnitsError(f"{shorten(cell)} is in {unit}, other cells are in {column.unit}")
    if not unit and number and notations(number):
        raise CellError(f"without the unit {column.unit}")
    return number


def _signs(column: Column, cell: str) -> tuple[str, str]:
    """Give the decimal and the thousands sign of a cell.

    Raises
    ------
    CellError
        When the column does not tell, and it makes a difference.
    """
    decimal, thousands = column.notation
    if decimal or not ("." in cell or "," in cell):
        return decimal or ".", thousands
    possible = notations(split_unit(cell)[0])
    if len({sign for sign, _ in possible}) > 1:
        raise CellError("a number of thousands or one with decimals")
    return possible[0] if possible else (".", "")
