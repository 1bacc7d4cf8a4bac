"""Runs that leave the finite numbers: where they stop, what they say, and the way back."""

import math
from typing import cast

import pytest
import torch
from msgspec.structs import replace

from gradgui.engine import state as kept_states
from gradgui.engine.run import Run
from gradgui.experiment.changes import LearningRateChange, ParameterChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import SGD
from gradgui.experiment.training_loop import PHASES

TOO_FAST = replace(DEFAULT_EXPERIMENT, learning_rate=0.5)


def plain_rows(learning_rate: float, most: int, w: float = 0.0) -> list[list[float]]:
    """Loss, w and gradient of the lesson's epochs, up to the first that is not finite."""
    x = torch.tensor([1.0, 2.0, 3.0, 4.0])
    y = torch.tensor([2.0, 4.0, 6.0, 8.0])
    weight = torch.tensor(w, requires_grad=True)
    rows: list[list[float]] = []
    while len(rows) < most and all(math.isfinite(value) for row in rows[-1:] for value in row):
        loss = ((y - weight * x) ** 2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        gradient = cast("torch.Tensor", weight.grad)
        with torch.no_grad():
            weight -= learning_rate * gradient
        rows.append([loss.item(), weight.item(), gradient.item()])
        gradient.zero_()
    return rows


def same(ours: list[list[float]], theirs: list[list[float]]) -> bool:
    """Compare as text: nan is equal to nan there."""
    return repr(ours) == repr(theirs)


@pytest.mark.parametrize("epochs", [24, 25, 100, 100_000])
def test_it_stops_at_the_first_row_that_is_not_finite_and_keeps_it(epochs: int) -> None:
    expected = plain_rows(0.5, 1000)
    last = len(expected)
    assert last == 24  # as measured with plain PyTorch: not all of it is the test's own loop
    run = Run(TOO_FAST)
    batch = run.train(epochs)
    assert len(batch) == last
    assert same(batch.rows[:, :3].tolist(), expected)
    assert run.diverged
    assert run.divergence == f"loss is inf at epoch {last}"
    assert run.trainer.epoch == run.horizon == last


def test_up_to_the_epoch_before_nothing_is_said() -> None:
    run = Run(TOO_FAST)
    assert len(run.train(23)) == 23
    assert not run.diverged
    assert run.divergence == ""
    run.train(1)
    assert run.diverged


def test_stepping_by_the_phase_comes_to_the_same_end() -> None:
    run = Run(TOO_FAST)
    for _ in range(24 * 5):
        assert not run.diverged
        run.run_phase()
    assert run.diverged
    assert run.divergence == "loss is inf at epoch 24"


@pytest.mark.parametrize("spacing", [1, 5, 24, 64])
def test_coming_back_to_that_epoch_it_is_diverged_again(spacing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_states, "FIRST_SPACING", spacing)
    run = Run(TOO_FAST)
    expected = run.train(1000).rows[:, :3].tolist()
    for epoch in (0, 24, 23, 24, 7, 24):
        run.go_to(epoch)
        assert run.diverged is (epoch == 24)
        assert run.divergence == ("loss is inf at epoch 24" if epoch == 24 else "")
        assert run.trainer.parameters["w"].item() == (expected[epoch - 1][1] if epoch else 0.0)
    run.go_to(10)
    assert same(run.train(1000).rows[:, :3].tolist(), expected[10:])
    assert run.diverged
    for phases in range(len(PHASES)):
        run.go_to(23, phases)
        assert not run.diverged


def test_trained_past_it_the_epoch_at_which_it_left_stays_that_epoch() -> None:
    run = Run(TOO_FAST)
    run.train(1000)
    run.train(1)
    assert run.trainer.epoch == 25
    run.go_to(24)
    assert run.diverged
    assert run.divergence == "loss is inf at epoch 24"


@pytest.mark.parametrize("back_to", [24, 23, 5, 0])
def test_a_slower_learning_rate_and_a_fresh_start_mend_it(back_to: int) -> None:
    run = Run(TOO_FAST)
    run.train(1000)
    run.go_to(back_to)
    run.intervene(LearningRateChange(back_to, 0.01))
    run.intervene(ParameterChange(back_to, "w", 0.5))
    assert not run.diverged
    assert run.divergence == ""
    assert run.horizon == back_to
    assert same(run.train(50).rows[:, :3].tolist(), plain_rows(0.01, 50, w=0.5))
    assert not run.diverged
    run.go_to(min(24, run.horizon))
    assert not run.diverged


def of_one_point(model: str, start: float, learning_rate: float = 0.1, loss: str = "(y - y_pred)**2") -> Experiment:
    return Experiment(model, (Parameter("w", start),), Data((1.0,), (0.0,)), learning_rate=learning_rate, loss=loss)


@pytest.mark.parametrize(
    ("experiment", "sentence"),
    [
        (of_one_point("w * x", 1e30), "loss is inf at epoch 1"),
        (of_one_point("log(w) * x", -1.0), "loss is nan at epoch 1"),
        (of_one_point("-w * x", 3e38, loss="y_pred * 2"), "loss is -inf at epoch 1"),
        (of_one_point("w * x", 1e10, learning_rate=1e37), "w is -inf at epoch 1"),
        (of_one_point("w * x", -1e10, learning_rate=1e37), "w is inf at epoch 1"),
        (of_one_point("sqrt(w * x)", 0.0, loss="y_pred"), "w is -inf at epoch 1"),
        (of_one_point("sqrt(w * x)", 0.0), "w is nan at epoch 1"),
        (
            replace(of_one_point("w * x", 1.0), optimizer=SGD(momentum=0.5), learning_rate=1e38),
            "loss is inf at epoch 2",
        ),
    ],
)
def test_the_first_number_that_is_not_finite_is_named(experiment: Experiment, sentence: str) -> None:
    run = Run(experiment)
    run.train(1000)
    assert run.divergence == sentence


def test_of_several_parameters_the_one_is_named() -> None:
    experiment = Experiment(
        "w * x + sqrt(b)", (Parameter("w", 1.0), Parameter("b", 0.0)), Data((1.0,), (0.0,)), loss="y_pred"
    )
    run = Run(experiment)
    run.train(5)
    assert run.divergence == "b is -inf at epoch 1"


def test_huge_numbers_are_still_finite_though_their_sum_is_not() -> None:
    experiment = Experiment("w * x", (Parameter("w", 1.2e308),), Data((1.0,), (0.0,)), loss="y_pred", dtype="float64")
    run = Run(experiment)
    batch = run.train(5)
    assert batch.rows[:, :3].tolist() == [[1.2e308, 1.2e308, 1.0]] * 5
    assert not run.diverged
    assert run.divergence == ""


def test_a_start_beyond_the_dtype_diverges_at_once() -> None:
    run = Run(of_one_point("w * x", 1e300))
    assert len(run.train(10)) == 1
    assert run.divergence == "loss is inf at epoch 1"
