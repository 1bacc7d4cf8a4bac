"""Checks of how the experiment is set: what a learner chose, typed or dragged since the step began."""

from typing import Annotated, Literal

from msgspec import Meta

from gradgui.experiment.changes import ParameterChange
from gradgui.experiment.experiment import DType
from gradgui.experiment.formula import FormulaError, parse_formula
from gradgui.experiment.losses import LOSSES
from gradgui.experiment.training_loop import CORRECT_LOOP
from gradgui.lessons.check import Check, Positive
from gradgui.lessons.evidence import Evidence
from gradgui.numbers import readable, significant
from gradgui.worker import commands

Switch = Literal["zero_grad", "no_grad", "in_place", "backward_once"]
LossName = Literal["MSE", "MAE", "Huber", "log-cosh"]
OptimizerName = Literal["gradient descent", "SGD", "Adam", "AdamW", "RMSprop", "Adagrad"]


class RateBetween(Check, frozen=True):
    """The learning rate lies between two bounds, these included."""

    form = "set the learning rate between {low} and {high}"
    example = "set the learning rate between 0.12 and 0.13"
    low: float
    high: float

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"nothing lies between {significant(self.low)} and {significant(self.high)}")

    def missing(self, evidence: Evidence) -> str:
        """Ask for the rate of the next update."""
        rate = evidence.status.learning_rate
        between = f"between {significant(self.low)} and {significant(self.high)}"
        return "" if self.low <= rate <= self.high else f"The learning rate is {readable(rate)}, not {between}."


class RateAbove(Check, frozen=True):
    """The learning rate is larger than a bound."""

    form = "set the learning rate above {rate}"
    example = "set the learning rate above 0.1333"
    rate: Positive

    def missing(self, evidence: Evidence) -> str:
        """Ask for the rate of the next update."""
        now = evidence.status.learning_rate
        return "" if now > self.rate else f"The learning rate is {readable(now)}, not above {significant(self.rate)}."


class RateTo(Check, frozen=True):
    """The learning rate is a number."""

    form = "set the learning rate to {rate}"
    example = "set the learning rate to 0.1"
    rate: Positive

    def missing(self, evidence: Evidence) -> str:
        """Ask for the rate of the next update."""
        now = evidence.status.learning_rate
        return "" if now == self.rate else f"The learning rate is {readable(now)}, not {significant(self.rate, 15)}."


class BreakLoop(Check, frozen=True):
    """The loop is broken in one way."""

    form = "break {switch}"
    example = "break zero_grad"
    switch: Switch

    def missing(self, evidence: Evidence) -> str:
        """Ask how the loop is written now."""
        return f"The loop still has its {_WORDS[self.switch]}." if getattr(evidence.status.loop, self.switch) else ""


class MendLoop(Check, frozen=True):
    """Nothing of the loop is broken any more."""

    form = "mend the loop"
    example = "mend the loop"

    def missing(self, evidence: Evidence) -> str:
        """Ask how the loop is written now."""
        return "" if evidence.status.loop == CORRECT_LOOP else "The loop is still broken."


class MoveParameter(Check, frozen=True):
    """A parameter was set by hand near a value."""

    form = "set {parameter} to within {distance} of {value}"
    example = "set w to within 0.1 of 3.5"
    parameter: str
    distance: Positive
    value: float

    def missing(self, evidence: Evidence) -> str:
        """Ask what it is, and whether it was set: as a start value, or on the way."""
        names = evidence.experiment.parameter_names
        if self.parameter not in names:
            return f"The model has no parameter {self.parameter}."
        now = evidence.status.parameters[names.index(self.parameter)]
        if abs(now - self.value) > self.distance:
            wanted = f"within {significant(self.distance)} of {significant(self.value)}"
            return f"{self.parameter} is {readable(now)}, not {wanted}."
        return "" if self._is_by_hand(evidence) else f"It was training that brought {self.parameter} there: set it."

    def _is_by_hand(self, evidence: Evidence) -> bool:
        asked = (one.change for one in evidence.commands if isinstance(one, commands.Change))
        starts = {one.name: one.start for one in evidence.start.parameters}
        now = {one.name: one.start for one in evidence.experiment.parameters}
        return now[self.parameter] != starts.get(self.parameter) or any(
            isinstance(change, ParameterChange) and change.name == self.parameter for change in asked
        )


class UseModel(Check, frozen=True):
    """The model is a formula, whatever its spaces and brackets."""

    form = "use the model {formula}"
    example = "use the model w*x + b"
    formula: str

    def __post_init__(self) -> None:
        try:
            parse_formula(self.formula)
        except FormulaError as error:
            raise ValueError(f"the formula {self.formula}: {error}") from error

    def missing(self, evidence: Evidence) -> str:
        """Compare what was read of both."""
        now = evidence.experiment.model
        return "" if parse_formula(now).tree == parse_formula(self.formula).tree else f"The model is {now}."


class UseLoss(Check, frozen=True):
    """The loss is one of those that have a name."""

    form = "use the loss {name}"
    example = "use the loss Huber"
    name: LossName

    def missing(self, evidence: Evidence) -> str:
        """Compare what was read of both formulas."""
        now, named = (
            parse_formula(one, ("y", "y_pred")).tree for one in (evidence.experiment.loss, LOSSES[self.name])
        )
        return "" if now == named else f"The loss is not {self.name} yet."


class UseOptimizer(Check, frozen=True):
    """The update rule is one of those offered."""

    form = "use the optimizer {name}"
    example = "use the optimizer Adam"
    name: OptimizerName

    def missing(self, evidence: Evidence) -> str:
        """Compare the names of the classes."""
        now = type(evidence.experiment.optimizer).__name__
        wanted = self.name.title().replace(" ", "") if " " in self.name else self.name
        return "" if now == wanted else f"The optimizer is not {self.name} yet."


class UseMomentum(Check, frozen=True):
    """The optimizer has a momentum between two bounds, these included."""

    form = "use a momentum between {low} and {high}"
    example = "use a momentum between 0.8 and 0.95"
    low: float
    high: float

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"nothing lies between {significant(self.low)} and {significant(self.high)}")

    def missing(self, evidence: Evidence) -> str:
        """Ask the optimizer, which may have none."""
        momentum = getattr(evidence.experiment.optimizer, "momentum", 0.0)
        if self.low <= momentum <= self.high:
            return ""
        return (
            f"The momentum is {readable(momentum)}, not between {significant(self.low)} and {significant(self.high)}."
        )


class UseDtype(Check, frozen=True):
    """The run computes in a floating-point type."""

    form = "use the numbers {dtype}"
    example = "use the numbers float64"
    dtype: DType

    def missing(self, evidence: Evidence) -> str:
        """Ask the experiment."""
        now = evidence.experiment.dtype
        return "" if now == self.dtype else f"The numbers are {now}."


class ChangeData(Check, frozen=True):
    """The points are others than the step began with."""

    form = "change the points"
    example = "change the points"

    def missing(self, evidence: Evidence) -> str:
        """Compare the points."""
        return "" if evidence.status.data != evidence.start.data else "The points are those of the beginning."


class CountPoints(Check, frozen=True):
    """There are at least so many points."""

    form = "have {points} points"
    example = "have 6 points"
    points: Annotated[int, Meta(ge=1)]

    def missing(self, evidence: Evidence) -> str:
        """Count them."""
        data = evidence.status.data or evidence.start.data
        return "" if len(data.x) >= self.points else f"{len(data.x)} of {self.points} points."


_WORDS = {
    "zero_grad": "zero_grad()",
    "no_grad": "no_grad()",
    "in_place": "update in place",
    "backward_once": "single backward()",
}

SETTING_CHECKS: tuple[type[Check], ...] = (
    RateBetween,
    RateAbove,
    RateTo,
    BreakLoop,
    MendLoop,
    MoveParameter,
    UseModel,
    UseLoss,
    UseOptimizer,
    UseMomentum,
    UseDtype,
    ChangeData,
    CountPoints,
)
"""All of them, in the order in which a form is looked for."""
