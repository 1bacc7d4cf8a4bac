"""A legend under a plot: a piece of each line, and what tells its run from the others."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsWidget, QStyleOptionGraphicsItem, QWidget

from gradgui.ui.app.theme import LIGHT, Theme
from gradgui.ui.app.type_scale import scaled
from gradgui.ui.plots.axes import FONT_SIZE
from gradgui.ui.plots.canvas import EDGE, Plot

SAMPLE = 28
"""Pixels of a line that are shown."""
GAP = 5
BETWEEN = 14
LEAST_PLOT = 90
"""Pixels of height that it leaves to the plot and its axis; where there are not so many, it is not shown."""
MOST_HIGH = 0.3
"""Share of the plot's height that it may take; in a picture it has all the room that it wants."""


class Entry(Struct, frozen=True):
    """A line of the plot, or a remark.

    Attributes
    ----------
    text
        What is said.
    pen
        What the line is drawn with, None for a remark.
    """

    text: str
    pen: QPen | None = None


class _Placed(Struct, frozen=True):
    """An entry with its place, and its text cut to the room that there is."""

    x: float
    y: float
    text: str
    pen: QPen | None


class RunLegend(QGraphicsWidget):
    """The legend, as many entries in a row as there is room for; those without room are counted in the last one.

    Parameters
    ----------
    plot
        What it stands under, and is a part of in a picture.

    Attributes
    ----------
    entries
        All of them.
    """

    def __init__(self, plot: Plot) -> None:
        super().__init__()
        self._plot, self._theme = plot, LIGHT
        self._font = QFont()
        self._take_type_size()
        self._wanted = True
        self.entries: tuple[Entry, ...] = ()
        self._placed: tuple[_Placed, ...] = ()
        self.setCacheMode(QGraphicsWidget.CacheMode.DeviceCoordinateCache)
        plot.centralLayout.addItem(self, 2, 0, 1, 2)
        self._take_height(0.0)
        plot.getViewBox().sigResized.connect(self._lay_out)

    @property
    def texts(self) -> list[str]:
        """What its entries say, in full, empty while none is in sight."""
        return [entry.text for entry in self.entries] if self._placed else []

    def show_entries(self, entries: Sequence[Entry], theme: Theme) -> None:
        """Say this from now on; nothing where there are no entries."""
        self.entries, self._theme = tuple(entries), theme
        self._take_type_size()
        self._lay_out()
        self.update()

    def _take_type_size(self) -> None:
        self._font.setPointSizeF(scaled(FONT_SIZE))

    def set_wanted(self, wanted: bool) -> None:
        """Leave the legend to another plot, or to a picture, or not."""
        self._wanted = wanted
        self._lay_out()
        self._plot.centralLayout.activate()

    @contextmanager
    def left_to_picture(self) -> Iterator[None]:
        """Leave it to a picture, which draws all of it, for a while."""
        self.set_wanted(False)
        try:
            yield
        finally:
            self.set_wanted(True)

    @property
    def whole_height(self) -> int:
        """How much room all entries take."""
        placed = self._flow(self.entries, QFontMetricsF(self._font)) if self.entries else ()
        return math.ceil(placed[-1].y + QFontMetricsF(self._font).height() + GAP) if placed else 0

    def draw_whole(self, painter: QPainter, top: float) -> None:
        """Draw all entries, however many there are, under what a picture has already."""
        painter.save()
        painter.translate(0, top)
        painter.fillRect(QRectF(0, 0, self._plot.width(), self.whole_height), QColor(self._theme.surface))
        if self.entries:
            self._draw(painter, self._flow(self.entries, QFontMetricsF(self._font)))
        painter.restore()

    @Slot()
    def _lay_out(self) -> None:
        metrics = QFontMetricsF(self._font)
        line = metrics.height() + 1
        height = self._plot.height()
        most = int(min(MOST_HIGH * height, height - LEAST_PLOT) / line)
        entries = self.entries if self._wanted and most > 0 else ()
        placed: tuple[_Placed, ...] = ()
        for count in range(len(entries), 0, -1):
            left_out = len(entries) - count
            placed = self._flow((*entries[:count], *([Entry(f"and {left_out} more")] if left_out else [])), metrics)
            if placed[-1].y < most * line:
                break
        if placed != self._placed:
            self._placed = placed
            self._take_height(placed[-1].y + line + 2 if placed else 0.0)
            self.update()

    def _flow(self, entries: Sequence[Entry], metrics: QFontMetricsF) -> tuple[_Placed, ...]:
        placed, x, y, room = list[_Placed](), float(GAP), 0.0, float(self._plot.width() - EDGE)
        for entry in entries:
            sample = 0 if entry.pen is None else SAMPLE + GAP
            text = metrics.elidedText(entry.text, Qt.TextElideMode.ElideMiddle, max(room - sample - 2 * GAP, 20.0))
            width = sample + metrics.horizontalAdvance(text)
            if placed and x + width > room:
                x, y = float(GAP), y + metrics.height() + 1
            placed.append(_Placed(x, y, text, entry.pen))
            x += width + BETWEEN
        return tuple(placed)

    def _take_height(self, height: float) -> None:
        self.setMinimumHeight(height)
        self.setMaximumHeight(height)

    def boundingRect(self) -> QRectF:
        """Give its room."""
        return QRectF(0, 0, self.size().width(), self.size().height())

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw it."""
        self._draw(painter, self._placed)

    def _draw(self, painter: QPainter, placed: Sequence[_Placed]) -> None:
        metrics = QFontMetricsF(self._font)
        painter.setFont(self._font)
        for entry in placed:
            x = entry.x
            if entry.pen is not None:
                painter.setPen(entry.pen)
                middle = entry.y + metrics.height() / 2
                painter.drawLine(QPointF(x, middle), QPointF(x + SAMPLE, middle))
                x += SAMPLE + GAP
            painter.setPen(QColor(self._theme.text if entry.pen is not None else self._theme.muted))
            painter.drawText(QPointF(x, entry.y + metrics.ascent()), entry.text)
