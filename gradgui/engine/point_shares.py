"""Each data point's share of the gradient, by one backward pass through a copy of every parameter for every point."""

import warnings
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from gradgui.engine.model import LOSS_VARIABLES, compile_loss
from gradgui.engine.run import Run
from gradgui.engine.state import TrainerState, gradient_of
from gradgui.engine.trainer import Trainer
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import (
    Binary,
    Call,
    Formula,
    Name,
    Negative,
    Node,
    compile_formula,
    names_in,
    parse_formula,
    substituted,
)
from gradgui.record.point_shares import MOST_SHARED, PointShares


class PointSharer:
    """Share an experiment's gradient out among its points.

    Autograd sums what comes back at each place where a parameter stands in the formula over the points, and adds
    these sums in the order in which it comes by the places. Here every place has a copy of its parameter for each
    point instead, so that what is summed can be seen before.

    Parameters
    ----------
    experiment
        Whose.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._names = experiment.parameter_names
        self._copy = Trainer(experiment)
        model, loss = parse_formula(experiment.model), parse_formula(experiment.loss, LOSS_VARIABLES)
        self._names_x = "x" in names_in(model.tree)
        # Without x there is one prediction for all points, which is summed at each of its places in the loss.
        whole = model.tree if self._names_x else substituted(loss.tree, {"y_pred": model.tree})
        places = Places(self._names)
        tree = places.spread(whole)
        self._places = places.order
        arguments = (*LOSS_VARIABLES[:1], "x", *places.copies)
        formula = Formula("", tree, arguments[:2], tuple(places.copies))
        self._function: Callable[..., Tensor] = compile_formula(formula, arguments, torch, mean=not self._names_x)
        self._calculate_loss = compile_loss(experiment)

    def share_out(self, run: Run) -> PointShares:
        """Share out the gradient that a run's next backward pass finds, or that of the epoch in work.

        Parameters
        ----------
        run
            Of this experiment.

        Returns
        -------
        PointShares
            Without shares when there are too many points. Where the loss or its slope is not finite, some are nan or
            infinite; nothing is raised.
        """
        state = run.epoch_start()
        gradients, y_pred, passes = self._backward(state)
        # Of what a broken update has put in a parameter's place PyTorch keeps no gradient.
        leaves = all(tensor.is_leaf for tensor in run.trainer.parameters.values())
        x, points = self._copy.x, len(self._copy.x)
        shared = points <= MOST_SHARED
        shares, sums = self._share() if shared else (torch.zeros(0, len(self._names)), [])
        found = state.gradients if leaves else (None,) * len(self._names)
        if not leaves:
            gradients = found
        return PointShares(
            epoch=state.epoch + 1,
            parameters=self._names,
            x=_numbers(x) if shared else np.zeros(0),
            y_pred=_numbers(y_pred.expand(points)) if shared else np.zeros(0),
            shares=_numbers(shares),
            sums=tuple(total.item() for total in sums),
            found=found,
            gradients=gradients,
            agrees=tuple(
                _is_sum(before, total, after, passes)
                for before, total, after in zip(found, sums, gradients, strict=False)
            ),
            passes=passes,
        )

    def _backward(self, state: TrainerState) -> tuple[tuple[float | None, ...], Tensor, int]:
        """Run the loop's own lines as far as the gradient; give it, the prediction, and how often it was added."""
        copy = self._copy
        copy.restore(state)
        passes = 1 if copy.loop.backward_once else 2
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what PyTorch warns of is shown where the run itself does it
            copy.run_phase()
            y_pred = copy.y_pred
            copy.run_phase()
            try:
                copy.run_phase()
            except RuntimeError:  # the second pass finds its graph freed, when the first has done its work
                passes = 1
        if y_pred is None:
            raise RuntimeError("the forward phase gave no prediction")
        return tuple(map(gradient_of, copy.parameters.values())), y_pred.detach(), passes

    def _share(self) -> tuple[Tensor, list[Tensor]]:
        x, y = self._copy.x, self._copy.y
        values = {
            name: tensor.detach() for name, tensor in zip(self._names, self._copy.parameters.values(), strict=True)
        }
        copies = {copy: values[name].expand(len(x)).clone().requires_grad_() for copy, name in self._places}
        in_order = [copies[copy] for copy in sorted(copies, key=_number)]
        outcome = self._function(y, x, *in_order)
        loss = self._calculate_loss(y, outcome) if self._names_x else outcome
        of_copies = dict(zip(copies, torch.autograd.grad(loss, list(copies.values())), strict=True))
        shares = torch.zeros(len(x), len(self._names), dtype=torch.float64)
        sums: dict[str, Tensor] = {}
        for copy, name in self._places:
            part = of_copies[copy]
            total = part.sum_to_size(())  # as autograd does: one number alone is not added to 0, and keeps its sign
            shares[:, self._names.index(name)] += part
            sums[name] = sums[name] + total if name in sums else total
        return shares, [sums[name] for name in self._names]


class Places:
    """The places at which parameters stand in a formula, each under a name of its own.

    Parameters
    ----------
    parameters
        Their names.

    Attributes
    ----------
    copies
        A name for each place, in the order in which they are written.
    """

    def __init__(self, parameters: Sequence[str]) -> None:
        self._parameters = parameters
        self.copies: list[str] = []
        self._operations = 0
        self._used_by: list[tuple[int, int, str, str]] = []

    @property
    def order(self) -> list[tuple[str, str]]:
        """Each place's name and its parameter, in the order in which autograd comes by: the last operation first."""
        by_operation = sorted(self._used_by, key=lambda use: (-use[0], use[1]))
        return [(copy, name) for _, _, copy, name in by_operation]

    def spread(self, node: Node) -> Node:
        """Give a tree in which every place has its own name."""
        match node:
            case Name():
                spread, uses = self._input(node)
                self._note(uses)
                return spread
            case Negative(operand):
                (operand,) = self._operation(operand)
                return Negative(operand)
            case Binary(operator, left, right):
                left, right = self._operation(left, right)
                return Binary(operator, left, right)
            case Call(function, arguments):
                return Call(function, tuple(self._operation(*arguments)))
            case _:
                return node

    def _operation(self, *inputs: Node) -> list[Node]:
        """Spread what goes into an operation, which is run after its inputs."""
        pairs = [self._input(one) if isinstance(one, Name) else (self.spread(one), []) for one in inputs]
        self._note([use for _, uses in pairs for use in uses])
        return [spread for spread, _ in pairs]

    def _input(self, node: Name) -> tuple[Name, list[tuple[str, str]]]:
        if node.name not in self._parameters:
            return node, []
        copy = f"place{len(self.copies)}"
        self.copies.append(copy)
        return Name(copy), [(copy, node.name)]

    def _note(self, uses: Sequence[tuple[str, str]]) -> None:
        self._operations += 1
        self._used_by += [(self._operations, place, copy, name) for place, (copy, name) in enumerate(uses)]


def _number(copy: str) -> int:
    return int(copy.removeprefix("place"))


def _numbers(tensor: Tensor) -> np.ndarray:
    return tensor.detach().numpy().astype(np.float64)


def _is_sum(before: float | None, total: Tensor, after: float | None, passes: int) -> bool:
    """Tell whether a gradient is what was there before and the sum of the shares, to the last bit."""
    if after is None:
        return False
    grown = total.clone() if before is None else torch.tensor(before, dtype=total.dtype) + total
    for _ in range(passes - 1):
        grown = grown + total
    return bool(np.array(grown.item()).tobytes() == np.array(after).tobytes())
