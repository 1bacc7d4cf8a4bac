"""The first lines of a table as they are read: what is left out, what names the columns, and what is no number."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QAbstractItemView, QSizePolicy, QTableWidgetItem

from gradgui.tables.first_lines import FirstCell, FirstLine, Role
from gradgui.tables.preview import ROW_NUMBER, Places, TablePreview
from gradgui.ui.app.theme import theme_of
from gradgui.ui.data.cell_table import CellTable, cell_item

ROWS_IN_SIGHT = 3
LINES_ABOVE = 2
"""How many of the lines above the names are in sight at first."""
TINT = 40
"""Of 255, how much of the ground has the colour of an error."""
MEANINGS = {
    Role.LEFT_OUT: "This line is left out.",
    Role.UNITS: "Units: no data.",
    Role.NAMES: "Names of the columns.",
}


class FirstLinesTable(CellTable):
    """The first lines of a table; in the columns of x and y every cell that is no number is marked."""

    def __init__(self) -> None:
        super().__init__("import_preview", "First lines of the table", ROWS_IN_SIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setToolTip("The first lines, as they are read with these choices, with their numbers.")

    def show_lines(self, preview: TablePreview, places: Places, lines: Sequence[FirstLine]) -> None:
        """Show other lines, from just above the names or the first row on.

        Parameters
        ----------
        preview
            How they are read.
        places
            Of x and y.
        lines
            The lines.
        """
        titles = list(preview.column_names)
        for place, axis in zip(places, "xy", strict=True):
            if place is not ROW_NUMBER and titles[place] != axis:
                titles[place] += f" as {axis}"
        width = max([len(titles), *(len(line.cells) for line in lines)])
        titles += [f"column {place + 1}" for place in range(len(titles), width)]
        self.clearSpans()
        self.show_cells(titles, [()] * len(lines), preview.numeric, [line.number for line in lines])
        for row, line in enumerate(lines):
            for column, cell in enumerate(line.cells):
                numeric = column in preview.numeric and line.role is not Role.LEFT_OUT
                self.setItem(row, column, self._item(line, cell, numeric))
            if line.role is Role.LEFT_OUT and width > 1:
                self.setSpan(row, 0, 1, width)
        self.fit_columns()
        top = next((row for row, line in enumerate(lines) if line.role is not Role.LEFT_OUT), 0)
        if lines:
            self.scrollTo(
                self.model().index(max(0, top - LINES_ABOVE), 0), QAbstractItemView.ScrollHint.PositionAtTop
            )

    def _item(self, line: FirstLine, cell: FirstCell, numeric: bool) -> QTableWidgetItem:
        item = cell_item(cell.text, numeric)
        item.setToolTip(MEANINGS.get(line.role, ""))
        if line.role is Role.NAMES:
            font = item.font()
            font.setBold(True)
            item.setFont(font)
        elif line.role is not Role.ROW:
            item.setForeground(self.palette().color(QPalette.ColorRole.PlaceholderText))
        if cell.value and cell.value != cell.text:
            item.setToolTip(f"Read as {cell.value}.")
        if cell.problem:
            colour = QColor(theme_of(self.palette()).error)
            item.setForeground(colour)
            colour.setAlpha(TINT)
            item.setBackground(colour)
            item.setToolTip(f"Line {line.number}: {cell.text or 'the cell'} is {cell.problem}.")
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, cell.problem)
        return item
