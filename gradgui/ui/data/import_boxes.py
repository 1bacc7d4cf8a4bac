"""A table of texts to look at."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gradgui.numbers import write_count
from gradgui.tables.format import DECIMALS, DELIMITERS, TableFormat
from gradgui.tables.preview import TablePreview
from gradgui.tables.table import BadCell, Table
from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.labels import wrapping_label


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
        self.setFixedHeight(rows.defaultSectionSize() * rows_in_sight + columns.height() + 2 * self.frameWidth())

    def show_cells(self, titles: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int] = ()) -> None:
        """Show other rows.

        Parameters
        ----------
        titles
            One a column.
        rows
            Their cells; a row may be shorter or longer than the others.
        numeric
            Places of the columns of numbers.
        """
        self.clear()
        self.setColumnCount(len(titles))
        self.setRowCount(len(rows))
        for column, title in enumerate(titles):
            self.setHorizontalHeaderItem(column, _item(title, column in numeric))
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells[: len(titles)]):
                self.setItem(row, column, _item(text, column in numeric))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.resizeColumnsToContents()
        if header.length() <= self.viewport().width():
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)


def _item(text: str, numeric: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    side = Qt.AlignmentFlag.AlignRight if numeric else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return item


ROWS_IN_SIGHT = 5


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
            self._cells.show_cells(("Line", "Column", "Text", "Problem"), list(map(_row, table.bad_cells)))


def _row(cell: BadCell) -> tuple[str, str, str, str]:
    return f"{cell.line}", cell.column, cell.text, cell.problem


def _summary(table: Table) -> str:
    cells = "1 cell is" if table.bad_count == 1 else f"{write_count(table.bad_count)} cells are"
    rows = "1 row" if table.bad_rows == 1 else f"{write_count(table.bad_rows)} rows"
    shown = len(table.bad_cells)
    return f"{cells} not a number, in {rows}" + (f"; the first {shown}:" if shown < table.bad_count else ":")


class ReadingBox(QWidget):
    """Ways in which a table can be read, to choose from; out of sight while there is only one.

    Signals
    -------
    chosen(TableFormat)
        The person wants this one.
    """

    chosen = Signal(TableFormat)

    def __init__(self) -> None:
        super().__init__()
        self._readings = QComboBox()
        self._readings.setObjectName("import_reading")
        self._readings.setAccessibleName("Way to read the table")
        self._readings.setToolTip("The table can be read in more than one way: choose the one that is meant.")
        self._readings.setPlaceholderText("choose how to read it")
        self._readings.activated.connect(self._tell)
        label = QLabel("&Read as")
        label.setBuddy(self._readings)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(label)
        layout.addWidget(self._readings, 1)
        self.hide()

    def show_readings(self, readings: Sequence[TablePreview]) -> None:
        """Show the ways there are; none is chosen."""
        self._readings.clear()
        for reading in readings:
            self._readings.addItem(reading.description, reading.table_format)
        self._readings.setCurrentIndex(-1)
        self.show()

    @Slot()
    def _tell(self) -> None:
        self.chosen.emit(self._readings.currentData())


class FormatBox(QWidget):
    """Delimiter, decimal sign and header.

    Signals
    -------
    changed(TableFormat)
        The person wants it read in another way.
    """

    changed = Signal(TableFormat)

    def __init__(self) -> None:
        super().__init__()
        self._format = TableFormat()
        self._delimiter = _combo("import_delimiter", "Delimiter", DELIMITERS)
        self._delimiter.setToolTip("Delimiter: what stands between two cells of a row.")
        self._decimal = _combo("import_decimal", "Decimal sign", DECIMALS)
        self._decimal.setToolTip(
            "Decimal sign: what stands before the decimals of a number, as in 1.5 or 1,5.\n"
            "Where a comma is the delimiter it can only be a point."
        )
        self._header = QCheckBox("First row &names the columns")
        self._header.setObjectName("import_header")
        self._header.setToolTip("Off: the first row is data as all others are.")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        for caption, combo in (("&Delimiter", self._delimiter), ("Decimal &sign", self._decimal)):
            label = QLabel(caption)
            label.setBuddy(combo)
            layout.addWidget(label)
            layout.addWidget(combo)
            layout.addSpacing(SPACING)
            combo.activated.connect(self._tell)
        layout.addWidget(self._header)
        layout.addStretch()
        self._header.clicked.connect(self._tell)
        self.setEnabled(False)

    def show_format(self, table_format: TableFormat) -> None:
        """Show how the table is read."""
        self._format = table_format
        self._delimiter.setCurrentIndex(self._delimiter.findData(table_format.delimiter))
        self._decimal.setCurrentIndex(self._decimal.findData(table_format.decimal or "."))
        self._decimal.setEnabled(table_format.delimiter != ",")
        self._header.setChecked(table_format.header)
        self.setEnabled(True)

    @Slot()
    def _tell(self) -> None:
        delimiter = self._delimiter.currentData()
        decimal = "." if delimiter == "," else self._decimal.currentData()
        thousands = self._format.thousands if decimal == self._format.decimal else ""
        header = self._header.isChecked()
        wanted = replace(self._format, delimiter=delimiter, decimal=decimal, thousands=thousands, header=header)
        if wanted != self._format:
            self.show_format(wanted)
            self.changed.emit(wanted)


def _combo(name: str, title: str, choices: Mapping[str, str]) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(title)
    for sign, meaning in choices.items():
        combo.addItem(f"{meaning}   {sign}" if sign.strip() else meaning, sign)
    return combo
