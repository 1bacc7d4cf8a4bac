"""The update rules a run can use, with their settings."""

from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import asdict

UnitFraction = Annotated[float, Meta(ge=0.0, lt=1.0)]
NonNegative = Annotated[float, Meta(ge=0.0)]
Positive = Annotated[float, Meta(gt=0.0)]


class GradientDescent(Struct, frozen=True, forbid_unknown_fields=True, tag="gradient_descent"):
    """Plain gradient descent with its update written out: ``w -= lr * w.grad``."""

    @property
    def buffers(self) -> tuple[str, ...]:
        """Names of what it remembers of each parameter: nothing."""
        return ()


class TorchOptimizer(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of ``torch.optim``, called there as the class is here; a field is the keyword of the same name."""

    @property
    def buffers(self) -> tuple[str, ...]:
        """PyTorch's names of the numbers that it remembers of each parameter; its count of steps is not one."""
        return ()

    def arguments(self) -> dict[str, object]:
        """Give PyTorch's keywords with their values: ``epsilon`` is ``eps`` there, and the betas are a pair."""
        values = asdict(self)
        if "epsilon" in values:
            values["eps"] = values.pop("epsilon")
        if "beta1" in values:
            values["betas"] = (values.pop("beta1"), values.pop("beta2"))
        return values


class SGD(TorchOptimizer, frozen=True, forbid_unknown_fields=True, tag="sgd"):
    """``torch.optim.SGD``.

    Attributes
    ----------
    momentum
        Share of the last step that is kept, 0 to below 1.
    nesterov
        Whether the gradient looks one step of momentum ahead; needs ``momentum > 0``.
    weight_decay
        Strength of the pull of every parameter towards 0.
    """

    momentum: UnitFraction = 0.0
    nesterov: bool = False
    weight_decay: NonNegative = 0.0

    def __post_init__(self) -> None:
        if self.nesterov and self.momentum == 0.0:
            message = "nesterov needs a momentum above 0"
            raise ValueError(message)

    @property
    def buffers(self) -> tuple[str, ...]:
        """The momentum, where there is one."""
        return ("momentum_buffer",) if self.momentum else ()


class Adam(TorchOptimizer, frozen=True, forbid_unknown_fields=True, tag="adam"):
    """``torch.optim.Adam``.

    Attributes
    ----------
    beta1, beta2
        Decay of the running mean of the gradient and of its square, 0 to below 1.
    epsilon
        Added to the root of the mean square, so that nothing is divided by 0.
    weight_decay
        Strength of the pull of every parameter towards 0.
    """

    beta1: UnitFraction = 0.9
    beta2: UnitFraction = 0.999
    epsilon: Positive = 1e-8
    weight_decay: NonNegative = 0.0

    @property
    def buffers(self) -> tuple[str, ...]:
        """The running means of the gradient and of its square."""
        return ("exp_avg", "exp_avg_sq")


class AdamW(TorchOptimizer, frozen=True, forbid_unknown_fields=True, tag="adamw"):
    """``torch.optim.AdamW``: Adam whose weight decay does not pass through the gradient.

    Attributes
    ----------
    beta1, beta2, epsilon
        As `Adam`'s.
    weight_decay
        Share of the learning rate by which every parameter shrinks at each update.
    """

    beta1: UnitFraction = 0.9
    beta2: UnitFraction = 0.999
    epsilon: Positive = 1e-8
    weight_decay: NonNegative = 0.01

    @property
    def buffers(self) -> tuple[str, ...]:
        """The running means of the gradient and of its square."""
        return ("exp_avg", "exp_avg_sq")


class RMSprop(TorchOptimizer, frozen=True, forbid_unknown_fields=True, tag="rmsprop"):
    """``torch.optim.RMSprop``.

    Attributes
    ----------
    alpha
        Decay of the running mean of the gradient's square, 0 to below 1.
    epsilon
        Added to the root of the mean square, so that nothing is divided by 0.
    momentum
        Share of the last step that is kept, 0 to below 1.
    weight_decay
        Strength of the pull of every parameter towards 0.
    """

    alpha: UnitFraction = 0.99
    epsilon: Positive = 1e-8
    momentum: UnitFraction = 0.0
    weight_decay: NonNegative = 0.0

    @property
    def buffers(self) -> tuple[str, ...]:
        """The running mean of the gradient's square, and the momentum, where there is one."""
        return ("square_avg", "momentum_buffer") if self.momentum else ("square_avg",)


class Adagrad(TorchOptimizer, frozen=True, forbid_unknown_fields=True, tag="adagrad"):
    """``torch.optim.Adagrad``.

    Attributes
    ----------
    epsilon
        Added to the root of the sum of squares, so that nothing is divided by 0.
    weight_decay
        Strength of the pull of every parameter towards 0.
    """

    epsilon: Positive = 1e-10
    weight_decay: NonNegative = 0.0

    @property
    def buffers(self) -> tuple[str, ...]:
        """The sum of the gradient's squares."""
        return ("sum",)


Optimizer = GradientDescent | SGD | RMSprop | Adagrad | Adam | AdamW


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
