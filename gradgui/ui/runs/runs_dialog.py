"""The runs that are kept: to be looked through, named, noted, starred, deleted and opened."""

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gradgui.experiment.run_spec import RunSpec
from gradgui.numbers import write_count
from gradgui.record.run_store import RunStoreError
from gradgui.ui.app.theme import SPACING
from gradgui.ui.runs.kept_runs import KeptRuns
from gradgui.ui.runs.runs_model import COLUMNS, SORT_ROLE, STAR, RunsModel

REFRESH_MILLISECONDS = 500
"""While a run trains it is written to several times a second."""
WIDTH, HEIGHT = 900, 460


class RunsDialog(QDialog):
    """A table of all runs, the newest first, beside the window.

    Parameters
    ----------
    kept
        The runs.
    parent
        The window.

    Signals
    -------
    opened(RunSpec, str)
        This run is to be opened; the title that it has.
    """

    opened = Signal(RunSpec, str)

    def __init__(self, kept: KeptRuns, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("runs_dialog")
        self.setWindowTitle("Kept runs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._kept = kept
        self._deleted: list[list[int]] = []
        self.model = RunsModel(kept)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setFilterKeyColumn(-1)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = QLineEdit()
        self.search.setObjectName("runs_search")
        self.search.setAccessibleName("Search in runs")
        self.search.setPlaceholderText("Search: a name, a model, how it ended …")
        self.search.textChanged.connect(self._sorted.setFilterFixedString)
        self._differing = QCheckBox("Only what &differs")
        self._differing.setObjectName("runs_differing")
        self._differing.setToolTip("Hide the columns in which all runs are equal.")
        self._differing.toggled.connect(self._hide_equal)
        self.table = self._make_table()
        self._told = QLabel()
        self._told.setObjectName("runs_told")
        self._buttons = {
            name: self._make_button(f"runs_{name}", text, slot)
            for name, text, slot in (
                ("open", "&Open", self._open),
                ("star", "&Star", self._star),
                ("delete", "De&lete", self._delete),
                ("undo", "&Undo delete", self._undo),
            )
        }
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self._refresh)
        kept.changed.connect(self._wait)
        self._refresh()
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("runs_table")
        table.setAccessibleName("Kept runs")
        table.setModel(self._sorted)
        table.setSortingEnabled(True)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 8)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setStretchLastSection(True)
        table.selectionModel().selectionChanged.connect(self._allow)
        table.clicked.connect(self._click)
        table.doubleClicked.connect(self._double_click)
        return table

    def _make_button(self, name: str, text: str, slot: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self.search, 1)
        above.addWidget(self._differing)
        below.addWidget(self._told, 1)
        for button in self._buttons.values():
            below.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, 2 * SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(above)
        layout.addWidget(self.table, 1)
        layout.addLayout(below)
        self.resize(WIDTH, HEIGHT)

    @property
    def selected(self) -> list[int]:
        """The numbers of the runs that are selected."""
        rows = self.table.selectionModel().selectedRows()
        return [self.model.runs[self._sorted.mapToSource(row).row()].id for row in rows]

    @Slot()
    def _wait(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _refresh(self) -> None:
        chosen = set(self.selected)
        self.model.refresh()
        for row in range(self._sorted.rowCount() if chosen else 0):
            if self.model.runs[self._sorted.mapToSource(self._sorted.index(row, 0)).row()].id in chosen:
                self.table.selectRow(row)
        if not self.table.property("fitted") and self.model.runs:
            self.table.setProperty("fitted", True)
            self.table.resizeColumnsToContents()
        count = len(self.model.runs)
        self._told.setText(
            f"{write_count(count)} {'run' if count == 1 else 'runs'}" if count else "No run is kept yet."
        )
        self._hide_equal()
        self._allow()

    @Slot()
    def _hide_equal(self) -> None:
        equal = set(self.model.same()) if self._differing.isChecked() and len(self.model.runs) > 1 else set()
        for column in range(len(COLUMNS)):
            self.table.setColumnHidden(column, column in equal)

    @Slot()
    def _allow(self) -> None:
        count = len(self.selected)
        self._buttons["open"].setEnabled(count == 1)
        for name in ("star", "delete"):
            self._buttons[name].setEnabled(count > 0)
        self._buttons["undo"].setEnabled(bool(self._deleted))

    @Slot()
    def _open(self) -> None:
        store, chosen = self._kept.store, self.selected
        if store is None or len(chosen) != 1:
            return
        try:
            spec = store.spec(chosen[0])
        except RunStoreError as error:
            self._told.setText(str(error))
            return
        title = next(run.title for run in self.model.runs if run.id == chosen[0])
        self.opened.emit(spec, title)

    @Slot()
    def _star(self) -> None:
        starred = {run.id: run.starred for run in self.model.runs}
        for run in self.selected:
            self._kept.star(run, not starred[run])

    @Slot()
    def _delete(self) -> None:
        chosen = self.selected
        if chosen:
            self._deleted.append(chosen)
            self._kept.delete(chosen)
            self._refresh()

    @Slot()
    def _undo(self) -> None:
        if self._deleted:
            self._kept.restore(self._deleted.pop())
            self._refresh()

    @Slot(QModelIndex)
    def _click(self, index: QModelIndex) -> None:
        if index.column() == STAR:
            run = self.model.runs[self._sorted.mapToSource(index).row()]
            self._kept.star(run.id, not run.starred)

    @Slot(QModelIndex)
    def _double_click(self, index: QModelIndex) -> None:
        if not self._sorted.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete with Delete, take it back with Ctrl+Z, open with Enter."""
        if event.key() == Qt.Key.Key_Delete:
            self._delete()
        elif event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._undo()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        else:
            super().keyPressEvent(event)
