"""A run as it can be run again: an experiment, and what a person changed on the way."""

import math
from itertools import pairwise

from msgspec import Struct

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.intervention import Intervention, LearningRateChange, ParameterChange
from gradgui.experiment.lesson import LESSON


class Recording(Struct, frozen=True, forbid_unknown_fields=True):
    """An experiment and its interventions: nothing else decides the numbers of a run.

    Attributes
    ----------
    experiment
        What is trained.
    interventions
        What was changed on the way, in the order of their epochs.

    Raises
    ------
    ValueError
        When an intervention comes before its turn, names no parameter of the model, or sets no finite number.
    """

    experiment: Experiment = LESSON
    interventions: tuple[Intervention, ...] = ()

    def __post_init__(self) -> None:
        for earlier, later in pairwise(self.interventions):
            if later.epoch < earlier.epoch:
                raise ValueError(f"interventions: epoch {later.epoch} must not come after epoch {earlier.epoch}")
        for change in self.interventions:
            self._check(change)

    def _check(self, change: Intervention) -> None:
        names = self.experiment.parameter_names
        match change:
            case ParameterChange(name=name, value=value):
                if name not in names:
                    raise ValueError(f"interventions: the model has no parameter {name}, only {', '.join(names)}")
                if not math.isfinite(value):
                    raise ValueError(f"interventions: {name} must be set to a finite number")
            case LearningRateChange(learning_rate=rate) if not math.isfinite(rate):
                raise ValueError("interventions: a learning rate must be a finite number above 0")
