"""Data from a file of another program: how it is read, what it gives, and what is wrong in it."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from gradgui.experiment.data import Data
from gradgui.numbers import write_count
from gradgui.tables.format import TableFormat
from gradgui.tables.preview import Places
from gradgui.tables.source import Origin
from gradgui.tables.table import Table
from gradgui.ui.app.theme import SPACING
from gradgui.ui.data.bad_cells_box import BadCellsBox, how_many_are_bad
from gradgui.ui.data.cell_table import CellModel
from gradgui.ui.data.columns_box import ColumnsBox
from gradgui.ui.data.first_lines_table import FirstLinesTable
from gradgui.ui.data.format_box import FormatBox
from gradgui.ui.data.reading_choice import ReadingChoice
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.worker.jobs.table_import import (
    ImportOutcome,
    ImportPreview,
    ImportProgress,
    ImportRequest,
    ImportResult,
    TableImporter,
    name_of,
)

SIZE = QSize(760, 520)
STYLE = """
QPushButton#import_accept:enabled { background: palette(highlight); color: palette(highlighted-text);
    border-color: palette(highlight); font-weight: 600; }
"""
PROGRESS_STEPS = 1_000


class ImportDialog(QDialog):
    """Choose how a table is read and which two columns of it are x and y.

    It reads the table at once, and again after every choice, in a thread of its own; Import then only hands over what
    was read. What can be read in more than one way is not read before the person has chosen. Closing the dialog stops
    the reading and forgets the table.

    Parameters
    ----------
    origin
        A file, or a text.
    parent
        The window it belongs to.

    Signals
    -------
    imported(Data)
        The person pressed Import.
    """

    imported = Signal(Data)

    def __init__(self, origin: Origin, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_dialog")
        self.setWindowTitle(f"Import data from {name_of(origin)}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._origin = origin
        self._format: TableFormat | None = None
        self._table: Table | None = None
        self._was_open = self._is_over = False
        self._shown: ImportRequest | None = None
        self._importer = TableImporter(self)
        self._importer.previewed.connect(self._show_preview)
        self._importer.progressed.connect(self._show_progress)
        self._importer.ended.connect(self._show_result)
        self._choice = ReadingChoice()
        self._choice.chosen.connect(self._take_format)
        self._format_box = FormatBox(isinstance(origin, Path))
        self._format_box.changed.connect(self._take_format)
        self._preview = FirstLinesTable()
        self._columns = ColumnsBox()
        self._columns.chosen.connect(self._read)
        self._progress = QProgressBar()
        self._progress.setObjectName("import_progress")
        self._progress.setAccessibleName("Share of the file that has been read")
        self._progress.setToolTip("How much of the file has been read.")
        self._progress.setMaximum(PROGRESS_STEPS)
        policy = self._progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._progress.setSizePolicy(policy)
        self._told = wrapping_label("hint")
        self._problem = wrapping_label("problem")
        self._bad_cells = BadCellsBox()
        self._bad_cells.decided.connect(self._allow)
        self._make_buttons()
        self._lay_out()
        self._accept.setDefault(True)  # only now does the dialog know the button
        self._read(None)

    def _make_buttons(self) -> None:
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._accept = self._buttons.addButton("&Import", QDialogButtonBox.ButtonRole.AcceptRole)
        self._accept.setObjectName("import_accept")
        self._accept.setToolTip("Import: fit the model to these points from now on.")
        self._accept.setStyleSheet(STYLE)
        cancel = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setObjectName("import_cancel")
        cancel.setText("&Cancel")
        cancel.setIcon(QIcon())  # as no other button has one
        cancel.setToolTip("Cancel: stop reading and leave the data as it is.")
        self._other_readings = self._buttons.addButton("&Other readings", QDialogButtonBox.ButtonRole.ActionRole)
        self._other_readings.setObjectName("import_other_readings")
        self._other_readings.setToolTip("Other readings: show again all ways in which the table can be read.")
        self._other_readings.clicked.connect(self._ask_again)
        self._other_readings.hide()
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        self._reading = QWidget()  # how it is read, out of sight while that is a question
        reading = QVBoxLayout(self._reading)
        reading.setContentsMargins(0, 0, 0, 0)
        reading.setSpacing(SPACING)
        reading.addWidget(self._format_box)
        reading.addWidget(self._preview, 1)
        reading.addWidget(self._columns)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        layout.setSpacing(SPACING)
        layout.addWidget(self._choice)
        layout.addWidget(self._reading, 1)
        for widget in (self._progress, self._problem, self._bad_cells):
            layout.addWidget(widget)
        foot = QHBoxLayout()
        foot.setSpacing(SPACING)
        foot.addWidget(self._told, 1)
        foot.addWidget(self._buttons)
        layout.addLayout(foot)
        self.resize(SIZE)

    @Slot(tuple)
    def _read(self, columns: Places | None) -> None:
        if self._is_over:
            return
        self._table = None
        self._allow()
        self._progress.setValue(0)
        self._progress.show()
        self._tell(f"Reading {name_of(self._origin)} …")
        self._importer.begin(ImportRequest(self._origin, self._format, columns))

    @Slot(TableFormat)
    def _take_format(self, table_format: TableFormat) -> None:
        self._format = table_format
        self._read(None)

    @Slot()
    def _ask_again(self) -> None:
        self._format = None
        self._read(None)

    @Slot(ImportPreview)
    def _show_preview(self, told: ImportPreview) -> None:
        preview, is_open = told.preview, told.detection.ambiguous
        was_asked = self._choice.isVisible()
        self._choice.clear()
        self._reading.setHidden(is_open)
        if is_open:
            self._choice.ask(told.detection.what_is_open, told.compared)
        elif was_asked:
            self._preview.setFocus()  # and no button: Enter imports
        self._was_open |= is_open
        self._other_readings.setVisible(self._was_open and not is_open)
        shown = preview.format_of(told.columns)
        self._format = None if is_open else shown
        self._format_box.show_format(shown)
        self._columns.show_columns(preview.column_names, told.columns)
        self._shown = told.request
        self._preview.show_lines(preview, told.columns, told.lines)

    @Slot(ImportProgress)
    def _show_progress(self, progress: ImportProgress) -> None:
        self._progress.setValue(PROGRESS_STEPS * progress.bytes_read // max(1, progress.all_bytes))
        if progress.bad_count:
            self._tell(f"Reading {name_of(self._origin)} … {how_many_are_bad(progress.bad_count)} so far.")

    @Slot(ImportResult)
    def _show_result(self, result: ImportResult) -> None:
        self._table = result.table
        self._progress.hide()
        if result.table is None:
            self._tell(problem="" if result.outcome is ImportOutcome.AMBIGUOUS else result.message)
            self._bad_cells.hide()
            if result.request is not self._shown:
                self._preview.show_cells(CellModel((), ()))
            return
        self._bad_cells.show_table(result.table)
        count = result.table.points
        if not count:
            self._tell(
                problem="No row has a number in both columns: choose other columns, or read it in another way."
            )
        else:
            points = "1 point" if count == 1 else f"{write_count(count)} points"
            condition = " if the rows with these cells are left out" if result.table.bad_count else ""
            self._tell(f"{points} can be imported{condition}.")
        self._allow()

    def _tell(self, message: str = "", problem: str = "") -> None:
        for label, text in ((self._told, message), (self._problem, problem)):
            label.setText(text)
            label.setVisible(bool(text))

    @property
    def _may_import(self) -> bool:
        """Whether there is something to hand over, and nothing bad in it that may not be left out."""
        if self._table is None or (self._table.bad_count and not self._bad_cells.leave_out):
            return False
        return self._table.points > 0

    @Slot()
    def _allow(self) -> None:
        self._accept.setEnabled(self._may_import)

    @Slot()
    def accept(self) -> None:
        """Hand over what was read."""
        if self._table is not None and self._may_import:
            self.imported.emit(self._table.data)
            super().accept()

    def done(self, result: int) -> None:
        """Stop the reading, and close."""
        self._is_over = True  # what was typed is entered as the fields lose the focus, and would be read again
        super().done(result)
        self._importer.shut_down()
