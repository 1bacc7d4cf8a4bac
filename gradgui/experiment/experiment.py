"""An experiment: everything that decides a run before a person intervenes."""

import math
from typing import Annotated, Literal

from msgspec import Meta, Struct

from gradgui.experiment.columns import Columns
from gradgui.experiment.data import Data
from gradgui.experiment.early_stopping import NO_STOP_RULES, StopRules
from gradgui.experiment.formula import Formula, FormulaError, names_in, parse_formula
from gradgui.experiment.optimizers import GradientDescent, Optimizer, Schedule
from gradgui.experiment.training_loop import Loop

MOST_EPOCHS = 10_000_000
"""The most epochs that one press of Run may ask for."""

MEAN_SQUARED_ERROR = "(y - y_pred)**2"

DType = Literal["float32", "float64"]


class Parameter(Struct, frozen=True, forbid_unknown_fields=True):
    """A number of the model that training changes.

    Attributes
    ----------
    name
        As it stands in the model's formula.
    start
        Its value before the first epoch.
    """

    name: str
    start: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.start):
            raise ValueError(f"the start value of {self.name} must be a finite number")


class Experiment(Struct, frozen=True, forbid_unknown_fields=True):
    """Data, model, loss, optimizer and loop. Two equal experiments give bit-identical runs.

    Attributes
    ----------
    model
        Formula of the prediction in ``x`` and the parameters.
    parameters
        Every parameter of the model with its start value, in the order in which the formula names them.
    data
        The points the model is fitted to.
    learning_rate
        Step size of the update at the first epoch.
    epochs
        How many epochs one Run trains.
    loss
        Formula of one point's loss in ``y`` and ``y_pred``; the loss of an epoch is its mean over the points.
    optimizer
        The update rule.
    schedule
        How the learning rate falls from epoch to epoch; None for a rate that stays. Needs an optimizer of
        ``torch.optim``.
    dtype
        Floating-point type of data and parameters.
    probe
        The x of the prediction that is shown (the 5 of ``f(5)``).
    loop
        How the training loop is written.
    stop
        When a Run ends before its last epoch.

    Raises
    ------
    ValueError
        When a formula does not parse, the parameters are not those of the model, or the optimizer takes no schedule.
    """

    model: str
    parameters: tuple[Parameter, ...]
    data: Data
    learning_rate: Annotated[float, Meta(gt=0.0)] = 0.01
    epochs: Annotated[int, Meta(ge=1, le=MOST_EPOCHS)] = 20
    loss: str = MEAN_SQUARED_ERROR
    optimizer: Optimizer = GradientDescent()
    schedule: Schedule | None = None
    dtype: DType = "float32"
    probe: float = 5.0
    loop: Loop = Loop()
    stop: StopRules = NO_STOP_RULES

    def __post_init__(self) -> None:
        model = _parse("model", self.model, ("x",))
        loss = _parse("loss", self.loss, ("y", "y_pred"))
        _check_parameters(model.parameters, self.parameters)
        if loss.parameters:
            raise ValueError(f"loss: only y and y_pred may stand in it, not {loss.parameters[0]}")
        if "y_pred" not in names_in(loss.tree):
            raise ValueError("loss: y_pred must stand in it, or there is nothing to learn")
        if self.schedule is not None and isinstance(self.optimizer, GradientDescent):
            raise ValueError(
                "schedule: it needs an optimizer of torch.optim, such as sgd; plain gradient descent has its update"
                " written out"
            )
        if not math.isfinite(self.learning_rate):
            raise ValueError("learning_rate must be a finite number above 0")
        if not math.isfinite(self.probe):
            raise ValueError("probe must be a finite number")

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The parameters' names in model order."""
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def columns(self) -> Columns:
        """The layout of an epoch's row."""
        return Columns(dict.fromkeys(self.parameter_names, ()), self.optimizer.buffers)


def _parse(field: str, text: str, variables: tuple[str, ...]) -> Formula:
    try:
        return parse_formula(text, variables)
    except FormulaError as error:
        raise ValueError(f"{field}: {error}") from error


def _check_parameters(wanted: tuple[str, ...], given: tuple[Parameter, ...]) -> None:
    if not wanted:
        raise ValueError("model: it has no parameter to train; name one, as w in w * x")
    names = tuple(parameter.name for parameter in given)
    if names != wanted:
        raise ValueError(
            f"parameters must be those of the model, in its order: {', '.join(wanted)}"
            f" (here: {', '.join(names) or 'none'})"
        )


DEFAULT_EXPERIMENT = Experiment(
    model="w * x",
    parameters=(Parameter("w", 0.0),),
    data=Data(x=(1.0, 2.0, 3.0, 4.0), y=(2.0, 4.0, 6.0, 8.0)),
)
