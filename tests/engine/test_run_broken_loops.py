"""Loops broken on purpose: PyTorch's own error at the right phase, nothing lost, and the way to mend them."""

import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

import pytest
import torch
from msgspec.structs import replace
from torch import Tensor

from gradgui.engine.run import Run
from gradgui.experiment.changes import LoopChange, ParameterChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import SGD, Adam, Optimizer
from gradgui.experiment.training_loop import PHASES, Loop, Phase

pytestmark = pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning")

RIGHT = Loop()
LOOPS = [Loop(a, b, c, d) for a, b, c, d in itertools.product((True, False), repeat=4)]
BROKEN = (RuntimeError, TypeError, AttributeError)

Rows = list[list[float]]


def id_of(loop: Loop) -> str:
    names = ("zero_grad", "no_grad", "in_place", "backward_once")
    return "no " + ", ".join(name for name in names if not getattr(loop, name))


@dataclass
class Outcome:
    """How a loop went."""

    rows: Rows = field(default_factory=list)
    error: Exception | None = None
    phase: Phase | None = None


def plain_loop(
    loop: Loop, epochs: int, start: float = 0.0, learning_rate: float = 0.01, gradient: float | None = None
) -> Outcome:
    """The lesson's loop as a person writes it, with its mistakes."""
    x = torch.tensor([1.0, 2.0, 3.0, 4.0])
    y = torch.tensor([2.0, 4.0, 6.0, 8.0])
    w = torch.tensor(start, requires_grad=True)
    if gradient is not None:
        w.grad = torch.tensor(gradient)
    outcome = Outcome()
    try:
        for _ in range(epochs):
            outcome.phase = Phase.FORWARD
            y_pred = w * x

            outcome.phase = Phase.LOSS
            loss = ((y - y_pred) ** 2).mean()

            outcome.phase = Phase.BACKWARD
            loss.backward()  # type: ignore[no-untyped-call]
            if not loop.backward_once:
                loss.backward()  # type: ignore[no-untyped-call]
            slope = w.grad.item() if w.grad is not None else None

            outcome.phase = Phase.UPDATE
            if not loop.in_place:
                w = w - learning_rate * w.grad  # type: ignore[operator]
            elif loop.no_grad:
                with torch.no_grad():
                    w -= learning_rate * w.grad  # type: ignore[operator]
            else:
                w -= learning_rate * w.grad  # type: ignore[operator]

            outcome.phase = Phase.ZERO_GRAD
            value = w.item()
            if loop.zero_grad:
                w.grad.zero_()  # type: ignore[union-attr]
            outcome.rows.append([loss.item(), value, cast("float", slope)])
    except BROKEN as error:
        outcome.error = error
    else:
        outcome.phase = None
    return outcome


def raised_by(action: Callable[[], object]) -> Exception:
    with pytest.raises(BROKEN) as caught:
        action()
    return caught.value


def same_error(ours: Exception, theirs: Exception) -> bool:
    return type(ours) is type(theirs) and str(ours) == str(theirs)


FAILING = [loop for loop in LOOPS if not (loop.in_place and loop.no_grad and loop.backward_once)]


def test_the_loops_that_fail_are_the_ones_with_a_mistake_that_pytorch_refuses() -> None:
    assert [loop for loop in LOOPS if plain_loop(loop, 5).error] == FAILING
    assert len(FAILING) == 14


@pytest.mark.parametrize("loop", LOOPS, ids=id_of)
def test_training_raises_what_plain_pytorch_raises_where_it_does(loop: Loop) -> None:
    expected = plain_loop(loop, 12)
    run = Run(replace(DEFAULT_EXPERIMENT, loop=loop))
    if expected.rows:
        assert run.train(12).rows[:, :3].tolist() == expected.rows
    if expected.error is None:
        return
    for _ in range(2):  # trying once more changes nothing
        error = raised_by(lambda: run.train(12))
        assert same_error(error, expected.error)
        assert run.trainer.next_phase is expected.phase
        assert run.trainer.epoch == len(expected.rows)


@pytest.mark.parametrize("loop", FAILING, ids=id_of)
def test_stepping_raises_the_same_at_the_same_phase(loop: Loop) -> None:
    expected = plain_loop(loop, 12)
    assert expected.error is not None
    assert expected.phase is not None
    run = Run(replace(DEFAULT_EXPERIMENT, loop=loop))
    phases = len(expected.rows) * len(PHASES) + PHASES.index(expected.phase)
    batches = [run.run_phase() for _ in range(phases)]
    assert [batch.rows[0, :3].tolist() for batch in batches if batch is not None] == expected.rows
    for _ in range(3):
        assert same_error(raised_by(run.run_phase), expected.error)
        assert run.trainer.next_phase is expected.phase


@pytest.mark.parametrize("loop", FAILING, ids=id_of)
@pytest.mark.parametrize("by_phase", [False, True])
def test_the_epochs_before_the_error_are_not_lost(loop: Loop, by_phase: bool) -> None:
    expected = plain_loop(loop, 12)
    run = Run(replace(DEFAULT_EXPERIMENT, loop=loop))
    fail(run, by_phase=by_phase)
    assert run.horizon == len(expected.rows)
    for epoch in reversed(range(run.horizon + 1)):
        run.go_to(epoch)
        assert run.trainer.epoch == epoch
        assert run.trainer.next_phase is Phase.FORWARD
        assert run.trainer.parameters["w"].item() == (expected.rows[epoch - 1][1] if epoch else 0.0)


def fail(run: Run, *, by_phase: bool = False) -> None:
    def go_on() -> None:
        for _ in range(1000):
            if by_phase:
                run.run_phase()
            else:
                run.train(12)

    raised_by(go_on)


@pytest.mark.parametrize("loop", FAILING, ids=id_of)
@pytest.mark.parametrize("by_phase", [False, True])
def test_mended_it_goes_on_from_the_last_good_epoch(loop: Loop, by_phase: bool) -> None:
    good = plain_loop(loop, 12).rows
    run = Run(replace(DEFAULT_EXPERIMENT, loop=loop))
    fail(run, by_phase=by_phase)
    run.intervene(LoopChange(run.trainer.epoch, RIGHT))
    assert run.trainer.epoch == len(good)
    batch = run.train(20)
    assert batch.first_epoch == len(good) + 1
    assert batch.rows[:, :3].tolist() == plain_loop(RIGHT, 20, start=good[-1][1] if good else 0.0).rows
    # And so it stays, there and back again.
    run.go_to(0)
    rows: Rows = []
    while len(rows) < len(good) + 20:
        rows += run.train(len(good) + 20 - len(rows)).rows[:, :3].tolist()
    assert rows == good + batch.rows[:, :3].tolist()


@pytest.mark.parametrize("loop", FAILING, ids=id_of)
def test_broken_on_the_way_and_mended(loop: Loop) -> None:
    straight = plain_loop(RIGHT, 30).rows
    run = Run(DEFAULT_EXPERIMENT)
    run.train(10)
    run.intervene(LoopChange(10, loop))
    # The first epoch of the broken loop may go well: that of `w = w - …` without zero_grad does.
    broken = plain_loop(loop, 5, start=straight[9][1], gradient=0.0)
    if broken.rows:
        assert run.train(5).rows[:, :3].tolist() == broken.rows
    error = raised_by(lambda: run.train(20))
    assert broken.error is not None
    assert same_error(error, broken.error)
    assert run.trainer.next_phase is broken.phase
    assert run.horizon == run.trainer.epoch == 10 + len(broken.rows)
    for epoch in (7, 0, 10):
        run.go_to(epoch)
        assert run.trainer.parameters["w"].item() == (straight[epoch - 1][1] if epoch else 0.0)
    run.intervene(LoopChange(10, RIGHT))
    assert run.interventions == (LoopChange(10, RIGHT),)
    assert run.train(20).rows[:, :3].tolist() == straight[10:]


@pytest.mark.parametrize("loop", FAILING, ids=id_of)
@pytest.mark.parametrize("phases", range(5))
def test_broken_within_an_epoch_and_mended(loop: Loop, phases: int) -> None:
    straight = plain_loop(RIGHT, 30).rows
    broken = plain_loop(loop, 5, start=straight[9][1], gradient=0.0)
    assert broken.error is not None
    run = Run(DEFAULT_EXPERIMENT)
    run.train(10)
    for _ in range(phases):
        run.run_phase()
    with suppress(*BROKEN):  # the phases that are run again may be the ones that fail now
        run.intervene(LoopChange(10, loop))
    if not broken.rows:
        error = raised_by(lambda: run.train(1))
        assert same_error(error, broken.error)
        assert run.trainer.next_phase is broken.phase
    run.go_to(10)
    run.intervene(LoopChange(10, RIGHT))
    assert run.train(20).rows[:, :3].tolist() == straight[10:]


def test_without_zero_grad_the_gradients_add_up_until_it_is_mended() -> None:
    run = Run(DEFAULT_EXPERIMENT)
    run.train(5)
    run.intervene(LoopChange(5, Loop(zero_grad=False)))
    run.train(4)
    run.intervene(LoopChange(9, RIGHT))
    run.train(11)

    rows = plain_loop(RIGHT, 5).rows
    rows += plain_loop(Loop(zero_grad=False), 4, start=rows[-1][1], gradient=0.0).rows
    rows += plain_loop(RIGHT, 11, start=rows[-1][1], gradient=rows[-1][2]).rows
    run.go_to(0)
    again: Rows = []
    while len(again) < 20:
        again += run.train(20 - len(again)).rows[:, :3].tolist()
    assert again == rows


def test_a_parameter_set_by_hand_in_a_failed_epoch() -> None:
    run = Run(replace(DEFAULT_EXPERIMENT, loop=Loop(no_grad=False)))
    fail(run)
    run.intervene(ParameterChange(0, "w", 1.0))
    error = plain_loop(Loop(no_grad=False), 1).error
    assert error is not None
    assert same_error(raised_by(lambda: run.train(1)), error)
    run.intervene(LoopChange(0, RIGHT))
    assert run.train(5).rows[:, :3].tolist() == plain_loop(RIGHT, 5, start=1.0).rows


@pytest.mark.parametrize("rule", [SGD(momentum=0.9), Adam()], ids=["SGD", "Adam"])
def test_a_second_backward_with_an_optimizer_of_pytorch(rule: Optimizer) -> None:
    run = Run(replace(DEFAULT_EXPERIMENT, optimizer=rule))
    straight = Run(replace(DEFAULT_EXPERIMENT, optimizer=rule)).train(30).rows[:, :3].tolist()
    run.train(10)
    run.intervene(LoopChange(10, Loop(backward_once=False)))
    expected = plain_loop(Loop(backward_once=False), 1).error
    assert expected is not None
    assert same_error(raised_by(lambda: run.train(1)), expected)
    assert run.trainer.next_phase is Phase.BACKWARD
    run.intervene(LoopChange(10, RIGHT))
    assert run.train(20).rows[:, :3].tolist() == straight[10:]


@pytest.mark.parametrize("rule", [SGD(momentum=0.9), Adam()], ids=["SGD", "Adam"])
def test_optimizers_of_pytorch_need_no_switch_of_the_update(rule: Optimizer) -> None:
    right = Run(replace(DEFAULT_EXPERIMENT, optimizer=rule)).train(20).rows[:, :3].tolist()
    loop = Loop(no_grad=False, in_place=False)
    assert Run(replace(DEFAULT_EXPERIMENT, optimizer=rule, loop=loop)).train(20).rows[:, :3].tolist() == right


def test_a_second_backward_that_needs_nothing_kept_adds_the_gradient_twice() -> None:
    """PyTorch frees nothing where nothing was saved, and raises no error."""
    experiment = Experiment(
        "w + x",
        (Parameter("w", 0.0),),
        Data((1.0, 2.0), (0.0, 0.0)),
        loss="y_pred - y",
        loop=Loop(backward_once=False),
    )
    w = torch.tensor(0.0, requires_grad=True)
    loss = ((w + torch.tensor([1.0, 2.0])) - torch.tensor([0.0, 0.0])).mean()
    loss.backward()  # type: ignore[no-untyped-call]
    loss.backward()  # type: ignore[no-untyped-call]
    assert cast("Tensor", w.grad).item() == 2.0
    assert Run(experiment).train(1).rows[0, 2] == 2.0
