"""The landscape is the loss itself, its slope the gradient, its landing the next update."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from gradgui.engine.landscape import LandscapeView
from gradgui.engine.run import Run
from gradgui.engine.trainer import Trainer
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Data, Experiment, Parameter
from gradgui.experiment.optimizers import SGD
from gradgui.experiment.training_loop import Loop

LINE = Experiment(
    model="w*x + b",
    parameters=(Parameter("w", 0.5), Parameter("b", -1.0)),
    data=Data((0.0, 1.0, 2.5), (1.0, 2.0, 0.5)),
    optimizer=SGD(momentum=0.9),
)


def after(experiment: Experiment, epochs: int) -> Trainer:
    trainer = Trainer(experiment)
    for _ in range(epochs):
        trainer.finish_epoch()
    return trainer


@settings(deadline=None, max_examples=30)
@given(epochs=st.integers(0, 30), learning_rate=st.floats(1e-4, 0.12))
def test_the_lesson(epochs: int, learning_rate: float) -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, learning_rate=learning_rate)
    trainer = after(experiment, epochs)
    cut = LandscapeView(experiment).cut(trainer.state(), "w")
    w = trainer.parameters["w"].item()
    x, y = np.array(experiment.data.x), np.array(experiment.data.y)
    np.testing.assert_allclose(cut.losses, [np.mean((y - v * x) ** 2) for v in cut.values], rtol=1e-12, atol=1e-15)
    assert cut.value == w
    row = trainer.finish_epoch()
    assert cut.loss == row[0]
    assert cut.gradient == row[2]
    assert cut.next_value == trainer.parameters["w"].item()
    assert cut.values[0] < min(w, 0.0, cut.next_value)
    assert cut.values[-1] > max(w, 0.0, cut.next_value)


@pytest.mark.parametrize("parameter", ["w", "b"])
def test_the_others_are_held_where_they_are(parameter: str) -> None:
    trainer = after(LINE, 5)
    w, b = (tensor.item() for tensor in trainer.parameters.values())
    cut = LandscapeView(LINE).cut(trainer.state(), parameter)
    x, y = np.array(LINE.data.x), np.array(LINE.data.y)
    for value, loss in zip(cut.values[::20], cut.losses[::20], strict=True):
        slope, height = (value, b) if parameter == "w" else (w, value)
        assert loss == pytest.approx(np.mean((y - slope * x - height) ** 2))
    trainer.finish_epoch()
    assert cut.next_value == trainer.parameters[parameter].item(), "momentum and all"


def test_looking_does_not_disturb() -> None:
    watched, straight = after(LINE, 3), after(LINE, 3)
    view = LandscapeView(LINE)
    for _ in range(5):
        view.cut(watched.state(), "w")
        assert watched.finish_epoch() == straight.finish_epoch()
    assert watched.state().generator == straight.state().generator


def test_the_ground_stays_while_it_serves_and_grows_when_the_run_diverges() -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, learning_rate=0.15)
    trainer, view = Trainer(experiment), LandscapeView(experiment)
    cuts = []
    for _ in range(12):
        cuts.append(view.cut(trainer.state(), "w"))
        trainer.finish_epoch()
    widths = [cut.values[-1] - cut.values[0] for cut in cuts]
    assert widths == sorted(widths)
    assert len(set(widths)) < len(widths), "it does not move with every epoch"
    for cut in cuts:
        assert cut.values[0] <= cut.value <= cut.values[-1]


def test_a_gradient_that_adds_up_is_not_taken_for_the_slope() -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, loop=Loop(zero_grad=False))
    trainer = after(experiment, 2)
    cut = LandscapeView(experiment).cut(trainer.state(), "w")
    w = trainer.parameters["w"].item()
    assert cut.gradient == pytest.approx(15 * (w - 2), rel=1e-5)


def test_a_broken_loop_has_no_next_update() -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, loop=Loop(backward_once=False))
    cut = LandscapeView(experiment).cut(Trainer(experiment).state(), "w")
    assert np.isnan(cut.next_value)
    assert cut.gradient == -30.0


BROKEN = """
from msgspec.structs import replace
from gradgui.engine.landscape import LandscapeView
from gradgui.engine.trainer import Trainer
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.training_loop import Loop
experiment = replace(DEFAULT_EXPERIMENT, loop=Loop(in_place=False))
print(LandscapeView(experiment).cut(Trainer(experiment).state(), "w").next_value)
"""


def test_a_loop_broken_on_purpose_is_looked_ahead_of_without_a_warning() -> None:
    # In a process of its own: PyTorch warns of the same thing only once.
    done = subprocess.run([sys.executable, "-c", BROKEN], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("nan\n", "")


def test_a_run_that_has_settled_keeps_its_landscape_but_for_the_epoch() -> None:
    run, view = Run(DEFAULT_EXPERIMENT), LandscapeView(DEFAULT_EXPERIMENT)
    run.train(2_000)
    settled = view.cut(run.trainer.state(), "w")
    run.train(1_000)
    later = view.cut(run.trainer.state(), "w")
    assert (settled.epoch, later.epoch) == (2_000, 3_000)
    assert later.looks_like(settled)
    run.go_to(3)
    early = view.cut(run.trainer.state(), "w")
    assert early.epoch == 3
    assert early.value == run.trainer.parameters["w"].item()
