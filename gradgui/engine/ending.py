"""Why a run left the finite numbers, as far as that is known."""

import math
from collections.abc import Iterable

from msgspec import Struct

from gradgui.engine.forecast import Forecaster
from gradgui.engine.undefined import Undefined
from gradgui.experiment.columns import ColumnName
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.optimizers import GradientDescent
from gradgui.experiment.training_loop import CORRECT_LOOP
from gradgui.numbers import significant, write_number


class Ending(Struct, frozen=True):
    """Why a run left the finite numbers.

    Attributes
    ----------
    text
        What is not finite, and why as far as that is known; without a full stop.
    undefined
        Whether no learning rate has to do with it.
    """

    text: str
    undefined: bool = False


def find_ending(
    divergence: str, experiment: Experiment, parameters: tuple[float, ...], learning_rate: float
) -> Ending:
    """Say what made a loss or its gradient infinite or undefined.

    Parameters
    ----------
    divergence
        What is not finite.
    experiment
        With the data and the loop of that epoch.
    parameters
        That the epoch began with, in model order.
    learning_rate
        Of that epoch.
    """
    if experiment.loop.fault is not None:  # its formulas are others than the model and the loss
        return Ending(divergence)
    starts = tuple(parameter.start for parameter in experiment.parameters)
    search = Undefined(experiment)
    undefined = search.explain(parameters) or (search.too_large(parameters) if parameters == starts else "")
    if undefined:
        return Ending(f"{divergence}: {undefined}", undefined=True)
    if not isinstance(experiment.optimizer, GradientDescent) or experiment.loop != CORRECT_LOOP:
        return Ending(divergence)
    forecast = Forecaster(experiment).forecast(starts, learning_rate)
    if not forecast.exact or not learning_rate > forecast.largest_rate:
        return Ending(divergence)
    rate, largest = write_number(learning_rate), significant(forecast.largest_rate)
    return Ending(f"{divergence}: the learning rate {rate} is above the largest stable rate here, {largest}")


def not_finite(columns: Iterable[ColumnName], row: Iterable[float], epoch: int) -> str:
    """Name the first number of an epoch's row that is not finite; the row may be without the buffers."""
    column, value = next(pair for pair in zip(columns, row, strict=False) if not math.isfinite(pair[1]))
    return f"{column.label} is {value} at epoch {epoch}"
