"""What two columns of a table gave: their numbers, and every cell that is none."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from gradgui.experiment.data import Data, axis_name
from gradgui.tables.format import TableError
from gradgui.tables.source import Origin

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


class Table(Struct, frozen=True, eq=False):
    """What two columns of a table gave.

    Attributes
    ----------
    origin
        The file, or what was pasted.
    x, y
        Their numbers in the rows in which nothing is bad; they cannot be written to.
    x_label, y_label
        What the axes are called: the columns' names with their units, ``days since 2019-01-01``, ``row``; empty where
        they have neither.
    bad_rows, bad_count
        How many rows were left out, and how many bad cells are in them.
    bad_cells
        The first `MOST_BAD_CELLS` of them.
    no_values
        What stands in those that are no mistake but say that there is no value, such as ``n/a`` or ``empty``, and in
        how many; the most frequent first.
    """

    origin: Origin
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    x_label: str
    y_label: str
    bad_rows: int
    bad_count: int
    bad_cells: tuple[BadCell, ...]
    no_values: tuple[tuple[str, int], ...]

    @property
    def points(self) -> int:
        """How many rows have a number in both columns."""
        return len(self.x)

    @property
    def data(self) -> Data | None:
        """Those rows as data, made anew each time; None when there is none."""
        return (
            Data(self.x, self.y, axis_name(self.x_label) or "x", axis_name(self.y_label) or "y")
            if self.points
            else None
        )

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
                f"{self.origin}: line {cell.line}, {cell.column}: {cell.text or 'the cell'} is {cell.problem};"
                " expected a finite number"
            )
        data = self.data
        if data is None:
            raise TableError(f"{self.origin}: has no row with a number in both columns; expected at least one")
        return data
