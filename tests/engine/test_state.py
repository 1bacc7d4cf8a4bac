"""A run's state goes through bytes and back, and goes on to the same bits."""

import pytest
import torch
from msgspec import DecodeError
from msgspec.structs import replace

from gradgui.engine.state import TrainerState
from gradgui.engine.trainer import Trainer
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    Optimizer,
    RMSprop,
    Schedule,
    StepSchedule,
)
from gradgui.experiment.training_loop import Loop

CURVE = Experiment(
    model="a*exp(-k*x)",
    parameters=(Parameter("a", 1.0), Parameter("k", 0.3)),
    data=Data((0.0, 1.0, 2.0), (3.0, 1.0, 0.5)),
)
RULES: tuple[Optimizer, ...] = (SGD(momentum=0.9), RMSprop(momentum=0.5), Adagrad(), Adam(), AdamW())
SCHEDULES: tuple[Schedule | None, ...] = (None, StepSchedule(3), ExponentialSchedule(), CosineSchedule(7))


def through_bytes(experiment: Experiment, epochs: int) -> None:
    straight, stored = Trainer(experiment), Trainer(experiment)
    straight.train([], epochs)
    state = TrainerState.from_bytes(straight.state().to_bytes(), straight.data)
    assert state == straight.state()
    stored.restore(state)
    assert stored.state() == straight.state()
    expected: list[tuple[float, ...]] = []
    rows: list[tuple[float, ...]] = []
    straight.train(expected, 20)
    stored.train(rows, 20)
    assert repr(rows) == repr(expected)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_every_optimizer_and_schedule(rule: Optimizer, schedule: Schedule | None, dtype: str) -> None:
    for epochs in (1, 8):
        through_bytes(replace(CURVE, optimizer=rule, schedule=schedule, dtype=dtype), epochs)


@pytest.mark.parametrize("loop", [Loop(), Loop(zero_grad=False)], ids=repr)
@pytest.mark.parametrize("rate", [0.01, 0.5], ids=["converges", "diverges"])
def test_the_written_out_update(loop: Loop, rate: float) -> None:
    for epochs in (1, 30, 200):
        through_bytes(replace(DEFAULT_EXPERIMENT, loop=loop, learning_rate=rate, optimizer=GradientDescent()), epochs)


def test_the_generator_comes_back() -> None:
    trainer = Trainer(DEFAULT_EXPERIMENT)
    torch.manual_seed(7)
    state = TrainerState.from_bytes(trainer.state().to_bytes(), trainer.data)
    drawn = torch.rand(3)
    trainer.restore(state)
    assert torch.equal(torch.rand(3), drawn)


def test_what_is_no_state_is_refused() -> None:
    with pytest.raises(DecodeError):
        TrainerState.from_bytes(b"nothing", DEFAULT_EXPERIMENT.data)
