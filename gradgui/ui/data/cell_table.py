"""A table of texts to look at."""

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView

FITTED_COLUMNS = 30
"""How many columns are made as wide as what is in them: to measure a thousand would hold the window up."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class CellModel(QAbstractTableModel):
    """Rows of texts, which are asked for only where they are in sight.

    Parameters
    ----------
    titles
        One a column.
    rows
        Their cells; a row may be shorter or longer than the others.
    numeric
        Places of the columns of numbers.
    lines
        The rows' numbers, if they have any.
    """

    def __init__(
        self,
        titles: Sequence[str],
        rows: Sequence[Sequence[str]],
        numeric: Collection[int] = (),
        lines: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self._titles, self._rows, self._numeric, self.lines = titles, rows, frozenset(numeric), lines

    def rowCount(self, parent: Index | None = None) -> int:
        """Give the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Give the number of titles."""
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Give a cell's text, and its side: a number is on the right."""
        row, column = self._rows[index.row()], index.column()
        if role == Role.DisplayRole:
            return row[column] if column < len(row) else None
        return self._side(column) if role == Role.TextAlignmentRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Give the titles, and the rows' numbers."""
        if orientation is Qt.Orientation.Vertical:
            return str(self.lines[section]) if role == Role.DisplayRole and self.lines else None
        if role == Role.DisplayRole:
            return self._titles[section]
        return self._side(section) if role == Role.TextAlignmentRole else None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        return RIGHT if column in self._numeric else LEFT


class CellTable(QTableView):
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
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 6)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(72)
        columns.setFixedHeight(rows.defaultSectionSize() + 8)
        self.setMinimumHeight(rows.defaultSectionSize() * rows_in_sight + columns.height() + 2 * self.frameWidth())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._widths: list[int] = []

    def sizeHint(self) -> QSize:
        """Ask for room for its rows."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def show_cells(self, model: CellModel) -> None:
        """Show other rows, with columns as wide as what is in them, or as the table where there is room."""
        before = self.model()
        model.setParent(self)
        self.setModel(model)
        if before is not None:
            before.deleteLater()
        self.verticalHeader().setVisible(bool(model.lines))
        header = self.horizontalHeader()
        for column in range(min(header.count(), FITTED_COLUMNS)):
            self.resizeColumnToContents(column)
        self._widths = [header.sectionSize(column) for column in range(header.count())]
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the columns fill another width."""
        super().resizeEvent(event)
        self._fill()

    def _fill(self) -> None:
        """Share among the columns what they leave free."""
        count = len(self._widths)
        spare = self.viewport().width() - sum(self._widths)
        for column, width in enumerate(self._widths if count <= FITTED_COLUMNS else ()):
            share = (column + 1) * spare // count - column * spare // count
            self.horizontalHeader().resizeSection(column, width + max(0, share))
