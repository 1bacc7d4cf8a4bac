"""The runs that are kept, as rows of a table."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from gradgui.numbers import readable, significant, write_count
from gradgui.record.run_store import RunSummary
from gradgui.ui.runs.kept_runs import KeptRuns

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class Column(Struct, frozen=True):
    """A column of the table.

    Attributes
    ----------
    title
        Its name.
    value
        What it is sorted by.
    text
        How that is written.
    is_number
        Whether it stands at the right.
    """

    title: str
    value: Callable[[RunSummary], Any]
    text: Callable[[RunSummary], str]
    is_number: bool = False


def _when(run: RunSummary) -> str:
    return f"{datetime.fromtimestamp(run.began):%Y-%m-%d %H:%M}"


def _branch(run: RunSummary) -> str:
    return f"run {run.parent} at {write_count(run.branch_epoch)}" if run.parent else ""


COLUMNS = (
    Column("★", lambda run: run.starred, lambda run: "★" if run.starred else ""),
    Column("Name", lambda run: run.name, lambda run: run.name),
    Column("Model", lambda run: run.model, lambda run: run.model),
    Column("Loss", lambda run: run.loss, lambda run: run.loss),
    Column("Optimizer", lambda run: run.optimizer, lambda run: run.optimizer.replace("_", " ")),
    Column("Rate", lambda run: run.learning_rate, lambda run: significant(run.learning_rate, 15), is_number=True),
    Column("Epochs", lambda run: run.epochs, lambda run: write_count(run.epochs), is_number=True),
    Column("Final loss", lambda run: run.final_loss, lambda run: readable(run.final_loss), is_number=True),
    Column("Lowest loss", lambda run: run.lowest_loss, lambda run: readable(run.lowest_loss), is_number=True),
    Column("At epoch", lambda run: run.lowest_epoch, lambda run: write_count(run.lowest_epoch), is_number=True),
    Column("Ended", lambda run: run.ended.value, lambda run: run.ended.value),
    Column("Branch of", lambda run: run.parent or 0, _branch),
    Column("When", lambda run: run.began, _when),
    Column("Note", lambda run: run.note, lambda run: run.note),
)
STAR, NAME, NOTE = 0, 1, len(COLUMNS) - 1
ALWAYS_SHOWN = (STAR, NAME, NOTE)


class RunsModel(QAbstractTableModel):
    """The runs, newest first; name and note can be edited, a star is given with a click or Space.

    Parameters
    ----------
    kept
        The runs.
    """

    def __init__(self, kept: KeptRuns) -> None:
        super().__init__()
        self._kept = kept
        self.runs: list[RunSummary] = []

    def refresh(self) -> None:
        """Show the runs as they are now; where they are the same ones, only their cells change."""
        before, self_runs = [run.id for run in self.runs], self._kept.runs
        if before == [run.id for run in self_runs]:
            self.runs = self_runs
            if self_runs:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self_runs) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.runs = self_runs
        self.endResetModel()

    def same(self) -> list[int]:
        """Give the columns in which all runs are equal, but for those that a person writes in."""
        return [
            place
            for place, column in enumerate(COLUMNS)
            if place not in ALWAYS_SHOWN and len({column.text(run) for run in self.runs}) <= 1
        ]

    def rowCount(self, parent: Index | None = None) -> int:
        """Give the number of runs."""
        return 0 if parent is not None and parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index | None = None) -> int:
        """Give the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give a cell."""
        run, column = self.runs[index.row()], COLUMNS[index.column()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return column.text(run)
        if role == SORT_ROLE:
            return column.value(run)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if column.is_number else LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return run.reason if column.title == "Ended" else column.text(run)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give the columns' names."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let name and note be edited."""
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in {NAME, NOTE} else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Keep a name or a note."""
        if role != Qt.ItemDataRole.EditRole or index.column() not in {NAME, NOTE}:
            return False
        write = self._kept.rename if index.column() == NAME else self._kept.annotate
        write(self.runs[index.row()].id, str(value).strip())
        return True
