"""Why something cannot be what is wrong with a loop, from what was seen of it; nothing else is consulted."""

import math

from gradgui.experiment.experiment import MEAN_SQUARED_ERROR, Experiment
from gradgui.experiment.optimizers import GradientDescent
from gradgui.experiment.program.faults import is_symmetric
from gradgui.experiment.training_loop import Fault
from gradgui.numbers import readable
from gradgui.record.trace import EpochTrace

ROUNDING = 1e-3
"""A step that is off by this share of it was another one."""


def objection(name: str, experiment: Experiment, trace: EpochTrace | None) -> str:
    """Say in one sentence why a bug cannot be there.

    Parameters
    ----------
    name
        Of the bug, as in `Bug`.
    experiment
        What is trained.
    trace
        An epoch of it, as far as it has run.

    Returns
    -------
    str
        Empty where what was seen does not speak against it.
    """
    if trace is None:
        return ""
    match name:
        case "zero_grad" | Fault.NOT_ZEROED.value:
            return _zeroed(experiment, trace)
        case Fault.ZEROED_EARLY.value:
            return _not_zeroed_early(experiment, trace)
        case "no_grad" | "in_place" | "backward_once" | Fault.DETACHED.value:
            return _ran_through(name, experiment, trace)
        case Fault.WRONG_SIGN.value | Fault.NOT_UPDATED.value | Fault.OTHER_GRADIENT.value:
            return _moved(name, experiment, trace)
        case Fault.SWAPPED_LOSS.value | Fault.COMPARED_WITH_INPUT.value | Fault.SUM.value:
            return _measured(name, experiment, trace)
        case _:
            return ""


def _zeroed(experiment: Experiment, trace: EpochTrace) -> str:
    left = trace.gradients_left
    if left is None or any(gradient is None or gradient != 0.0 for gradient in left):
        return ""
    if not all(trace.gradients or (0.0,)):  # which would be 0 without it as well
        return ""
    names = " and ".join(f"{name}.grad" for name in experiment.parameter_names)
    return f"No: after zero_grad {names} {'is' if len(left) == 1 else 'are'} 0."


def _not_zeroed_early(experiment: Experiment, trace: EpochTrace) -> str:
    for name, gradient in zip(experiment.parameter_names, trace.gradients or (), strict=False):
        if gradient:
            return f"No: {name}.grad is {readable(gradient)} when the update begins, so nothing has wiped it."
    return ""


def _ran_through(name: str, experiment: Experiment, trace: EpochTrace) -> str:
    done = trace.phases_done
    if name == "backward_once" and done >= 3:
        return "No: backward() raised nothing, and a second one would have found its graph freed."
    if name == Fault.DETACHED.value and done >= 3:
        return "No: backward() found its way to the parameters."
    leaves = trace.gradients_left is not None and all(one is not None for one in trace.gradients_left)
    if done == 5 and leaves and isinstance(experiment.optimizer, GradientDescent):
        if name == "no_grad":
            return "No: the update ran, and PyTorch raised nothing."
        if name == "in_place":
            return "No: the parameters still have a .grad after the update, so they are the leaves that they were."
    return ""


def _moved(name: str, experiment: Experiment, trace: EpochTrace) -> str:
    if trace.after is None or trace.gradients is None or not isinstance(experiment.optimizer, GradientDescent):
        return ""
    place = 0 if name == Fault.WRONG_SIGN.value else len(trace.before) - 1
    gradient, before, after = trace.gradients[place], trace.before[place], trace.after[place]
    if not gradient or after == before:
        return ""
    moved = f"No: {experiment.parameter_names[place]} went from {readable(before)} to {readable(after)}"
    if name == Fault.NOT_UPDATED.value:
        return f"{moved}."
    step = -trace.learning_rate * gradient
    is_own = _close(after - before, step)
    others = [one for number, one in enumerate(trace.gradients) if number != place]
    is_told_apart = all(one is not None and not _close(one, gradient) for one in others)
    if name == Fault.WRONG_SIGN.value and (after - before) * gradient < 0:
        return f"{moved}, against its gradient {readable(gradient)}."
    if name == Fault.OTHER_GRADIENT.value and is_own and is_told_apart:
        return f"{moved}, by the learning rate times its own gradient {readable(gradient)}."
    return ""


def _measured(name: str, experiment: Experiment, trace: EpochTrace) -> str:
    """Measure the loss again, of the square only, from the y_pred that the loop had."""
    if name == Fault.SWAPPED_LOSS.value:
        return "No: this loss is the same with y and y_pred swapped." if is_symmetric(experiment.loss) else ""
    if trace.loss is None or trace.y_pred is None or experiment.loss != MEAN_SQUARED_ERROR:
        return ""
    loss, y_pred = float(trace.loss.values), trace.y_pred.values.astype(float)
    errors = (trace.y.values.astype(float) - y_pred) ** 2
    compared = (trace.x.values.astype(float) - y_pred) ** 2
    with_bug = float(errors.sum() if name == Fault.SUM.value else compared.mean())
    if not _close(loss, float(errors.mean())) or _close(loss, with_bug):
        return ""
    return f"No: the loss is {readable(loss)}, the mean of the squared distances between y and y_pred."


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=ROUNDING)
