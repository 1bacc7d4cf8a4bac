"""Every fault of the loop against the same slip written in plain PyTorch here: bits equal, errors too."""

from collections.abc import Callable

import pytest
import torch
from msgspec.structs import replace
from torch import Tensor

from gradgui.engine.trainer import Trainer
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DType, Experiment, Parameter
from gradgui.experiment.optimizers import SGD, Adam, GradientDescent, Optimizer
from gradgui.experiment.program.faults import fault_of, is_symmetric, possible_faults
from gradgui.experiment.program.program import make_program
from gradgui.experiment.training_loop import CORRECT_LOOP, Fault, Loop

EPOCHS = 7
PINBALL = "max(0.8*(y - y_pred), -0.2*(y - y_pred))"
DATA = Data((1.0, 2.0, 3.0, -1.5), (2.5, 3.0, 6.5, 0.25))
Model = Callable[..., Tensor]


def experiment(model: str, names: str, loss: str = "(y - y_pred)**2") -> Experiment:
    parameters = tuple(Parameter(name, 0.5 - 0.25 * place) for place, name in enumerate(names))
    return Experiment(model=model, parameters=parameters, data=DATA, loss=loss, learning_rate=0.02)


MODELS: dict[str, tuple[str, Model]] = {
    "w * x": ("w", lambda x, w: w * x),
    "w*x + b": ("wb", lambda x, w, b: w * x + b),
    "a*x**2 + b*x + c": ("abc", lambda x, a, b, c: a * x**2 + b * x + c),
}
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "(y - y_pred)**2": lambda y, y_pred: (y - y_pred) ** 2,
    "(y - y_pred)**2*(2 + tanh(y))": lambda y, y_pred: (y - y_pred) ** 2 * (2 + torch.tanh(y)),
}


def plain(
    fault: Fault | None, model: str, loss: str, dtype: torch.dtype, optimizer: Optimizer
) -> tuple[list[list[float]], str]:
    """Train by hand: loss, then value and gradient of each parameter, an epoch a row."""
    names, forward = MODELS[model]
    point_loss = LOSSES[loss]
    x, y = (torch.tensor(values, dtype=dtype) for values in (DATA.x, DATA.y))
    leaves = [torch.tensor(0.5 - 0.25 * place, dtype=dtype, requires_grad=True) for place in range(len(names))]
    rule = {SGD: torch.optim.SGD, Adam: torch.optim.Adam}.get(type(optimizer))
    step = None if rule is None else rule(leaves, lr=0.02, **optimizer.arguments())  # type: ignore[union-attr]
    rows: list[list[float]] = []
    for _ in range(EPOCHS):
        y_pred = forward(y if fault is Fault.TARGET_AS_INPUT else x, *leaves)
        if fault is Fault.DETACHED:
            y_pred = y_pred.detach()
        asked = {Fault.SWAPPED_LOSS: (y_pred, y), Fault.COMPARED_WITH_INPUT: (x, y_pred)}
        errors = point_loss(*(asked.get(fault, (y, y_pred)) if fault else (y, y_pred)))
        total = errors.sum() if fault is Fault.SUM else errors.mean()
        try:
            total.backward()  # type: ignore[no-untyped-call]
        except RuntimeError as error:
            return rows, str(error)
        if fault is Fault.ZEROED_EARLY:
            for leaf in leaves:
                leaf.grad = torch.zeros_like(leaf)
        gradients = [leaf.grad.item() for leaf in leaves if leaf.grad is not None]
        if step is not None:
            step.step()
            step.zero_grad()
        else:
            update(fault, leaves)
        values = [leaf.item() for leaf in leaves]
        rows.append([total.item(), *(number for pair in zip(values, gradients, strict=True) for number in pair)])
    return rows, ""


def update(fault: Fault | None, leaves: list[Tensor]) -> None:
    for place, leaf in enumerate(leaves):
        is_last = place == len(leaves) - 1
        source = leaves[0] if fault is Fault.OTHER_GRADIENT and is_last else leaf
        assert source.grad is not None
        change = 0.02 * source.grad
        with torch.no_grad():
            if not (fault is Fault.NOT_UPDATED and is_last):
                leaf.copy_(leaf + change if fault is Fault.WRONG_SIGN else leaf - change)
    for leaf in leaves[:-1] if fault is Fault.NOT_ZEROED else leaves:
        leaf.grad = None


def ours(one: Experiment, *, at_speed: bool) -> tuple[list[list[float]], str]:
    trainer, rows = Trainer(one), list[tuple[float, ...]]()
    width = 1 + 2 * len(one.parameters)
    try:
        if at_speed:
            trainer.train(rows, EPOCHS)
        else:
            rows.extend(trainer.finish_epoch() for _ in range(EPOCHS))
    except RuntimeError as error:
        return [list(row[:width]) for row in rows], str(error)
    return [list(row[:width]) for row in rows], ""


@pytest.mark.parametrize("at_speed", [False, True], ids=["by phases", "at speed"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "optimizer", [GradientDescent(), SGD(momentum=0.9), Adam()], ids=lambda one: type(one).__name__
)
@pytest.mark.parametrize("fault", Fault)
def test_a_fault_is_the_slip_that_its_name_says(
    fault: Fault, optimizer: Optimizer, dtype: DType, *, at_speed: bool
) -> None:
    seen = 0
    for model in MODELS:
        for loss in LOSSES:
            one = replace(experiment(model, MODELS[model][0], loss), optimizer=optimizer, dtype=dtype)
            if fault not in possible_faults(one):
                continue
            seen += 1
            result = ours(replace(one, loop=Loop(fault=fault)), at_speed=at_speed)
            assert result == plain(fault, model, loss, getattr(torch, dtype), optimizer)
            if fault is Fault.DETACHED:
                assert "does not require grad" in result[1]
            else:
                assert result != plain(None, model, loss, getattr(torch, dtype), optimizer)
    only_written_out = {"wrong_sign", "zeroed_early", "not_updated", "not_zeroed", "other_gradient"}
    assert bool(seen) == (isinstance(optimizer, GradientDescent) or fault.value not in only_written_out)


def test_the_plain_loop_is_ours_where_nothing_is_wrong() -> None:
    for model, (names, _) in MODELS.items():
        assert ours(experiment(model, names), at_speed=True) == plain(
            None, model, "(y - y_pred)**2", torch.float32, GradientDescent()
        )


LINES = {
    Fault.WRONG_SIGN: "    b += learning_rate * b.grad",
    Fault.TARGET_AS_INPUT: "y_pred = w*y + b",
    Fault.SWAPPED_LOSS: "loss = ((y_pred - y)**2).mean()",
    Fault.COMPARED_WITH_INPUT: "loss = ((x - y_pred)**2).mean()",
    Fault.SUM: "loss = ((y - y_pred)**2).sum()",
    Fault.ZEROED_EARLY: "# b.grad.zero_()",
    Fault.DETACHED: "y_pred = (w*x + b).detach()",
    Fault.NOT_UPDATED: "    # b -= learning_rate * b.grad",
    Fault.NOT_ZEROED: "# b.grad.zero_()",
    Fault.OTHER_GRADIENT: "    b -= learning_rate * w.grad",
}


@pytest.mark.parametrize("fault", Fault)
def test_the_lines_that_are_shown(fault: Fault) -> None:
    line = experiment("w*x + b", "wb")
    right = make_program(line, CORRECT_LOOP).text.splitlines()
    shown = make_program(line, Loop(fault=fault)).text.splitlines()
    assert [text.replace(" ", "") for text in shown if text not in right][-1] == LINES[fault].replace(" ", "")


def test_which_faults_are_possible() -> None:
    line, slope = experiment("w*x + b", "wb"), experiment("w * x", "w")
    several = {Fault.NOT_UPDATED, Fault.NOT_ZEROED, Fault.OTHER_GRADIENT}
    assert set(possible_faults(line)) == set(Fault) - {Fault.SWAPPED_LOSS}
    assert set(possible_faults(slope)) == set(Fault) - {Fault.SWAPPED_LOSS} - several
    assert set(possible_faults(replace(line, optimizer=Adam()))) == {
        Fault.TARGET_AS_INPUT,
        Fault.COMPARED_WITH_INPUT,
        Fault.SUM,
        Fault.DETACHED,
    }
    assert Fault.SWAPPED_LOSS in possible_faults(replace(line, loss=PINBALL))
    assert Fault.TARGET_AS_INPUT not in possible_faults(experiment("w", "w"))
    assert Fault.SUM not in possible_faults(replace(line, data=Data((1.0,), (2.0,))))
    assert Fault.COMPARED_WITH_INPUT not in possible_faults(replace(line, data=Data((1.0, 2.0), (1.0, 2.0))))
    assert Fault.COMPARED_WITH_INPUT not in possible_faults(replace(line, loss="(3 - y_pred)**2"))


def test_a_fault_that_cannot_be_written_leaves_the_lines_as_they_are() -> None:
    adam = replace(experiment("w*x + b", "wb"), optimizer=Adam())
    for fault in set(Fault) - set(possible_faults(replace(adam, loss=PINBALL))):
        assert make_program(adam, Loop(fault=fault)) == make_program(adam, CORRECT_LOOP)
        assert fault_of(Loop(fault=fault), adam) is None


@pytest.mark.parametrize(
    ("loss", "symmetric"),
    [
        ("(y - y_pred)**2", True),
        ("abs(y - y_pred)", True),
        ("log(cosh(y_pred - y))", True),
        (PINBALL, False),
        ("(y - y_pred)**2*(1 + y**2)", False),
        ("(y_pred - y)**3", False),
        ("y_pred*log(y_pred/y) - y_pred + y", False),
        ("(log(y) - log(y_pred))**2", True),
    ],
)
def test_whether_a_loss_is_symmetric(loss: str, *, symmetric: bool) -> None:
    assert is_symmetric(loss) is symmetric
