"""Curves over epochs, drawn from the log with a few points a pixel whatever its length."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Slot

from gradgui.numbers import shown
from gradgui.record.csv_file import shortest
from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.change_marks import ChangeLines
from gradgui.ui.plots.comparison import Comparison
from gradgui.ui.plots.curves import Curve, Values, crossings
from gradgui.ui.plots.epoch_reading import EpochReading, Reading, nearest
from gradgui.ui.plots.followed_range import FollowedRange
from gradgui.ui.plots.items import Dots, Line
from gradgui.ui.plots.plot_window import Window
from gradgui.ui.plots.run_legend import RunLegend
from gradgui.ui.runs.compared_runs import ComparedRuns

POINTS_A_PIXEL = 2
FINE_POINTS = 400
"""Up to so many points a curve is drawn thick and smooth; beyond, that would cost more than the training."""
FINE_CROSSINGS = 12.0
"""So many times a fine curve may go up and down through its whole range: it is the ink that costs."""
DOTS = 60
"""Up to so many epochs each has a dot."""


class EpochPlot(Canvas):
    """One or more columns of the log over epochs.

    Parameters
    ----------
    name, title, y_label
        As in `Canvas`.
    logarithmic
        Whether the values have a log axis.

    Attributes
    ----------
    last_epochs
        How many epochs to follow, None for all.
    lines
        What is drawn, one a curve.
    changes
        Marks of what was changed on the way.
    comparison
        What is drawn of other runs, None where there are none to compare with.
    """

    def __init__(self, name: str, title: str, y_label: str, *, logarithmic: bool = False) -> None:
        super().__init__(name, title, "epoch", y_label)
        self.last_epochs: int | None = None
        self._logarithmic = logarithmic
        self._curves: tuple[Curve, ...] = ()
        self.lines: list[Line] = []
        self._futures: list[Line] = []
        self._dots: list[Dots] = []
        self._log: TrainingLog | None = None
        self._epoch = 0
        self._target = 1
        self._shown: tuple[object, ...] | None = None
        self.comparison: Comparison | None = None
        self._range = FollowedRange(self.plot.getViewBox())
        self._shares_epochs = False
        self._is_empty = False
        self._reading = EpochReading(self)
        self._note = pg.TextItem(anchor=(1, 1))
        self.changes = ChangeLines()
        self.plot.getViewBox().addItem(self.changes, ignoreBounds=True)
        self._note.setZValue(10)
        self._note.setVisible(False)
        self.plot.getViewBox().addItem(self._note, ignoreBounds=True)
        self.plot.getAxis("left").setLogMode(logarithmic)
        self.plot.getViewBox().sigRangeChangedManually.connect(self._keep_range)
        self.plot.scene().sigMouseMoved.connect(self._read_under_mouse)

    @property
    def logarithmic(self) -> bool:
        """Whether the values have a log axis."""
        return self._logarithmic

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The columns that are drawn."""
        return self._curves

    @property
    def note(self) -> str:
        """What is said of values that cannot be shown, empty when all can."""
        return self._note.toPlainText() if self._note.isVisible() else ""

    @property
    def reading(self) -> str:
        """What is said of the epoch under the mouse, empty when it is elsewhere."""
        return self._reading.text

    def hide_epochs(self) -> None:
        """Leave the numbers of the epochs, and the legend, to the plot below, which shows the same ones."""
        self._shares_epochs = True
        self._name_epochs(False)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        if self._shares_epochs:
            self._name_epochs(False)

    @contextmanager
    def every_axis_named(self) -> Iterator[None]:
        """Show the epochs' numbers and the legend, for a picture that stands alone."""
        if self._shares_epochs:
            self._name_epochs(True)
        self.plot.centralLayout.activate()
        try:
            with self.comparison.pictured(has_legend=not self._shares_epochs) if self.comparison else nullcontext():
                yield
        finally:
            if self._shares_epochs:
                self._name_epochs(False)
                self.plot.centralLayout.activate()

    @property
    def legend(self) -> RunLegend | None:
        """What tells compared runs apart."""
        return None if self.comparison is None else self.comparison.legend

    def _name_epochs(self, named: bool) -> None:
        axis = self.plot.getAxis("bottom")
        axis.setStyle(showValues=named)
        axis.showLabel(named)

    def compare(self, runs: ComparedRuns) -> None:
        """Draw these runs as well."""
        self.comparison = Comparison(self.plot, runs)
        self.comparison.legend.set_wanted(not self._shares_epochs)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Choose between a log axis and a linear one."""
        self._logarithmic = logarithmic
        self.plot.getAxis("left").setLogMode(logarithmic)
        self._range.forget(epochs=False)
        self._shown = None

    def set_curves(self, curves: tuple[Curve, ...], theme: Theme) -> None:
        """Show these columns from now on, in these colours."""
        for item in (*self.lines, *self._futures, *self._dots):
            self.plot.getViewBox().removeItem(item)
        self._curves = curves
        self._log = None  # which may have other columns: the next log is on its way, if the plot is in sight
        self.lines = [Line() for _ in curves]
        self._futures = [Line() for _ in curves]
        self._dots = [Dots(5) for _ in curves]
        for item in (*self._futures, *self.lines, *self._dots):
            self.plot.getViewBox().addItem(item, ignoreBounds=True)
        for curve, line, future, dots in zip(curves, self.lines, self._futures, self._dots, strict=True):
            dots.set_colour(curve.colour)
            line.setPen(curve.pen(1))
            future.setPen(curve.faded_pen)
        if self.comparison is not None:
            self.comparison.set_curves(curves, theme)
        self._range.forget(epochs=False)
        self._shown = None
        self._reading.set_theme(theme)
        self._note.setColor(theme.muted)
        self.changes.set_theme(theme)

    @Slot()
    def show_all(self) -> None:
        """Go back to the range that follows the run, after zooming by hand."""
        self._range.by_hand = False
        self._range.forget()
        self._draw()

    def show_log(self, log: TrainingLog, epoch: int, target: int) -> None:
        """Draw the log as it is now.

        Parameters
        ----------
        log
            Whose columns are drawn.
        epoch
            The epoch the run is at.
        target
            Where the present Run ends.
        """
        state = self.comparison and self.comparison.state
        is_empty = not len(log) and not (self.comparison and self.comparison.overlays.runs)
        if is_empty:
            self._range.show_nothing()
        if is_empty != self._is_empty:
            self._is_empty = is_empty
            self.plot.getAxis("left").setStyle(showValues=not is_empty)  # there are none yet
        shown = (log, log.revision, epoch, target, int(self.plot.getViewBox().width()), state)
        if shown == self._shown:
            return
        self._log, self._epoch, self._target = log, epoch, target
        self._draw()
        self._shown = shown

    def _draw(self) -> None:
        if self._log is None:
            return
        box, log, comparison = self.plot.getViewBox(), self._log, self.comparison
        compared = comparison.overlays.extent(log) if comparison is not None else (0, 0)
        self._range.show_epochs(self._epoch, len(log), self._target, self.last_epochs, compared)
        first, last = box.viewRange()[0]
        points = max(16, int(box.width()) * POINTS_A_PIXEL)
        window = Window(int(first) - 1, int(last) + 2, points, self._logarithmic)
        drawn = self._draw_future(log, window)
        opacity = 1.0 if comparison is None else comparison.opacity
        for curve, line, dots in zip(self._curves, self.lines, self._dots, strict=True):
            epochs, values = log.thin(curve.column, window.first, min(window.last, self._epoch), points)
            shown = window.scaled(values)
            line.smooth = len(epochs) <= FINE_POINTS and crossings(shown) <= FINE_CROSSINGS
            line.setPen(curve.pen(2 if line.smooth else 1, opacity))
            line.draw(epochs, shown)
            dots.setVisible(len(epochs) <= DOTS and opacity == 1.0)
            if len(epochs) <= DOTS:
                dots.draw(epochs, shown)
            drawn.append(shown[np.isfinite(shown)])
        if comparison is not None:
            drawn.append(comparison.draw(log, self._epoch, window))
        self._range.show_values(np.concatenate(drawn) if drawn else np.empty(0), logarithmic=self._logarithmic)
        self._tell_hidden()

    def _draw_future(self, log: TrainingLog, window: Window) -> list[Values]:
        """Draw the future that was left by going back, dimmed, and give its values."""
        drawn = []
        ahead = self._epoch < len(log)
        for curve, line in zip(self._curves, self._futures, strict=True):
            line.setVisible(ahead)
            if ahead:
                epochs, values = log.thin(curve.column, max(self._epoch, 1), window.last, window.points)
                shown = window.scaled(values)
                line.draw(epochs, shown)
                drawn.append(shown[np.isfinite(shown)])
        return drawn

    def _tell_hidden(self) -> None:
        """Say what is not shown, and why."""
        hidden, log, notes = 0, self._log, list[str]()
        if self._logarithmic and log is not None:
            hidden = sum(log.non_positive_count(curve.column) for curve in self._curves)
        if self.comparison is not None and log is not None:
            hidden += self.comparison.hidden() if self._logarithmic else 0
            notes = self.comparison.overlays.notes(log)
        if hidden:
            notes.append(f"{hidden} values ≤ 0 cannot be shown on a log axis")
        self._note.setVisible(bool(notes))
        if notes:
            self._note.setText("\n".join(notes))
            self.place_note(self._note)

    @Slot()
    def _keep_range(self) -> None:
        self._range.by_hand = True
        self._draw()  # as many points as there is room for, of what is in sight now

    @Slot(object)
    def _read_under_mouse(self, position: QPointF) -> None:
        box = self.plot.getViewBox()
        log, comparison = self._log, self.comparison
        latest = 0 if log is None else len(log)
        if log is not None and comparison is not None:
            latest = max(latest, comparison.overlays.extent(log)[1])
        if log is None or not latest or not box.sceneBoundingRect().contains(position):
            self._reading.hide()
            return
        place = box.mapSceneToView(position)
        epoch = min(max(round(place.x()), 1), latest)
        own = self._own_readings(epoch, log)
        if comparison is None or not comparison.overlays.runs:
            lines = [f"epoch {epoch}", *(one.text for one in own)]
        else:
            height = 10.0 ** min(place.y(), 300.0) if self._logarithmic else place.y()
            readings = [Reading(comparison.named(one.text), one.place) for one in own]
            readings += comparison.overlays.readings(epoch, log, _written)
            lines = self._reading.elided(nearest(epoch, readings, height, self._reading.most_lines))
        lines += [f"before: {text}" for text in self.changes.texts_before(epoch)]
        self._reading.show_lines(epoch, lines)

    def _own_readings(self, epoch: int, log: TrainingLog) -> list[Reading]:
        values = [(one.label, log.value(one.column, epoch)) for one in self._curves if epoch <= len(log)]
        return [Reading(f"{label} = {_written(value, log)}", value) for label, value in values]


def _written(value: float, log: TrainingLog) -> str:
    return shown(shortest(value, log.dtype))
