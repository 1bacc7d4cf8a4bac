"""What is read off a plot over epochs under the mouse: a line at the epoch, and a text beside it."""

import math
from collections.abc import Sequence
from operator import itemgetter

import pyqtgraph as pg
from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from gradgui.ui.app.theme import Theme
from gradgui.ui.app.type_scale import scaled
from gradgui.ui.plots.canvas import MOST_COVERED, Canvas

LINE = 18
"""Pixels of a line of the text."""
MARGINS = 12
"""Pixels beside the text."""


class Reading(Struct, frozen=True):
    """A value of a run, for a person.

    Attributes
    ----------
    text
        Which run, which epoch where it is another one than that of the plot, and the value.
    place
        Where it stands on the axis of values.
    """

    text: str
    place: float


def nearest(epoch: int, readings: Sequence[Reading], height: float, most: int) -> list[str]:
    """Give the values that are nearest to a height, with the epoch, on so many lines.

    Parameters
    ----------
    epoch
        Of the plot's axis.
    readings
        All values at that epoch.
    height
        Where the mouse is on the axis of values.
    most
        So many lines have room; what is left out is counted.
    """
    far = [abs(one.place - height) if math.isfinite(one.place) else math.inf for one in readings]
    texts = [one.text for _, one in sorted(zip(far, readings, strict=True), key=itemgetter(0))]
    if len(texts) < most or not texts:
        return [f"epoch {epoch}", *texts]
    shown = texts[: max(1, most - 1)]
    more = f", and {len(texts) - len(shown)} more" if len(texts) > len(shown) else ""
    return [f"epoch {epoch}{more}", *shown] if most > 1 else [f"epoch {epoch}, {shown[0]}{more}"]


class EpochReading:
    """The line and the text, hidden until something is read.

    Parameters
    ----------
    canvas
        The plot.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._text = pg.TextItem(anchor=(0, 0))
        for item in (self._cursor, self._text):
            item.setZValue(10)
            item.setVisible(False)
            canvas.plot.getViewBox().addItem(item, ignoreBounds=True)

    @property
    def text(self) -> str:
        """What is said, empty while nothing is read."""
        return self._text.toPlainText() if self._text.isVisible() else ""

    @property
    def most_lines(self) -> int:
        """So many lines have room."""
        return int(MOST_COVERED * self._canvas.plot.getViewBox().height() / scaled(LINE))

    def elided(self, lines: Sequence[str]) -> list[str]:
        """Cut lines in their middle where they are wider than the plot: name and value begin and end them."""
        metrics = QFontMetricsF(self._text.textItem.font())
        room = self._canvas.plot.getViewBox().width() - MARGINS
        return [metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room) for line in lines]

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self._cursor.setPen(pg.mkPen(theme.muted, width=scaled(1)))
        self._text.setColor(theme.text)
        self._text.fill = pg.mkBrush(theme.surface)
        self._text.border = pg.mkPen(theme.border)

    def hide(self) -> None:
        """Read nothing."""
        self._cursor.setVisible(False)
        self._text.setVisible(False)

    def show_lines(self, epoch: int, lines: Sequence[str]) -> None:
        """Stand at an epoch and say this."""
        self._text.setText("\n".join(lines))
        (left, right), (_, top) = self._canvas.plot.getViewBox().viewRange()
        self._text.setAnchor((1 if epoch > (left + right) / 2 else 0, 0))
        self._canvas.place_text(self._text, epoch, top)
        self._cursor.setPos(epoch)
        self._cursor.setVisible(True)
        self._text.setVisible(True)
