"""Getting PyTorch ready changes no number."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
import torch
from msgspec.structs import replace

from gradgui.engine.run import Run
from gradgui.engine.warm_up import warm_up
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.optimizers import SGD, Adam, GradientDescent, Optimizer
from gradgui.experiment.training_loop import Loop


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("rule", [GradientDescent(), SGD(momentum=0.9), Adam()], ids=["written out", "SGD", "Adam"])
def test_a_run_is_the_same_before_and_after(rule: Optimizer) -> None:
    experiment = replace(DEFAULT_EXPERIMENT, optimizer=rule)
    before = Run(experiment).train(30).rows[:, :3].tolist()
    generator = torch.get_rng_state()
    under_way = Run(experiment)
    under_way.train(10)
    warm_up(experiment)
    assert torch.equal(torch.get_rng_state(), generator)
    assert under_way.train(20).rows[:, :3].tolist() == before[10:]
    assert Run(experiment).train(30).rows[:, :3].tolist() == before


def test_a_few_points_take_one_thread() -> None:
    torch.set_num_threads(2)
    warm_up(DEFAULT_EXPERIMENT)
    assert torch.get_num_threads() == 1


@pytest.mark.parametrize(
    "loop",
    [Loop(zero_grad=False), Loop(no_grad=False), Loop(in_place=False), Loop(backward_once=False)],
    ids=repr,
)
def test_a_broken_loop_raises_nothing_yet(loop: Loop) -> None:
    warm_up(replace(DEFAULT_EXPERIMENT, loop=loop))


def test_many_points(monkeypatch: pytest.MonkeyPatch) -> None:
    points = tuple(map(float, range(200_000)))
    warm_up(replace(DEFAULT_EXPERIMENT, data=Data(x=points, y=points)))
    assert torch.get_num_threads() >= 1


FIRST = """
from gradgui.engine.trainer import Trainer
from gradgui.experiment.experiment import Parameter
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from msgspec.structs import replace

model, name = "max(w, 0.5)*x", "w"
trainer = Trainer(replace(DEFAULT_EXPERIMENT, model=model, parameters=(Parameter(name, 1.0),)))
print(trainer.finish_epoch()[0])
"""


def test_a_clamp_can_be_the_first_thing_a_process_asks_of_torch() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=False, timeout=100)
    assert (done.stdout, done.stderr) == ("7.5\n", "")
