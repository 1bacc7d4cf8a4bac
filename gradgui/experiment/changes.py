"""What a person changed while training. A run is its experiment and its interventions, nothing else."""

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import replace

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment, Parameter
from gradgui.experiment.training_loop import Loop

EpochNumber = Annotated[int, Meta(ge=0)]


class LearningRateChange(Struct, frozen=True, forbid_unknown_fields=True, tag="learning_rate"):
    """A new learning rate.

    Attributes
    ----------
    epoch
        The epochs finished when it was made; it acts from epoch ``epoch + 1`` on.
    learning_rate
        The step size from then on; 0 where a change is taken back to what a schedule had come to.
    """

    epoch: EpochNumber
    learning_rate: Annotated[float, Meta(ge=0.0)]


class ParameterChange(Struct, frozen=True, forbid_unknown_fields=True, tag="parameter"):
    """A parameter set by hand.

    Attributes
    ----------
    epoch
        The epochs finished when it was made; it acts from epoch ``epoch + 1`` on.
    name
        Which parameter.
    value
        What it is set to, rounded to the run's dtype.
    """

    epoch: EpochNumber
    name: str
    value: float


class LoopChange(Struct, frozen=True, forbid_unknown_fields=True, tag="loop"):
    """The loop broken on purpose, or mended.

    Attributes
    ----------
    epoch
        The epochs finished when it was made; it acts from epoch ``epoch + 1`` on.
    loop
        How the loop is written from then on.
    """

    epoch: EpochNumber
    loop: Loop


class DataChange(Struct, frozen=True, forbid_unknown_fields=True, tag="data"):
    """Other points to fit to.

    Attributes
    ----------
    epoch
        The epochs finished when it was made; it acts from epoch ``epoch + 1`` on.
    data
        The points from then on.
    """

    epoch: EpochNumber
    data: Data


Intervention = LearningRateChange | ParameterChange | LoopChange | DataChange


class ExperimentEdit(Struct, frozen=True):
    """An experiment edited before its first epoch, or a new one made of an old one.

    Attributes
    ----------
    fields
        The new values of those fields of `Experiment` that are edited.
    """

    fields: dict[str, Any]

    def applied_to(self, experiment: Experiment) -> Experiment:
        """Give the experiment in its edited form."""
        return replace(experiment, **self.fields)


def with_change(experiment: Experiment, change: Intervention) -> Experiment:
    """Give an experiment as it is when something was changed before its first epoch; none begins with a rate of 0."""
    match change:
        case LearningRateChange(learning_rate=0.0):
            return experiment
        case LearningRateChange(learning_rate=rate):
            return replace(experiment, learning_rate=rate)
        case LoopChange(loop=loop):
            return replace(experiment, loop=loop)
        case DataChange(data=data):
            return replace(experiment, data=data)
        case ParameterChange(name=name, value=value):
            parameters = (Parameter(name, value) if one.name == name else one for one in experiment.parameters)
            return replace(experiment, parameters=tuple(parameters))


def loop_in_epoch(epoch: int, experiment: Experiment, changes: Sequence[Intervention]) -> Loop:
    """Give how the loop was written in an epoch, counted from 1, with the changes in the order of their epochs."""
    loops = (change.loop for change in reversed(changes) if isinstance(change, LoopChange) and change.epoch < epoch)
    return next(loops, experiment.loop)


class Interventions:
    """What was changed on the way of one run, in the order of the epochs.

    Parameters
    ----------
    changes
        In that order.
    """

    def __init__(self, changes: Sequence[Intervention] = ()) -> None:
        self._changes = list(changes)

    def __iter__(self) -> Iterator[Intervention]:
        return iter(self._changes)

    def until(self, epoch: int) -> list[Intervention]:
        """Give those that were made up to an epoch, those that act from the one after it on included."""
        return [change for change in self._changes if change.epoch <= epoch]

    def due(self, epoch: int) -> list[Intervention]:
        """Give those that act from the epoch after this one on."""
        return [change for change in self._changes if change.epoch == epoch]

    def epoch_of_next(self, epoch: int) -> float:
        """Give the epoch of the first one after an epoch, infinite when there is none."""
        return min((change.epoch for change in self._changes if change.epoch > epoch), default=math.inf)

    def data_after(self, epoch: int, first: Data) -> Data:
        """Give the data that the epoch after this one is trained on: the very object that was set, or the first."""
        changes = (change for change in reversed(self._changes) if isinstance(change, DataChange))
        return next((change.data for change in changes if change.epoch <= epoch), first)

    def add(self, new: Intervention) -> None:
        """Add one at the end, and drop what it overrules: the future, and the same thing set at the same epoch."""
        self._changes = [old for old in self._changes if not _overruled(old, new)]
        self._changes.append(new)


def _overruled(old: Intervention, new: Intervention) -> bool:
    if old.epoch != new.epoch:
        return old.epoch > new.epoch
    return type(old) is type(new) and getattr(old, "name", None) == getattr(new, "name", None)
