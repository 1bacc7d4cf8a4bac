"""The loss of all runs of a sweep over the epochs: thin lines, or where they are many how dense these are."""

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPen

from gradgui.record.loss_density import MOST_LINES, loss_density, loss_heights
from gradgui.record.sweep_outcomes import LossCurves, SweepOutcomes
from gradgui.ui.app.type_scale import scaled
from gradgui.ui.plots.axes import SteadyAxis
from gradgui.ui.plots.items import Line
from gradgui.ui.plots.run_legend import Entry
from gradgui.ui.sweeps.run_text import varied_text
from gradgui.ui.sweeps.sweep_canvas import SweepCanvas
from gradgui.ui.sweeps.sweep_colours import LEVELS, SIGHTLY, value_colours
from gradgui.ui.sweeps.varied_places import VariedPlaces

FAINT = 110
"""How opaque thin lines are, of 255."""


class SweepCurves(SweepCanvas):
    """The loss of all runs over the epochs.

    Attributes
    ----------
    lines
        Up to 64 runs, as one item.
    image
        The density of more.
    named
        The best run, the worst finite one and the chosen one.
    """

    def __init__(self) -> None:
        super().__init__("sweep_curves", "Losses of the sweep", "epoch", "loss", SteadyAxis("bottom"))
        self._chosen: int | None = None
        self._is_logarithmic = False
        self.image = pg.ImageItem(axisOrder="row-major")
        self.lines = Line()
        self.named = {name: Line(smooth=True) for name in ("worst", "best", "chosen")}
        self._add(self.image, self.lines, *self.named.values())
        self.plot.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.plot.getViewBox().setMouseEnabled(False, False)

    def show_outcomes(self, outcomes: SweepOutcomes) -> None:
        """Show the losses, as far as they are known."""
        if self._outcomes is not None and self._outcomes.sweep != outcomes.sweep:
            self._chosen = None
        self._outcomes = outcomes
        self._show()

    @Slot(int)
    def set_chosen(self, run: int) -> None:
        """Show this run as a line of its own, -1 for none."""
        chosen = None if run < 0 else run
        if chosen != self._chosen:
            self._chosen = chosen
            self._show_named()

    def clear(self) -> None:
        """Show nothing."""
        self._outcomes = self._chosen = None
        for item in (self.image, self.lines, *self.named.values()):
            item.setVisible(False)
        self._legend.show_entries((), self._theme)

    def _take_colours(self) -> None:
        faint = QColor(self._theme.accent)
        faint.setAlpha(FAINT)
        self.lines.setPen(pg.mkPen(faint, width=scaled(1)))
        for name, line in self.named.items():
            line.setPen(self._pen(name))

    def _show(self) -> None:
        outcomes = self._outcomes
        if outcomes is None:
            return
        curves = outcomes.curves
        are_many = len(outcomes.loss) > MOST_LINES
        density = outcomes.density or loss_density(curves.losses, pictured=are_many)
        self._is_logarithmic, low, high = density.is_logarithmic, density.low, density.high
        self.plot.getAxis("left").setLogMode(self._is_logarithmic)
        self.set_label("left", "loss, log scale" if self._is_logarithmic else "loss", self._theme)
        first, last = (float(curves.epochs[0]), float(curves.epochs[-1])) if len(curves.epochs) else (0.0, 1.0)
        if last <= first:
            first, last = first - 0.5, first + 0.5
        self.show_range((first, last), (low, high))
        self.lines.setVisible(not are_many)
        self.image.setVisible(are_many)
        if are_many:
            self.image.setImage(self._pixels(density.counts), levels=None, autoLevels=False)
            self.image.setRect(QRectF(first, low, last - first, high - low))
        else:
            self._draw_lines(curves)
        self._show_named()

    def _draw_lines(self, curves: LossCurves) -> None:
        runs = curves.losses.shape[1]
        x = np.append(curves.epochs.astype(np.float64), np.nan)
        gaps = np.full((1, runs), np.nan)
        self.lines.draw(np.tile(x, runs), np.vstack([self._heights(curves.losses), gaps]).T.ravel())

    def _heights(self, losses: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        return loss_heights(losses.astype(np.float64), is_logarithmic=self._is_logarithmic)

    def _pixels(self, density: NDArray[np.int64]) -> NDArray[np.uint8]:
        shares = np.log1p(density) / math.log1p(max(int(density.max(initial=0)), 1))
        levels = np.rint(SIGHTLY + shares * (LEVELS - 1 - SIGHTLY)).astype(np.int16)
        pixels = value_colours(self._theme)[levels]
        pixels[density == 0] = 0
        return pixels

    def _show_named(self) -> None:
        outcomes = self._outcomes
        if outcomes is None:
            return
        runs = {"best": outcomes.best, "worst": _worst(outcomes), "chosen": self._chosen}
        entries = []
        places = tuple(map(VariedPlaces, outcomes.sweep.varied))
        for name, run in runs.items():
            line = self.named[name]
            line.setVisible(run is not None)
            if run is None:
                continue
            line.draw(outcomes.curves.epochs, self._heights(outcomes.curves.losses[:, run]))
            indices = divmod(run, places[1].varied.count) if len(places) == 2 else (run,)
            values = zip(places, indices, strict=True)
            said = ", ".join(varied_text(one.varied, float(f"{one.values[at]:.6g}")) for one, at in values)
            label = "worst finite" if name == "worst" else name
            entries.append(Entry(f"{label}: {said}", self._pen(name)))
        if len(outcomes.loss) > MOST_LINES:
            entries.append(Entry(f"{len(outcomes.loss)} runs: the stronger the blue, the more go there (log scale)"))
        if self._is_logarithmic and (outcomes.curves.losses == 0.0).any():
            entries.append(Entry("a loss of 0 is under the lower edge"))
        if tuple(entries) != self._legend.entries:
            self._legend.show_entries(entries, self._theme)

    def _pen(self, name: str) -> QPen:
        theme, dash = self._theme, Qt.PenStyle
        colour, style = {
            "best": (theme.fit, dash.SolidLine),
            "worst": (theme.error, dash.DashLine),
            "chosen": (theme.text, dash.DashDotLine),
        }[name]
        pen = QPen(QColor(colour), scaled(2), style)
        pen.setCosmetic(True)
        return pen


def _worst(outcomes: SweepOutcomes) -> int | None:
    """Give the run with the highest last loss of those that kept finite numbers."""
    finite = np.isfinite(outcomes.loss) & (outcomes.diverged_epoch == 0)
    return int(np.where(finite, outcomes.loss, -np.inf).argmax()) if finite.any() else None
