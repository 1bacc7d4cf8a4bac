"""The part of a plot over epochs that is in sight."""

import numpy as np
from msgspec import Struct

from gradgui.ui.plots.axes import drawable
from gradgui.ui.plots.curves import Values

POINT_STEP = 256
"""Points of a wider window come in steps, so that a range which moves does not change them."""


class Window(Struct, frozen=True):
    """The part of a plot that curves are drawn for.

    Attributes
    ----------
    first, last
        Epochs of the plot's axis.
    points
        The most points of a curve.
    logarithmic
        Whether the values have a log axis.
    """

    first: int
    last: int
    points: int
    logarithmic: bool

    @property
    def widened(self) -> "Window":
        """A somewhat wider window, the same one for many that are a little to the left or right of each other."""
        step = 1 << max(0, ((self.last - self.first) // 8).bit_length() - 1)
        first, last = self.first // step * step, -(-self.last // step) * step
        points = self.points * (last - first) // max(self.last - self.first, 1)
        return Window(first, last, -(-points // POINT_STEP) * POINT_STEP, self.logarithmic)

    def scaled(self, values: Values) -> Values:
        """Give values as they stand on the axis of values; nan for those that cannot be drawn."""
        if not self.logarithmic:
            return drawable(values)
        return np.log10(np.where(values > 0, values, np.nan))
