"""The points as a table that can be typed into."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QColor

from gradgui.numbers import shown, write_number
from gradgui.ui.data.data_editor import DataEditor
from gradgui.ui.widgets.number_kind import NumberKind

COLUMNS = ("x", "y")
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

Index = QModelIndex | QPersistentModelIndex


class DataModel(QAbstractTableModel):
    """The editor's points, and a last row for a new one.

    Parameters
    ----------
    editor
        Whose points.

    Signals
    -------
    told(str)
        What is wrong with an entry and what would be right; empty when nothing is.

    Attributes
    ----------
    error_colour
        Of an entry that is no number.
    """

    told = Signal(str)

    def __init__(self, editor: DataEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._data = editor.data
        self._entered: list[str] = ["", ""]  # the new point's cells, until both are there
        self._bad: tuple[int, int, str] | None = None
        self.error_colour = QColor("red")
        editor.changed.connect(self._follow)

    @Slot()
    def _follow(self) -> None:
        data = self._editor.data
        before, now = len(self._data.x), len(data.x)
        if now > before:
            self.beginInsertRows(QModelIndex(), before, now - 1)
        elif now < before:
            self.beginRemoveRows(QModelIndex(), now, before - 1)
        self._data, self._bad = data, None
        if now > before:
            self.endInsertRows()
        elif now < before:
            self.endRemoveRows()
        self.dataChanged.emit(self.index(0, 0), self.index(now, 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """Give the number of points and the row for a new one."""
        return 0 if parent is not None and parent.isValid() else len(self._data.x) + 1

    def columnCount(self, parent: Index | None = None) -> int:
        """Give x and y."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let every cell be edited."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give a cell's text; of a bad entry what was typed."""
        row, column = index.row(), index.column()
        bad = self._bad is not None and self._bad[:2] == (row, column)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            if self._bad is not None and bad:
                return self._bad[2]
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT
        if role == Qt.ItemDataRole.ForegroundRole and bad:
            return self.error_colour
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give the columns' names, and the points' numbers."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Horizontal:
            return COLUMNS[section]
        return str(section + 1) if section < len(self._data.x) else "new"

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Take an entry; a bad one is kept in sight and changes nothing."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        row, column, text = index.row(), index.column(), str(value)
        if self._bad is None and text == self._text(row, column):
            return False
        self._bad = None
        is_new = row == len(self._data.x)
        if is_new and not text.strip():
            self._entered[column] = ""
        else:
            try:
                number = self._kind.read(text)
            except ValueError as error:
                return self._refuse(row, column, text, error)
            if is_new:
                return self._enter(column, text)
            if number != (self._data.x, self._data.y)[column][row]:
                self._editor.change(self._data.with_value(row, column, number), "change of a point")
        self.told.emit("")
        self.dataChanged.emit(index, index)
        return True

    @property
    def _kind(self) -> NumberKind:
        return NumberKind(float32=self._editor.dtype == "float32")

    def _text(self, row: int, column: int) -> str:
        if row >= len(self._data.x):
            return self._entered[column]
        return shown(write_number((self._data.x, self._data.y)[column][row]))

    def _refuse(self, row: int, column: int, text: str, error: ValueError) -> bool:
        self._bad = (row, column, text)
        self.told.emit(f"Row {row + 1}, {COLUMNS[column]}: {error}")
        self.dataChanged.emit(self.index(row, 0), self.index(row, 1))
        return True

    def _enter(self, column: int, text: str) -> bool:
        """Take a cell of the new point, and the point as soon as both are there."""
        self._entered[column] = text
        self.told.emit("")
        if all(self._entered):
            numbers = []
            for place, entered in enumerate(self._entered):
                try:
                    numbers.append(self._kind.read(entered))
                except ValueError as error:  # of the other cell: it was entered with another floating-point type
                    return self._refuse(len(self._data.x), place, entered, error)
            self._entered = ["", ""]
            self._editor.change(self._data.with_point(*numbers), "new point")
        self.dataChanged.emit(self.index(len(self._data.x), 0), self.index(len(self._data.x), 1))
        return True
