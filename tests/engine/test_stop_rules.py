"""Stop rules end a Run at the right epoch, and change no number."""

import pytest
from msgspec import structs

from gradgui.engine.run import Run
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment


def straight(experiment: Experiment, epochs: int) -> list[tuple[float, ...]]:
    """Give the rows ``loss, w, w_grad`` of a run without rules."""
    return [tuple(row) for row in Run(experiment).train(epochs).values.tolist()]


def stopped(experiment: Experiment, rules: StopRules, slices: int) -> Run:
    """Train in slices until a rule ends it, or 500 epochs."""
    run = Run(experiment)
    run.watch_for(rules)
    while run.trainer.epoch < 500 and not run.stop_reason:
        run.train(min(slices, 500 - run.trainer.epoch))
    return run


@pytest.mark.parametrize("slices", [1, 7, 64, 500])
def test_loss_below(slices: int) -> None:
    run = stopped(DEFAULT_EXPERIMENT, StopRules(loss_below=0.5), slices)
    assert run.trainer.epoch == next(e for e, row in enumerate(straight(DEFAULT_EXPERIMENT, 100), 1) if row[0] < 0.5)
    assert run.stop_reason == "the loss is below 0.5"


@pytest.mark.parametrize("slices", [1, 7, 64, 500])
def test_gradient_below(slices: int) -> None:
    run = stopped(DEFAULT_EXPERIMENT, StopRules(gradient_below=0.01), slices)
    assert run.trainer.epoch == next(
        e for e, row in enumerate(straight(DEFAULT_EXPERIMENT, 200), 1) if abs(row[2]) < 0.01
    )


@pytest.mark.parametrize("slices", [1, 7, 64, 500])
def test_no_progress(slices: int) -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, learning_rate=0.14)  # diverges: the first loss stays the lowest
    run = stopped(experiment, StopRules(patience=10), slices)
    assert run.trainer.epoch == 11
    losses = [row[0] for row in straight(experiment, 11)]
    assert min(losses) == losses[0]


def test_the_epochs_up_to_there_are_the_same() -> None:
    run = Run(DEFAULT_EXPERIMENT)
    run.watch_for(StopRules(loss_below=0.5))
    rows = run.train(500).values.tolist()
    assert [tuple(row) for row in rows] == straight(DEFAULT_EXPERIMENT, len(rows))
