"""What can be done with the runs that are selected."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction

from gradgui.ui.runs.first_difference_dialog import FirstDifferenceDialog
from gradgui.ui.runs.kept_runs import KeptRuns
from gradgui.ui.runs.runs_model import NAME, NOTE
from gradgui.ui.runs.runs_table import RunsTable
from gradgui.worker import commands
from gradgui.worker.training_thread import TrainingThread

WANTED = {"open": 1, "resume": 1, "window": 1, "rename": 1, "annotate": 1, "difference": 2}
"""How many runs must be selected for an action that is not for any number of them."""
GROUPS = (
    "open resume window",
    "compare clear difference",
    "rename annotate star delete",
    "csv script json",
    "room",
)
ALWAYS = ("clear", "room")
"""Actions that have nothing to do with what is selected."""


class RunActions(QObject):
    """The actions of the table of runs; the table has their keys.

    Parameters
    ----------
    table
        Where runs are selected.
    kept
        Does it.
    training
        Where runs are trained again.

    Attributes
    ----------
    groups
        All of them, as they stand in the menu.
    """

    def __init__(self, table: RunsTable, kept: KeptRuns, training: TrainingThread) -> None:
        super().__init__(table)
        self._table, self._kept, self._training = table, kept, training
        self._by_name = {
            name: self._make(f"runs_{name}", text, key, slot)
            for name, text, key, slot in (
                ("open", "&Open at its last epoch", "Return", self._open),
                ("resume", "&Resume: open, and run on", "", self._resume),
                ("window", "Open in a new &window", "", self._open_in_new_window),
                ("compare", "&Compare with the present run", "Space", self._compare),
                ("clear", "Compare &nothing", "", kept.compared.clear),
                ("difference", "Where two &part …", "", self._show_difference),
                ("rename", "Rena&me", "F2", self._rename),
                ("annotate", "Write a no&te", "", self._annotate),
                ("star", "&Star", "", self._star),
                ("delete", "De&lete", "Delete", self._delete),
                ("csv", "E&xport logs as one CSV file …", "", self._export_csv),
                ("script", "Export as one P&ython script …", "", self._export_script),
                ("json", "Export final parameters (&JSON) …", "", self._export_json),
                ("room", "Room on the dis&k …", "", kept.show_room),
            )
        }
        self.groups = [[self._by_name[name] for name in group.split()] for group in GROUPS]
        table.selectionModel().selectionChanged.connect(self.allow)

    def _make(self, name: str, text: str, key: str, slot: object) -> QAction:
        action = QAction(text, self._table)
        action.setObjectName(name)
        action.setShortcut(key)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(slot)
        self._table.addAction(action)
        return action

    @Slot()
    def allow(self) -> None:
        """Enable what can be done with what is selected."""
        count = len(self._table.selected)
        for name, action in self._by_name.items():
            action.setEnabled(name in ALWAYS or (count == WANTED[name] if name in WANTED else count > 0))

    @Slot()
    def _open(self) -> None:
        self._kept.open(self._table.selected[0])

    @Slot()
    def _resume(self) -> None:
        self._kept.open(self._table.selected[0], commands.Run())

    @Slot()
    def _open_in_new_window(self) -> None:
        self._kept.open_in_new_window(self._table.selected[0])

    @Slot()
    def _compare(self) -> None:
        chosen, ticked = self._table.selected, self._kept.compared.ticked
        tick = not all(run in ticked for run in chosen)
        for run in chosen:
            self._kept.compared.tick(run, tick)

    @Slot()
    def _show_difference(self) -> None:
        first, second = sorted(self._table.selected)
        FirstDifferenceDialog(self._table.window(), self._kept, self._training, first, second).open()

    @Slot()
    def _rename(self) -> None:
        self._edit(NAME)

    @Slot()
    def _annotate(self) -> None:
        self._edit(NOTE)

    def _edit(self, column: int) -> None:
        self._table.edit(self._table.runs.index_of(self._table.selected[0]).siblingAtColumn(column))

    @Slot()
    def _star(self) -> None:
        chosen = self._table.selected
        starred = {run.id for run in self._table.runs.runs if run.starred}
        for run in chosen:
            self._kept.star(run, not starred.issuperset(chosen))

    @Slot()
    def _delete(self) -> None:
        self._kept.delete(self._table.selected)

    @Slot()
    def _export_csv(self) -> None:
        self._kept.export_wanted.emit("csv", sorted(self._table.selected))

    @Slot()
    def _export_script(self) -> None:
        self._kept.export_wanted.emit("script", sorted(self._table.selected))

    @Slot()
    def _export_json(self) -> None:
        self._kept.export_wanted.emit("json", sorted(self._table.selected))
