"""The runs that are kept, as rows: what branched off a run stands below it."""

import math
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QFont, QIcon, QPainter, QPixmap

from gradgui.numbers import readable, significant, write_count
from gradgui.record.run_store import Ended, RunSummary
from gradgui.ui.app.theme import LIGHT
from gradgui.ui.runs.kept_runs import KeptRuns
from gradgui.ui.runs.looks import solid_pen

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
INDENT, BRANCH = "      ", "  └  "
"""Before what branched off another run."""
SWATCH = 24
"""Pixels of a piece of a compared run's curve."""


class RunsModel(QAbstractTableModel):
    """The runs that a search finds, in the order of a column, and what branched off a run below it.

    Name and note can be edited, and a run can be ticked.

    Parameters
    ----------
    kept
        The runs.

    Attributes
    ----------
    runs
        What is shown, row by row.
    count
        How many there are in all.
    theme
        The colours in force.
    """

    def __init__(self, kept: KeptRuns) -> None:
        super().__init__()
        self._kept = kept
        self._sorted: list[RunSummary] = []
        self._texts: dict[int, tuple[RunSummary, str]] = {}
        self._search, self._column, self._descending = "", NAME, True
        self.theme = LIGHT
        self.runs: list[RunSummary] = []
        self.count = 0
        self._arrange()

    def refresh(self) -> None:
        """Read all runs again."""
        self._show(self._kept.runs)

    def refresh_run(self, run: int) -> bool:
        """Read one run again; tells whether it was shown and stays where it is, as one does that still trains."""
        place, summary = self._places.get(run), self._kept.summary(run)
        if place is None or summary is None:
            return False
        before, self.runs[place] = self.runs[place], summary
        self._sorted[next(row for row, one in enumerate(self._sorted) if one is before)] = summary
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))
        value = COLUMNS[self._column].value
        stays = _are_equal((value(before), value(summary))) and self._search in self._text(summary)
        return stays or summary.ended is Ended.RUNNING

    @Slot(str)
    def search(self, text: str) -> None:
        """Show only runs in which this is found somewhere."""
        self._search = text.strip().lower()
        self._show()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the runs into the order of a column; what is not a number comes last."""
        self._column, self._descending = max(column, 0), column < 0 or order is Qt.SortOrder.DescendingOrder
        self._show(self._sorted)

    def same(self) -> list[int]:
        """Give the columns in which all runs that are shown are equal, but for those that a person writes in."""
        return [
            place
            for place, column in enumerate(COLUMNS)
            if place not in ALWAYS_SHOWN and _are_equal(map(column.value, self.runs))
        ]

    def run_at(self, index: Index) -> RunSummary:
        """Give the run of a row."""
        return self.runs[index.row()]

    def index_of(self, run: int) -> QModelIndex:
        """Give the row of a run, invalid when it is not shown."""
        place = self._places.get(run)
        return QModelIndex() if place is None else self.index(place, NAME)

    @Slot()
    def show_ticks(self) -> None:
        """Show which runs are compared, in which colour, and which is the present one."""
        if self.runs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.runs) - 1, len(COLUMNS) - 1))

    def _show(self, runs: list[RunSummary] | None = None) -> None:
        """Show what is found, after sorting all runs anew where some are given."""
        self.beginResetModel()
        if runs is not None:
            value = COLUMNS[self._column].value
            by_id = sorted(runs, key=lambda run: run.id, reverse=True)
            numbers = [run for run in by_id if not _is_nan(value(run))]
            self._sorted = sorted(numbers, key=value, reverse=self._descending)
            self._sorted += [run for run in by_id if _is_nan(value(run))]
        self._arrange()
        self.endResetModel()

    def _arrange(self) -> None:
        """Find what is searched for, and put each branch below the run that it left, where that is shown."""
        found = [run for run in self._sorted if self._search in self._text(run)] if self._search else self._sorted
        shown = {run.id for run in found}
        below: dict[int, list[RunSummary]] = {}
        for run in found:
            below.setdefault(run.parent if run.parent in shown and run.parent else 0, []).append(run)
        self.runs, self._depths = [], list[int]()
        waiting = [(run, 0) for run in reversed(below.get(0, []))]
        while waiting:
            run, depth = waiting.pop()
            self.runs.append(run)
            self._depths.append(depth)
            waiting += [(branch, depth + 1) for branch in reversed(below.get(run.id, []))]
        self.count = len(self._sorted)
        self._places = {run.id: place for place, run in enumerate(self.runs)}

    def _text(self, run: RunSummary) -> str:
        """Give what is searched of a run."""
        known, text = self._texts.get(run.id, (None, ""))
        if known is not run:
            rule, when = run.optimizer.replace("_", " "), datetime.fromtimestamp(run.began).isoformat(" ", "minutes")
            settings = f"{run.model}\n{run.loss}\n{rule}\n{run.learning_rate}"
            text = f"{run.id}\n{run.name}\n{settings}\n{run.ended.value}\n{when}\n{run.note}".lower()
            self._texts[run.id] = (run, text)
        return text

    def rowCount(self, parent: Index | None = None) -> int:
        """Give the number of runs that are shown."""
        return 0 if parent is not None and parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index | None = None) -> int:
        """Give the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give a cell."""
        run, column = self.run_at(index), COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole if index.column() == NAME:
                depth = self._depths[index.row()]
                return f"{INDENT * (depth - 1) + BRANCH if depth else ''}{column.text(run)}"
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
        """Give the columns' names, which stand as their cells do."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if COLUMNS[section].is_number else LEFT
        return COLUMNS[section].title if role == Qt.ItemDataRole.DisplayRole else None

    def _swatch(self, run: RunSummary) -> QIcon | None:
        """Draw a piece of the curve of a run that is compared, or of the present one."""
        look = self._kept.compared.look(run.id)
        if run.id == self._kept.present:
            pen = solid_pen(self.theme.loss)
        elif look is None:
            return None
        else:
            pen = look.pen(self.theme)
            pen.setWidth(2)
        picture = QPixmap(SWATCH, SWATCH // 2)
        picture.fill(self.theme.surface)  # so that it is seen in a row that is selected as well
        with QPainter(picture) as painter:
            painter.setPen(pen)
            painter.drawLine(0, SWATCH // 4, SWATCH, SWATCH // 4)
        icon = QIcon(picture)
        icon.addPixmap(picture, QIcon.Mode.Selected)
        return icon


def _are_equal(values: Iterable[Any]) -> bool:
    """Whether all are the same, which two that are no number are as well."""
    values = iter(values)
    first = next(values, None)
    return all(one == first or (_is_nan(one) and _is_nan(first)) for one in values)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)
