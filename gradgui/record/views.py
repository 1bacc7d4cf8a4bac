"""What is worked out of a run besides its log."""

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray


class RunView(Struct, frozen=True):
    """A view of a run at one moment, as plain values: of each kind the window keeps the latest."""


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


class Forecast(RunView, frozen=True):
    """What plain gradient descent will do from a point on, as far as its Hessian tells.

    Attributes
    ----------
    eigenvalues
        Of the Hessian of the loss by the parameters, ascending.
    largest_rate
        The largest learning rate at which the steepest direction still shrinks, 2 / largest eigenvalue; infinite
        where no direction curves upwards.
    factor
        By how much the slowest direction's error changes in an epoch: the largest ``|1 - lr · eigenvalue|`` of
        the directions that are not flat; 1 where all are.
    lowest_loss
        Loss at the bottom of the parabola that touches the loss here; None where there is no bottom, because a
        direction curves downwards or leads downhill without curving.
    epochs_needed
        Epochs until the loss is at most the chosen one; None where it never is, or where there is no bottom.
    exact
        Whether the loss is a parabola everywhere, so that all this holds for the whole run and not only here.
    undefined
        What of the loss or its slope is undefined here, or too large for the run's dtype; empty where nothing is.
    has_kinks
        Whether the loss may have kinks: where it has none, a straight piece goes on for ever.
    slope
        Length of the gradient.
    rises
        Whether the next update, which was tried, raises the loss.
    rounding
        About how far above the bottom the loss is where the run's dtype rounds its updates away.
    """

    eigenvalues: tuple[float, ...]
    largest_rate: float
    factor: float
    lowest_loss: float | None
    epochs_needed: int | None
    exact: bool
    undefined: str = ""
    has_kinks: bool = False
    slope: float = math.nan
    rises: bool = False
    rounding: float = 0.0


class Landscape(RunView, frozen=True, eq=False):
    """A cut through the loss along one parameter, or a map over two; the others are held at their present values.

    Attributes
    ----------
    epoch
        Epochs whose update has run: the gradient is that of the one after.
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
    broken
        Whether the loop is another one than is meant, which may make something else of loss and gradient.
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
    broken: bool = False

    @property
    def gradient_name(self) -> str:
        """What the gradient is called."""
        return "gradient as meant" if self.broken else f"gradient of epoch {self.epoch + 1}"

    def looks_like(self, other: "Landscape") -> bool:
        """Tell whether another epoch's landscape is the same, on the very same grid."""
        return (
            self.parameters == other.parameters
            and self.losses is other.losses
            and self.broken == other.broken
            and (self.values, self.loss, self.gradient, self.next_values, self.next_loss)
            == (other.values, other.loss, other.gradient, other.next_values, other.next_loss)
        )
