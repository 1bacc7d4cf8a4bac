"""Two runs part where plain PyTorch, or the change itself, says so."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from gradgui.engine.parting import find_parting
from gradgui.engine.run import Run
from gradgui.experiment.changes import LearningRateChange, ParameterChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import SGD
from gradgui.experiment.training_loop import Loop, Phase
from gradgui.record.first_difference import FirstDifference, first_differing_epoch
from gradgui.record.training_log import TrainingLog

X, Y = [1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 6.0, 8.0]


def log_of(run: Run, epochs: int) -> TrainingLog:
    log = TrainingLog(run.experiment.columns, run.experiment.dtype)
    log.append(run.train(epochs))
    return log


def part(first: Run, second: Run, epochs: int = 20) -> FirstDifference | None:
    """Train both, and run the first epoch that differs again."""
    epoch = first_differing_epoch(log_of(first, epochs), log_of(second, epochs))
    if epoch is None:
        return None
    for run in (first, second):
        run.go_to(epoch - 1)
    return find_parting(first.trainer, second.trainer)


def test_equal_runs_do_not_part() -> None:
    assert part(Run(DEFAULT_EXPERIMENT), Run(DEFAULT_EXPERIMENT)) is None


def test_another_rate_parts_in_the_first_update() -> None:
    found = part(Run(DEFAULT_EXPERIMENT), Run(structs.replace(DEFAULT_EXPERIMENT, learning_rate=0.02)))
    gradient = torch.tensor(-30.0)
    first, second = (-(rate * gradient).item() for rate in (0.01, 0.02))
    assert found == FirstDifference(1, Phase.UPDATE, "w", first, second)


def test_another_start_is_there_from_the_beginning() -> None:
    other = structs.replace(DEFAULT_EXPERIMENT, parameters=(Parameter("w", 0.1),))
    found = part(Run(DEFAULT_EXPERIMENT), Run(other))
    assert found == FirstDifference(1, None, "w", 0.0, torch.tensor(0.1).item())


@given(st.integers(0, 19), st.sampled_from([-0.5, 0.25, 3.0]))
@settings(max_examples=20, deadline=None)
def test_a_parameter_set_on_the_way(epoch: int, value: float) -> None:
    changed = Run(DEFAULT_EXPERIMENT, [ParameterChange(epoch, "w", value)])
    found = part(Run(DEFAULT_EXPERIMENT), changed)
    assert found is not None
    assert (found.epoch, found.phase, found.name, found.second) == (epoch + 1, None, "w", value)


@given(st.integers(0, 19))
@settings(max_examples=20, deadline=None)
def test_a_rate_changed_on_the_way(epoch: int) -> None:
    found = part(Run(DEFAULT_EXPERIMENT), Run(DEFAULT_EXPERIMENT, [LearningRateChange(epoch, 0.05)]))
    assert found is not None
    assert (found.epoch, found.phase, found.name) == (epoch + 1, Phase.UPDATE, "w")


def test_another_target_parts_in_the_loss_and_another_x_in_the_forward_pass() -> None:
    target = structs.replace(DEFAULT_EXPERIMENT, data=Data(X, [2.0, 4.0, 6.0, 9.0]))
    found = part(Run(DEFAULT_EXPERIMENT), Run(target))
    assert found == FirstDifference(1, Phase.LOSS, "loss", 30.0, (4 + 16 + 36 + 81) / 4)
    moved = structs.replace(DEFAULT_EXPERIMENT, parameters=(Parameter("w", 1.0),), data=Data([1.0, 2.5, 3.0, 4.0], Y))
    straight = structs.replace(moved, data=Data(X, Y))
    assert part(Run(straight), Run(moved)) == FirstDifference(1, Phase.FORWARD, "y_pred of point 2", 2.0, 2.5)


def test_momentum_parts_in_the_second_update() -> None:
    plain = structs.replace(DEFAULT_EXPERIMENT, optimizer=SGD(momentum=0.0))
    found = part(Run(plain), Run(structs.replace(plain, optimizer=SGD(momentum=0.9))))
    w = {momentum: torch.zeros((), requires_grad=True) for momentum in (0.0, 0.9)}
    for momentum, weight in w.items():
        rule = torch.optim.SGD([weight], lr=0.01, momentum=momentum)
        for _ in range(2):
            rule.zero_grad()
            loss = ((torch.tensor(Y) - weight * torch.tensor(X)) ** 2).mean()
            loss.backward()  # type: ignore[no-untyped-call]
            rule.step()
    assert found == FirstDifference(2, Phase.UPDATE, "w", w[0.0].item(), w[0.9].item())


def test_a_forgotten_zero_grad_is_seen_where_it_is_forgotten() -> None:
    forgotten: Experiment = structs.replace(DEFAULT_EXPERIMENT, loop=Loop(zero_grad=False))
    first, second = Run(DEFAULT_EXPERIMENT), Run(forgotten)
    assert first_differing_epoch(log_of(first, 5), log_of(second, 5)) == 2
    for run in (first, second):
        run.go_to(1)
    found = find_parting(first.trainer, second.trainer)
    assert found is not None
    assert (found.epoch, found.phase, found.name, found.first) == (2, None, "w.grad", 0.0)


def test_an_error_in_one_of_them_is_where_they_part() -> None:
    broken = Run(structs.replace(DEFAULT_EXPERIMENT, loop=Loop(backward_once=False)))
    found = find_parting(Run(DEFAULT_EXPERIMENT).trainer, broken.trainer)
    assert found is not None
    assert (found.epoch, found.phase) == (1, Phase.BACKWARD)
    assert found.errors[0] == ""
    assert found.errors[1].startswith("RuntimeError: Trying to backward through the graph a second time")


@pytest.mark.parametrize("length", [1, 7])
def test_of_logs_of_other_lengths_what_both_have_is_compared(length: int) -> None:
    first, second = Run(DEFAULT_EXPERIMENT), Run(DEFAULT_EXPERIMENT)
    assert first_differing_epoch(log_of(first, length), log_of(second, 20)) is None
