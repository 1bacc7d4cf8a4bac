"""The panel with all runs: to be looked through, named, noted, starred, compared, opened and deleted."""

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QTreeView,
    QWidget,
)

from gradgui.numbers import write_count
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.runs.first_difference_dialog import FirstDifferenceDialog
from gradgui.ui.runs.kept_runs import KeptRuns
from gradgui.ui.runs.runs_model import COLUMNS, NAME, NOTE, STAR, RunsModel
from gradgui.ui.window.view import View, stacked
from gradgui.worker import commands
from gradgui.worker.training_thread import TrainingThread

REFRESH_MILLISECONDS = 500
"""While a run trains it is written to several times a second."""
WANTED = {"open": 1, "resume": 1, "rename": 1, "annotate": 1, "difference": 2}
"""How many runs must be selected for an action that is not for any number of them."""
LEAST_HEIGHT = 40
"""Pixels of the table."""
WIDEST = 220
"""Pixels of a column at first; the person may widen it."""


class RunsTable(QTreeView):
    """The table; Delete deletes, Enter opens, Space ticks what is selected."""

    @property
    def is_editing(self) -> bool:
        """Whether a person types into a cell."""
        return self.state() is QAbstractItemView.State.EditingState

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand the keys on that have an action; an editor's Enter comes here as well."""
        for action in () if self.is_editing else self.actions():
            if action.shortcut() == QKeySequence(event.keyCombination()) and action.isEnabled():
                action.trigger()
                return
        super().keyPressEvent(event)


class RunsPanel(QWidget, View):
    """A table of all runs, the newest first.

    Parameters
    ----------
    kept
        The runs.
    training
        Where runs are trained again.

    Attributes
    ----------
    model
        What the table shows.
    table
        The table.
    """

    name = "runs_panel"
    heading = "Runs"

    def __init__(self, kept: KeptRuns, training: TrainingThread) -> None:
        super().__init__()
        self._kept, self._training = kept, training
        self.model = RunsModel(kept)
        self.table = self._make_table()
        self.search = QLineEdit()
        self.search.setObjectName("runs_search")
        self.search.setAccessibleName("Search in runs")
        self.search.setPlaceholderText("Search")
        self.search.setToolTip("Show only runs in which this is found: a name, a model, how it ended, a date …")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self._told = QLabel()
        self._told.setObjectName("runs_told")
        self._differing = QAction("Only columns that &differ", self)
        self._differing.setObjectName("runs_differing")
        self._differing.setCheckable(True)
        self._differing.setToolTip("Hide the columns in which all runs that are shown are equal.")
        self._differing.toggled.connect(self._hide_equal)
        self._actions = {
            name: self._make_action(f"runs_{name}", text, key, slot)
            for name, text, key, slot in (
                ("open", "&Open at its last epoch", "Return", self._open),
                ("resume", "&Resume: open, and run on", "", self._resume),
                ("compare", "&Compare with the present run", "Space", self._compare),
                ("difference", "Where two &part …", "", self._show_difference),
                ("clear", "Compare &nothing", "", kept.compared.clear),
                ("rename", "Re&name", "F2", self._rename),
                ("annotate", "Write a no&te", "", self._annotate),
                ("star", "&Star", "", self._star),
                ("delete", "De&lete", "Delete", self._delete),
            )
        }
        self._menu = QMenu(self)
        self._menu.addActions([self._differing, *self._actions.values()])
        self._tools = self._make_tools()
        stacked(self.table, into=self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self._refresh)
        self._changed: set[int] = set()
        kept.changed.connect(self._wait)
        kept.compared.changed.connect(self.model.show_ticks)
        self._show_all()

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self.model.theme = theme
        self.model.show_ticks()

    def _make_table(self) -> RunsTable:
        table = RunsTable()
        table.setObjectName("runs_table")
        table.setAccessibleName("Kept runs")
        table.setModel(self.model)
        table.setMinimumHeight(LEAST_HEIGHT)
        table.setUniformRowHeights(True)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._show_menu)
        table.header().setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        table.setSortingEnabled(True)
        table.selectionModel().selectionChanged.connect(self._allow)
        table.clicked.connect(self._click)
        table.doubleClicked.connect(self._double_click)
        self.model.modelAboutToBeReset.connect(self._note_selected)
        self.model.modelReset.connect(self._select_again)
        return table

    def _make_action(self, name: str, text: str, key: str, slot: object) -> QAction:
        action = QAction(text, self.table)
        action.setObjectName(name)
        action.setShortcut(key)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(slot)
        self.table.addAction(action)
        return action

    @property
    def tools(self) -> QWidget:
        """Search, how many there are, and what can be done with them."""
        return self._tools

    def _make_tools(self) -> QWidget:
        tools = QWidget()
        layout = QHBoxLayout(tools)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        button = QToolButton()
        button.setObjectName("runs_menu")
        button.setText("Actions")
        button.setAccessibleName("What can be done with the selected runs")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self._menu)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout.addWidget(self.search, 1)
        layout.addWidget(self._told)
        layout.addWidget(button)
        return tools

    @property
    def selected(self) -> list[int]:
        """The numbers of the runs that are selected."""
        return [self.model.run_at(index).id for index in self.table.selectionModel().selectedRows()]

    @Slot(int)
    def _wait(self, run: int) -> None:
        self._changed.add(run)
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _refresh(self) -> None:
        if self.table.is_editing:
            self._timer.start()
            return
        if not self.isVisible():
            return
        changed, self._changed = self._changed, set()
        if not all(self.model.refresh_run(run) for run in changed):
            self._show_all()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what was written while nobody looked."""
        super().showEvent(event)
        if self._changed:
            self._show_all()

    def _show_all(self) -> None:
        self._changed = set()
        self.model.refresh()
        if not self.table.property("fitted") and self.model.runs:
            self.table.setProperty("fitted", True)
            for column in range(len(COLUMNS)):
                self.table.resizeColumnToContents(column)
                self.table.setColumnWidth(column, min(self.table.columnWidth(column), WIDEST))

    @Slot(str)
    def _search(self, text: str) -> None:
        self.model.search(text)

    @Slot()
    def _note_selected(self) -> None:
        self._selected = self.selected

    @Slot()
    def _select_again(self) -> None:
        """Show the tree open and the same runs selected, and say how many there are."""
        self.table.expandAll()
        selection = self.table.selectionModel()
        flags = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        for run in self._selected:
            selection.select(self.model.index_of(run), flags)
            selection.setCurrentIndex(self.model.index_of(run), selection.SelectionFlag.NoUpdate)
        shown, count = len(self.model.runs), self.model.count
        self._told.setText(_count_text(shown, count))
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
        for name, action in self._actions.items():
            action.setEnabled(count >= 1 if name not in WANTED else count == WANTED[name])
        self._actions["clear"].setEnabled(True)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        self._menu.popup(self.table.viewport().mapToGlobal(place))

    @Slot()
    def _open(self) -> None:
        if len(self.selected) == 1:
            self._kept.open(self.selected[0])

    @Slot()
    def _resume(self) -> None:
        self._kept.open(self.selected[0], commands.Run())

    @Slot()
    def _compare(self) -> None:
        chosen, ticked = self.selected, self._kept.compared.ticked
        tick = not all(run in ticked for run in chosen)
        for run in chosen:
            self._kept.compared.tick(run, tick)

    @Slot()
    def _show_difference(self) -> None:
        FirstDifferenceDialog(self.window(), self._kept, self._training, *sorted(self.selected)).open()

    @Slot()
    def _rename(self) -> None:
        self._edit(NAME)

    @Slot()
    def _annotate(self) -> None:
        self._edit(NOTE)

    def _edit(self, column: int) -> None:
        self.table.edit(self.model.index_of(self.selected[0]).siblingAtColumn(column))

    @Slot()
    def _star(self) -> None:
        runs = {run.id: run.starred for run in self.model.runs}
        star = not all(runs[run] for run in self.selected)
        for run in self.selected:
            self._kept.star(run, star)

    @Slot()
    def _delete(self) -> None:
        if self.selected:
            self._kept.delete(self.selected)

    @Slot(QModelIndex)
    def _click(self, index: QModelIndex) -> None:
        if index.column() == STAR:
            run = self.model.run_at(index)
            self._kept.star(run.id, not run.starred)

    @Slot(QModelIndex)
    def _double_click(self, index: QModelIndex) -> None:
        if index.column() == NOTE:
            self.table.edit(index)
        elif index.column() != STAR:
            self._open()


def _count_text(shown: int, count: int) -> str:
    if not count:
        return "No run is kept yet."
    if shown < count:
        return f"{write_count(shown)} of {write_count(count)} runs"
    return f"{write_count(count)} {'run' if count == 1 else 'runs'}"
