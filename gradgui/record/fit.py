"""The model as it stands at one epoch, as plain numbers for the plot of data and fit."""

import numpy as np
from numpy.typing import NDArray

from gradgui.record.run_view import RunView

Values = NDArray[np.float64]


class Fit(RunView, frozen=True):
    """What the model predicts after an epoch's update.

    Attributes
    ----------
    epoch
        Epochs finished.
    curve_x, curve_y
        The fitted curve, shape ``(n,)`` each.
    predictions
        One prediction a data point, in the data's order; empty when there are too many points to draw residuals.
    probe_x
        The x whose prediction is shown.
    probe_prediction
        ``f(probe_x)``.
    """

    epoch: int
    curve_x: Values
    curve_y: Values
    predictions: Values
    probe_x: float
    probe_prediction: float

    def looks_like(self, other: "Fit") -> bool:
        """Tell whether another epoch's fit is the same."""
        return self.curve_y is other.curve_y or (
            self.probe_x == other.probe_x
            and self.probe_prediction == other.probe_prediction
            and np.array_equal(self.curve_x, other.curve_x)
            and np.array_equal(self.curve_y, other.curve_y)
            and np.array_equal(self.predictions, other.predictions)
        )
