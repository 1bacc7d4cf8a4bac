"""The log as a table that scrolls with the run."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from gradgui.experiment.columns import ColumnName, Columns, Role
from gradgui.numbers import fewer_digits, shown, write_count
from gradgui.record.csv_file import CsvStyle, row_lines, shortest
from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import Theme
from gradgui.ui.app.type_scale import SIZES, fixed_font, type_size
from gradgui.ui.widgets.long_tables import MOST_COPIED, share_no_selection

AT_END = 2
"""Rows that may be out of sight below, as when a scroll bar has taken their room."""
CELL_MARGIN = 4
"""Pixels between a number and the end of its cell."""
FEWEST_CHARACTERS = len("-1.234e-308")
"""Room in the narrowest column: any number in four digits."""
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

Index = QModelIndex | QPersistentModelIndex

_MEANINGS = {
    "epoch": "Number of the epoch, counted from 1",
    "loss": "Loss of the epoch, measured before its update",
    "lr": "Learning rate of the epoch's update",
}

LEAST_HEIGHT = 40
"""Pixels: a row below the heads."""


class LogModel(QAbstractTableModel):
    """The rows of a log, as text, made only for the rows in sight."""

    def __init__(self) -> None:
        super().__init__()
        self._log = TrainingLog(Columns({}), "float32")
        self._rows = 0
        self._epoch = 0
        self.dimmed = QColor("gray")

    def follow(self, log: TrainingLog, epoch: int) -> None:
        """Show a log as long as it is now; one of other columns replaces all rows.

        Parameters
        ----------
        log
            The log.
        epoch
            Where the run is: later rows are a future that was left, and dimmed.
        """
        length = len(log)
        redraw = epoch != self._epoch and 0 < self._rows <= length and min(epoch, self._epoch) < self._rows
        is_other, self._epoch = log is not self._log, epoch
        if is_other and log.column_names != self._log.column_names:
            self.beginResetModel()
            self._log, self._rows = log, length
            self.endResetModel()
            return
        self._log = log
        if redraw or (is_other and self._rows):
            self.dataChanged.emit(self.index(0, 0), self.index(self._rows - 1, self.columnCount() - 1))
        if length > self._rows:
            self.beginInsertRows(QModelIndex(), self._rows, length - 1)
            self._rows = length
            self.endInsertRows()
        elif length < self._rows:
            self.beginRemoveRows(QModelIndex(), length, self._rows - 1)
            self._rows = length
            self.endRemoveRows()

    def has(self, row: int) -> bool:
        """Tell whether the log still has a row: it may have been cut since the last frame."""
        return row < self.rows_left

    @property
    def rows_left(self) -> int:
        """Rows that the log still has."""
        return len(self._log)

    def is_ahead(self, row: int) -> bool:
        """Tell whether a row belongs to a future that was left."""
        return row >= self._epoch

    def text(self, row: int, column: int) -> str:
        """Give the text of one cell: the shortest that reads back to the same value, with the minus sign as shown."""
        name = self._log.column_names[column]
        value = self._log.value(name, row + 1)
        return (
            str(value) if name == "epoch" else shown(shortest(value, "float64" if name == "lr" else self._log.dtype))
        )

    def rows_text(self, ranges: list[tuple[int, int]]) -> str:
        """Give whole rows as a spreadsheet takes them, with their header; each range ends before its second row."""
        snapshot = self._log.snapshot()
        lines = ["\t".join(snapshot.column_names)]
        for start, stop in ranges:
            lines += row_lines(snapshot, start, stop, CsvStyle("\t"))
        return "\n".join(lines) + "\n"

    def text_within(self, row: int, column: int, characters: int) -> str:
        """Give the text of one cell, rounded where it would be longer than so many characters."""
        text = self.text(row, column)
        if len(text) <= characters:
            return text
        return fewer_digits(self._log.value(self._log.column_names[column], row + 1), characters)

    def rowCount(self, parent: Index | None = None) -> int:
        """Give the number of epochs."""
        return 0 if parent is not None and parent.isValid() else self._rows

    def columnCount(self, parent: Index | None = None) -> int:
        """Give the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self._log.column_names)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give a cell's text, in the tooltip as well, and its alignment."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) and self.has(index.row()):
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT
        if role == Qt.ItemDataRole.ForegroundRole and self.is_ahead(index.row()):
            return self.dimmed
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give the columns' names as they stand in the CSV, and what they mean."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        name = self._log.column_names[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return _MEANINGS.get(name) or _meaning(self._log.columns[name])
        return None


def _meaning(column: ColumnName) -> str:
    if column.role is Role.GRADIENT:
        return f"Gradient of the loss by {column.parameter}, as backward gave it in this epoch"
    return f"Value of {column.label} after the epoch's update"


class NumberCell(QStyledItemDelegate):
    """Draw a cell as one text.

    Qt's own way asks the model seven times a cell, and a run at full speed redraws all of them again and again.

    Parameters
    ----------
    table
        Whose cells.
    model
        What is in them.
    """

    def __init__(self, table: QTableView, model: LogModel) -> None:
        super().__init__(table)
        self._table, self._model = table, model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the number at the right, rounded where the column is too narrow for all digits."""
        model, row = self._model, index.row()
        if not model.has(row):
            return
        room = option.rect
        colour = model.dimmed if model.is_ahead(row) else option.palette.text().color()
        if self._table.selectionModel().hasSelection() and option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(room, option.palette.highlight())
            colour = option.palette.highlightedText().color()
        text = model.text_within(row, index.column(), characters_in(room.width(), self._table.fontMetrics()))
        painter.setFont(self._table.font())  # the option has that of its first size
        painter.setPen(colour)
        painter.drawText(room.adjusted(0, 0, -CELL_MARGIN, 0), RIGHT, text)


def characters_in(width: int, metrics: QFontMetrics) -> int:
    """Give how many characters of a number a cell has room for."""
    return (width - 2 * CELL_MARGIN) // max(1, metrics.horizontalAdvance("0"))


class LogTable(QTableView):
    """The log; its newest row stays in sight until the person scrolls away from it.

    Signals
    -------
    told(str)
        One sentence for the person.
    """

    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("log_table")
        self.setAccessibleName("Training log")
        self._model = LogModel()
        self._epoch = 0
        self.setModel(self._model)
        self.setItemDelegate(NumberCell(self, self._model))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        share_no_selection(self)
        self.verticalHeader().hide()
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns = self.horizontalHeader()
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        columns.setHighlightSections(False)
        self._take_type_size()

    def _take_type_size(self) -> None:
        self.setFont(fixed_font())
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 4)
        if type_size() > SIZES[0]:
            bar, header = self.horizontalScrollBar().sizeHint(), self.horizontalHeader().sizeHint()
            self.setMinimumHeight(bar.height() + header.height() + self.verticalHeader().defaultSectionSize() + 4)
        else:
            self.setMinimumHeight(LEAST_HEIGHT)
        room = FEWEST_CHARACTERS * self.fontMetrics().horizontalAdvance("0") + 2 * CELL_MARGIN
        self.horizontalHeader().setMinimumSectionSize(room)

    def shown_text(self, row: int, column: int) -> str:
        """Give what stands in a cell, as wide as its column is now."""
        return self._model.text_within(row, column, characters_in(self.columnWidth(column), self.fontMetrics()))

    def set_theme(self, theme: Theme) -> None:
        """Dim the future in this theme's way, and take the size of type in force."""
        self._take_type_size()
        self._model.dimmed = QColor(theme.muted)

    def show_log(self, log: TrainingLog, epoch: int) -> None:
        """Show a log as it is now, with the row of an epoch in sight if the last one was."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - AT_END
        went_back = epoch < self._epoch
        moved = epoch != self._epoch
        self._epoch = epoch
        self._model.follow(log, epoch)
        if epoch < len(log) and moved:
            self.scrollTo(self._model.index(max(epoch - 1, 0), 0))
        elif at_end or went_back:
            self.scrollToBottom()

    @Slot()
    def copy_selected(self) -> None:
        """Put the selected rows on the clipboard with their header, as a spreadsheet takes them."""
        selected = self.selectionModel().selection().toList()
        rows = self._model.rows_left  # a reset may have taken some since the last frame
        ranges = sorted((part.top(), min(part.bottom() + 1, rows)) for part in selected if part.top() < rows)
        count = sum(stop - start for start, stop in ranges)
        if count > MOST_COPIED:
            most = write_count(MOST_COPIED)
            self.told.emit(
                f"Up to {most} rows can be copied, not {write_count(count)}; export the log as CSV instead."
            )
        elif count:
            QGuiApplication.clipboard().setText(self._model.rows_text(ranges))
            self.told.emit(f"Copied {write_count(count)} {'row' if count == 1 else 'rows'}.")

    def keyPressEvent(self, event: Any) -> None:
        """Copy by the usual keys; leave Space to the window, where it runs and pauses."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)
