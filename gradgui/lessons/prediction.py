"""What a learner says of the next epochs before they are trained, and what became of it."""

import re
from typing import Annotated, ClassVar

import numpy as np
from msgspec import Meta, Struct

from gradgui.experiment.columns import Role
from gradgui.experiment.experiment import Experiment
from gradgui.lessons.check import Check, EpochCount, Positive
from gradgui.numbers import readable, significant
from gradgui.record.training_log import TrainingLog

MOST_CURVE_EPOCHS = 1_000
ROUNDING = 1e-6
"""Share of a number up to which a gap is float32's rounding."""

Values = tuple[float, ...]


class Prediction(Check, frozen=True):
    """Something that a learner predicts, written behind ``@predict``."""

    question: ClassVar[str]

    @property
    def asked(self) -> str:
        """What is asked, in words."""
        names = {name: _word(getattr(self, name)) for name in self.__struct_fields__}
        return self.question.format(**names)

    @property
    def epochs(self) -> int:
        """How many epochs must be trained before it is known: up to the one that it names."""
        return int(getattr(self, "epoch", 0))

    @property
    def right_within(self) -> float | None:
        """How near it has to come, None where any prediction will do."""
        return None

    def problem_with(self, experiment: Experiment) -> str:
        """Say why it cannot be asked of an experiment, empty when it can."""
        parameter = getattr(self, "parameter", None)
        if parameter is not None and parameter not in experiment.parameter_names:
            return f"the model {experiment.model} has no parameter {parameter}"
        return ""

    def truth(self, log: TrainingLog) -> Values | None:
        """Give what it was, None as long as the record does not know."""
        raise NotImplementedError


class PredictParameter(Prediction, frozen=True):
    """A parameter after an epoch."""

    form = "{parameter} after epoch {epoch}"
    example = "w after epoch 1"
    question = "{parameter} after epoch {epoch}"
    parameter: str
    epoch: EpochCount

    def truth(self, log: TrainingLog) -> Values | None:
        """Read it in the log."""
        return _value(log, Role.PARAMETER, self.epoch, self.parameter)


class PredictLoss(Prediction, frozen=True):
    """The loss of an epoch."""

    form = "the loss of epoch {epoch}"
    example = "the loss of epoch 2"
    question = "The loss of epoch {epoch}"
    epoch: EpochCount

    def truth(self, log: TrainingLog) -> Values | None:
        """Read it in the log."""
        return _value(log, Role.LOSS, self.epoch)


class GradientByHand(Prediction, frozen=True):
    """The gradient of an epoch, worked out by hand: it has to come near."""

    form = "the gradient of {parameter} in epoch {epoch} within {distance}"
    example = "the gradient of w in epoch 1 within 1e-6"
    question = "{parameter}.grad in epoch {epoch}, to {distance}"
    parameter: str
    epoch: EpochCount
    distance: Positive

    @property
    def right_within(self) -> float | None:
        """As it is written."""
        return self.distance

    def truth(self, log: TrainingLog) -> Values | None:
        """Read it in the log."""
        return _value(log, Role.GRADIENT, self.epoch, self.parameter)


class PredictGradient(Prediction, frozen=True):
    """The gradient of an epoch."""

    form = "the gradient of {parameter} in epoch {epoch}"
    example = "the gradient of w in epoch 1"
    question = "{parameter}.grad in epoch {epoch}"
    parameter: str
    epoch: EpochCount

    def truth(self, log: TrainingLog) -> Values | None:
        """Read it in the log."""
        return _value(log, Role.GRADIENT, self.epoch, self.parameter)


class CountEpochs(Prediction, frozen=True):
    """The first epoch whose loss is below a bound."""

    form = "the first epoch with a loss below {loss}"
    example = "the first epoch with a loss below 0.01"
    question = "The first epoch with a loss below {loss}"
    loss: float

    def truth(self, log: TrainingLog) -> Values | None:
        """Look for it in the log."""
        below = np.flatnonzero(log.column("loss") < self.loss)
        return (float(below[0] + 1),) if len(below) else None


class KnownNumber(Prediction, frozen=True):
    """A number that the text leads to: it has to come near."""

    form = "the number {value} within {distance}"
    example = "the number 0.1333 within 0.001"
    question = "Your number, to {distance}"
    value: float
    distance: Positive

    @property
    def right_within(self) -> float | None:
        """As it is written."""
        return self.distance

    def truth(self, _log: TrainingLog) -> Values | None:
        """Give it; it is known at once."""
        return (self.value,)


class PlaceBall(Prediction, frozen=True):
    """Where the ball on the landscape lands."""

    form = "the ball after epoch {epoch}"
    example = "the ball after epoch 1"
    question = "Move the diamond to where the ball is after epoch {epoch}"
    epoch: EpochCount

    def problem_with(self, experiment: Experiment) -> str:
        """Refuse more parameters than a landscape has directions."""
        count = len(experiment.parameter_names)
        return "" if count <= 2 else f"a ball stands over one or two parameters, and the model has {count}"

    def truth(self, log: TrainingLog) -> Values | None:
        """Read the parameters in the log."""
        if len(log) < self.epoch:
            return None
        names = [column.name for column in log.columns.of(Role.PARAMETER)]
        return tuple(float(log.value(name, self.epoch)) for name in names)


class DrawLoss(Prediction, frozen=True):
    """The loss of every epoch, drawn as a curve."""

    form = "the loss over {count} epochs up to {highest}"
    example = "the loss over 20 epochs up to 40"
    question = "Draw the loss of the next {count} epochs"
    count: Annotated[int, Meta(ge=2, le=MOST_CURVE_EPOCHS)]
    highest: Positive

    @property
    def epochs(self) -> int:
        """All of them."""
        return self.count

    def truth(self, log: TrainingLog) -> Values | None:
        """Read the losses in the log."""
        return tuple(log.column("loss")[: self.count].tolist()) if len(log) >= self.count else None


class Choice(Struct, frozen=True):
    """A question with answers to choose from, one of which is right.

    Attributes
    ----------
    question
        What is asked.
    options
        The answers.
    right
        The place of the right one.
    """

    question: str
    options: tuple[str, ...]
    right: int


PREDICTIONS: tuple[type[Prediction], ...] = (
    PlaceBall,
    GradientByHand,
    PredictGradient,
    PredictParameter,
    PredictLoss,
    CountEpochs,
    KnownNumber,
    DrawLoss,
)
"""All of them, in the order in which a form is looked for."""


def gap_between(predicted: Values, truth: Values) -> str:
    """Say how far a prediction lies from what it was.

    Parameters
    ----------
    predicted, truth
        Of the same length: one number, two, or one for each epoch of a curve.
    """
    gaps = np.array(predicted, dtype=float) - np.array(truth, dtype=float)
    if not bool(np.all(np.isfinite(gaps))):
        return "not to be measured, as not every number is finite"
    if len(gaps) <= 2:
        scales = np.abs(np.array(truth, dtype=float))
        if gaps.any() and bool(np.all(np.abs(gaps) <= ROUNDING * scales)):
            return "none but for rounding"
        return " and ".join(significant(gap, 15) if gap.is_integer() else readable(gap) for gap in gaps.tolist())
    worst = int(np.argmax(np.abs(gaps)))
    mean = readable(float(np.abs(gaps).mean()))
    return f"at most {readable(abs(float(gaps[worst])))}, in epoch {worst + 1}; {mean} on average"


def _value(log: TrainingLog, role: Role, epoch: int, parameter: str = "") -> Values | None:
    columns = log.columns.of(role, parameter=parameter)
    if not columns or len(log) < epoch:
        return None
    return (float(log.value(columns[0].name, epoch)),)


def _word(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return re.sub(r"e(\W?)0", r"e\1", significant(value, 15))  # 1e−6 is how a person writes it
