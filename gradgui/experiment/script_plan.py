"""What a script is written from: the run with names that Python has no other use for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from msgspec.structs import replace

from gradgui.experiment.changes import (
    Intervention,
    LearningRateChange,
    LoopChange,
    ParameterChange,
    with_change,
)
from gradgui.experiment.experiment import Experiment, Parameter
from gradgui.experiment.script_update import LoopsByEpoch

OWN_NAMES = frozenset(
    {"all", "ctypes", "csv_path", "epochs_since_lowest", "file", "float", "forward", "len", "lowest", "map", "next"}
    | {"open", "optimizer", "print", "probe", "range", "repr", "row", "scheduler", "shortest", "str", "sys"}
)
"""What the script calls its own things, apart from the names that no parameter can have."""


@dataclass(frozen=True)
class Plan:
    """What is written: an experiment whose names are those of the script, and what happens to it.

    Attributes
    ----------
    experiment
        As it is when the first epoch begins.
    labels
        The parameters' names as they are printed.
    changes
        The interventions after that, in order, with the script's names.
    loops
        How the loop is written from which epoch on.
    first_rate
        The learning rate that was set by hand before the first update where a schedule goes on from there: what the
        schedule takes as its own first rate is still the experiment's.
    """

    experiment: Experiment
    labels: tuple[str, ...]
    changes: tuple[Intervention, ...]
    loops: LoopsByEpoch
    first_rate: float | None

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters' names in the script."""
        return self.experiment.parameter_names


def make_plan(
    experiment: Experiment,
    interventions: Sequence[Intervention],
    epochs: int | None = None,
    own_names: frozenset[str] = OWN_NAMES,
) -> Plan:
    """Plan what is written for a run.

    Parameters
    ----------
    experiment
        What is trained.
    interventions
        What was changed on the way, as `RunSpec` accepts them. Those after the last epoch are left out.
    epochs
        The most epochs to train; None for the experiment's own number.
    own_names
        What cannot be a parameter's name, for it is used otherwise.
    """
    epochs = experiment.epochs if epochs is None else epochs
    names = _script_names(experiment.parameter_names, own_names)
    changes = [_renamed(change, names) for change in interventions if change.epoch <= epochs]
    start = replace(
        experiment,
        model=re.sub(r"\w+", lambda word: names.get(word.group(), word.group()), experiment.model),
        parameters=tuple(Parameter(names[one.name], one.start) for one in experiment.parameters),
        epochs=epochs,
    )
    first_rate = None
    for change in changes:
        if change.epoch:
            continue
        if isinstance(change, LearningRateChange) and experiment.schedule:
            first_rate = change.learning_rate
        else:
            start = with_change(start, change)
    later = tuple(sorted((change for change in changes if change.epoch), key=lambda change: change.epoch))
    loops = {1: start.loop} | {change.epoch + 1: change.loop for change in later if isinstance(change, LoopChange)}
    return Plan(start, experiment.parameter_names, later, loops, first_rate)


def _script_names(labels: Sequence[str], own_names: frozenset[str]) -> dict[str, str]:
    """Give every parameter a name that the script has no other use for: its own, unless it is such as ``print``."""
    names: dict[str, str] = {}
    taken = own_names.union(labels)
    for label in labels:
        # As long as the name itself, for a formula may already be as long as one can be.
        spellings = map("".join, product(*zip(label.upper(), label, strict=True)))
        names[label] = next(word for word in spellings if word not in taken) if label in own_names else label
        taken |= {names[label]}
    return names


def _renamed(change: Intervention, names: Mapping[str, str]) -> Intervention:
    return replace(change, name=names[change.name]) if isinstance(change, ParameterChange) else change
