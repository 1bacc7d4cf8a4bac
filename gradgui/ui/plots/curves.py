"""Columns of the log as curves: what they are called, and their colours."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from gradgui.experiment.columns import ColumnName
from gradgui.ui.app.theme import Theme
from gradgui.ui.app.type_scale import scaled

Values = NDArray[np.float64]

FADED = 185
"""How opaque the lines of a future that was left are, of 255."""


class Curve(Struct, frozen=True):
    """One column of the log and how it is drawn.

    Attributes
    ----------
    column
        Its name in the log.
    label
        Its name for a person.
    colour
        ``#rrggbb``.
    dashed
        Whether its line is.
    """

    column: str
    label: str
    colour: str
    dashed: bool = False

    def pen(self, width: float, opacity: float = 1.0) -> QPen:
        """Give what its line is drawn with, so wide at 100 %."""
        colour = QColor(self.colour)
        colour.setAlphaF(opacity)
        return _pen(colour, width, Qt.PenStyle.DashLine if self.dashed else Qt.PenStyle.SolidLine)

    @property
    def faded_pen(self) -> QPen:
        """What its line is drawn with in a future that was left."""
        faded = QColor(self.colour)
        faded.setAlpha(FADED)
        return _pen(faded, 1, Qt.PenStyle.DotLine)


def parameter_curves(columns: Sequence[ColumnName], theme: Theme) -> tuple[Curve, ...]:
    """Give a curve for each column, in its parameter's colour."""
    names = list(dict.fromkeys(column.parameter for column in columns))
    places = [names.index(column.parameter) for column in columns]
    return tuple(
        Curve(column.name, column.label, theme.parameter(place), theme.is_dashed(place))
        for column, place in zip(columns, places, strict=True)
    )


def legend_text(curves: Sequence[Curve]) -> str:
    """Give a legend as rich text: a piece of each line with its name."""
    pieces = (
        f'<span style="color:{one.colour}">{"╍╍" if one.dashed else "━━"}</span>&nbsp;{one.label}' for one in curves
    )
    return " &nbsp; ".join(pieces)


def crossings(values: Values) -> float:
    """Count how many times values go up or down through their whole range."""
    finite = values[np.isfinite(values)]
    if len(finite) < 2:
        return 0.0
    span = float(finite.max() - finite.min())
    return float(np.abs(np.diff(finite)).sum()) / span if span else 0.0


def _pen(colour: QColor, width: float, style: Qt.PenStyle) -> QPen:
    pen = QPen(colour, scaled(width), style)
    pen.setCosmetic(True)
    return pen
