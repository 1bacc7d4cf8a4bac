"""Columns of the log as curves: what they are called, and their colours."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gradgui.experiment.columns import ColumnName
from gradgui.ui.app.theme import Theme

Values = NDArray[np.float64]


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
    """

    column: str
    label: str
    colour: str


def parameter_curves(columns: Sequence[ColumnName], theme: Theme) -> tuple[Curve, ...]:
    """Give a curve for each column, in its parameter's colour."""
    names = list(dict.fromkeys(column.parameter for column in columns))
    return tuple(
        Curve(column.name, column.label, theme.parameter(names.index(column.parameter))) for column in columns
    )


def crossings(values: Values) -> float:
    """Count how many times values go up or down through their whole range."""
    finite = values[np.isfinite(values)]
    if len(finite) < 2:
        return 0.0
    with np.errstate(over="ignore"):  # at the end of a divergence
        span = float(finite.max() - finite.min())
        return float(np.abs(np.diff(finite)).sum()) / span if span else 0.0


def faded(colour: str) -> QColor:
    """Give a colour as it is drawn of a future that was left."""
    faded = QColor(colour)
    faded.setAlpha(90)
    return faded
