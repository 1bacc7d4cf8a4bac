"""Axes that know their room, and write their ticks as in a textbook."""

import math
from html import escape
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from gradgui.numbers import shown
from gradgui.ui.app.type_scale import scaled

FONT_SIZE = 8
LINE = 15
"""Pixels that a tick's number needs along a vertical axis."""
GAP = 8
"""Pixels between two of them along a horizontal one."""

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(exponent: int) -> str:
    """Write a power of ten: as a plain number from 0.001 to 1000, else with its exponent."""
    if -3 <= exponent <= 3:
        return f"{10.0**exponent:g}"
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


class SteadyAxis(pg.AxisItem):  # type: ignore[misc]
    """pyqtgraph's axis, which works out its room only when its plot has another size: it is asked at every frame.

    Its label is laid out only when it reads differently, and not for each colour and range that is set.
    """

    labelText: str  # noqa: N815 - declared nowhere in pyqtgraph
    _label_text = ""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)
        self._places: tuple[Any, ...] = ()
        self._room = QRectF()

    def boundingRect(self) -> QRectF:
        """Give the room of the axis with its grid."""
        view = self.linkedView()
        places = self.geometry(), view and view.geometry(), self.grid
        if places != self._places:
            self._places, self._room = places, super().boundingRect()
        return self._room

    def _updateLabel(self) -> None:  # noqa: N802
        text = self.labelString()
        if text != self._label_text:
            self._label_text = text
            super()._updateLabel()
        else:
            self.picture = None
            self.update()

    def labelString(self) -> str:  # noqa: N802
        """Give the axis's name, cut where it is longer than the axis."""
        font = QFont(self.label.font())
        font.setPointSizeF(scaled(FONT_SIZE))
        whole = self.labelText
        room = self.width() if self.orientation == "bottom" else self.height()
        self.labelText = escape(QFontMetricsF(font).elidedText(whole, Qt.TextElideMode.ElideRight, room))
        string: str = super().labelString()
        self.labelText = whole
        return string

    def resizeEvent(self, event: object = None) -> None:
        """Cut the name anew."""
        if self.label is not None and self.labelText:
            self._updateLabel()
        super().resizeEvent(event)

    def _text_width(self, low: float, high: float, spacing: float) -> float:
        """Give the pixels that the longer of the outermost numbers takes, with a gap."""
        font = QFont(self.label.font())
        font.setPointSizeF(scaled(FONT_SIZE))
        ends = [math.ceil(low / spacing) * spacing, math.floor(high / spacing) * spacing]
        return max(map(QFontMetricsF(font).horizontalAdvance, self.tickStrings(ends, 1.0, spacing))) + scaled(GAP)

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:  # noqa: N802
        """Leave out levels of ticks whose numbers have no room above or beside each other."""
        levels: list[tuple[float, float]] = super().tickSpacing(low, high, size)
        if self.logMode or not levels:
            return levels
        widest, offset = levels[0]
        pixels = scaled(LINE) if self.orientation == "left" else self._text_width(low, high, widest)
        least = pixels * (high - low) / max(size, 1.0)
        while widest < least:
            widest *= 2.0
        return [(widest, offset), *(level for level in levels[1:] if level[0] < widest)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: N802
        """Write numbers with the minus of numbers that are looked at."""
        return [shown(text) for text in super().tickStrings(values, scale, spacing)]


class ValueAxis(SteadyAxis):
    """An axis of values, with powers of ten at the ticks of a log axis and large numbers kept short."""

    def logTickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002, N802
        """Write whole powers of ten only; the ticks between them have no number."""
        return [power_of_ten(round(value)) if abs(value - round(value)) < 1e-9 else "" for value in values]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: N802
        """Write numbers in as many digits as tell neighbours apart, very large and very small ones by exponent."""
        if self.logMode:
            return self.logTickStrings(values, scale, spacing)
        largest = max((abs(value) for value in values), default=0.0)
        if largest >= 1e5 or 0.0 < largest < 1e-3:
            written = ([_by_exponent(value, digits) for value in values] for digits in range(3, 17))
            return next(
                (texts for texts in written if len(set(texts)) == len(texts)), [str(value) for value in values]
            )
        strings: list[str] = super().tickStrings(values, scale, spacing)
        return strings


def _by_exponent(value: float, digits: int) -> str:
    """Write a number shortly, in so many digits at most: ``−2.5e−4``, ``1e12``."""
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    short = mantissa.rstrip("0").rstrip(".")
    return shown(f"{short}e{int(exponent)}") if value else "0"


PADDING = 0.06
FILLED_ENOUGH = 0.5
"""A range is kept while the data fill at least this share of it."""

ROOM_TO_STEP = 1.25
"""How far beyond the last epoch the axis reaches when somebody steps there."""
HEADROOM = 0.3
"""Share of the data's span left free on the side where they grow."""
FAR_OUT = 3.0
"""Data so many times wider than the range are other data, not the same ones grown."""

FURTHEST = 1e154
"""What lies beyond cannot be drawn: the product of the scales of two axes has to be a float, and not 0."""
NARROWEST = 1e-150

Range = tuple[float, float]


def is_drawable(*numbers: float) -> bool:
    """Tell whether a place with these coordinates can be drawn."""
    return all(abs(number) <= FURTHEST for number in numbers)


def drawable(values: ArrayLike) -> NDArray[np.float64]:
    """Give values with nan, a gap, in place of those that cannot be drawn."""
    numbers = np.asarray(values, np.float64)
    return np.where(np.abs(numbers) <= FURTHEST, numbers, np.nan)


def within_reach(value: float) -> float:
    """Give the nearest value that can be drawn."""
    return min(max(value, -FURTHEST), FURTHEST)


def drawable_range(low: float, high: float) -> Range:
    """Give the part of a range that can be drawn, wide enough to be divided by."""
    low, high = within_reach(low), within_reach(high)
    if high - low < NARROWEST:
        low, high = low - NARROWEST, high + NARROWEST
    return low, high


def epoch_range(epoch: int, target: int, last_epochs: int | None, present: Range | None) -> Range:
    """Give the epochs to show.

    Parameters
    ----------
    epoch
        Epochs finished.
    target
        Where the present Run ends.
    last_epochs
        How many epochs to follow, None for all.
    present
        The range as it is, None for the first time.
    """
    if last_epochs is not None and epoch > last_epochs:
        return float(epoch - last_epochs), float(epoch)
    if (
        present is not None
        and present[0] == 0.0
        and epoch <= target <= epoch + 1
        and target <= ROOM_TO_STEP * present[1]
    ):
        # Somebody steps beyond the end of the Run: not a new range with every step.
        return present if target <= present[1] else (0.0, float(math.ceil(ROOM_TO_STEP * target)))
    end = target if target <= 200 or epoch >= target / 5 else _round_up(epoch)
    end = max(end, _round_up(epoch) if epoch > end else end, 1)
    return 0.0, float(end)


def value_range(lowest: float, highest: float, present: Range | None) -> Range:
    """Give a range for the values, the present one as long as it serves.

    Parameters
    ----------
    lowest, highest
        Extremes of the finite data.
    present
        The range as it is, None for the first time.
    """
    span = highest - lowest
    if present is not None:
        low, high = present
        if low <= lowest and highest <= high and span >= FILLED_ENOUGH * (high - low):
            return present
    if span <= 1e-12 * max(abs(lowest), abs(highest)):
        span = max(abs(lowest), abs(highest)) or 1.0
        return lowest - 0.5 * span, highest + 0.5 * span
    # Where the data have just left the range they may go on: the next frames are to fit in as well.
    below, above = PADDING, PADDING
    if present is not None and span < FAR_OUT * (present[1] - present[0]):
        below = HEADROOM if lowest < present[0] else PADDING
        above = HEADROOM if highest > present[1] else PADDING
    return lowest - below * span, highest + above * span


def _round_up(epoch: int) -> int:
    """Give the next of 10, 20, 50, 100, 200, 500 and so on."""
    decade: int = 10 ** max(1, math.floor(math.log10(max(epoch, 1))))
    return next(step * decade for step in (1, 2, 5, 10) if step * decade >= epoch)
