"""Arrows at points: upwards or downwards, each as long as what it stands for is large."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor

from gradgui.record.views import Values
from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.axes import FURTHEST
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.items import Line

MOST_ARROWS = 200
"""Arrows drawn: of more, those that are the longest."""
LONGEST, LEAST = 0.34, 0.12
"""Length of the longest arrow as a share of the plot's height: at most, and however little room it has."""
HEAD, SMALLEST_HEAD = 10.0, 4.0
"""Pixels of a head."""
SMALLEST_SHARE = float(np.finfo(np.float64).tiny)
"""Of the largest force, for which an arrow's room is worked out."""


class PullArrows(QObject):
    """Draw a force at each point, in proportion to the largest.

    Parameters
    ----------
    canvas
        Where.

    Attributes
    ----------
    drawn
        Places of the points that have an arrow, the longest first.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._box = canvas.plot.getViewBox()
        self._shafts, self._strongest = Line(connect="pairs", smooth=True), Line(connect="pairs", smooth=True)
        self._heads = pg.ScatterPlotItem(pen=None, pxMode=True)
        self._heads.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._text = pg.TextItem(anchor=(0.5, 0.5))
        for item in (self._shafts, self._strongest, self._heads, self._text):
            item.setZValue(5)
            self._box.addItem(item, ignoreBounds=True)
        self._forces: tuple[Values, Values, Values] = (np.zeros(0), np.zeros(0), np.zeros(0))
        self._label = ""
        self.drawn = np.zeros(0, dtype=np.intp)
        self._draw()
        for moved in (self._box.sigRangeChanged, self._box.sigResized):
            moved.connect(self._draw)

    @property
    def arrows(self) -> tuple[Values, Values, Values]:
        """What is drawn: x, where each arrow begins, and where it ends; of shape ``(arrows,)`` each."""
        x, y = (np.concatenate(parts) for parts in zip(self._strongest.points, self._shafts.points, strict=True))
        return x[::2], y[::2], y[1::2]

    def set_colours(self, colour: str, theme: Theme) -> None:
        """Take these colours: one for the arrows, and what belongs to the theme."""
        faint = QColor(colour)
        faint.setAlphaF(0.8)
        self._shafts.setPen(pg.mkPen(faint, width=2))
        self._strongest.setPen(pg.mkPen(colour, width=4))
        self._heads.setBrush(pg.mkBrush(colour))
        self._text.setColor(theme.text)

    def show_forces(self, x: Values, y: Values, forces: Values, label: str) -> None:
        """Show these forces instead.

        Parameters
        ----------
        x, y
            Where they act, of shape ``(points,)`` each.
        forces
            Up where positive, down where negative; one that is 0 or not finite has no arrow.
        label
            Stands beside the largest.
        """
        self._forces, self._label = (x, y, forces), label
        self._draw()

    def clear(self) -> None:
        """Show none."""
        self.show_forces(np.zeros(0), np.zeros(0), np.zeros(0), "")

    @Slot()
    def _draw(self) -> None:
        (left, right), (bottom, top) = self._box.viewRange()
        x, y, forces = self._forces
        seen = np.isfinite(forces) & (forces != 0.0) & (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
        places = np.flatnonzero(seen)
        sizes = np.abs(forces[places])
        self.drawn = places[np.argsort(-sizes, kind="stable")[:MOST_ARROWS]]
        for item in (self._shafts, self._strongest, self._heads, self._text):
            item.setVisible(len(self.drawn) > 0)
        if not len(self.drawn):
            self._shafts.draw([], [])
            self._strongest.draw([], [])
            return
        x, y, forces = (np.clip(values[self.drawn], -FURTHEST, FURTHEST) for values in (x, y, forces))
        parts = forces / np.abs(forces[0])
        with np.errstate(over="ignore"):  # the shortest ones have all the room there is
            room = np.where(parts > 0.0, top - y, y - bottom) / np.maximum(np.abs(parts), SMALLEST_SHARE)
        height = top - bottom
        ends = y + parts * min(LONGEST * height, max(LEAST * height, 0.85 * float(room.min())))
        across, up = np.repeat(x, 2), np.stack([y, ends], axis=1).ravel()
        self._strongest.draw(across[:2], up[:2])
        self._shafts.draw(across[2:], up[2:])
        lengths = np.abs(ends - y) / height * self._box.height()
        self._heads.setData(
            x,
            ends,
            size=np.clip(lengths, SMALLEST_HEAD, HEAD) + 3.0 * (np.arange(len(x)) == 0),
            symbol=["t1" if part > 0.0 else "t" for part in parts],
        )
        self._text.setText(self._label)
        # Beside the shaft, on the side that has room: at the head it would hide the point.
        self._text.setAnchor((1.15 if x[0] > left / 2 + right / 2 else -0.15, 0.5))
        self._canvas.place_text(self._text, float(x[0]), float(y[0] / 2 + ends[0] / 2))
