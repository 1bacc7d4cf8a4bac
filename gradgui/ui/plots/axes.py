"""Axes that know their room, and write their ticks as in a textbook."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(exponent: int) -> str:
    """Write a power of ten: as a plain number from 0.001 to 1000, else with its exponent."""
    if -3 <= exponent <= 3:
        return f"{10.0**exponent:g}"
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


class SteadyAxis(pg.AxisItem):  # type: ignore[misc]
    """pyqtgraph's axis, which works out its room only when its plot has another size: it is asked at every frame."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self._places: tuple[Any, ...] = ()
        self._room = QRectF()

    def boundingRect(self) -> QRectF:
        """Give the room of the axis with its grid."""
        view = self.linkedView()
        places = self.geometry(), view and view.geometry(), self.grid
        if places != self._places:
            self._places, self._room = places, super().boundingRect()
        return self._room


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
            return [f"{value:.3g}" for value in values]
        strings: list[str] = super().tickStrings(values, scale, spacing)
        return strings
