"""The update with numbers plugged in: the lines, worked out as they stand, give what PyTorch's optimizer did."""

import ast
import math
import operator
import re
from collections.abc import Callable

import pytest
import torch
from msgspec.structs import replace

from gradgui.engine.run import Run
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import SGD, Adagrad, Adam, AdamW, GradientDescent, Optimizer, RMSprop
from gradgui.experiment.training_loop import Phase
from gradgui.record.trace import EpochTrace
from gradgui.ui.epoch.substitution import with_numbers

OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def worked_out(text: str) -> float:
    """Work out a line's middle, as a person with a calculator would."""
    plain = re.sub(r"√\(", "sqrt(", text.replace("−", "-").replace("·", "*").replace("²", "**2").replace("^", "**"))

    def value(node: ast.expr) -> float:
        match node:
            case ast.Constant(float() | int() as number):
                return float(number)
            case ast.UnaryOp(ast.USub(), operand):
                return -value(operand)
            case ast.BinOp(left, op, right):
                return OPERATORS[type(op)](value(left), value(right))
            case ast.Call(_, [argument]):
                return math.sqrt(value(argument))
            case _:
                raise AssertionError(text)

    return value(ast.parse(plain.replace(", the first gradient,", ""), mode="eval").body)


def trained(experiment: Experiment, epochs: int) -> EpochTrace:
    """Give the last epoch opened up."""
    run = Run(experiment)
    for _ in range(epochs):
        run.train_watched()
    return run.trace()


def by_torch(optimizer: Optimizer, rate: float, epochs: int) -> float:
    """Train the lesson's line from 0.3 with torch.optim itself."""
    data = DEFAULT_EXPERIMENT.data
    x, y = torch.tensor(data.x, dtype=torch.float64), torch.tensor(data.y, dtype=torch.float64)
    w = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    if isinstance(optimizer, GradientDescent):
        rule: torch.optim.Optimizer = torch.optim.SGD([w], lr=rate)
    else:
        rule = getattr(torch.optim, type(optimizer).__name__)([w], lr=rate, **optimizer.arguments())
    for _ in range(epochs):
        rule.zero_grad()
        torch.autograd.backward(((y - w * x) ** 2).mean())
        rule.step()
    return w.item()


@pytest.mark.parametrize("epochs", [1, 2, 5])
@pytest.mark.parametrize(
    "optimizer",
    [
        GradientDescent(),
        SGD(),
        SGD(weight_decay=0.5),
        SGD(momentum=0.9),
        SGD(momentum=0.9, nesterov=True, weight_decay=0.5),
        RMSprop(),
        RMSprop(momentum=0.5, weight_decay=0.5),
        Adagrad(),
        Adagrad(weight_decay=0.5),
        Adam(),
        Adam(beta1=0.5, weight_decay=0.5),
        AdamW(weight_decay=0.5),
        AdamW(weight_decay=0.0),
    ],
)
def test_every_rule_has_its_numbers(optimizer: Optimizer, epochs: int) -> None:
    start = (Parameter("w", 0.3),)
    experiment = replace(
        DEFAULT_EXPERIMENT, parameters=start, optimizer=optimizer, learning_rate=0.03, dtype="float64"
    )
    lines = with_numbers(Phase.UPDATE, experiment, trained(experiment, epochs))
    for line in lines:
        _, middle, result = line.split(" = ")
        assert worked_out(middle) == pytest.approx(worked_out(result), rel=2e-3, abs=2e-3), line
    assert lines[-1].startswith("w = ")
    assert worked_out(lines[-1].rpartition(" = ")[2]) == pytest.approx(by_torch(optimizer, 0.03, epochs), abs=6e-4)
    assert all(any(f"w.{buffer} = " in line for line in lines) for buffer in optimizer.buffers)


@pytest.mark.parametrize("optimizer", [Adam(), AdamW(weight_decay=0.0), RMSprop(), Adagrad()])
def test_a_buffer_that_became_infinite_is_the_reason_why_nothing_moves(optimizer: Optimizer) -> None:
    """In float32 the square of 1.5e22 is beyond 3.4e38; a hundredth or a thousandth of it as well."""
    start = (Parameter("w", 1e21),)
    trace = trained(replace(DEFAULT_EXPERIMENT, parameters=start, optimizer=optimizer), 1)
    assert trace.after == trace.before
    said = with_numbers(Phase.UPDATE, replace(DEFAULT_EXPERIMENT, optimizer=optimizer), trace)
    assert any("is inf: a number divided by its root is 0, so the step is 0" in line for line in said)


def test_a_weight_decay_goes_on_where_the_gradient_moves_nothing() -> None:
    experiment = replace(DEFAULT_EXPERIMENT, parameters=(Parameter("w", 1e21),), optimizer=AdamW())
    trace = trained(experiment, 1)
    assert trace.after != trace.before
    assert any("so the gradient moves nothing" in line for line in with_numbers(Phase.UPDATE, experiment, trace))


def test_a_momentum_moves_on_where_the_gradient_no_longer_does() -> None:
    experiment = replace(DEFAULT_EXPERIMENT, optimizer=RMSprop(momentum=0.5))
    trace = replace(
        trained(experiment, 2),
        buffers_after={"w.step": 2.0, "w.square_avg": math.inf, "w.momentum_buffer": -5.0},
    )
    assert any("so the gradient moves nothing" in line for line in with_numbers(Phase.UPDATE, experiment, trace))


def test_each_gradient_says_of_which_moment_it_is() -> None:
    trace = trained(DEFAULT_EXPERIMENT, 1)
    assert with_numbers(Phase.BACKWARD, DEFAULT_EXPERIMENT, trace) == (
        "w.grad = ∂loss/∂w = −30.000 (before the update)",
    )
    assert with_numbers(Phase.ZERO_GRAD, DEFAULT_EXPERIMENT, trace) == ("w.grad = 0.000 (left for the next epoch)",)
