"""The panel with all runs: to be looked through, named, noted, starred, compared, opened and deleted."""

from PySide6.QtCore import QModelIndex, QPoint, QTimer, Slot
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QWidget

from gradgui.numbers import write_count
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.runs.kept_runs import KeptRuns
from gradgui.ui.runs.run_actions import RunActions
from gradgui.ui.runs.runs_model import COLUMNS, NOTE, STAR, RunsModel
from gradgui.ui.runs.runs_table import RunsTable
from gradgui.ui.window.view import View, stacked
from gradgui.worker.training_thread import TrainingThread

REFRESH_MILLISECONDS = 500
"""While a run trains it is written to several times a second."""


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
    guide = "every-run-is-kept"

    def __init__(self, kept: KeptRuns, training: TrainingThread) -> None:
        super().__init__()
        self._kept = kept
        self._changed: set[int] = set()
        self._selected: list[int] = []
        self.model = RunsModel(kept)
        self.table = RunsTable(self.model)
        self._actions = RunActions(self.table, kept, training)
        self._differing = QAction("Only columns that &differ", self)
        self._differing.setObjectName("runs_differing")
        self._differing.setCheckable(True)
        self._differing.setToolTip("Hide the columns in which all runs that are shown are equal.")
        self._differing.toggled.connect(self._hide_equal)
        self._menu = QMenu(self)
        for group in (*self._actions.groups, [self._differing]):
            self._menu.addActions(group)
            self._menu.addSeparator()
        self._tools = self._make_tools()
        stacked(self.table, into=self)
        self.setFocusProxy(self.table)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MILLISECONDS)
        self._timer.timeout.connect(self._refresh)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.table.clicked.connect(self._click)
        self.table.doubleClicked.connect(self._double_click)
        self.model.modelAboutToBeReset.connect(self._note_selected)
        self.model.modelReset.connect(self._select_again)
        kept.changed.connect(self._wait)
        kept.compared.changed.connect(self.model.show_ticks)
        self._show_all()

    @property
    def tools(self) -> QWidget:
        """Search, how many there are, and what can be done with them."""
        return self._tools

    @property
    def selected(self) -> list[int]:
        """The numbers of the runs that are selected."""
        return self.table.selected

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self.table.take_type_size()
        self.model.theme = theme
        self.model.show_ticks()

    def _make_tools(self) -> QWidget:
        self._search = QLineEdit()
        self._search.setObjectName("runs_search")
        self._search.setAccessibleName("Search in runs")
        self._search.setPlaceholderText("Search")
        self._search.setToolTip("Show only runs in which this is found: a name, a model, how it ended, a date …")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self.model.search)
        self._told = QLabel()
        self._told.setObjectName("runs_told")
        button = QToolButton()
        button.setObjectName("runs_menu")
        button.setText("Actions")
        button.setAccessibleName("What can be done with the selected runs")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self._menu)
        tools = QWidget()
        layout = QHBoxLayout(tools)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self._search, 1)
        layout.addWidget(self._told)
        layout.addWidget(button)
        return tools

    def showEvent(self, event: QShowEvent) -> None:
        """Show what was written while nobody looked."""
        super().showEvent(event)
        if self._changed:
            self._show_all()

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

    def _show_all(self) -> None:
        self._changed = set()
        self.model.refresh()
        if not self.table.property("fitted") and self.model.runs:
            self.table.setProperty("fitted", True)
            self.table.fit_columns()

    @Slot()
    def _note_selected(self) -> None:
        self._selected = self.selected

    @Slot()
    def _select_again(self) -> None:
        """Show the same runs selected, and say how many there are."""
        self.table.select(self._selected)
        self._told.setText(_count_text(len(self.model.runs), self.model.count))
        self._hide_equal()
        self._actions.allow()

    @Slot()
    def _hide_equal(self) -> None:
        equal = set(self.model.same()) if self._differing.isChecked() and len(self.model.runs) > 1 else set()
        for column in range(len(COLUMNS)):
            self.table.setColumnHidden(column, column in equal)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        self._menu.popup(self.table.viewport().mapToGlobal(place))

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
            self._kept.open(self.model.run_at(index).id)


def _count_text(shown: int, count: int) -> str:
    if not count:
        return "No run is kept yet."
    if shown < count:
        return f"{write_count(shown)} of {write_count(count)} runs"
    return f"{write_count(count)} {'run' if count == 1 else 'runs'}"
