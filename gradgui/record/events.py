"""What can have happened in an epoch, so that one can go back to the last time that it did."""

from msgspec import Struct


class LossRose(Struct, frozen=True):
    """The loss was greater than in the epoch before."""


class GradientChangedSign(Struct, frozen=True):
    """A gradient had another sign than in the epoch before; from or to 0 or nan is no change.

    Attributes
    ----------
    parameter
        Whose gradient; None for that of any parameter.
    """

    parameter: str | None = None


class ParameterCrossed(Struct, frozen=True):
    """A parameter came to a value, or beyond it, from another side than it was on in the epoch before.

    Attributes
    ----------
    parameter
        Which one.
    value
        What it crossed.
    """

    parameter: str
    value: float


class BecameNotFinite(Struct, frozen=True):
    """A number of the row was inf or nan that was finite in the epoch before; in the first epoch, that was so."""


class LossBelow(Struct, frozen=True):
    """The loss was below a value, and in no epoch before.

    Attributes
    ----------
    value
        What it fell below.
    """

    value: float


Event = LossRose | GradientChangedSign | ParameterCrossed | BecameNotFinite | LossBelow
