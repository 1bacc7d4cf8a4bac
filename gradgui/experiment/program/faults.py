"""What a fault does to the lines of the loop, and which faults an experiment can have."""

import math

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import FormulaError, Name, Node, Number, names_in, parse_formula, substituted, to_text
from gradgui.experiment.optimizers import GradientDescent
from gradgui.experiment.training_loop import Fault, Loop

SEVERAL_ONLY = frozenset({Fault.NOT_UPDATED, Fault.NOT_ZEROED, Fault.OTHER_GRADIENT})
"""Faults of one parameter among several."""
WRITTEN_OUT_ONLY = SEVERAL_ONLY | {Fault.WRONG_SIGN, Fault.ZEROED_EARLY}
"""Faults of lines that ``torch.optim`` does not leave open; its ``zero_grad`` leaves None, and no buffers to show."""
LOSS_VARIABLES = ("y", "y_pred")
TRIED = ((1.5, 0.25), (0.75, 2.0), (-0.5, 1.25), (3.0, -2.0), (0.3, 0.4))
"""Values of ``y`` and ``y_pred`` at which a loss is compared with itself, the two swapped."""


def can_be_written(fault: Fault, experiment: Experiment) -> bool:
    """Tell whether the lines of an experiment's loop have a place for a fault."""
    if fault in WRITTEN_OUT_ONLY and not isinstance(experiment.optimizer, GradientDescent):
        return False
    if fault in SEVERAL_ONLY and len(experiment.parameters) < 2:
        return False
    if fault is Fault.TARGET_AS_INPUT:
        return "x" in names_in(parse_formula(experiment.model).tree)
    if fault in (Fault.SWAPPED_LOSS, Fault.COMPARED_WITH_INPUT):
        return "y" in names_in(_loss(experiment))
    return True


def possible_faults(experiment: Experiment) -> tuple[Fault, ...]:
    """Give the faults that can be written for an experiment and make a difference in its numbers."""
    changes_nothing = set[Fault]()
    if len(experiment.data) == 1:
        changes_nothing.add(Fault.SUM)
    if is_symmetric(experiment.loss):
        changes_nothing.add(Fault.SWAPPED_LOSS)
    if experiment.data.x.tolist() == experiment.data.y.tolist():
        changes_nothing |= {Fault.TARGET_AS_INPUT, Fault.COMPARED_WITH_INPUT}
    return tuple(fault for fault in Fault if fault not in changes_nothing and can_be_written(fault, experiment))


def is_symmetric(loss: str) -> bool:
    """Tell whether a loss is the same with ``y`` and ``y_pred`` swapped, as far as some values show."""
    tree = parse_formula(loss, LOSS_VARIABLES).tree
    for y, y_pred in TRIED:
        one, other = _value(tree, y, y_pred), _value(tree, y_pred, y)
        if not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12) and not math.isnan(one + other):
            return False
        if math.isnan(one) != math.isnan(other):
            return False
    return True


def fault_of(loop: Loop, experiment: Experiment) -> Fault | None:
    """Give the fault that the lines of an experiment's loop really have."""
    return loop.fault if loop.fault is not None and can_be_written(loop.fault, experiment) else None


def model_tree(experiment: Experiment, fault: Fault | None) -> Node:
    """Give the formula that the forward pass works out."""
    tree = parse_formula(experiment.model).tree
    return substituted(tree, {"x": Name("y")}) if fault is Fault.TARGET_AS_INPUT else tree


def loss_tree(experiment: Experiment, fault: Fault | None) -> Node:
    """Give the formula of one point's loss that the loop works out, in ``x``, ``y`` and ``y_pred``."""
    tree = _loss(experiment)
    if fault is Fault.SWAPPED_LOSS:
        return substituted(tree, {"y": Name("y_pred"), "y_pred": Name("y")})
    return substituted(tree, {"y": Name("x")}) if fault is Fault.COMPARED_WITH_INPUT else tree


def _loss(experiment: Experiment) -> Node:
    return parse_formula(experiment.loss, LOSS_VARIABLES).tree


def _value(tree: Node, y: float, y_pred: float) -> float:
    """Give a formula's value, which the parser works out as there is no name in it; nan where it has none."""
    text = to_text(substituted(tree, {"y": Number(y), "y_pred": Number(y_pred)}))
    try:
        worked_out = parse_formula(text).tree
    except FormulaError:
        return math.nan
    return float(worked_out.value) if isinstance(worked_out, Number) else math.nan
