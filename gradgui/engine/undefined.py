"""What of a model or a loss is undefined, and at which data point; apart from what has merely grown too large."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from gradgui.engine.model import DTYPES, LOSS_VARIABLES, LossFunction
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import (
    Binary,
    Call,
    Formula,
    Name,
    Negative,
    Node,
    Number,
    compile_formula,
    parse_formula,
    to_text,
)
from gradgui.numbers import shown, write_number

GROWING = {"exp", "sinh", "cosh"}
"""Functions that become infinite only where the dtype holds no larger number; the others do at a pole."""

LARGEST_LOSS = 1e150


class Undefined:
    """Look for what is undefined in an experiment's model and loss.

    Parameters
    ----------
    experiment
        Whose, with its data.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._loss = LossFunction(experiment, torch.float64)
        self._run_loss = LossFunction(experiment, DTYPES[experiment.dtype])
        self._model_tree = parse_formula(experiment.model).tree
        self._loss_tree = parse_formula(experiment.loss, LOSS_VARIABLES).tree

    def explain(self, parameters: tuple[float, ...]) -> str:
        """Name the innermost part that has no value although all that goes into it has one.

        Parameters
        ----------
        parameters
            In model order.

        Returns
        -------
        str
            Such as ``sqrt(x) is undefined at point 1, x = -1``; of the slope where only that has no value; empty when
            nothing is undefined, also where numbers have only grown too large.
        """
        if not all(map(math.isfinite, parameters)):
            return ""
        for loss in (self._loss, self._run_loss):  # in float32 a sigmoid is 1 before it is that in float64
            found = self._first(loss, parameters, too_large=False)
            if found:
                return found
        return self._undefined_slope(parameters)

    def too_large(self, parameters: tuple[float, ...]) -> str:
        """Name the innermost part that the run's dtype cannot hold, as in ``exp(x) is too large for float32 at …``.

        Parameters
        ----------
        parameters
            In model order.
        """
        return self._first(self._run_loss, parameters, too_large=True)

    @torch.no_grad()
    def _first(self, loss: LossFunction, parameters: tuple[float, ...], *, too_large: bool) -> str:
        own = [loss.tensor(value) for value in parameters]
        names = {"x": loss.x} | dict(zip(self._experiment.parameter_names, own, strict=True))
        y_pred = _value(self._model_tree, names).expand_as(loss.x)
        suspected = ~loss.of_points(*own).isfinite()  # tanh(1 / x) is 1 at 0: a pole that does no harm
        for tree, values in ((self._model_tree, names), (self._loss_tree, {"y": loss.y, "y_pred": y_pred})):
            for node in _inside_out(tree):
                found = self._at_a_point(node, values, loss.x, suspected, too_large=too_large)
                if found:
                    return found
        return ""

    def _at_a_point(
        self, node: Node, values: dict[str, Tensor], x: Tensor, suspected: Tensor, *, too_large: bool
    ) -> str:
        parts = _parts(node)
        if not parts:
            return ""
        inputs = [_value(part, values).expand_as(x) for part in parts]
        value = _value(node, values).expand_as(x)
        finite = torch.stack([one.isfinite() for one in inputs]).all(dim=0)
        pole = value.isinf() & _is_pole(node, inputs)
        bad = suspected & finite & (value.isinf() & ~pole if too_large else value.isnan() | pole)
        if not bad.any():
            return ""
        row = int(bad.int().argmax())
        dividend = node.left if isinstance(node, Binary) and node.operator == "/" else None
        named = [
            f"{to_text(part)} = {_seen(one[row].item())}"
            for part, one in zip(parts, inputs, strict=True)
            if not isinstance(part, Number) and to_text(part) != "x" and part is not dividend
        ]
        inside = f" ({', '.join(named)})" if named else ""
        what = f"too large for {self._experiment.dtype}" if too_large else "undefined"
        return f"{to_text(node)} is {what} at {_point(row, x)}{inside}"

    def _undefined_slope(self, parameters: tuple[float, ...]) -> str:
        loss = self._loss
        leaves = [loss.tensor(value).expand_as(loss.x).clone().requires_grad_() for value in parameters]
        losses = loss.of_points(*leaves).expand_as(loss.x)
        if not (losses.abs() < LARGEST_LOSS).all():  # a slope may overflow
            return ""
        slopes = torch.autograd.grad(losses.sum(), leaves)
        for name, slope in zip(self._experiment.parameter_names, slopes, strict=True):
            if not slope.isfinite().all():
                row = int((~slope.isfinite()).int().argmax())
                return f"the slope of the loss along {name} is undefined at {_point(row, loss.x)}"
        return ""


def _point(row: int, x: Tensor) -> str:
    return f"point {row + 1}, x = {_seen(x[row].item())}"


def _seen(value: float) -> str:
    return shown(write_number(value))


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Negative(operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def _is_pole(node: Node, inputs: list[Tensor]) -> Tensor:
    """Tell where an infinite value is one of the formula, and not merely too large for the dtype."""
    match node:
        case Binary("/", _, _):
            return inputs[1] == 0.0
        case Binary("**", _, _):
            return inputs[0] == 0.0
        case _:
            return torch.tensor(isinstance(node, Call) and node.function not in GROWING)


def _inside_out(node: Node) -> Iterator[Node]:
    for part in _parts(node):
        yield from _inside_out(part)
    yield node


def _value(node: Node, values: dict[str, Tensor]) -> Tensor:
    if isinstance(node, Name):
        return values[node.name]
    names = tuple(values)
    value = compile_formula(Formula("", node, names, ()), names, torch)(*values.values())
    return torch.as_tensor(value, dtype=next(iter(values.values())).dtype)
