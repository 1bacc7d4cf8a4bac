"""The forecast in words, and how its largest stable rate is worked out."""

import math
import sys

from gradgui.experiment.experiment import MEAN_SQUARED_ERROR, Experiment
from gradgui.experiment.formula import Binary, Name, parse_formula
from gradgui.numbers import MINUS, significant, write_count
from gradgui.record.views import Forecast

EPSILON = sys.float_info.epsilon


def outlook(forecast: Forecast, experiment: Experiment, learning_rate: float) -> str:
    """Say what is to come at a learning rate, and nothing that the curvature does not tell."""
    if not math.isfinite(forecast.factor):
        return f"No forecast: {forecast.undefined or 'the loss or its curvature is not finite here'}."
    here = "" if forecast.exact else " near here"
    if curves_downwards(forecast):
        return "Not known: the loss curves downwards near here, where no learning rate settles."
    if not math.isfinite(forecast.largest_rate):
        return _straight(forecast)
    largest = significant(forecast.largest_rate)
    if forecast.rises and not forecast.exact and learning_rate < forecast.largest_rate:
        return f"Not known: the curvature here allows a rate up to {largest}, but the next update raises the loss."
    if learning_rate > forecast.largest_rate:
        verdict = f"unstable: the largest stable rate is {largest}{here}."
    elif learning_rate == forecast.largest_rate:
        verdict = f"on the edge: the largest stable rate is {largest}{here}."
    else:
        verdict = f"stable: the largest stable rate is {largest}{here}."
    return f"{verdict}\n{_pace(forecast, experiment, learning_rate)}" if forecast.exact else verdict


def epochs_text(forecast: Forecast, experiment: Experiment, wanted_loss: float) -> str:
    """Say how many epochs it takes to a loss; only of a parabola, and above what rounding decides, is that known."""
    wanted = significant(wanted_loss, 15)
    if forecast.lowest_loss is None or not forecast.exact:
        return f"Not known when the loss is {wanted}."
    if forecast.epochs_needed is None:
        return f"It will not reach a loss of {wanted}."
    if forecast.epochs_needed and wanted_loss < forecast.lowest_loss + forecast.rounding:
        limit = significant(forecast.lowest_loss + forecast.rounding, 1)
        return f"Not known: below a loss of about {limit} the rounding of {experiment.dtype} decides."
    return f"{write_count(forecast.epochs_needed)} epochs more to a loss of {wanted}."


def curves_downwards(forecast: Forecast) -> bool:
    """Tell whether the loss curves downwards in some direction."""
    return forecast.eigenvalues[0] < 0.0 and _curves(forecast, forecast.eigenvalues[0])


def _curves(forecast: Forecast, eigenvalue: float) -> bool:
    """Whether a direction is curved, and not merely flat but for rounding."""
    sizes = [abs(one) for one in forecast.eigenvalues]
    return abs(eigenvalue) > len(sizes) * EPSILON * max(sizes)


def _straight(forecast: Forecast) -> str:
    if forecast.slope == 0.0:
        return "The loss is flat here: an update changes nothing."
    if forecast.has_kinks:
        return (
            "No largest rate: the loss is made of straight pieces here. Each update is as long as the last until the"
            " slope changes: near the minimum it jumps around it."
        )
    return "No largest rate is known: the loss does not curve here."


def _pace(forecast: Forecast, experiment: Experiment, learning_rate: float) -> str:
    """Say what shrinks or grows, and by how much, in an epoch."""
    curved = [one for one in forecast.eigenvalues if _curves(forecast, one)]
    slowest = max((1.0 - learning_rate * one for one in curved), key=abs)
    single = len(forecast.eigenvalues) == 1
    whose = (
        f"{experiment.parameter_names[0]}’s distance to its best value"
        if single
        else "the slowest distance to the best"
        if abs(slowest) <= 1.0
        else "the distance to the best, where it grows most,"
    )
    times = f"× {_factor(abs(slowest))}"
    end = _sides(slowest)
    if len(curved) < len(forecast.eigenvalues):
        end += "; directions that look flat do not count"
    if not single or forecast.lowest_loss is None:
        return f"Each epoch {whose} {times}{end}."
    is_zero = forecast.lowest_loss <= forecast.rounding
    loss = "the loss" if is_zero else f"the loss above {significant(forecast.lowest_loss)}"
    return f"Each epoch {whose} {times}, {loss} × {_factor(slowest * slowest)}{end}."


def _sides(factor: float) -> str:
    return "; it changes sides each epoch" if factor < 0.0 else ""


def reckoning(forecast: Forecast, experiment: Experiment, learning_rate: float) -> str:
    """Work the largest stable rate out with an experiment's numbers, plain words first."""
    steepest, largest = forecast.eigenvalues[-1], significant(forecast.largest_rate)
    curvature, rate = significant(steepest), significant(learning_rate, 15)
    factor = _signed(1.0 - learning_rate * steepest)
    where = "" if forecast.exact else " here"
    if len(forecast.eigenvalues) == 1:
        name = experiment.parameter_names[0]
        how = "2 · mean(x²) = " if _is_line_through_zero(experiment) else ""
        return (
            f"The slope of the loss changes by {how}{curvature} when {name} changes by 1: its curvature{where}.\n"
            f"One update takes {rate} · {curvature} of the distance to the best value away:"
            f" × (1 − {rate} · {curvature}) = × {factor}.\n"
            f"It comes nearer as long as rate · {curvature} is below 2, so up to 2 / {curvature} = {largest}.\n"
            "(The curvature is the second derivative, the one eigenvalue of the Hessian.)"
        )
    return (
        f"The slope of the loss changes at most by {curvature} when the parameters move by 1, in the direction where"
        f" it curves most{where}.\nIn that direction one update makes the distance to the best"
        f" × (1 − {rate} · {curvature}) = × {factor}.\n"
        f"It comes nearer as long as rate · {curvature} is below 2, so up to 2 / {curvature} ="
        f" {largest}.\n({curvature} is the largest eigenvalue of the Hessian, the matrix of second derivatives.)"
    )


def _is_line_through_zero(experiment: Experiment) -> bool:
    """Whether the curvature is 2 · mean(x²): a slope times x, and the mean of squares."""
    tree = parse_formula(experiment.model).tree
    product = {Name("x"), Name(experiment.parameter_names[0])}
    is_product = isinstance(tree, Binary) and tree.operator == "*" and {tree.left, tree.right} == product
    return is_product and experiment.loss == MEAN_SQUARED_ERROR


def _signed(value: float) -> str:
    return f"{MINUS if value < 0.0 else ''}{_factor(abs(value))}"


def _factor(factor: float) -> str:
    """Write a factor with the digits that tell it from 1."""
    if factor == 1.0 or significant(factor) != "1":
        return significant(factor)
    return f"1 {MINUS if factor < 1.0 else '+'} {significant(abs(1.0 - factor), 2)}"
