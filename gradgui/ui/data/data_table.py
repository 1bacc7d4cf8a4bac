"""The table of points, with the keys of a spreadsheet."""

from contextlib import suppress

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from gradgui.experiment.data import LARGEST_DATA, Data, Values
from gradgui.numbers import NumberError, fewer_digits, read_number, write_count
from gradgui.tables.format import TableError
from gradgui.tables.source import Origin
from gradgui.ui.data.data_editor import DataEditor
from gradgui.ui.data.data_model import DataModel
from gradgui.ui.data.pasting import copied_text, find_cells, pasted_text, read_at_once
from gradgui.ui.widgets.long_tables import MOST_COPIED, share_no_selection

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
        self.take_type_size()
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )

    def take_type_size(self) -> None:
        """Make rows as high as type is now."""
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)

    @property
    def selected_rows(self) -> NDArray[np.intp]:
        """The points of which a cell is selected, ascending."""
        count = len(self._editor.data)
        ranges = self.selectionModel().selection().toList()
        rows = [np.arange(part.top(), min(part.bottom() + 1, count)) for part in ranges]
        return np.unique(np.concatenate(rows)) if rows else np.arange(0)

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
        data, rows = self._editor.data, self.selected_rows
        if not len(rows):
            self.points.told.emit("Select the points to remove first.")
            return
        if len(rows) == len(data):
            self.points.told.emit("At least one point must stay: the loss is a mean over the points.")
            return
        self.points.told.emit("")
        text = "removal of a point" if len(rows) == 1 else f"removal of {len(rows)} points"
        self._editor.change(data.without(rows), text)

    @Slot()
    def copy_selected(self) -> None:
        """Put the selected points on the clipboard."""
        rows = self.selected_rows
        if len(rows) > MOST_COPIED:
            most = write_count(MOST_COPIED)
            self.points.told.emit(f"Up to {most} points can be copied, not {write_count(len(rows))}; select fewer.")
        elif len(rows):
            self.points.told.emit("")
            QGuiApplication.clipboard().setText(copied_text(self._editor.data.at(rows)))

    @Slot()
    def paste(self) -> None:
        """Put the clipboard's numbers over the points from the present cell on, and beyond the last one.

        Where they can be read in two ways, or there is more than two columns of numbers, the person is asked.
        """
        text = pasted_text(QGuiApplication.clipboard().mimeData())
        self.points.told.emit("")
        try:
            detection = find_cells(text)
            table = read_at_once(text, detection)
        except TableError as error:
            sentence = str(error)
            self.points.told.emit(f"{sentence[:1].upper()}{sentence[1:]}.")
            return
        if table is None:
            self._ask(detection.best.origin)
        elif len(detection.best.columns) == 1:
            self._paste_column(table.y)
        elif table.data is not None:
            self._paste_points(table.data)

    def _ask(self, origin: Origin) -> None:
        from gradgui.ui.data.import_dialog import ImportDialog  # noqa: PLC0415 - nobody is asked before the first frame

        dialog = ImportDialog(origin, self.window())
        dialog.imported.connect(self._paste_points)
        dialog.open()

    def _paste_column(self, numbers: Values) -> None:
        data, row, column = self._editor.data, self._row, max(self.currentIndex().column(), 0)
        if row + len(numbers) > len(data):
            self.points.told.emit("One column of numbers does not reach beyond the last point; copy x and y.")
            return
        values = np.array((data.x, data.y)[column])
        values[row : row + len(numbers)] = numbers
        name = "x" if column == 0 else "y"
        self._editor.change(replace(data, **{name: values}), f"pasting of {write_count(len(numbers))} numbers")

    @Slot(Data)
    def _paste_points(self, pasted: Data) -> None:
        data, row = self._editor.data, self._row
        text = f"pasting of {write_count(len(pasted))} rows"
        if row == 0 and len(pasted) >= len(data):
            self._editor.replace(pasted, text)
        elif row + len(pasted) > LARGEST_DATA:
            self.points.told.emit(f"With these there would be more than {write_count(LARGEST_DATA)} points.")
        else:
            x, y = (
                np.concatenate((before[:row], new, before[row + len(new) :]))
                for before, new in ((data.x, pasted.x), (data.y, pasted.y))
            )
            self._editor.change(replace(data, x=x, y=y), text)

    @property
    def _row(self) -> int:
        return max(self.currentIndex().row(), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Space to the window, where it runs and pauses."""
        if event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)
