"""The map of a sweep that varies two things: a cell a run."""

from collections import Counter

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsRectItem

from gradgui.experiment.sweep.varied import Varied
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.ui.app.type_scale import scaled
from gradgui.ui.plots.items import Line
from gradgui.ui.plots.run_legend import Entry
from gradgui.ui.sweeps.colour_bar import ColourBar
from gradgui.ui.sweeps.quantity import Kind, kinds_of
from gradgui.ui.sweeps.run_text import kind_text
from gradgui.ui.sweeps.sweep_colours import (
    diverged_colours,
    flat_colour,
    run_pixels,
    value_colours,
    value_scale,
)
from gradgui.ui.sweeps.sweep_plot import SweepPlot

SAMPLE_HEIGHT = 8
"""Pixels of a colour in the legend."""

Points = tuple[NDArray[np.float64], NDArray[np.float64]]


class SweepMap(SweepPlot):
    """A heat map of one number of every run, over the second varied thing and, upwards, the first.

    Attributes
    ----------
    image
        The cells.
    border
        A line that theory gives.
    colour_bar
        Which value has which colour.
    """

    def __init__(self) -> None:
        super().__init__("sweep_map", "Map of the sweep", across_only=False)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.image.setCacheMode(pg.ImageItem.CacheMode.DeviceCoordinateCache)
        self.border = Line(smooth=True)
        self._border_label = pg.TextItem(anchor=(0.5, 0))
        self._border_points: tuple[Points, str] | None = None
        self._cell, self._cell_edge = QGraphicsRectItem(), QGraphicsRectItem()
        self.colour_bar = ColourBar(self.plot)
        self.colour_bar.set_visible(False)
        self._add(self.image, self.border, self._border_label, self._cell_edge, self._cell)
        self._border_label.setZValue(10)
        self.plot.setToolTip(
            "Each cell is a run. Click one to open it, or go there with the arrow keys and press Enter.\n"
            "Drag over a part, or press + there, to train it anew with as many runs."
        )

    def _take_colours(self) -> None:
        super()._take_colours()
        theme = self._theme
        self.colour_bar.set_theme(theme)
        self.border.setPen(_pen(theme.text, 2.0))
        self._border_label.setColor(theme.text)
        self._border_label.fill = pg.mkBrush(theme.surface)
        self._border_label.border = pg.mkPen(theme.border)
        self._cell_edge.setPen(_pen(theme.surface, 4.0))
        self._cell.setPen(_pen(theme.text, 2.0))
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setGrid(False)  # cells are a grid

    def set_border(self, points: Points | None, label: str = "") -> None:
        """Draw a line over the map.

        Parameters
        ----------
        points
            Values of the second varied thing, and of the first; None for no line.
        label
            What it is, such as ``2/λ``.
        """
        self._border_points = None if points is None else (points, label)
        self._show_border()

    def _show_sweep(self) -> None:
        up, across = self._places
        for side, places in (("bottom", across), ("left", up)):
            self.set_label(side, places.label, self._theme)
            self.plot.getAxis(side).setLogMode(places.is_logarithmic)
        self.show_range(across.ends, up.ends)
        self._show_border()

    def _show(self) -> None:
        outcomes = self._outcomes
        if outcomes is None:
            return
        values = self.quantity.values(outcomes)
        kinds = kinds_of(outcomes, values)
        scale = value_scale(values[kinds == Kind.KNOWN])
        pixels = run_pixels(kinds, values, outcomes.diverged_epoch, scale, self._theme)
        up, across = self._places
        picture = pixels.reshape(*outcomes.sweep.shape, 4)
        picture = picture[:: -1 if up.descends else 1, :: -1 if across.descends else 1]
        self.image.setImage(np.ascontiguousarray(picture), levels=None, autoLevels=False)
        (left, right), (bottom, top) = across.ends, up.ends
        self.image.setRect(QRectF(left, bottom, right - left, top - bottom))
        self.image.setVisible(True)
        self._show_legend(outcomes, kinds)
        self.colour_bar.set_visible(scale is not None)
        if scale is not None:
            self.colour_bar.show_scale(
                scale.low,
                scale.high,
                is_logarithmic=scale.is_logarithmic,
                label=self.quantity.value,
                colours=value_colours(self._theme),
                theme=self._theme,
            )
        self._tell()

    def _show_legend(self, outcomes: SweepOutcomes, kinds: NDArray[np.int8]) -> None:
        counts, entries = Counter(kinds.tolist()), []
        if counts[Kind.DIVERGED]:
            left = outcomes.diverged_epoch[kinds == Kind.DIVERGED]
            first, last = int(left.min()), int(left.max())
            weakest, strongest = (QColor(*diverged_colours(self._theme)[place]) for place in (0, -1))
            said = kind_text(Kind.DIVERGED, counts[Kind.DIVERGED])
            entries.append(Entry(f"{said} in epoch {first}", _sample(strongest)))
            if last > first:
                entries[-1] = Entry(f"{said}, in epoch {first}", _sample(strongest))
                entries.append(Entry(f"to {last}", _sample(weakest)))
        entries += [
            Entry(kind_text(kind, counts[kind]), _sample(flat_colour(kind, self._theme)))
            for kind in (Kind.ROSE, Kind.WITHOUT)
            if counts[kind]
        ]
        if counts[Kind.UNTRAINED]:
            entries.append(Entry(kind_text(Kind.UNTRAINED, counts[Kind.UNTRAINED])))
        if tuple(entries) != self._legend.entries:
            self._legend.show_entries(entries, self._theme)

    def _show_border(self) -> None:
        shown = self._border_points if self._places else None
        self.border.setVisible(shown is not None)
        self._border_label.setVisible(False)
        if shown is None:
            return
        ((across, up), label), (vertical, horizontal) = shown, self._places
        x, y = horizontal.of(across), vertical.of(up)
        self.border.draw(x, y)
        (left, right), (bottom, top) = horizontal.ends, vertical.ends
        inside = np.flatnonzero((x >= left) & (x <= right) & (y >= bottom) & (y <= top))
        if label and len(inside):
            middle = inside[len(inside) // 2]
            self._border_label.setText(label)
            self._border_label.setVisible(True)
            self.place_text(self._border_label, float(x[middle]), float(y[middle]))

    def _hide(self) -> None:
        for item in (self.image, self.border, self._border_label, self._cell, self._cell_edge):
            item.setVisible(False)
        self.colour_bar.set_visible(False)

    def _run_at(self, place: QPointF) -> int:
        up, across = self._places
        row, column = up.nearest(place.y()), across.nearest(place.x())
        return -1 if row is None or column is None else row * across.varied.count + column

    def _neighbour(self, run: int, across: int, up: int) -> int:
        cell = []
        for places, index, steps in zip(self._places, self._indices(run), (up, across), strict=True):
            moved = index + (-steps if places.descends else steps)
            cell.append(min(max(moved, 0), places.varied.count - 1))
        return cell[0] * self._places[1].varied.count + cell[1]

    def _ranges(self, marked: QRectF) -> tuple[Varied, ...]:
        up, across = self._places
        return up.between(marked.top(), marked.bottom()), across.between(marked.left(), marked.right())

    def _point_out(self, run: int) -> None:
        for item in (self._cell_edge, self._cell):
            item.setVisible(run >= 0)
            if run >= 0:
                (row, column), (up, across) = self._indices(run), self._places
                corner = QPointF(across.places[column] - across.step / 2, up.places[row] - up.step / 2)
                item.setRect(QRectF(corner.x(), corner.y(), across.step, up.step))


def _pen(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), scaled(width))
    pen.setCosmetic(True)
    return pen


def _sample(colour: QColor | str) -> QPen:
    pen = QPen(QColor(colour), scaled(SAMPLE_HEIGHT))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen
