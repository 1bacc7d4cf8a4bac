"""The first lines of a table as they are read: what is left out, what names the columns, and what is no number."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractItemView, QSizePolicy

from gradgui.tables.first_lines import FirstCell, FirstLine, Role
from gradgui.tables.preview import ROW_NUMBER, Places, TablePreview
from gradgui.ui.app.theme import theme_of
from gradgui.ui.data.cell_table import LEFT, CellModel, CellTable, Index

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


class FirstLinesModel(CellModel):
    """The first lines of a table, each in the look of what becomes of it.

    Parameters
    ----------
    titles
        One a column.
    lines
        The lines.
    numeric
        Places of the columns of numbers.
    palette
        The colours of the window.
    """

    def __init__(
        self, titles: Sequence[str], lines: Sequence[FirstLine], numeric: Sequence[int], palette: QPalette
    ) -> None:
        super().__init__(titles, [()] * len(lines), numeric, [line.number for line in lines])
        self._first_lines = lines
        self._muted = palette.color(QPalette.ColorRole.PlaceholderText)
        self._error = QColor(theme_of(palette).error)
        self._tint = QColor(self._error)
        self._tint.setAlpha(TINT)
        self._bold = QFont()
        self._bold.setBold(True)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give a cell's text and look; of one that is no number also the reason."""
        line = self._first_lines[index.row()]
        if index.column() >= len(line.cells):
            return None
        cell = line.cells[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.text
            case Qt.ItemDataRole.TextAlignmentRole:
                return LEFT if line.role is Role.LEFT_OUT else self._side(index.column())
            case Qt.ItemDataRole.SizeHintRole:
                return QSize(1, 1) if line.role is Role.LEFT_OUT else None  # it is over all columns
            case Qt.ItemDataRole.FontRole:
                return self._bold if line.role is Role.NAMES else None
            case Qt.ItemDataRole.ForegroundRole:
                return (
                    self._error if cell.problem else self._muted if line.role in {Role.LEFT_OUT, Role.UNITS} else None
                )
            case Qt.ItemDataRole.BackgroundRole:
                return self._tint if cell.problem else None
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return _told(line, cell)
        return None


def _told(line: FirstLine, cell: FirstCell) -> str:
    if cell.problem:
        return f"Line {line.number}: {cell.text or 'the cell'} is {cell.problem}."
    if cell.value and cell.value != cell.text:
        return f"Read as {cell.value}."
    return MEANINGS.get(line.role, "")


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
        self.show_cells(FirstLinesModel(titles, lines, preview.numeric, QGuiApplication.palette()))
        for row, line in enumerate(lines):
            if line.role is Role.LEFT_OUT and width > 1:
                self.setSpan(row, 0, 1, width)
        top = next((row for row, line in enumerate(lines) if line.role is not Role.LEFT_OUT), 0)
        above = self.model().index(max(0, top - LINES_ABOVE), 0)
        self.scrollTo(above, QAbstractItemView.ScrollHint.PositionAtTop)
