"""The curve of a sweep that varies one thing: a dot a run, and what rules and theory say of it."""

import math
from collections import Counter

import numpy as np
import pyqtgraph as pg
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt

from gradgui.experiment.sweep.varied import Varied
from gradgui.record.loss_density import needs_logarithm
from gradgui.ui.app.type_scale import scaled
from gradgui.ui.plots.axes import drawable, value_range
from gradgui.ui.plots.items import Dots, Line, Marker, disc
from gradgui.ui.plots.run_legend import Entry
from gradgui.ui.sweeps.quantity import Kind, kinds_of
from gradgui.ui.sweeps.run_text import kind_text, varied_text
from gradgui.ui.sweeps.sweep_plot import SweepPlot

MOST_DOTS = 400
"""Up to so many runs each has a dot; of more the line is left."""
HEAD = 0.22
"""Share of the height that is kept for marks and for what diverged."""
RISE = 0.5
"""What rose is shown up to so many times the span of the runs that ended well above these."""
NEAR = 6.0
"""Pixels from a mark within which its reason is told."""


class Mark(Struct, frozen=True):
    """A value of the varied thing that something singles out.

    Attributes
    ----------
    value
        Of the varied thing.
    label
        Such as ``2/λ``, ``steepest`` or ``valley``.
    reason
        Why, in a sentence.
    """

    value: float
    label: str
    reason: str


class SweepCurve(SweepPlot):
    """One number of every run over the varied thing.

    Attributes
    ----------
    line, dots
        Of the runs whose value is known.
    crosses
        Of those that left the finite numbers, at the top edge.
    circles
        Of those that ended higher than they began.
    """

    def __init__(self) -> None:
        super().__init__("sweep_curve", "Curve of the sweep", across_only=True)
        self.line, self.dots = Line(smooth=True), Dots(5)
        self.crosses = pg.ScatterPlotItem(symbol="x", pen=None)
        self.circles = pg.ScatterPlotItem(symbol="o")
        self._ring = Marker(disc(13))
        self._marks: list[Mark] = []
        self._mark_items: list[tuple[pg.InfiniteLine, pg.TextItem]] = []
        self._values: NDArray[np.float64] = np.empty(0)
        self._kinds: NDArray[np.int8] = np.empty(0, np.int8)
        self._heights: NDArray[np.float64] = np.empty(0)
        self._is_above: NDArray[np.bool_] = np.empty(0, bool)
        self._add(self.line, self.dots, self.circles, self.crosses, self._ring)
        self.plot.setToolTip(
            "Each dot is a run. Click one to open it, or go there with the arrow keys and press Enter.\n"
            "Drag over a part, or press + there, to train it anew with as many runs."
        )

    @property
    def marks(self) -> list[Mark]:
        """What is singled out."""
        return self._marks

    def _take_colours(self) -> None:
        super()._take_colours()
        theme = self._theme
        self.line.setPen(pg.mkPen(theme.loss, width=scaled(1.5)))
        self.dots.set_colour(theme.loss)
        self.crosses.setBrush(pg.mkBrush(theme.error))
        self.circles.setPen(pg.mkPen(theme.loss, width=scaled(1.5)))
        self.circles.setBrush(pg.mkBrush(theme.surface))
        for item, size in ((self.crosses, 9), (self.circles, 7)):
            item.setSize(scaled(size))
        self._ring.setPen(pg.mkPen(theme.text, width=scaled(2)))
        self._colour_marks()

    def set_marks(self, marks: list[Mark]) -> None:
        """Single out these values, and no others."""
        box = self.plot.getViewBox()
        for line, text in self._mark_items:
            box.removeItem(line)
            box.removeItem(text)
            self._texts.pop(text, None)
        self._marks = list(marks)
        self._mark_items = [(pg.InfiniteLine(angle=90), pg.TextItem(one.label, anchor=(0.5, 0))) for one in marks]
        for (line, text), mark in zip(self._mark_items, marks, strict=True):
            line.setZValue(-0.5)
            text.setZValue(10)
            text.setToolTip(mark.reason)
            self._add(line, text)
        self._colour_marks()
        self._take_type_size()
        self._place_marks()

    def _colour_marks(self) -> None:
        for line, text in self._mark_items:
            pen = pg.mkPen(self._theme.accent, width=scaled(1.5), style=Qt.PenStyle.DashLine)
            line.setPen(pen)
            text.setColor(self._theme.accent)
            text.fill = pg.mkBrush(self._theme.surface)

    def _place_marks(self) -> None:
        if not self._places:
            return
        (across,) = self._places
        low, high = across.ends
        _, (bottom, top) = self.plot.getViewBox().viewRange()
        for (line, text), mark in zip(self._mark_items, self._marks, strict=True):
            place = float(across.of(mark.value))
            shown = math.isfinite(place) and low <= place <= high
            line.setVisible(shown)
            text.setVisible(shown)
            if shown:
                line.setPos(place)
                self.place_text(text, place, top - 0.36 * HEAD * (top - bottom))

    def _show_sweep(self) -> None:
        (across,) = self._places
        self.set_label("bottom", across.label, self._theme)
        self.plot.getAxis("bottom").setLogMode(across.is_logarithmic)

    def _show(self) -> None:
        outcomes = self._outcomes
        if outcomes is None:
            return
        (across,) = self._places
        self._values = self.quantity.values(outcomes)
        self._kinds = kinds_of(outcomes, self._values)
        drawn = np.isin(self._kinds, (Kind.KNOWN, Kind.ROSE)) & np.isfinite(self._values)
        is_logarithmic = needs_logarithm(self._values[drawn])
        self.plot.getAxis("left").setLogMode(is_logarithmic)
        label = f"{self.quantity.value}, log scale" if is_logarithmic else self.quantity.value
        self.set_label("left", label, self._theme)
        heights = np.where(drawn, self._values, np.nan)
        if is_logarithmic:
            positive = heights[heights > 0.0]
            with np.errstate(divide="ignore"):
                # What is 0 has no place on a log axis: it stands at the lower edge.
                heights = np.where(heights > 0.0, np.log10(heights), np.where(heights == 0.0, -np.inf, np.nan))
            heights[heights == -np.inf] = math.log10(float(positive.min())) - 1.0
        self._is_above = self._beyond_limit(heights)
        heights = np.where(self._is_above, np.nan, heights)
        finite = heights[np.isfinite(heights)]
        low, high = value_range(float(finite.min()), float(finite.max()), None) if len(finite) else (0.0, 1.0)
        high += HEAD / (1.0 - HEAD) * (high - low)
        self.show_range(across.ends, (low, high))
        self._heights = heights
        self._heights[(self._kinds == Kind.DIVERGED) | self._is_above] = high - 0.1 * HEAD * (high - low)
        self._draw()
        self._show_legend(
            int((drawn & (self._values == 0.0)).sum()) if is_logarithmic else 0, int(self._is_above.sum())
        )
        self._place_marks()
        self._tell()

    def _beyond_limit(self, heights: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which runs rose so far that nothing would be seen of the rest."""
        good = heights[(self._kinds == Kind.KNOWN) & np.isfinite(heights)]
        span = float(np.ptp(good)) if len(good) else 0.0
        if not span:
            return np.zeros(len(heights), bool)
        return heights > float(good.max()) + RISE * span

    def _draw(self) -> None:
        (across,), kinds = self._places, self._kinds
        x, known = across.places, kinds == Kind.KNOWN
        joined = np.where((known | (kinds == Kind.ROSE)) & ~self._is_above, self._heights, np.nan)
        self.line.draw(x, joined)
        self.dots.draw(x[known], self._heights[known])
        for item in (self.line, self.dots, self.circles, self.crosses):
            item.setVisible(True)
        alone = known & ~(np.isfinite(np.roll(joined, 1)) | np.isfinite(np.roll(joined, -1)))
        self.dots.setVisible(len(x) <= MOST_DOTS or bool(alone.any()))
        for item, kind in ((self.circles, Kind.ROSE), (self.crosses, Kind.DIVERGED)):
            places = drawable(np.column_stack([x, self._heights])[kinds == kind])
            item.setData(pos=places[np.isfinite(places).all(axis=1)])

    def _show_legend(self, zeros: int, above: int) -> None:
        counts, entries = Counter(self._kinds.tolist()), []
        if counts[Kind.DIVERGED]:
            entries.append(Entry(f"✕ {kind_text(Kind.DIVERGED, counts[Kind.DIVERGED])}"))
        if counts[Kind.ROSE]:
            beyond = f", {above} of them beyond the upper edge" if above else ""
            are_drawn = np.isfinite(self._heights[self._kinds == Kind.ROSE]).any()  # not without a wanted loss
            sign = "○ " if are_drawn else ""
            entries.append(Entry(f"{sign}{kind_text(Kind.ROSE, counts[Kind.ROSE])}{beyond}"))
        entries += [Entry(kind_text(kind, counts[kind])) for kind in (Kind.WITHOUT, Kind.UNTRAINED) if counts[kind]]
        if zeros:
            entries.append(Entry(f"{zeros} at the lower edge {'is' if zeros == 1 else 'are'} 0"))
        if tuple(entries) != self._legend.entries:
            self._legend.show_entries(entries, self._theme)

    def _hide(self) -> None:
        for item in (self.line, self.dots, self.circles, self.crosses, self._ring):
            item.setVisible(False)
        for items in self._mark_items:
            for item in items:
                item.setVisible(False)

    def _run_at(self, place: QPointF) -> int:
        (across,) = self._places
        run = across.nearest(place.x())
        return -1 if run is None else run

    def _neighbour(self, run: int, across: int, up: int) -> int:
        (places,) = self._places
        steps = across or up
        return min(max(run + (-steps if places.descends else steps), 0), places.varied.count - 1)

    def _ranges(self, marked: QRectF) -> tuple[Varied, ...]:
        (across,) = self._places
        return (across.between(marked.left(), marked.right()),)

    def _point_out(self, run: int) -> None:
        shown = run >= 0 and bool(np.isfinite(self._heights[run]))
        self._ring.setVisible(shown)
        if shown:
            self._ring.setPos(float(self._places[0].places[run]), float(self._heights[run]))

    def _said_at(self, place: QPointF | None) -> str:
        if place is None or not self._places:
            return ""
        (across,) = self._places
        reach = NEAR * self.plot.getViewBox().viewPixelSize()[0]
        near = [one for one in self._marks if abs(float(across.of(one.value)) - place.x()) <= reach]
        return "".join(f"{one.label}: {varied_text(across.varied, one.value)}. {one.reason} " for one in near)
