"""The loss as a function of one parameter, and where the run is on it, as plain values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradgui.record.run_view import RunView


@dataclass(frozen=True, eq=False)
class Landscape(RunView):
    """A cut through the loss along one parameter, the others held at their present values.

    Attributes
    ----------
    epoch
        Epochs finished.
    parameter
        Along which the cut goes.
    values, losses
        The curve in float64, shape ``(n,)`` each.
    value
        The parameter's present value.
    loss, gradient
        There, as autograd finds them in the run's dtype.
    next_value, next_loss
        Where the next update will land, found by running it on a copy; nan where the loop would raise.
    points, points_used
        Data points there are, and how many of them, evenly chosen, the curve's losses are the mean of.
    """

    epoch: int
    parameter: str
    values: NDArray[np.float64]
    losses: NDArray[np.float64]
    value: float
    loss: float
    gradient: float
    next_value: float
    next_loss: float
    points: int
    points_used: int

    def looks_like(self, other: "Landscape") -> bool:
        """Tell whether another epoch's landscape is the same, on the very same ground."""
        return (
            self.parameter == other.parameter
            and self.values is other.values
            and self.losses is other.losses
            and (self.value, self.loss, self.gradient, self.next_value, self.next_loss)
            == (other.value, other.loss, other.gradient, other.next_value, other.next_loss)
        )
