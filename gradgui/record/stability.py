"""Where gradient descent on a parabola ends to be stable, among the runs of a sweep."""

import numpy as np

from gradgui.experiment.optimizers import SGD, GradientDescent
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.experiment.sweep.varied import LEARNING_RATE, Varied
from gradgui.record.views import Values

MOMENTUM, WEIGHT_DECAY = "momentum", "weight_decay"


def stability_value(sweep: Sweep, varied: Varied, curvature: float, others: dict[str, float]) -> float | None:
    """Give the value of one varied thing at which runs end to be stable.

    With the curvature λ, a weight decay d and a momentum μ it is where ``lr (λ + d) = 2 (1 + μ)`` (Polyak 1964; Goh,
    Why Momentum Really Works, Distill 2017); without momentum, where ``lr λ = 2``.

    Parameters
    ----------
    sweep
        What is trained.
    varied
        Which of its things.
    curvature
        The largest eigenvalue of the loss's Hessian, the same everywhere.
    others
        Values of the other varied things.

    Returns
    -------
    float
        None where nothing is known of the optimizer, or the thing does not decide it.
    """
    optimizer = sweep.experiment.optimizer
    plain = isinstance(optimizer, GradientDescent)
    if not plain and not (isinstance(optimizer, SGD) and not optimizer.nesterov):
        return None
    if sweep.experiment.schedule is not None or sweep.varies_data or not np.isfinite(curvature) or curvature <= 0.0:
        return None
    rate = others.get(LEARNING_RATE, sweep.experiment.learning_rate)
    momentum = others.get(MOMENTUM, getattr(optimizer, MOMENTUM, 0.0))
    decay = others.get(WEIGHT_DECAY, getattr(optimizer, WEIGHT_DECAY, 0.0))
    match varied.name:
        case "learning_rate":
            return 2.0 * (1.0 + momentum) / (curvature + decay)
        case "momentum":
            return rate * (curvature + decay) / 2.0 - 1.0
        case "weight_decay":
            return 2.0 * (1.0 + momentum) / rate - curvature
    return None


def stability_border(sweep: Sweep, curvature: float) -> tuple[Values, Values] | None:
    """Give the line in a map of two varied things: its values of the second thing (across), and of the first (up).

    Returns
    -------
    tuple of ndarray
        None where there is no such line in the map.
    """
    up, across = sweep.varied
    for solved, other in ((across, up), (up, across)):
        values = np.linspace(other.first, other.last, 257)
        if other.scale == "log":
            values = np.geomspace(other.first, other.last, 257)
        found = [stability_value(sweep, solved, curvature, {other.name: value}) for value in values.tolist()]
        line = np.array([np.nan if one is None else one for one in found])
        low, high = sorted((solved.first, solved.last))
        inside = (line >= low) & (line <= high)
        if inside.any():
            line = np.where(inside, line, np.nan)
            return (line, values) if solved is across else (values, line)
    return None
