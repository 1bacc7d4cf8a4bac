"""A sweep: an experiment that is trained over and over, with one thing varied or two."""

import math
from functools import lru_cache
from itertools import product
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from gradgui.experiment.data import Data
from gradgui.experiment.early_stopping import NO_STOP_RULES
from gradgui.experiment.experiment import MOST_EPOCHS, Experiment, Parameter
from gradgui.experiment.generators import generate
from gradgui.experiment.sweep.varied import LEARNING_RATE, MOST_RUNS, NOISE, SEED, START, Varied, variable_names
from gradgui.experiment.training_loop import CORRECT_LOOP
from gradgui.numbers import write_count

MOST_MADE = 2**24
"""Points of all runs together, where each has its own."""


class GeneratedData(Struct, frozen=True, forbid_unknown_fields=True):
    """Data that are made up for each run: the arguments of `generate`."""

    kind: str
    points: int
    noise: float = 0.0
    seed: int = 0


class Sweep(Struct, frozen=True, forbid_unknown_fields=True):
    """Runs that differ in one thing or in two, each trained for the same number of epochs.

    Attributes
    ----------
    experiment
        What all runs have in common. Its stop rules do not count, nor does its number of epochs.
    varied
        One thing or two.
    epochs
        How many each run is trained, if its numbers stay finite.
    wanted_loss
        A loss whose first epoch is asked for, None for none.
    generated
        How the data are made up, None where they are the experiment's own.

    Raises
    ------
    ValueError
        When its loop is broken, something cannot be varied, or a run would have a setting that its optimizer refuses.
    """

    experiment: Experiment
    varied: tuple[Varied, ...]
    epochs: Annotated[int, Meta(ge=1, le=MOST_EPOCHS)]
    wanted_loss: float | None = None
    generated: GeneratedData | None = None

    def __post_init__(self) -> None:
        if self.experiment.loop != CORRECT_LOOP:
            raise ValueError("a sweep trains the loop as it should be: mend the loop first")
        if not 1 <= len(self.varied) <= 2:
            raise ValueError("a sweep varies one thing or two")
        names = [one.name for one in self.varied]
        if len(set(names)) < len(names):
            raise ValueError(f"{names[0]} is varied twice: choose another second thing")
        known = variable_names(self.experiment, has_generated_data=self.generated is not None)
        for one in self.varied:
            if one.name not in known:
                made = " as the data are not made up" if one.name in {SEED, NOISE} else ""
                raise ValueError(f"{one.name} cannot be varied here{made}, only {', '.join(known)}")
        if not 1 <= self.epochs <= MOST_EPOCHS:
            raise ValueError(f"epochs: a whole number from 1 to {write_count(MOST_EPOCHS)} will do")
        if self.runs > MOST_RUNS:
            raise ValueError(
                f"{write_count(self.runs)} runs are too many: at most {write_count(MOST_RUNS)}, as in 256 × 256"
            )
        if self.wanted_loss is not None and not math.isfinite(self.wanted_loss):
            raise ValueError("the wanted loss must be a finite number")
        for one in self.varied:
            if one.is_whole and any(number % 1 for number in one.values):
                raise ValueError(f"{one.name}: its values must be whole numbers, as from 0 to 15 with 16 of them")
        if self.generated is not None and self.varies_data and self.runs * self.generated.points > MOST_MADE:
            raise ValueError(
                f"{write_count(self.runs)} runs with points of their own, {write_count(self.generated.points)} each,"
                f" are too much: at most {write_count(MOST_MADE)} points in all"
            )
        for values in product(*((one.first, one.last) for one in self.varied)):
            self._check(values)

    def _check(self, values: tuple[float, ...]) -> None:
        """Raise what is wrong with a run at a corner; a setting's limits hold between two that are right."""
        try:
            experiment = self.with_values(values)
            msgspec.convert(msgspec.to_builtins(experiment.optimizer), type(experiment.optimizer))
        except msgspec.ValidationError as error:
            names = " and ".join(one.name for one in self.varied)
            raise ValueError(f"{names}: {str(error).replace('`', '')}") from error
        if not experiment.learning_rate > 0.0:
            raise ValueError("learning_rate: it must be above 0")

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values each varied thing has."""
        return tuple(one.count for one in self.varied)

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return math.prod(self.shape)

    @property
    def cells(self) -> list[tuple[float, ...]]:
        """The varied values of every run; of two things the second varies fastest."""
        return list(product(*(one.values for one in self.varied)))

    @property
    def varies_data(self) -> bool:
        """Whether the runs are fitted to different points."""
        return any(one.name in {SEED, NOISE} for one in self.varied)

    def data_of(self, values: tuple[float, ...]) -> Data:
        """Give the points of the run that has these values."""
        if self.generated is None:
            return self.experiment.data
        given = {one.name: value for one, value in zip(self.varied, values, strict=True)}
        made = self.generated
        return _made(made.kind, made.points, given.get(NOISE, made.noise), int(given.get(SEED, made.seed)))

    def with_values(self, values: tuple[float, ...]) -> Experiment:
        """Give the experiment of the run that has these values: trained alone, it gives the same bits."""
        experiment = replace(
            self.experiment, data=self.data_of(values), epochs=self.epochs, stop=NO_STOP_RULES, loop=CORRECT_LOOP
        )
        for one, value in zip(self.varied, values, strict=True):
            if one.name == LEARNING_RATE:
                experiment = replace(experiment, learning_rate=value)
            elif one.name.startswith(START):
                parameters = [
                    Parameter(known.name, value) if f"{START}{known.name}" == one.name else known
                    for known in experiment.parameters
                ]
                experiment = replace(experiment, parameters=tuple(parameters))
            elif one.name not in {SEED, NOISE}:
                experiment = replace(experiment, optimizer=replace(experiment.optimizer, **{one.name: value}))
        return experiment


@lru_cache(maxsize=1024)
def _made(kind: str, points: int, noise: float, seed: int) -> Data:
    return generate(kind, points, noise, seed)
