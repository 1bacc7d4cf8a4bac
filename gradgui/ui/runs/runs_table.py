"""The table of runs: what is selected in it, and the keys of its actions."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gradgui.ui.runs.runs_model import COLUMNS, NAME, RunsModel

LEAST_HEIGHT = 40
"""Pixels of the table."""
FITTED_ROWS = 30
CELL_MARGIN = 20
"""Pixels of a cell besides its text."""
NAME_WIDTH = 160
"""Pixels at first of the column with the names: there is a piece of a curve in it, and branches are set in."""
WIDEST = 220
"""Pixels of a column at first; the person may widen it."""
ROW_MARGIN = 6
"""Pixels of a row besides its text."""


class RunsTable(QTableView):
    """All runs, a row each.

    Parameters
    ----------
    model
        What it shows.

    Attributes
    ----------
    runs
        As given.
    """

    def __init__(self, model: RunsModel) -> None:
        super().__init__()
        self.runs = model
        self.setObjectName("runs_table")
        self.setAccessibleName("Kept runs")
        self.setModel(model)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.take_type_size()
        self.horizontalHeader().setHighlightSections(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)

    def take_type_size(self) -> None:
        """Make rows as high as type is now."""
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + ROW_MARGIN)

    @property
    def selected(self) -> list[int]:
        """The numbers of the runs that are selected."""
        return [self.runs.run_at(index).id for index in self.selectionModel().selectedRows()]

    @property
    def is_editing(self) -> bool:
        """Whether a person types into a cell."""
        return self.state() is QAbstractItemView.State.EditingState

    def fit_columns(self) -> None:
        """Give columns the room that their heads and first rows want; to look through 10 000 rows takes seconds."""
        metrics, rows = self.fontMetrics(), range(min(FITTED_ROWS, self.runs.rowCount()))
        head = self.horizontalHeader()
        for place in range(len(COLUMNS)):
            texts = (str(self.runs.index(row, place).data()) for row in rows)
            width = max(map(metrics.horizontalAdvance, texts), default=0) + CELL_MARGIN
            width = max(width, head.sectionSizeHint(place))
            self.setColumnWidth(place, max(NAME_WIDTH, width) if place == NAME else min(WIDEST, width))

    def select(self, runs: list[int]) -> None:
        """Select those of these runs that are shown, besides what is selected."""
        selection = self.selectionModel()
        flags = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        for run in runs:
            selection.select(self.runs.index_of(run), flags)
            selection.setCurrentIndex(self.runs.index_of(run), selection.SelectionFlag.NoUpdate)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the run that the keys are for, where none is selected."""
        super().focusInEvent(event)
        if not self.selected and self.currentIndex().isValid():
            self.select([self.runs.run_at(self.currentIndex()).id])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand the keys on that have an action; an editor's Enter comes here as well."""
        for action in () if self.is_editing else self.actions():
            if action.shortcut() == QKeySequence(event.keyCombination()) and action.isEnabled():
                action.trigger()
                return
        super().keyPressEvent(event)
