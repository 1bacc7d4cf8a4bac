"""The loss along one or two parameters, and where the run is on it, as plain values."""

import numpy as np
from numpy.typing import NDArray

from gradgui.record.run_view import RunView


class Landscape(RunView, frozen=True, eq=False):
    """A cut through the loss along one parameter, or a map over two; the others are held at their present values.

    Attributes
    ----------
    epoch
        Epochs finished.
    parameters
        The names of those that vary: of two, the one that goes across and the one that goes up.
    grid
        For each of them its values in float64, ascending, shape ``(n,)``.
    losses
        In float64, shape ``(n,)``; of two parameters ``(n, n)``, a row for each value of the one that goes up.
    values
        The present values of those that vary.
    loss, gradient
        There, as autograd finds them in the run's dtype; of the gradient the parts along those that vary.
    next_values, next_loss
        Where the next update will land, found by running it on a copy; nan where the loop would raise.
    points, points_used
        Data points there are, and how many of them, evenly chosen, the losses of the grid are the mean of.
    """

    epoch: int
    parameters: tuple[str, ...]
    grid: tuple[NDArray[np.float64], ...]
    losses: NDArray[np.float64]
    values: tuple[float, ...]
    loss: float
    gradient: tuple[float, ...]
    next_values: tuple[float, ...]
    next_loss: float
    points: int
    points_used: int

    def looks_like(self, other: "Landscape") -> bool:
        """Tell whether another epoch's landscape is the same, on the very same grid."""
        return (
            self.parameters == other.parameters
            and self.losses is other.losses
            and (self.values, self.loss, self.gradient, self.next_values, self.next_loss)
            == (other.values, other.loss, other.gradient, other.next_values, other.next_loss)
        )
