"""The curves of compared runs in a plot over epochs, and the smoothed curves of all."""

from collections.abc import Callable, Iterator

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gradgui.experiment.columns import Role
from gradgui.record.smoothed_column import SmoothedColumn
from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import LIGHT, Theme
from gradgui.ui.plots.axes import drawable
from gradgui.ui.plots.curves import Curve, Values
from gradgui.ui.plots.epoch_reading import Reading
from gradgui.ui.plots.plot_window import Window
from gradgui.ui.runs.compared_runs import ComparedRun, ComparedRuns
from gradgui.ui.runs.looks import DASHES

MOST_RUNS = 20
"""So many runs are drawn at once; more cannot be told apart."""
MOST_NAMED = 2
"""Runs that are named where something is not drawn; more are counted."""
FAINT = 0.3
"""Opacity of a curve of which the smoothed one is drawn over it."""


class Overlays(QGraphicsItem):
    """All curves of the compared runs as one item, whose pixels are kept: they are not drawn with each live frame.

    Parameters
    ----------
    box
        What they stand in.
    compared
        The runs.

    Attributes
    ----------
    drawn
        What was drawn last: run, curve, whether it is smoothed, and the points as x and y.
    extremes
        The lowest and the highest value drawn, as they stand on the axis; empty when there is none.
    """

    def __init__(self, box: pg.ViewBox, compared: ComparedRuns) -> None:
        super().__init__()
        self._box, self._compared, self._theme = box, compared, LIGHT
        self._curves: tuple[Curve, ...] = ()
        self._window: Window | None = None
        self._key: object = None
        self._strokes: list[tuple[QPainterPath, QPen]] = []
        self._smoothed: dict[tuple[int, str], tuple[TrainingLog, float, SmoothedColumn]] = {}
        self.drawn: list[tuple[ComparedRun, Curve, bool, NDArray[np.int64], Values]] = []
        self.extremes: Values = np.empty(0)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        box.addItem(self, ignoreBounds=True)
        box.sigRangeChanged.connect(self._move)
        box.sigResized.connect(self._move)

    def set_curves(self, curves: tuple[Curve, ...], theme: Theme) -> None:
        """Draw these columns, in these colours."""
        self._curves, self._theme, self._key = curves, theme, None

    @property
    def runs(self) -> tuple[ComparedRun, ...]:
        """The runs that are drawn: not more than can be told apart."""
        return self._compared.runs[: MOST_RUNS if len(self._curves) == 1 else len(DASHES)]

    @property
    def logarithmic(self) -> bool:
        """Whether they were drawn on a log axis."""
        return self._window is not None and self._window.logarithmic

    def extent(self, present: TrainingLog) -> tuple[int, int]:
        """Give the first and the last epoch of the plot's axis at which there is something of the compared runs."""
        shifts = self.shifts(present)
        ends = [(1 + shifts[run.id], len(run.log) + shifts[run.id]) for run in self.runs if run.id in shifts]
        return (min(first for first, _ in ends), max(last for _, last in ends)) if ends else (0, 0)

    def shifts(self, present: TrainingLog) -> dict[int, int]:
        """Give by how many epochs each run is moved to the right; a run that is not drawn is not in it."""
        reached = self._compared.reached
        here = None if reached is None else reached.epoch(present)
        if reached is None or here is None:
            return {run.id: 0 for run in self.runs}
        there = ((run.id, reached.epoch(run.log)) for run in self.runs)
        return {run: here - epoch for run, epoch in there if epoch is not None}

    def draw(self, present: TrainingLog, window: Window) -> None:
        """Draw what is in sight, where it is not drawn yet."""
        shifts, window = self.shifts(present), window.widened
        key = (self._compared.revision, window, tuple(shifts.items()))
        if key == self._key:
            return
        self._key, self._window = key, window
        self._forget_smoothed(present)
        self.drawn = [
            (run, curve, smooth, epochs + shift, window.scaled(values))
            for run, curve in self._pairs()
            if (shift := shifts.get(run.id)) is not None
            for smooth, (epochs, values) in self._points(run, curve, window, shift)
        ]
        self._strokes = [
            (pg.functions.arrayToQPath(drawable(x), drawable(y), connect="finite"), self._pen(run, curve, smooth))
            for run, curve, smooth, x, y in self.drawn
        ]
        finite = [y[np.isfinite(y)] for *_, y in self.drawn]
        self.extremes = np.array([bound for y in finite if len(y) for bound in (y.min(), y.max())])
        self.setVisible(bool(self._strokes))
        self.update()

    def readings(self, epoch: int, present: TrainingLog, write: Callable[[float, TrainingLog], str]) -> list[Reading]:
        """Give the values of all runs at an epoch of the plot's axis.

        Parameters
        ----------
        epoch
            Which one.
        present
            The log of the present run.
        write
            Writes a value of a log.
        """
        shifts = self.shifts(present)
        readings = []
        for run, curve in self._pairs():
            own = epoch - shifts[run.id] if run.id in shifts else 0
            if 1 <= own <= len(run.log):
                value = run.log.value(curve.column, own)
                when = f", epoch {own}" if own != epoch else ""
                name = f"{curve.label} = " if len(self._curves) > 1 else ""
                readings.append(Reading(f"{run.label}{when}: {name}{write(value, run.log)}", value))
        return readings

    def notes(self, present: TrainingLog) -> list[str]:
        """Say what is not drawn, and why."""
        notes, runs, reached = [], self.runs, self._compared.reached
        if (more := len(self._compared.runs) - len(runs)) > 0:
            notes.append(f"{_runs(more)} more {_are(more)} not drawn: {len(runs)} can be told apart here")
        if reached is not None and runs:
            loss = f"a loss ≤ {reached.loss:g}"
            shifts = self.shifts(present)
            never = [run.label for run in runs if run.id not in shifts]
            if reached.epoch(present) is None:
                notes.append(f"not aligned: the present run has not had {loss}")
            elif never:
                named = ", ".join(never) if len(never) <= MOST_NAMED else _runs(len(never))
                notes.append(f"{named} never had {loss} and {_are(len(never))} not drawn")
        return notes + self._missing(present)

    def _missing(self, present: TrainingLog) -> list[str]:
        """Say which columns only some of the runs have."""
        notes, columns = [], {curve.column: present.columns[curve.column] for curve in self._curves}
        kinds = {(one.role, one.buffer) for one in columns.values()}
        for name, column in columns.items():
            without = sum(name not in run.log.columns.names for run in self.runs)
            if without:
                what = column.label if column.role in {Role.BUFFER, Role.LOSS} else f"parameter {column.parameter}"
                notes.append(f"{_runs(without)} {'has' if without == 1 else 'have'} no {what}")
        others = {
            run.id: {
                one.label for one in run.log.columns if (one.role, one.buffer) in kinds and one.name not in columns
            }
            for run in self.runs
        }
        if any(others.values()):
            count = sum(map(bool, others.values()))
            labels = ", ".join(sorted(set().union(*others.values())))
            notes.append(f"not drawn of {_runs(count)}: {labels}")
        return notes

    def _pairs(self) -> Iterator[tuple[ComparedRun, Curve]]:
        return ((run, curve) for run in self.runs for curve in self._curves if curve.column in run.log.columns.names)

    def _points(
        self, run: ComparedRun, curve: Curve, window: Window, shift: int
    ) -> Iterator[tuple[bool, tuple[NDArray[np.int64], Values]]]:
        """Give the points of a curve, then those of the smoothed one, where it is wanted."""
        part = window.first - shift, window.last - shift, window.points
        yield False, run.log.thin(curve.column, *part)
        if self._compared.smoothing:
            yield True, self.smoothed(run.log, curve.column).thin(*part)

    def smoothed(self, log: TrainingLog, column: str) -> SmoothedColumn:
        """Give a smoothed column, kept as long as its run is compared or the present one."""
        key, decay = (id(log), column), self._compared.smoothing
        found = self._smoothed.get(key)
        if found is None or found[1] != decay:
            found = self._smoothed[key] = (log, decay, SmoothedColumn(log, column, decay))
        return found[2]

    def _forget_smoothed(self, present: TrainingLog) -> None:
        known = {id(present), *(id(run.log) for run in self.runs)}
        self._smoothed = {key: kept for key, kept in self._smoothed.items() if key[0] in known}

    def _pen(self, run: ComparedRun, curve: Curve, smooth: bool) -> QPen:
        colour = curve.colour if len(self._curves) > 1 else ""
        faint = bool(self._compared.smoothing) and not smooth
        return run.look.pen(self._theme, colour, FAINT if faint else 1.0)

    def _move(self) -> None:
        self.prepareGeometryChange()

    def boundingRect(self) -> QRectF:
        """Give all that is in sight."""
        room: QRectF = self._box.viewRect()
        return room

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw the curves."""
        for path, pen in self._strokes:
            painter.setPen(pen)
            painter.drawPath(path)


def _runs(count: int) -> str:
    return f"{count} run{'s' if count != 1 else ''}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
