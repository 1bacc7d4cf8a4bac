"""The runs that are kept, as a tree: what branched off a run stands below it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from gradgui.numbers import readable, significant, write_count
from gradgui.record.run_store import RunSummary
from gradgui.ui.app.theme import LIGHT
from gradgui.ui.runs.kept_runs import KeptRuns

Index = QModelIndex | QPersistentModelIndex
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


def _branched(run: RunSummary) -> str:
    return f"{write_count(run.branch_epoch)} of run {run.parent}" if run.parent else ""


COLUMNS = (
    Column("Run", lambda run: run.id, lambda run: f"{run.id}   {run.title}"),
    Column("★", lambda run: run.starred, lambda run: "★" if run.starred else ""),
    Column("Model", lambda run: run.model, lambda run: run.model),
    Column("Loss", lambda run: run.loss, lambda run: run.loss),
    Column("Optimizer", lambda run: run.optimizer, lambda run: run.optimizer.replace("_", " ")),
    Column("Rate", lambda run: run.learning_rate, lambda run: significant(run.learning_rate, 15), is_number=True),
    Column("Epochs", lambda run: run.epochs, lambda run: write_count(run.epochs), is_number=True),
    Column("Final loss", lambda run: run.final_loss, lambda run: readable(run.final_loss), is_number=True),
    Column("Lowest loss", lambda run: run.lowest_loss, lambda run: readable(run.lowest_loss), is_number=True),
    Column("At epoch", lambda run: run.lowest_epoch, lambda run: write_count(run.lowest_epoch), is_number=True),
    Column("Ended", lambda run: run.ended.value, lambda run: run.ended.value),
    Column("Branched at", lambda run: run.branch_epoch if run.parent else -1, _branched),
    Column("When", lambda run: run.began, _when),
    Column("Note", lambda run: run.note, lambda run: run.note),
)
NAME, STAR, NOTE = 0, 1, len(COLUMNS) - 1
ALWAYS_SHOWN = (NAME, STAR, NOTE)
SWATCH = 24
"""Pixels of a piece of a compared run's curve."""


class RunsModel(QAbstractItemModel):
    """The runs that a search finds, in the order of a column; name and note can be edited, a run ticked.

    Parameters
    ----------
    kept
        The runs.

    Attributes
    ----------
    runs
        What is shown, in order.
    count
        How many there are in all.
    """

    def __init__(self, kept: KeptRuns) -> None:
        super().__init__()
        self._kept = kept
        self._all: list[RunSummary] = []
        self._texts: dict[RunSummary, str] = {}
        self._search, self._column, self._descending = "", NAME, True
        self.theme = LIGHT
        self.runs: list[RunSummary] = []
        self.count = 0
        self._arrange([])

    def refresh(self) -> None:
        """Read all runs again."""
        self.beginResetModel()
        self._arrange(self._kept.runs)
        self.endResetModel()

    def refresh_run(self, run: int) -> bool:
        """Read one run again; tells whether it was shown, and needs no other place."""
        place, summary = self._places.get(run), self._kept.summary(run)
        if place is None or summary is None:
            return False
        before, self.runs[place] = self.runs[place], summary
        self._all[self._all.index(before)] = summary
        first = self.index_of(run)
        self.dataChanged.emit(first, first.siblingAtColumn(len(COLUMNS) - 1))
        return True

    @Slot(str)
    def search(self, text: str) -> None:
        """Show only runs in which this is found somewhere."""
        self._search = text.strip().lower()
        self.beginResetModel()
        self._arrange(self._all)
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the runs into the order of a column; what is not a number comes last."""
        self._column, self._descending = max(column, 0), column < 0 or order is Qt.SortOrder.DescendingOrder
        self.beginResetModel()
        self._arrange(self._all)
        self.endResetModel()

    def same(self) -> list[int]:
        """Give the columns in which all runs that are shown are equal, but for those that a person writes in."""
        return [
            place
            for place, column in enumerate(COLUMNS)
            if place not in ALWAYS_SHOWN and len({column.text(run) for run in self.runs}) <= 1
        ]

    def run_at(self, index: Index) -> RunSummary:
        """Give the run of a row."""
        return self.runs[index.internalId()]

    def index_of(self, run: int) -> QModelIndex:
        """Give the row of a run, invalid when it is not shown."""
        place = self._places.get(run)
        return QModelIndex() if place is None else self.createIndex(self._rows[place], NAME, place)

    @Slot()
    def show_ticks(self) -> None:
        """Show which runs are compared, and in which colour."""
        for place in range(len(self.runs)):
            index = self.createIndex(self._rows[place], NAME, place)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.CheckStateRole, Qt.ItemDataRole.DecorationRole])

    def _arrange(self, runs: list[RunSummary]) -> None:
        self._all, self.count = runs, len(runs)
        found = [run for run in runs if self._search in self._text(run)] if self._search else list(runs)
        value = COLUMNS[self._column].value
        found.sort(key=lambda run: run.id, reverse=True)
        found.sort(key=value, reverse=self._descending)
        found.sort(key=lambda run: value(run) != value(run))  # nan
        self.runs = found
        self._places = {run.id: place for place, run in enumerate(found)}
        self._children: dict[int, list[int]] = {}
        self._rows: list[int] = []
        for place, run in enumerate(found):
            siblings = self._children.setdefault(self._parent_of(run), [])
            self._rows.append(len(siblings))
            siblings.append(place)

    def _parent_of(self, run: RunSummary) -> int:
        return run.parent if run.parent in self._places and run.parent is not None else 0

    def _text(self, run: RunSummary) -> str:
        """Give what is searched of a run."""
        text = self._texts.get(run)
        if text is None:
            when = datetime.fromtimestamp(run.began).isoformat(" ", "minutes")
            words = (run.id, run.name, run.model, run.loss, run.optimizer, run.learning_rate, run.ended.value, when)
            text = self._texts[run] = "\n".join(map(str, (*words, run.note))).lower().replace("_", " ")
        return text

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """Give a cell."""
        siblings = self._below(parent)
        if not (0 <= row < len(siblings) and 0 <= column < len(COLUMNS)):
            return QModelIndex()
        return self.createIndex(row, column, siblings[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        """Give the run that a run left."""
        return self.index_of(self._parent_of(self.run_at(index))) if index.isValid() else QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:
        """Give the number of runs that left one, or of those by themselves."""
        return len(self._below(parent))

    def _below(self, parent: Index | None) -> list[int]:
        if parent is None or not parent.isValid():
            return self._children.get(0, [])
        return self._children.get(self.run_at(parent).id, []) if parent.column() == NAME else []

    def columnCount(self, _parent: Index | None = None) -> int:
        """Give the number of columns."""
        return len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give a cell."""
        run, column = self.run_at(index), COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(run)
            case Qt.ItemDataRole.EditRole:
                return run.name if index.column() == NAME else column.text(run)
            case Qt.ItemDataRole.TextAlignmentRole:
                return RIGHT if column.is_number else LEFT
            case Qt.ItemDataRole.ToolTipRole:
                return run.reason if column.title == "Ended" and run.reason else column.text(run)
            case Qt.ItemDataRole.CheckStateRole if index.column() == NAME:
                ticked = run.id in self._kept.compared.ticked
                return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.DecorationRole if index.column() == NAME:
                return self._swatch(run)
            case Qt.ItemDataRole.FontRole if run.id == self._kept.present:
                font = QFont()
                font.setBold(True)
                return font
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Keep a name or a note, or compare a run."""
        run = self.run_at(index).id
        if role == Qt.ItemDataRole.CheckStateRole:
            self._kept.compared.tick(run, Qt.CheckState(value) is Qt.CheckState.Checked)
            return True
        if role != Qt.ItemDataRole.EditRole or index.column() not in {NAME, NOTE}:
            return False
        write = self._kept.rename if index.column() == NAME else self._kept.annotate
        write(run, str(value).strip())
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let name and note be edited, and runs be ticked."""
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if index.column() == NAME:
            return flags | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == NOTE else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give the columns' names."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        return None

    def _swatch(self, run: RunSummary) -> QPixmap | None:
        """Draw a piece of the curve of a run that is compared, or of the present one."""
        look = self._kept.compared.look(run.id)
        if run.id == self._kept.present:
            pen = QPen(QColor(self.theme.loss), 2)
        elif look is None:
            return None
        else:
            pen = look.pen(self.theme)
            pen.setWidth(2)
        picture = QPixmap(SWATCH, SWATCH // 2)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setPen(pen)
            painter.drawLine(0, SWATCH // 4, SWATCH, SWATCH // 4)
        return picture
