"""Stop rules end a Run at the right epoch, and change no number."""

import pytest
from msgspec import structs

from gradgui.engine.run import Run
from gradgui.experiment.early_stopping import EarlyStopping, StopRules
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment


def straight(experiment: Experiment, epochs: int) -> list[tuple[float, ...]]:
    """Give the rows ``loss, w, w_grad`` of a run without rules."""
    return [tuple(row) for row in Run(experiment).train(epochs).rows[:, :3].tolist()]


def stopped(experiment: Experiment, rules: StopRules, slices: int) -> tuple[int, str]:
    """Train in slices until a rule ends it, or 500 epochs; give the epoch and the reason."""
    run, stopping = Run(experiment), EarlyStopping(rules, experiment.columns)
    while run.trainer.epoch < 500 and not stopping.reason:
        run.train(min(slices, 500 - run.trainer.epoch), early_stopping=stopping)
    return run.trainer.epoch, stopping.reason


@pytest.mark.parametrize("slices", [1, 7, 64, 500])
def test_loss_below(slices: int) -> None:
    epoch, reason = stopped(DEFAULT_EXPERIMENT, StopRules(loss_below=0.5), slices)
    assert epoch == next(e for e, row in enumerate(straight(DEFAULT_EXPERIMENT, 100), 1) if row[0] < 0.5)
    assert reason == "the loss is below 0.5"


@pytest.mark.parametrize("slices", [1, 7, 64, 500])
def test_gradient_below(slices: int) -> None:
    epoch, _ = stopped(DEFAULT_EXPERIMENT, StopRules(gradient_below=0.01), slices)
    assert epoch == next(e for e, row in enumerate(straight(DEFAULT_EXPERIMENT, 200), 1) if abs(row[2]) < 0.01)


@pytest.mark.parametrize("slices", [1, 7, 64, 500])
def test_no_progress(slices: int) -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, learning_rate=0.14)  # diverges: the first loss stays the lowest
    assert stopped(experiment, StopRules(patience=10), slices)[0] == 11
    losses = [row[0] for row in straight(experiment, 11)]
    assert min(losses) == losses[0]


def test_the_epochs_up_to_there_are_the_same() -> None:
    stopping = EarlyStopping(StopRules(loss_below=0.5), DEFAULT_EXPERIMENT.columns)
    rows = Run(DEFAULT_EXPERIMENT).train(500, early_stopping=stopping).rows[:, :3].tolist()
    assert [tuple(row) for row in rows] == straight(DEFAULT_EXPERIMENT, len(rows))
