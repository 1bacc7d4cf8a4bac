"""What the curvature of the loss says about the epochs to come, as plain values."""

from gradgui.record.run_view import RunView


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
    """

    eigenvalues: tuple[float, ...]
    largest_rate: float
    factor: float
    lowest_loss: float | None
    epochs_needed: int | None
    exact: bool
