"""What the figures of several lessons are made of."""

import math

import numpy as np

from tests.lessons.plain_torch import Row, X, train

Figures = set[float]

RIGHT = train(120)
"""The notebook's run, longer."""
PHASES = ("forward", "loss", "backward", "update", "zero_grad")
CURVATURE = float(np.mean(np.square(X))) * 2
DIGITS = tuple(float(round(-math.log10(np.finfo(kind).eps))) for kind in (np.float32, np.float64))
"""Of both types, about."""
SCALE = 40.0
"""Up to where a loss that begins at 30 is drawn."""


def told(*rows: Row) -> Figures:
    """Everything that stands in rows."""
    return {number for row in rows for number in (row.loss, *row.parameters, *row.gradients)}


def share_left(rows: list[Row]) -> float:
    """The share of the distance to 2 that one epoch leaves."""
    return (rows[1].parameters[0] - 2) / (rows[0].parameters[0] - 2)
