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
        The parameter along which the landscape is cut, empty for none.
    contour_of
        The two parameters, across and up, over which it is a map, None for none.
    forecast
        Whether the forecast is.
    wanted_loss
        The loss that the forecast counts the epochs to, None for none.
    """

    inside: bool = False
    gradients: bool = False
    landscape_of: str = ""
    contour_of: tuple[str, str] | None = None
    forecast: bool = False
    wanted_loss: float | None = None
