"""Sweeps trained in a thread of their own."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gradgui.engine.sweeps.stacks import Stacks
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.experiment.sweep.varied import Varied
from gradgui.record.loss_density import loss_density
from gradgui.record.sweep_file import kept_sweeps, read_sweep
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.worker.jobs import sweep_training
from gradgui.worker.jobs.sweep_training import SweepProgress, SweepTraining
from tests.conftest import running_threads

RATES = Varied("learning_rate", 0.001, 0.1, 64, "log")


@pytest.fixture
def training(tmp_path: Path) -> Iterator[SweepTraining]:
    parent = QObject()
    training = SweepTraining(tmp_path / "sweeps", parent)
    yield training
    training.shut_down()
    del training, parent
    assert not running_threads()


def test_it_gives_what_the_stacks_give(training: SweepTraining, qtbot: QtBot) -> None:
    sweep = Sweep(DEFAULT_EXPERIMENT, (RATES,), 30)
    with qtbot.waitSignal(training.ended, timeout=20_000) as ended:
        training.begin(sweep)
        assert training.busy
    outcomes, whole = ended.args
    assert whole
    assert not training.busy
    alone = Stacks(sweep)
    for _ in alone.train():
        pass
    np.testing.assert_array_equal(outcomes.loss, alone.outcomes().loss)
    np.testing.assert_array_equal(outcomes.curves.losses, alone.outcomes().curves.losses)


def test_a_cancel_keeps_what_is_there(training: SweepTraining, qtbot: QtBot) -> None:
    sweep = Sweep(DEFAULT_EXPERIMENT, (RATES,), 10_000_000)
    told: list[SweepProgress] = []
    training.progressed.connect(told.append)
    training.begin(sweep)
    qtbot.waitUntil(lambda: len(told) > 2, timeout=20_000)
    assert [one.share for one in told] == sorted(one.share for one in told)
    assert all(one.epoch == round(one.share * sweep.epochs) and one.seconds_left > 0 for one in told)
    with qtbot.waitSignal(training.ended, timeout=20_000) as ended:
        training.cancel()
    outcomes, whole = ended.args
    assert isinstance(outcomes, SweepOutcomes)
    assert not whole
    assert told[-1].epoch <= outcomes.trained < sweep.epochs
    assert set(outcomes.epochs.tolist()) == {outcomes.trained}


def test_while_one_is_trained_no_other_is_begun(training: SweepTraining, qtbot: QtBot) -> None:
    long, short = (Sweep(DEFAULT_EXPERIMENT, (RATES,), epochs) for epochs in (10_000_000, 3))
    with qtbot.waitSignal(training.progressed, timeout=20_000):
        training.begin(long)
        training.begin(short)
    with qtbot.waitSignal(training.ended, timeout=20_000) as ended:
        training.cancel()
    assert ended.args[0].sweep == long


def test_what_cannot_be_trained_is_told(
    training: SweepTraining, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Stacks) -> Iterator[int]:
        raise MemoryError
        yield 0

    monkeypatch.setattr(Stacks, "train", refuse)
    with qtbot.waitSignal(training.failed, timeout=20_000) as failed:
        training.begin(Sweep(DEFAULT_EXPERIMENT, (RATES,), 30))
    assert failed.args == ["The sweep could not be trained; ask for fewer runs."]
    assert not training.busy


def test_what_was_trained_is_kept_and_the_oldest_goes(
    training: SweepTraining, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_training, "MOST_KEPT", 2)
    files = []
    for epochs in (3, 4, 5):
        with qtbot.waitSignal(training.kept, timeout=20_000) as kept:
            training.begin(Sweep(DEFAULT_EXPERIMENT, (replace(RATES, count=70),), epochs))
        assert kept.args == [""]
        files.append(kept_sweeps(training.folder)[0])
    assert kept_sweeps(training.folder) == [files[2], files[1]]
    read = read_sweep(files[2])
    assert read.trained == 5
    assert read.density is not None
    expected = loss_density(read.curves.losses)
    np.testing.assert_array_equal(read.density.counts, expected.counts)
    assert (read.density.low, read.density.high) == (expected.low, expected.high)


def test_where_nothing_can_be_written_that_is_told(training: SweepTraining, qtbot: QtBot) -> None:
    training.folder.write_text("a file where the folder should be")
    with qtbot.waitSignal(training.kept, timeout=20_000) as kept:
        training.begin(Sweep(DEFAULT_EXPERIMENT, (RATES,), 3))
    assert kept.args is not None
    assert str(kept.args[0]).startswith("The sweep is shown, but could not be kept: ")


def test_what_is_there_when_the_window_closes_is_kept(training: SweepTraining, qtbot: QtBot) -> None:
    with qtbot.waitSignal(training.progressed, timeout=20_000):
        training.begin(Sweep(DEFAULT_EXPERIMENT, (RATES,), 10_000_000))
    training.shut_down()
    (file,) = kept_sweeps(training.folder)
    assert 0 < read_sweep(file).trained < 10_000_000
