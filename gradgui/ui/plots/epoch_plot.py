"""Curves over epochs, drawn from the log with a few points a pixel whatever its length."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Slot

from gradgui.numbers import shown
from gradgui.record.csv_file import shortest
from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.axes import Range, drawable, drawable_range, epoch_range, value_range
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.change_marks import ChangeLines
from gradgui.ui.plots.curves import Curve, Values, crossings
from gradgui.ui.plots.items import Dots, Line

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
        self._shown: tuple[TrainingLog, int, int, int, int] | None = None
        self._value_range: Range | None = None
        self._epoch_range: Range | None = None
        self._by_hand = False
        self._shares_epochs = False
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._reading = pg.TextItem(anchor=(0, 0))
        self._note = pg.TextItem(anchor=(1, 1))
        self.changes = ChangeLines()
        self.plot.getViewBox().addItem(self.changes, ignoreBounds=True)
        for item in (self._cursor, self._reading, self._note):
            item.setZValue(10)
            item.setVisible(False)
            self.plot.getViewBox().addItem(item, ignoreBounds=True)
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
        return self._reading.toPlainText() if self._reading.isVisible() else ""

    def hide_epochs(self) -> None:
        """Leave the numbers of the epochs to the plot below, which shows the same ones."""
        self._shares_epochs = True
        self._name_epochs(False)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        if self._shares_epochs:
            self._name_epochs(False)

    @contextmanager
    def every_axis_named(self) -> Iterator[None]:
        """Show the epochs' numbers, for a picture that stands alone."""
        if not self._shares_epochs:
            yield
            return
        self._name_epochs(True)
        self.plot.centralLayout.activate()
        try:
            yield
        finally:
            self._name_epochs(False)

    def _name_epochs(self, named: bool) -> None:
        axis = self.plot.getAxis("bottom")
        axis.setStyle(showValues=named)
        axis.showLabel(named)

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
        self._value_range = None
        self._shown = None
        self._cursor.setPen(pg.mkPen(theme.muted, width=1))
        self._reading.setColor(theme.text)
        self._reading.fill = pg.mkBrush(theme.surface)
        self._reading.border = pg.mkPen(theme.border)
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
        if not len(log) and not self._by_hand:
            self._value_range = self._epoch_range = None
            self.plot.getViewBox().setYRange(0.0, 1.0, padding=0)
        shown = (log, log.revision, epoch, target, int(self.plot.getViewBox().width()))
        if shown == self._shown:
            return
        self._log, self._epoch, self._target = log, epoch, target
        self._draw()
        self._shown = shown

    def _draw(self) -> None:
        if self._log is None:
            return
        box = self.plot.getViewBox()
        if not self._by_hand:
            furthest = max(self._epoch, len(self._log)) if self.last_epochs is None else self._epoch
            first, last = epoch_range(furthest, self._target, self.last_epochs, self._epoch_range)
            if (first, last) != self._epoch_range:
                self._epoch_range = (first, last)
                box.setXRange(first - 0.01 * (last - first), last + 0.03 * (last - first), padding=0)
        first, last = box.viewRange()[0]
        points = max(16, int(box.width()) * POINTS_A_PIXEL)
        drawn = self._draw_future(int(last) + 2, points)
        for curve, line, dots in zip(self._curves, self.lines, self._dots, strict=True):
            end = min(int(last) + 2, self._epoch)
            epochs, values = self._log.thin(curve.column, int(first) - 1, end, points)
            shown = self._scaled(values)
            fine = len(epochs) <= FINE_POINTS and crossings(shown) <= FINE_CROSSINGS
            if fine != line.smooth:
                line.smooth = fine
                line.setPen(curve.pen(2 if fine else 1))
            line.draw(epochs, shown)
            dots.setVisible(len(epochs) <= DOTS)
            if len(epochs) <= DOTS:
                dots.draw(epochs, shown)
            drawn.append(shown[np.isfinite(shown)])
        self._fit_values(np.concatenate(drawn) if drawn else np.empty(0))
        self._tell_hidden()

    def _draw_future(self, end: int, points: int) -> list[Values]:
        """Draw the future that was left by going back, dimmed, and give its values."""
        log, drawn = self._log, []
        for curve, line in zip(self._curves, self._futures, strict=True):
            ahead = log is not None and self._epoch < len(log)
            line.setVisible(ahead)
            if log is not None and ahead:
                epochs, values = log.thin(curve.column, max(self._epoch, 1), end, points)
                shown = self._scaled(values)
                line.draw(epochs, shown)
                drawn.append(shown[np.isfinite(shown)])
        return drawn

    def _scaled(self, values: Values) -> Values:
        if not self._logarithmic:
            return drawable(values)
        positive = np.where(values > 0, values, np.nan)
        return np.log10(positive)

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
        """Say what a log axis cannot show."""
        hidden = 0
        if self._logarithmic and self._log is not None:
            hidden = sum(self._log.non_positive_count(curve.column) for curve in self._curves)
        self._note.setVisible(hidden > 0)
        if hidden:
            self._note.setText(f"{hidden} values ≤ 0 cannot be shown on a log axis")
            self.place_note(self._note)

    @Slot()
    def _keep_range(self) -> None:
        self._by_hand = True

    @Slot(object)
    def _read_under_mouse(self, position: QPointF) -> None:
        box = self.plot.getViewBox()
        log = self._log
        inside = log is not None and len(log) > 0 and box.sceneBoundingRect().contains(position)
        if log is None or not inside:
            self._cursor.setVisible(False)
            self._reading.setVisible(False)
            return
        epoch = min(max(round(box.mapSceneToView(position).x()), 1), len(log))
        lines = [f"epoch {epoch}"]
        for curve in self._curves:
            value = shown(shortest(log.value(curve.column, epoch), log.dtype))
            lines.append(f"{curve.label} = {value}")
        lines += [f"before: {text}" for text in self.changes.texts_before(epoch)]
        self._reading.setText("\n".join(lines))
        (left, right), (_, top) = box.viewRange()
        self._reading.setAnchor((1 if epoch > (left + right) / 2 else 0, 0))
        self.place_text(self._reading, epoch, top)
        self._cursor.setPos(epoch)
        self._cursor.setVisible(True)
        self._reading.setVisible(True)
