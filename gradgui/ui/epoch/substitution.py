"""The lines of the loop with the numbers of an epoch plugged in."""

from collections.abc import Mapping

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import Node, Number, substituted, to_text
from gradgui.experiment.formula.tree import Strength, Written
from gradgui.experiment.program.faults import fault_of, loss_tree, model_tree
from gradgui.experiment.training_loop import CORRECT_LOOP, PHASES, Fault, Loop, Phase
from gradgui.numbers import readable
from gradgui.record.trace import EpochTrace
from gradgui.ui.epoch.update_rules import update_lines
from gradgui.ui.widgets.labels import in_formula, tensor_text

NOT_THERE_YET = "not there yet"


def has_run(phase: Phase, trace: EpochTrace) -> bool:
    """Tell whether a phase of the epoch has run."""
    return PHASES.index(phase) < trace.phases_done


def with_numbers(
    phase: Phase, experiment: Experiment, trace: EpochTrace, loop: Loop = CORRECT_LOOP
) -> tuple[str, ...]:
    """Give what a phase did, in numbers; one line a parameter where it acts on each.

    Parameters
    ----------
    phase
        Which line of the loop.
    experiment
        What is trained.
    trace
        The epoch.
    loop
        As it was written in this epoch.

    Returns
    -------
    tuple of str
        Empty when the phase has not run; of the backward phase also before, to say that there is no gradient yet.
    """
    fault = fault_of(loop, experiment)
    if phase is Phase.BACKWARD and (has_run(phase, trace) or trace.gradients is not None):
        return _backward(experiment, fault, trace)  # also when only the second way back raised
    if phase is Phase.BACKWARD:
        return _not_there_yet(experiment, trace)
    if not has_run(phase, trace):
        return ()
    if phase is Phase.ZERO_GRAD:
        return _zero_grad(experiment, trace)
    writers = {Phase.FORWARD: _forward, Phase.LOSS: _loss, Phase.UPDATE: _update}
    return writers[phase](experiment, fault, trace)


def seen_numbers(phase: Phase, experiment: Experiment, trace: EpochTrace) -> tuple[str, ...]:
    """Give what a phase left, in numbers that do not tell how it came to them; as `with_numbers`."""
    names = experiment.parameter_names
    if phase is Phase.BACKWARD and trace.gradients is not None:
        gradients = zip(names, trace.gradients, strict=True)
        return tuple(f"{name}.grad = {'None' if one is None else readable(one)}" for name, one in gradients)
    if phase is Phase.BACKWARD:
        return _not_there_yet(experiment, trace)
    if not has_run(phase, trace):
        return ()
    if phase is Phase.ZERO_GRAD:
        return _zero_grad(experiment, trace)
    if phase is Phase.UPDATE:
        moved = zip(names, trace.before, trace.after or trace.before, strict=True)
        return tuple(f"{name}: {readable(before)} → {readable(after)}" for name, before, after in moved)
    name, value = ("y_pred", trace.y_pred) if phase is Phase.FORWARD else ("loss", trace.loss)
    return (f"{name} = {tensor_text(value.values)}",) if value is not None else ()


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


def _forward(experiment: Experiment, fault: Fault | None, trace: EpochTrace) -> tuple[str, ...]:
    values = {name: in_formula(value) for name, value in zip(experiment.parameter_names, trace.before, strict=True)}
    values |= {"x": tensor_text(trace.x.values), "y": tensor_text(trace.y.values)}
    result = tensor_text(trace.y_pred.values) if trace.y_pred else ""
    return (f"y_pred = {plugged(model_tree(experiment, fault), values)} = {result}",)


def _loss(experiment: Experiment, fault: Fault | None, trace: EpochTrace) -> tuple[str, ...]:
    y_pred = tensor_text(trace.y_pred.values) if trace.y_pred else ""
    values = {"x": tensor_text(trace.x.values), "y": tensor_text(trace.y.values), "y_pred": y_pred}
    inner = plugged(loss_tree(experiment, fault), values)
    result = tensor_text(trace.loss.values) if trace.loss else ""
    return (f"loss = {'sum' if fault is Fault.SUM else 'mean'}({inner}) = {result}",)


def _backward(experiment: Experiment, fault: Fault | None, trace: EpochTrace) -> tuple[str, ...]:
    lines = []
    for index, name in enumerate(experiment.parameter_names):
        gradient = trace.gradients[index] if trace.gradients else None
        found = trace.gradients_found[index]
        if gradient is None:
            lines.append(f"{name}.grad is None: PyTorch gave it no gradient")
        elif fault is Fault.ZEROED_EARLY:
            lines.append(f"{name}.grad = {readable(gradient)} (set to zero before the update)")
        elif found:
            arrived = in_formula(gradient - found)
            lines.append(
                f"{name}.grad = {readable(found)} + {arrived} = {readable(gradient)} (added up, before the update)"
            )
        else:
            lines.append(f"{name}.grad = ∂loss/∂{name} = {readable(gradient)} (before the update)")
    return tuple(lines)


def _update(experiment: Experiment, fault: Fault | None, trace: EpochTrace) -> tuple[str, ...]:
    names, rule = enumerate(experiment.parameter_names), experiment.optimizer
    return tuple(line for place, name in names for line in update_lines(rule, trace, name, place, fault))


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
