"""How the learning rate falls from epoch to epoch, with the settings of ``torch.optim.lr_scheduler``."""

from typing import Annotated

from msgspec import Meta, Struct

Epochs = Annotated[int, Meta(ge=1, le=10_000_000)]
Factor = Annotated[float, Meta(gt=0.0, le=1.0)]


class StepSchedule(Struct, frozen=True, forbid_unknown_fields=True, tag="step"):
    """``StepLR``: the rate is multiplied every so many epochs.

    Attributes
    ----------
    step_size
        Epochs from one multiplication to the next, at least 1.
    gamma
        What the rate is multiplied by, above 0 to 1.
    """

    step_size: Epochs = 10
    gamma: Factor = 0.5


class ExponentialSchedule(Struct, frozen=True, forbid_unknown_fields=True, tag="exponential"):
    """``ExponentialLR``: the rate is multiplied after every epoch.

    Attributes
    ----------
    gamma
        What the rate is multiplied by, above 0 to 1.
    """

    gamma: Factor = 0.95


class CosineSchedule(Struct, frozen=True, forbid_unknown_fields=True, tag="cosine"):
    """``CosineAnnealingLR``: the rate goes down as half a wave of a cosine does, and up again after that.

    Attributes
    ----------
    epochs
        How many it takes to the lowest rate, at least 1 (``T_max``).
    lowest
        That rate (``eta_min``).
    """

    epochs: Epochs = 100
    lowest: Annotated[float, Meta(ge=0.0)] = 0.0


Schedule = StepSchedule | ExponentialSchedule | CosineSchedule
