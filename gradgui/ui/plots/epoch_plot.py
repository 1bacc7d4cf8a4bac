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
from gradgui.ui.plots.axes import Range, drawable_range, epoch_range, value_range
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.change_marks import ChangeLines
from gradgui.ui.plots.comparison import Comparison
from gradgui.ui.plots.curves import Curve, Values, crossings
from gradgui.ui.plots.epoch_reading import EpochReading
from gradgui.ui.plots.items import Dots, Line
from gradgui.ui.plots.plot_window import Window
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
        self._value_range: Range | None = None
        self._epoch_range: Range | None = None
        self._compared_epochs = (0, 0)
        self._by_hand = False
        self._shares_epochs = False
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
            with self.comparison.drawn_anew() if self.comparison is not None else nullcontext():
                yield
        finally:
            if self._shares_epochs:
                self._name_epochs(False)

    def _name_epochs(self, named: bool) -> None:
        axis = self.plot.getAxis("bottom")
        axis.setStyle(showValues=named)
        axis.showLabel(named)
        if self.comparison is not None:
            self.comparison.legend.set_wanted(named)

    def compare(self, runs: ComparedRuns) -> None:
        """Draw these runs as well."""
        self.comparison = Comparison(self.plot, runs)
        self.comparison.legend.set_wanted(not self._shares_epochs)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Choose between a log axis and a linear one."""
        self._logarithmic = logarithmic
        self.plot.getAxis("left").setLogMode(logarithmic)
        self._value_range = None
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
        self._value_range = None
        self._shown = None
        self._reading.set_theme(theme)
        self._note.setColor(theme.muted)
        self.changes.set_theme(theme)

    @Slot()
    def show_all(self) -> None:
        """Go back to the range that follows the run, after zooming by hand."""
        self._by_hand = False
        self._value_range = self._epoch_range = None
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
        if not len(log) and not self._by_hand and not (self.comparison and self.comparison.overlays.runs):
            self._value_range = self._epoch_range = None
            self.plot.getViewBox().setYRange(0.0, 1.0, padding=0)
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
        if not self._by_hand:
            self._show_epochs(comparison.overlays.extent(log) if comparison is not None else (0, 0))
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
        self._fit_values(np.concatenate(drawn) if drawn else np.empty(0))
        self._tell_hidden()

    def _show_epochs(self, compared: tuple[int, int]) -> None:
        """Show the epochs of the present run and, where all are shown, those of the compared ones."""
        every = self.last_epochs is None and self._log is not None
        furthest = max(self._epoch, len(self._log or ())) if every else self._epoch
        present = self._epoch_range if compared == self._compared_epochs else None
        first, last = epoch_range(furthest, self._target, self.last_epochs, present)
        if (first, last) != self._epoch_range or compared != self._compared_epochs:
            self._epoch_range, self._compared_epochs = (first, last), compared
            low, last = (min(first, compared[0]), max(last, compared[1])) if every else (first, last)
            self.plot.getViewBox().setXRange(low - 0.01 * (last - low), last + 0.03 * (last - low), padding=0)

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

    def _fit_values(self, shown: Values) -> None:
        if self._by_hand or not len(shown):
            return
        lowest, highest = float(shown.min()), float(shown.max())
        if self._logarithmic and highest - lowest < 1.0:  # a tick needs a whole decade
            lowest, highest = float(np.floor(lowest)), float(np.ceil(highest))
        wanted = value_range(lowest, highest, self._value_range)
        if wanted != self._value_range:
            self._value_range = wanted
            self.plot.getViewBox().setYRange(*drawable_range(*wanted), padding=0.02)

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
        self._by_hand = True

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
        lines = [f"epoch {epoch}"]
        if epoch <= len(log):
            own = [f"{one.label} = {_written(log.value(one.column, epoch), log)}" for one in self._curves]
            lines += own if comparison is None else map(comparison.named, own)
        if comparison is not None:
            room = max(1, self._reading.most_lines - len(lines) - 1)
            lines += comparison.lines(epoch, place.y(), log, _written, room)
        lines += [f"before: {text}" for text in self.changes.texts_before(epoch)]
        self._reading.show_lines(epoch, lines)


def _written(value: float, log: TrainingLog) -> str:
    return shown(shortest(value, log.dtype))
