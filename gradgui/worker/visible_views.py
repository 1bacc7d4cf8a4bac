"""What the person is looking at: only that is worked out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VisibleViews:
    """Which views are in sight.

    Attributes
    ----------
    inside
        Whether an epoch opened up is.
    gradients
        Whether its gradients three ways are.
    landscape_of
        The parameters of the landscape: one for a cut along it, two for a map over them, across and up; empty for
        none.
    forecast
        Whether the forecast is.
    wanted_loss
        The loss that the forecast counts the epochs to, None for none.
    """

    inside: bool = False
    gradients: bool = False
    landscape_of: tuple[str, ...] = ()
    forecast: bool = False
    wanted_loss: float | None = None
