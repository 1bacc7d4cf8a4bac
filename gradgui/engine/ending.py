"""Why a run left the finite numbers, as far as that is known."""

from gradgui.engine.forecast import Forecaster
from gradgui.engine.undefined import Undefined
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.optimizers import GradientDescent
from gradgui.experiment.training_loop import CORRECT_LOOP
from gradgui.numbers import significant, write_number


def find_ending(experiment: Experiment, parameters: tuple[float, ...], learning_rate: float) -> tuple[str, bool]:
    """Say what made a loss or its gradient infinite or undefined.

    Parameters
    ----------
    experiment
        With the data and the loop of that epoch.
    parameters
        That the epoch began with, in model order.
    learning_rate
        Of that epoch.

    Returns
    -------
    reason : str
        Without a full stop; empty when it is not known.
    undefined : bool
        Whether no learning rate has to do with it.
    """
    starts = tuple(parameter.start for parameter in experiment.parameters)
    search = Undefined(experiment)
    undefined = search.explain(parameters) or (search.too_large(parameters) if parameters == starts else "")
    if undefined:
        return undefined, True
    if not isinstance(experiment.optimizer, GradientDescent) or experiment.loop != CORRECT_LOOP:
        return "", False
    forecast = Forecaster(experiment).forecast(starts, learning_rate)
    if not forecast.exact or not learning_rate > forecast.largest_rate:
        return "", False
    largest = significant(forecast.largest_rate)
    return f"the learning rate {write_number(learning_rate)} is above the largest stable rate here, {largest}", False
