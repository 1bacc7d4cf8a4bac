"""The table of runs: what is selected in it, and the keys of its actions."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTreeView

from gradgui.ui.runs.runs_model import RunsModel

LEAST_HEIGHT = 40
"""Pixels of the table."""


class RunsTable(QTreeView):
    """All runs as a tree, in columns.

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
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.header().setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)

    @property
    def selected(self) -> list[int]:
        """The numbers of the runs that are selected."""
        return [self.runs.run_at(index).id for index in self.selectionModel().selectedRows()]

    @property
    def is_editing(self) -> bool:
        """Whether a person types into a cell."""
        return self.state() is QAbstractItemView.State.EditingState

    def select(self, runs: list[int]) -> None:
        """Select those of these runs that are shown, besides what is selected."""
        selection = self.selectionModel()
        flags = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        for run in runs:
            selection.select(self.runs.index_of(run), flags)
            selection.setCurrentIndex(self.runs.index_of(run), selection.SelectionFlag.NoUpdate)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand the keys on that have an action; an editor's Enter comes here as well."""
        for action in () if self.is_editing else self.actions():
            if action.shortcut() == QKeySequence(event.keyCombination()) and action.isEnabled():
                action.trigger()
                return
        super().keyPressEvent(event)
