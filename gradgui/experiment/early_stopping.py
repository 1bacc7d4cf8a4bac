"""When a Run ends before its last epoch."""

from typing import Annotated

from msgspec import Meta, Struct


class StopRules(Struct, frozen=True, forbid_unknown_fields=True):
    """Rules that end a Run; None for those that are off. They change no number, only where it stops.

    Attributes
    ----------
    loss_below
        Stop after the first epoch whose loss is below this.
    gradient_below
        Stop after the first epoch in which every gradient is nearer to 0 than this.
    patience
        Stop when the lowest loss so far is this many epochs old.
    """

    loss_below: Annotated[float, Meta(ge=0.0)] | None = None
    gradient_below: Annotated[float, Meta(gt=0.0)] | None = None
    patience: Annotated[int, Meta(ge=1)] | None = None


NO_STOP_RULES = StopRules()
