"""The table of points, with the keys of a spreadsheet."""

from contextlib import suppress

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from gradgui.experiment.data import Data
from gradgui.numbers import NumberError, fewer_digits, read_number, write_count
from gradgui.ui.data.data_editor import DataEditor
from gradgui.ui.data.data_model import DataModel
from gradgui.ui.data.points_text import points_text, read_points
from gradgui.ui.widgets.long_tables import MOST_COPIED, MOST_PASTED, share_no_selection

CELL_MARGIN = 4
"""Pixels that Qt keeps free at both ends of a cell, and one more."""


class NumberCell(QStyledItemDelegate):
    """Round what a cell has no room for; Qt would cut it."""

    def initStyleOption(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Give a cell its text."""
        super().initStyleOption(option, index)
        most = (option.rect.width() - 2 * CELL_MARGIN) // max(1, option.fontMetrics.horizontalAdvance("0"))
        if len(option.text) > most:
            with suppress(NumberError):
                option.text = fewer_digits(read_number(option.text), most)


class DataTable(QTableView):
    """Points to edit, copy, paste and remove.

    Parameters
    ----------
    editor
        Whose points.

    Attributes
    ----------
    points
        The model.
    """

    def __init__(self, editor: DataEditor) -> None:
        super().__init__()
        self._editor = editor
        self.points = DataModel(editor)
        self.setModel(self.points)
        self.setItemDelegate(NumberCell(self))
        share_no_selection(self)
        self.setObjectName("data_table")
        self.setAccessibleName("Data")
        self.setToolTip(
            "Data: the points that the model is fitted to, never scaled. Type into a cell, or into the last row for\n"
            "a new point; Delete removes points, Ctrl+C and Ctrl+V go to and come from a spreadsheet. A change acts\n"
            "from the next epoch on; one in work is run again with it."
        )
        for text, keys, slot in (
            ("Copy points", QKeySequence.StandardKey.Copy, self.copy_selected),
            ("Paste points", QKeySequence.StandardKey.Paste, self.paste),
            ("Remove points", QKeySequence.StandardKey.Delete, self.remove_selected),
        ):
            action = self.addAction(text)
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(slot)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )

    @property
    def selected_rows(self) -> list[int]:
        """The points of which a cell is selected, ascending."""
        count = len(self._editor.data.x)
        ranges = self.selectionModel().selection().toList()
        return sorted({row for part in ranges for row in range(part.top(), min(part.bottom() + 1, count))})

    @Slot()
    def add_point(self) -> None:
        """Go to the row for a new point."""
        cell = self.points.index(self.points.rowCount() - 1, 0)
        self.setCurrentIndex(cell)  # first: it takes what is typed into another cell
        editor = self.indexWidget(cell)
        if editor is not None:  # open already
            editor.setFocus()
            return
        self.setFocus()
        self.edit(cell)

    @Slot()
    def remove_selected(self) -> None:
        """Remove the selected points; the last one stays."""
        data, rows = self._editor.data, set(self.selected_rows)
        if not rows:
            self.points.told.emit("Select the points to remove first.")
            return
        kept = [row for row in range(len(data.x)) if row not in rows]
        if not kept:
            self.points.told.emit("At least one point must stay: the loss is a mean over the points.")
            return
        self.points.told.emit("")
        text = "removal of a point" if len(rows) == 1 else f"removal of {len(rows)} points"
        self._editor.change(data.without(list(rows)), text)

    @Slot()
    def copy_selected(self) -> None:
        """Put the selected points on the clipboard."""
        rows = self.selected_rows
        if len(rows) > MOST_COPIED:
            most = write_count(MOST_COPIED)
            self.points.told.emit(f"Up to {most} points can be copied, not {write_count(len(rows))}; select fewer.")
        elif rows:
            self.points.told.emit("")
            QGuiApplication.clipboard().setText(points_text(self._editor.data, rows))

    @Slot()
    def paste(self) -> None:
        """Put the clipboard's numbers over the points from the present cell on, and beyond the last one."""
        text = QGuiApplication.clipboard().text()
        try:
            if text.count("\n") > MOST_PASTED:
                most = write_count(MOST_PASTED)
                raise ValueError(f"Up to {most} rows can be pasted; save them as a file and import that instead.")
            pasted = read_points(text)
            data = self._pasted_over(pasted)
        except ValueError as error:
            self.points.told.emit(str(error))
            return
        self.points.told.emit("")
        all_of_them = len(pasted[0]) == 2 and len(pasted) == len(data.x)
        put = self._editor.replace if all_of_them else self._editor.change
        put(data, f"pasting of {len(pasted)} rows")

    def _pasted_over(self, pasted: list[list[float]]) -> Data:
        first, column = max(self.currentIndex().row(), 0), max(self.currentIndex().column(), 0)
        if len(pasted[0]) == 2:
            column = 0
        columns = [list(self._editor.data.x), list(self._editor.data.y)]
        if len(pasted[0]) == 1 and first + len(pasted) > len(columns[0]):
            raise ValueError("One column of numbers does not reach beyond the last point; copy x and y.")
        for offset, values in enumerate(zip(*pasted, strict=True)):
            columns[column + offset][first : first + len(values)] = values
        return Data(tuple(columns[0]), tuple(columns[1]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Space to the window, where it runs and pauses."""
        if event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)
