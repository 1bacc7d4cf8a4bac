"""A bar beside a plot that tells which value has which colour."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from gradgui.ui.app.theme import Theme
from gradgui.ui.app.type_scale import scaled, scaled_pixels
from gradgui.ui.plots.axes import FONT_SIZE
from gradgui.ui.plots.canvas import AXIS_WIDTH, Plot
from gradgui.ui.sweeps.sweep_axis import SweepAxis

WIDTH, GAP = 14, 10
"""Pixels of the bar, and between the plot and it."""


class _Strip(QGraphicsWidget):
    """The colours, the lowest at the bottom."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setMinimumWidth(WIDTH + GAP)
        self.setMaximumWidth(WIDTH + GAP)

    def show_colours(self, colours: NDArray[np.uint8]) -> None:
        """Show these, shape ``(n, 4)``."""
        column = np.ascontiguousarray(colours[::-1])
        shape = 1, len(column), 4
        self._image = QImage(column.data, *shape, QImage.Format.Format_RGBA8888).copy()
        self.update()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw them."""
        painter.drawImage(QRectF(GAP, 0, self.size().width() - GAP, self.size().height()), self._image)


class ColourBar:
    """The bar with its axis, at the right of a plot; without values it keeps its room and says nothing.

    Parameters
    ----------
    plot
        What it stands beside.

    Attributes
    ----------
    axis
        Of the values.
    """

    def __init__(self, plot: Plot) -> None:
        self._strip, self.axis = _Strip(), SweepAxis("right")
        plot.centralLayout.addItem(self._strip, 0, 2)
        plot.centralLayout.addItem(self.axis, 0, 3)

    @property
    def label(self) -> str:
        """What its values are."""
        return self.axis.labelText if self.axis.isVisible() else ""

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        font = QFont()
        font.setPointSizeF(scaled(FONT_SIZE))
        self.axis.setPen(pg.mkPen(theme.outline))
        self.axis.setTextPen(pg.mkPen(theme.muted))
        self.axis.setTickFont(font)
        self.axis.setStyle(tickLength=4, maxTickLevel=0)
        self.axis.setWidth(scaled_pixels(AXIS_WIDTH))

    def show_scale(
        self, low: float, high: float, *, is_logarithmic: bool, label: str, colours: NDArray[np.uint8], theme: Theme
    ) -> None:
        """Tell what the colours mean.

        Parameters
        ----------
        low, high
            The values of the first and the last colour, exponents of ten on a logarithmic scale.
        is_logarithmic
            Whether it is one.
        label
            What the values are.
        colours
            Shape ``(n, 4)``.
        theme
            The colours of text.
        """
        if high <= low:
            low, high = low - 0.5 * (abs(low) or 1.0), low + 0.5 * (abs(low) or 1.0)
        self.axis.setLogMode(is_logarithmic)
        self.axis.setRange(low, high)
        said = f"{label}, log scale" if is_logarithmic else label
        self.axis.setLabel(said, color=theme.muted, **{"font-size": f"{scaled(FONT_SIZE):g}pt"})
        self._strip.show_colours(colours)
        self.set_visible(True)

    def set_visible(self, visible: bool) -> None:
        """Show it, or only keep its room."""
        self._strip.setVisible(visible)
        self.axis.setVisible(visible)
