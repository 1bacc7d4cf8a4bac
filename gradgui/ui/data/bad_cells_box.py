"""Cells that are no numbers, and whether their rows are left out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from gradgui.numbers import write_count
from gradgui.tables.table import BadCell, Table
from gradgui.ui.app.theme import SPACING
from gradgui.ui.data.cell_table import CellModel, CellTable
from gradgui.ui.widgets.labels import wrapping_label

ROWS_IN_SIGHT = 3
MOST_KINDS = 4
"""How many ways to say that there is no value are named."""


class BadCellsBox(QWidget):
    """Bad cells with their places; out of sight while there are none.

    Signals
    -------
    decided(bool)
        Whether their rows are to be left out.
    """

    decided = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._told = wrapping_label("problem")
        self._cells = CellTable("import_problems", "Cells that are no numbers", ROWS_IN_SIGHT)
        self._cells.setToolTip("Cells that are no numbers, with the line of the file in which they stand.")
        self._skip = QCheckBox("&Leave these rows out")
        self._skip.setObjectName("import_skip_bad")
        self._skip.setToolTip("Leave out every row with such a cell: the model is fitted to the other rows.")
        self._skip.clicked.connect(self.decided)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        for widget in (self._told, self._cells, self._skip):
            layout.addWidget(widget)
        self.hide()

    @property
    def leave_out(self) -> bool:
        """Whether the rows are to be left out."""
        return self._skip.isChecked()

    def show_table(self, table: Table) -> None:
        """Show what is bad in a table."""
        self.setVisible(table.bad_count > 0)
        if table.bad_count:
            self._told.setText(_summary(table))
            self._cells.show_cells(CellModel(("Line", "Column", "Text", "Problem"), list(map(_row, table.bad_cells))))


def how_many_are_bad(count: int) -> str:
    """Give the beginning of a sentence: how many cells are not a number."""
    return "1 cell is not a number" if count == 1 else f"{write_count(count)} cells are not a number"


def _row(cell: BadCell) -> tuple[str, str, str, str]:
    return f"{cell.line}", cell.column, cell.text, cell.problem


def _summary(table: Table) -> str:
    rows = "1 row" if table.bad_rows == 1 else f"{write_count(table.bad_rows)} rows"
    told = f"{how_many_are_bad(table.bad_count)}, in {rows}."
    if table.no_values:
        count = sum(count for _, count in table.no_values)
        kinds = ", ".join(f"{text} ({write_count(count)})" for text, count in table.no_values[:MOST_KINDS])
        more = " and others" if len(table.no_values) > MOST_KINDS else ""
        told += f" There is no value in {write_count(count)} of them: {kinds}{more}."
    shown = len(table.bad_cells)
    return told + (f" The first {shown}:" if shown < table.bad_count else "")
