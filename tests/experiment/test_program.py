"""The loop's code is the loop: executed as it stands, it gives the trainer's own numbers."""

import textwrap
from typing import Any

import msgspec
import pytest
import torch

from gradgui.engine.trainer import Trainer
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import SGD, Adam, StepSchedule
from gradgui.experiment.program.program import make_program
from gradgui.experiment.training_loop import CORRECT_LOOP, Loop, Phase

CURVE = Experiment(
    model="a*exp(-k*x) + c",
    parameters=(Parameter("a", 1.0), Parameter("k", 0.5), Parameter("c", 0.1)),
    data=Data((0.0, 1.0, 2.0), (3.0, 1.0, 0.5)),
    loss="abs(y - y_pred)",
)


def run_code(experiment: Experiment, loop: Loop, epochs: int) -> list[float]:
    """Execute the lines as a person would paste them; gives the parameters at the end."""
    dtype = {"float32": torch.float32, "float64": torch.float64}[experiment.dtype]
    names = experiment.parameter_names
    scope: dict[str, Any] = {
        p.name: torch.tensor(p.start, dtype=dtype, requires_grad=True) for p in experiment.parameters
    }
    tensors = list(scope.values())
    scope |= {
        "torch": torch,
        "x": torch.tensor(experiment.data.x, dtype=dtype),
        "y": torch.tensor(experiment.data.y, dtype=dtype),
        "learning_rate": experiment.learning_rate,
    }
    if isinstance(experiment.optimizer, SGD):
        scope["optimizer"] = torch.optim.SGD(tensors, experiment.learning_rate, experiment.optimizer.momentum)
    if isinstance(experiment.optimizer, Adam):
        scope["optimizer"] = torch.optim.Adam(tensors, experiment.learning_rate)
    if isinstance(experiment.schedule, StepSchedule):
        scope["scheduler"] = torch.optim.lr_scheduler.StepLR(
            scope["optimizer"], experiment.schedule.step_size, experiment.schedule.gamma
        )
    body = textwrap.indent("\n".join(line.text for line in make_program(experiment, loop).lines), "    ")
    exec(f"for epoch in range({epochs}):\n{body}", scope)  # noqa: S102 - our own lines are what is tested
    return [scope[name].item() for name in names]


@pytest.mark.parametrize("experiment", [DEFAULT_EXPERIMENT, CURVE])
@pytest.mark.parametrize("optimizer", [None, SGD(momentum=0.5), Adam()])
@pytest.mark.parametrize("schedule", [None, StepSchedule(step_size=2)])
@pytest.mark.parametrize("loop", [CORRECT_LOOP, Loop(zero_grad=False)])
def test_the_lines_do_what_the_trainer_does(
    experiment: Experiment, optimizer: SGD | Adam | None, schedule: StepSchedule | None, loop: Loop
) -> None:
    if optimizer is not None:
        experiment = msgspec.structs.replace(experiment, optimizer=optimizer, schedule=schedule)
    trainer = Trainer(msgspec.structs.replace(experiment, loop=loop))
    for _ in range(7):
        trainer.finish_epoch()
    assert run_code(experiment, loop, 7) == [tensor.item() for tensor in trainer.parameters.values()]


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning")
@pytest.mark.parametrize("loop", [Loop(no_grad=False), Loop(in_place=False), Loop(backward_once=False)])
def test_broken_lines_raise_what_the_trainer_raises(loop: Loop) -> None:
    trainer = Trainer(msgspec.structs.replace(DEFAULT_EXPERIMENT, loop=loop))
    with pytest.raises((RuntimeError, AttributeError)) as ours:
        trainer.finish_epoch()
    with pytest.raises(type(ours.value)) as pasted:
        run_code(DEFAULT_EXPERIMENT, loop, 1)
    assert str(pasted.value) == str(ours.value)


def test_every_phase_has_a_line() -> None:
    assert [line.phase for line in make_program(DEFAULT_EXPERIMENT, CORRECT_LOOP).lines] == [
        Phase.FORWARD,
        Phase.LOSS,
        Phase.BACKWARD,
        Phase.UPDATE,
        Phase.UPDATE,
        Phase.ZERO_GRAD,
    ]


def test_the_scheduler_follows_the_optimizer() -> None:
    experiment = msgspec.structs.replace(DEFAULT_EXPERIMENT, optimizer=SGD(), schedule=StepSchedule())
    lines = [(line.text, line.phase) for line in make_program(experiment, CORRECT_LOOP).lines]
    assert lines[-3:] == [
        ("optimizer.step()", Phase.UPDATE),
        ("scheduler.step()", Phase.UPDATE),
        ("optimizer.zero_grad()", Phase.ZERO_GRAD),
    ]
