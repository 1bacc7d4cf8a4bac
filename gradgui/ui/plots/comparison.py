"""What a plot over epochs shows of compared runs: their curves, the legend, the smoothed curves, and what to say."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyqtgraph as pg
from PySide6.QtWidgets import QGraphicsItem

from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import LIGHT, Theme
from gradgui.ui.plots.canvas import Plot
from gradgui.ui.plots.curves import Curve, Values
from gradgui.ui.plots.items import Line
from gradgui.ui.plots.overlays import FAINT, Overlays
from gradgui.ui.plots.plot_window import Window
from gradgui.ui.plots.run_legend import Entry, RunLegend
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.runs.looks import solid_pen


class Comparison:
    """Draw compared runs into a plot, and say which is which.

    Parameters
    ----------
    plot
        The plot.
    compared
        The runs.

    Attributes
    ----------
    overlays, legend
        The curves, and what tells them apart.
    smooth_lines
        The smoothed curves of the present run, one a curve.
    """

    def __init__(self, plot: Plot, compared: ComparedRuns) -> None:
        box: pg.ViewBox = plot.getViewBox()
        self._box, self._compared, self._theme = box, compared, LIGHT
        self._curves: tuple[Curve, ...] = ()
        self._described: object = None
        self.overlays = Overlays(box, compared)
        self.legend = RunLegend(plot)
        self.smooth_lines: list[Line] = []

    @property
    def state(self) -> tuple[int, int]:
        """Another value whenever what is to be drawn of the compared runs has changed."""
        return self._compared.revision, id(self._curves)

    @property
    def opacity(self) -> float:
        """Of the present run's own curves: they are faint where smoothed ones are drawn over them."""
        return FAINT if self._compared.smoothing else 1.0

    def set_curves(self, curves: tuple[Curve, ...], theme: Theme) -> None:
        """Draw these columns of every run, in these colours."""
        for line in self.smooth_lines:
            self._box.removeItem(line)
        self._curves, self._theme, self._described = curves, theme, None
        self.overlays.set_curves(curves, theme)
        self.smooth_lines = [Line() for _ in curves]
        for curve, line in zip(curves, self.smooth_lines, strict=True):
            line.setPen(curve.pen(2))
            line.setZValue(1)
            self._box.addItem(line, ignoreBounds=True)

    def draw(self, log: TrainingLog, epoch: int, window: Window) -> Values:
        """Draw everything but the present run's own curves.

        Parameters
        ----------
        log, epoch
            Of the present run, and how far it is.
        window
            What is in sight.

        Returns
        -------
        ndarray
            Values that have to be in sight as well.
        """
        self.overlays.draw(log, window)
        for curve, line in zip(self._curves, self.smooth_lines, strict=True):
            line.setVisible(bool(self._compared.smoothing))
            if line.isVisible():
                smoothed = self.overlays.smoothed(log, curve.column)
                epochs, values = smoothed.thin(window.first, min(window.last, epoch), window.points)
                line.draw(epochs, window.scaled(values))
        if self._described != self._compared.revision:
            self._described = self._compared.revision
            self.legend.show_entries(self._entries(), self._theme)
        return self.overlays.extremes

    @contextmanager
    def pictured(self, *, has_legend: bool) -> Iterator[None]:
        """Draw lines instead of the pixels that are kept, and leave the legend to a picture.

        Parameters
        ----------
        has_legend
            Whether it stands under the plot otherwise.
        """
        self.overlays.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        self.legend.set_wanted(False)
        try:
            yield
        finally:
            self.legend.set_wanted(has_legend)
            self.overlays.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def named(self, text: str) -> str:
        """Give a value of the present run with what tells it from the others."""
        value = text if len(self._curves) > 1 else text.partition(" = ")[2]
        return f"{self._compared.present_label} (present): {value}"

    def hidden(self) -> int:
        """Count the values of compared runs that a log axis cannot show."""
        runs = self.overlays.runs
        columns = [(run.log, curve.column) for run in runs for curve in self._curves]
        return sum(log.non_positive_count(name) for log, name in columns if name in log.columns.names)

    def _entries(self) -> list[Entry]:
        compared, entries = self._compared, list[Entry]()
        several = len(self._curves) > 1
        if self.overlays.runs:
            pen = solid_pen(self._theme.text) if several or not self._curves else self._curves[0].pen(2)
            entries.append(Entry(f"{compared.present_label} (present)", pen))
            colour = self._theme.text if several else ""
            entries += [Entry(run.label, run.look.pen(self._theme, colour)) for run in self.overlays.runs]
            if several:
                entries += [Entry(curve.label, curve.pen(2)) for curve in self._curves]
            if compared.reached is not None:
                entries.append(Entry(f"aligned at the first loss ≤ {compared.reached.loss:g}"))
        if compared.smoothing:
            entries.append(Entry(f"smoothed by {compared.smoothing:g}, raw faint"))
        return entries
