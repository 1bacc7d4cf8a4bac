"""The lines of the loop with the numbers of an epoch plugged in."""

from collections.abc import Mapping

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import Node, Number, parse_formula, substituted, to_text
from gradgui.experiment.formula.tree import Strength, Written
from gradgui.experiment.training_loop import PHASES, Phase
from gradgui.numbers import readable
from gradgui.record.trace import EpochTrace
from gradgui.ui.epoch.update_rules import update_lines
from gradgui.ui.widgets.labels import in_formula, tensor_text

NOT_THERE_YET = "not there yet"


def has_run(phase: Phase, trace: EpochTrace) -> bool:
    """Tell whether a phase of the epoch has run."""
    return PHASES.index(phase) < trace.phases_done


def with_numbers(phase: Phase, experiment: Experiment, trace: EpochTrace) -> tuple[str, ...]:
    """Give what a phase did, in numbers; one line a parameter where it acts on each.

    Parameters
    ----------
    phase
        Which line of the loop.
    experiment
        What is trained.
    trace
        The epoch.

    Returns
    -------
    tuple of str
        Empty when the phase has not run; of the backward phase also before, to say that there is no gradient yet.
    """
    if phase is Phase.BACKWARD and (has_run(phase, trace) or trace.gradients is not None):
        return _backward(experiment, trace)  # also when only the second way back raised
    if phase is Phase.BACKWARD:
        return _not_there_yet(experiment, trace)
    if not has_run(phase, trace):
        return ()
    writers = {Phase.FORWARD: _forward, Phase.LOSS: _loss, Phase.UPDATE: _update, Phase.ZERO_GRAD: _zero_grad}
    return writers[phase](experiment, trace)


def _not_there_yet(experiment: Experiment, trace: EpochTrace) -> tuple[str, ...]:
    return tuple(
        f"{name}.grad: {NOT_THERE_YET}{_found(found)}"
        for name, found in zip(experiment.parameter_names, trace.gradients_found, strict=True)
    )


def _found(gradient: float | None) -> str:
    """Say what ``.grad`` holds from the epoch before."""
    if gradient is None:
        return ""
    return f" (it holds {readable(gradient)} from the last epoch)"


def _forward(experiment: Experiment, trace: EpochTrace) -> tuple[str, ...]:
    values = {name: in_formula(value) for name, value in zip(experiment.parameter_names, trace.before, strict=True)}
    values["x"] = tensor_text(trace.x.values)
    result = tensor_text(trace.y_pred.values) if trace.y_pred else ""
    return (f"y_pred = {plugged(parse_formula(experiment.model).tree, values)} = {result}",)


def _loss(experiment: Experiment, trace: EpochTrace) -> tuple[str, ...]:
    y_pred = tensor_text(trace.y_pred.values) if trace.y_pred else ""
    formula = parse_formula(experiment.loss, ("y", "y_pred")).tree
    inner = plugged(formula, {"y": tensor_text(trace.y.values), "y_pred": y_pred})
    result = tensor_text(trace.loss.values) if trace.loss else ""
    return (f"loss = mean({inner}) = {result}",)


def _backward(experiment: Experiment, trace: EpochTrace) -> tuple[str, ...]:
    lines = []
    for index, name in enumerate(experiment.parameter_names):
        gradient = trace.gradients[index] if trace.gradients else None
        found = trace.gradients_found[index]
        if gradient is None:
            lines.append(f"{name}.grad is None: PyTorch gave it no gradient")
        elif found:
            arrived = in_formula(gradient - found)
            lines.append(
                f"{name}.grad = {readable(found)} + {arrived} = {readable(gradient)} (added up, before the update)"
            )
        else:
            lines.append(f"{name}.grad = ∂loss/∂{name} = {readable(gradient)} (before the update)")
    return tuple(lines)


def _update(experiment: Experiment, trace: EpochTrace) -> tuple[str, ...]:
    names = enumerate(experiment.parameter_names)
    return tuple(line for place, name in names for line in update_lines(experiment.optimizer, trace, name, place))


def _zero_grad(experiment: Experiment, trace: EpochTrace) -> tuple[str, ...]:
    left = trace.gradients_left or (None,) * len(experiment.parameter_names)
    return tuple(
        f"{name}.grad = {'None' if gradient is None else readable(gradient)} (left for the next epoch)"
        for name, gradient in zip(experiment.parameter_names, left, strict=True)
    )


def plugged(tree: Node, values: Mapping[str, str]) -> str:
    """Write a formula with each name that has a value replaced by it, and products with a dot.

    Parameters
    ----------
    tree
        Of a checked formula.
    values
        Texts by name; other names (functions) stay.

    Examples
    --------
    >>> plugged(parse_formula("w * x").tree, {"w": "0.300", "x": "[1, 2]"})
    '0.300 · [1, 2]'
    """
    texts = {name: Number(0, Written(text, Strength.ATOM)) for name, text in values.items()}
    return to_text(substituted(tree, texts)).replace("**", "^").replace("*", "·").replace(" - ", " − ")
