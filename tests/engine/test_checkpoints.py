"""The states kept along a run: few, spread evenly, and near to every epoch."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradgui.engine import run
from gradgui.engine import state as kept_states
from gradgui.engine.run import Run
from gradgui.engine.state import Checkpoints, TrainerState
from gradgui.experiment.changes import DataChange, LearningRateChange, LoopChange, ParameterChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.training_loop import Loop


def state_at(epoch: int) -> TrainerState:
    return TrainerState(
        epoch=epoch,
        parameters=(float(epoch),),
        gradients=(None,),
        buffers={},
        schedule={},
        generator=b"",
        learning_rate=0.01,
        loop=Loop(),
        data=DEFAULT_EXPERIMENT.data,
    )


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Checkpoints]:
    """The checkpoints of the runs that are made from now on."""
    made: list[Checkpoints] = []

    class Watched(Checkpoints):
        def __init__(self, start: TrainerState) -> None:
            super().__init__(start)
            made.append(self)

    monkeypatch.setattr(run, "Checkpoints", Watched)
    return made


@settings(max_examples=60, deadline=None)
@given(most=st.integers(1, 9), spacing=st.integers(1, 5), epochs=st.integers(0, 400))
def test_they_are_few_and_even_and_near(most: int, spacing: int, epochs: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_states, "MOST_CHECKPOINTS", most)
        patch.setattr(kept_states, "FIRST_SPACING", spacing)
        kept = Checkpoints(state_at(0))
        for epoch in range(1, epochs + 1):
            kept.keep(state_at(epoch))
            assert 1 <= len(kept) <= most
        doublings, rest = divmod(kept.spacing, spacing)
        assert rest == 0
        assert doublings.bit_count() == 1
        expected = range(0, epochs + 1, kept.spacing)
        assert len(kept) == len(expected)
        for epoch in range(epochs + 10):
            latest = kept.latest(epoch)
            assert latest.epoch == max(due for due in expected if due <= epoch)
            assert latest.parameters == (float(latest.epoch),)
        assert kept.spacing == spacing or 2 * len(kept) > most


@settings(max_examples=60, deadline=None)
@given(spacing=st.integers(1, 9), epoch=st.integers(0, 100))
def test_the_next_one_that_is_due(spacing: int, epoch: int) -> None:
    kept = Checkpoints(state_at(0))
    kept.spacing = spacing
    ahead = kept.epochs_until_next(epoch)
    assert 1 <= ahead <= spacing
    assert (epoch + ahead) % spacing == 0


def test_the_same_epoch_is_kept_once_and_the_first_state_stays() -> None:
    kept = Checkpoints(state_at(0))
    for epoch in (64, 128, 64, 0, 128, 192):
        kept.keep(state_at(epoch))
    assert len(kept) == 4
    assert [kept.latest(epoch).epoch for epoch in (0, 63, 64, 127, 128, 500)] == [0, 0, 64, 64, 128, 192]


def test_a_future_that_no_longer_comes_is_forgotten() -> None:
    kept = Checkpoints(state_at(0))
    for epoch in range(64, 641, 64):
        kept.keep(state_at(epoch))
    kept.forget_after(320)
    assert kept.latest(10_000).epoch == 320
    kept.forget_after(319)
    assert kept.latest(10_000).epoch == 256
    kept.forget_after(0)
    assert len(kept) == 1
    assert kept.latest(10_000).epoch == 0
    kept.keep(state_at(64))
    assert kept.latest(10_000).epoch == 64


def test_a_long_run_keeps_no_more_than_agreed(kept: list[Checkpoints], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_states, "FIRST_SPACING", 2)
    monkeypatch.setattr(kept_states, "MOST_CHECKPOINTS", 8)
    long = Run(DEFAULT_EXPERIMENT)
    weights = [0.0, *long.train(500).rows[:, 1].tolist()]
    (states,) = kept
    assert 4 < len(states) <= 8
    assert states.spacing == 64
    for epoch in range(0, 501, 7):
        long.go_to(epoch)
        assert long.trainer.parameters["w"].item() == weights[epoch]
    assert len(states) <= 8


def test_every_spacing_epochs_one_is_kept_however_the_run_is_cut(kept: list[Checkpoints]) -> None:
    slices = (1, 63, 1, 100, 27, 200)
    by_slices, by_phases = Run(DEFAULT_EXPERIMENT), Run(DEFAULT_EXPERIMENT)
    for epochs in slices:
        by_slices.train(epochs)
    for _ in range(5 * sum(slices)):
        by_phases.run_phase()
    for states in kept:
        assert [states.latest(epoch).epoch for epoch in (63, 64, 128, 300, 392)] == [0, 64, 128, 256, 384]


@pytest.fixture
def losses(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often a loss is measured: once an epoch, at speed as well."""
    count = [0]
    mean = torch.Tensor.mean

    def counted(tensor: torch.Tensor) -> torch.Tensor:
        count[0] += 1
        return mean(tensor)

    monkeypatch.setattr(torch.Tensor, "mean", counted)
    return count


@pytest.mark.parametrize("epoch", [1999, 1984, 1000, 64, 63, 0])
def test_every_epoch_is_a_short_replay_away(losses: list[int], epoch: int) -> None:
    long = Run(DEFAULT_EXPERIMENT)
    long.train(2000)
    assert losses == [2000]
    long.go_to(epoch)
    assert losses[0] - 2000 <= kept_states.FIRST_SPACING + 1  # the last one is watched: its mean is seen twice


def test_a_change_between_two_epochs_replays_nothing(losses: list[int]) -> None:
    run, data = Run(DEFAULT_EXPERIMENT), Data((1.0, 2.0), (3.0, 4.0))
    run.train(100)
    changes = (LearningRateChange(100, 0.02), ParameterChange(100, "w", 1.5), DataChange(100, data))
    for change in (*changes, LoopChange(100, Loop(zero_grad=False))):
        run.intervene(change)
    assert losses == [100]
    rows = run.train(30).rows.tolist()
    assert losses == [130]
    run.go_to(100)
    assert run.train(30).rows.tolist() == rows
