"""The loss as a function of two parameters, and where the run is on it, as plain values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gradgui.record.run_view import RunView


@dataclass(frozen=True, eq=False)
class Contour(RunView):
    """A map of the loss over two parameters, the others held at their present values.

    Attributes
    ----------
    epoch
        Epochs finished.
    parameters
        The names of the two: the one that goes across, and the one that goes up.
    across, up
        The grid's values of each in float64, ascending, shape ``(n,)`` each.
    losses
        In float64, shape ``(n, n)``: a row for each value of the one that goes up.
    values
        The two parameters' present values.
    loss, gradient
        There, as autograd finds them in the run's dtype; of the gradient the two components.
    next_values
        Where the next update will land, found by running it on a copy; nan where the loop would raise.
    points, points_used
        Data points there are, and how many of them, evenly chosen, the grid's losses are the mean of.
    """

    epoch: int
    parameters: tuple[str, str]
    across: NDArray[np.float64]
    up: NDArray[np.float64]
    losses: NDArray[np.float64]
    values: tuple[float, float]
    loss: float
    gradient: tuple[float, float]
    next_values: tuple[float, float]
    points: int
    points_used: int

    def looks_like(self, other: "Contour") -> bool:
        """Tell whether another epoch's map is the same, on the very same ground."""
        return (
            self.parameters == other.parameters
            and self.losses is other.losses
            and (self.values, self.loss, self.gradient, self.next_values)
            == (other.values, other.loss, other.gradient, other.next_values)
        )
