"""What differs from run to run of a sweep: its name, its range, and how the range is divided."""

import math
import sys
from typing import Annotated, Literal

from msgspec import Meta, Struct, to_builtins

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.optimizers import TorchOptimizer
from gradgui.numbers import NumberError, read_number, write_count, write_number

MOST_RUNS = 65_536
"""As many as a map of 256 by 256."""

LEARNING_RATE, SEED, NOISE = "learning_rate", "seed", "noise"
START = "start."
"""Before a parameter's name: the value that it starts from. No parameter has a point in its name."""

Scale = Literal["linear", "log"]


class Varied(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that differs from run to run.

    Attributes
    ----------
    name
        What `variable_names` gives: ``learning_rate``, a setting of the optimizer such as ``momentum``, ``start.w``,
        ``seed`` or ``noise``.
    first, last
        The ends of its range, which are values of runs.
    count
        How many values it has.
    scale
        Whether neighbours have the same difference, or the same ratio.

    Raises
    ------
    ValueError
        When a number is not finite, a logarithmic range reaches or crosses 0, or one value has two ends.
    """

    name: str
    first: float
    last: float
    count: Annotated[int, Meta(ge=1, le=MOST_RUNS)]
    scale: Scale = "linear"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.first) and math.isfinite(self.last)):
            raise ValueError(f"{self.name}: the ends of its range must be finite numbers")
        if not 1 <= self.count <= MOST_RUNS:
            raise ValueError(f"{self.name}: it can have 1 to {write_count(MOST_RUNS)} values")
        if self.count == 1 and self.first != self.last:
            raise ValueError(f"{self.name}: one value has one end, {write_number(self.first)}; ask for two or more")
        if self.count > 1 and self.first == self.last:
            raise ValueError(f"{self.name}: its range must be wider than nothing")
        if self.scale == "log" and not (self.first > 0.0 < self.last or self.first < 0.0 > self.last):
            raise ValueError(f"{self.name}: a logarithmic range cannot reach 0; begin above it, or make it linear")
        has_ratio = self.scale != "log" or sys.float_info.min <= self._ratio < math.inf
        if not math.isfinite(self.last - self.first) or not has_ratio:
            raise ValueError(f"{self.name}: its range is wider than the largest number")

    @property
    def _ratio(self) -> float:
        return self.last / self.first

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self.name == SEED

    @property
    def values(self) -> list[float]:
        """Its values, the first and the last of them exactly as given; worked out as `expression` is written."""
        steps = max(self.count - 1, 1)
        if self.scale == "log":
            between = [self.first * self._ratio ** (place / steps) for place in range(self.count - 1)]
        else:
            width = self.last - self.first
            between = [self.first + width * (place / steps) for place in range(self.count - 1)]
        return [*between, self.last]

    @property
    def expression(self) -> str:
        """Python that gives `values`."""
        first, last = repr(float(self.first)), repr(float(self.last))
        if self.count <= 2:
            return f"[{', '.join([first, last][2 - self.count :])}]"
        step = f"(place / {self.count - 1})"
        if self.scale == "log":
            formula = f"{first} * {self._ratio!r} ** {step}"
        else:
            formula = f"{first} + {self.last - self.first!r} * {step}"
        return f"[{formula} for place in range({self.count - 1})] + [{last}]"

    def written(self, value: float) -> str:
        """Write one of its values for a file."""
        return str(int(value)) if self.is_whole else repr(float(value))


def variable_names(experiment: Experiment, *, has_generated_data: bool = False) -> tuple[str, ...]:
    """Give the names of all that can be varied.

    Parameters
    ----------
    experiment
        Whose optimizer and parameters.
    has_generated_data
        Whether the data come from a generator, with a seed and noise.
    """
    settings: tuple[str, ...] = ()
    if isinstance(experiment.optimizer, TorchOptimizer):
        fields = to_builtins(experiment.optimizer).items()
        settings = tuple(name for name, value in fields if isinstance(value, float))
    starts = tuple(f"{START}{name}" for name in experiment.parameter_names)
    return (LEARNING_RATE, *settings, *starts, *((SEED, NOISE) if has_generated_data else ()))


def read_varied(text: str) -> Varied:
    """Read what is varied from one line, such as ``learning_rate=0.001:1:64:log``.

    Parameters
    ----------
    text
        ``NAME=FIRST:LAST:COUNT``, with ``:log`` behind it for a logarithmic range.

    Raises
    ------
    ValueError
        When it is no such line; its text says what would be one.
    """
    name, equals, rest = text.partition("=")
    parts = rest.split(":")
    scale = parts.pop() if len(parts) == 4 else "linear"
    if not equals or len(parts) != 3 or scale not in {"linear", "log"}:
        raise ValueError(f"write NAME=FIRST:LAST:COUNT, such as learning_rate=0.001:1:64:log, not {text!r}")
    try:
        first, last = (read_number(part, decimal=".") for part in parts[:2])
    except NumberError as error:
        raise ValueError(f"{name}: its range must have two ends: {error}") from error
    if not parts[2].isascii() or not parts[2].isdigit():
        raise ValueError(f"{name}: how many values it has must be a whole number, not {parts[2]!r}")
    return Varied(name, first, last, int(parts[2]), "log" if scale == "log" else "linear")
