"""What every plot shares: a pyqtgraph canvas in the window's colours, without pyqtgraph's own menus."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyqtgraph as pg
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGraphicsItem, QVBoxLayout, QWidget

from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.plot import Plot

pg.setConfigOptions(antialias=False)

AXIS_FONT_SIZE = 8
GRID = 45
"""How opaque the grid's lines are, of 255."""
AXIS_WIDTH = 58
"""Pixels, the same for all, so that plots above each other line up."""


class Canvas(QWidget):
    """A widget around one plot.

    Parameters
    ----------
    name
        ``objectName`` of the plot.
    title
        Accessible name, and the name of a picture of it.
    x_label, y_label
        Names of the axes.

    Attributes
    ----------
    title
        As given.
    plot
        The pyqtgraph plot.
    """

    def __init__(self, name: str, title: str, x_label: str, y_label: str) -> None:
        super().__init__()
        self.title = title
        self.plot = Plot(name, title)
        self._labels = {"bottom": x_label, "left": y_label}
        self.plot.getAxis("left").setWidth(AXIS_WIDTH)
        self.plot.getAxis("bottom").setStyle(autoExpandTextSpace=False)  # which would lay out and paint twice
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 8, 2)
        layout.addWidget(self.plot)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self.plot.setBackground(theme.surface)
        font = QFont(self.font())
        font.setPointSize(AXIS_FONT_SIZE)
        for side, label in self._labels.items():
            axis = self.plot.getAxis(side)
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)
            axis.setTickFont(font)
            axis.setStyle(tickLength=-4, maxTickLevel=1)  # a third level of grid lines costs more than it shows
            axis.setZValue(-1)  # its grid belongs under the data
            # The grid lies under every curve: kept as pixels, it is not drawn anew with each frame of them.
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
            axis.setGrid(GRID)
            axis.setLabel(label, color=theme.muted, **{"font-size": f"{AXIS_FONT_SIZE}pt"})

    @contextmanager
    def every_axis_named(self) -> Iterator[None]:
        """Show, for a picture that stands alone, what the plot leaves to its neighbour in the window."""
        yield

    def set_label(self, side: str, text: str, theme: Theme, colour: str | None = None) -> None:
        """Name an axis anew, in a colour of its own or in that of secondary text."""
        self._labels[side] = text
        self.plot.getAxis(side).setLabel(text, color=colour or theme.muted, **{"font-size": f"{AXIS_FONT_SIZE}pt"})
