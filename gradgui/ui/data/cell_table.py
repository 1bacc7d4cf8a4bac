"""A table of texts to look at."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem


class CellTable(QTableWidget):
    """A table that cannot be edited, as high as a number of rows.

    Parameters
    ----------
    name
        Its ``objectName``.
    title
        Accessible name.
    rows_in_sight
        How many rows it has room for.
    """

    def __init__(self, name: str, title: str, rows_in_sight: int) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 6)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(72)
        columns.setFixedHeight(rows.defaultSectionSize() + 8)
        self.setMinimumHeight(rows.defaultSectionSize() * rows_in_sight + columns.height() + 2 * self.frameWidth())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Ask for room for its rows."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def show_cells(
        self,
        titles: Sequence[str],
        rows: Sequence[Sequence[str]],
        numeric: Sequence[int] = (),
        lines: Sequence[int] = (),
    ) -> None:
        """Show other rows.

        Parameters
        ----------
        titles
            One a column.
        rows
            Their cells; a row may be shorter or longer than the others.
        numeric
            Places of the columns of numbers.
        lines
            The rows' numbers, if they are to be shown.
        """
        self.clear()
        self.setColumnCount(len(titles))
        self.setRowCount(len(rows))
        for column, title in enumerate(titles):
            self.setHorizontalHeaderItem(column, cell_item(title, column in numeric))
        self.setVerticalHeaderLabels(list(map(str, lines)))
        self.verticalHeader().setVisible(bool(lines))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells[: len(titles)]):
                self.setItem(row, column, cell_item(text, column in numeric))
        self.fit_columns()

    def fit_columns(self) -> None:
        """Make columns as wide as what is in them, or as the table where there is room."""
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.resizeColumnsToContents()
        if header.length() <= self.viewport().width():
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)


def cell_item(text: str, numeric: bool) -> QTableWidgetItem:
    """Make an item of a text: on the right, where a number belongs, or on the left."""
    item = QTableWidgetItem(text)
    side = Qt.AlignmentFlag.AlignRight if numeric else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return item
