"""The worker in its thread: every epoch once and in order, and pause at once."""

import sys
from collections.abc import Iterator
from time import perf_counter

import msgspec
import numpy as np
import pytest
import torch
from PySide6.QtCore import QObject, Signal, Slot
from pytestqt.qtbot import QtBot

from gradgui.experiment.changes import DataChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Parameter
from gradgui.experiment.optimizers import Adam
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.views import Landscape, RunView
from gradgui.worker import commands
from gradgui.worker.rate_limiter import FULL_SPEED
from gradgui.worker.status import State, Status
from gradgui.worker.training_thread import TrainingThread


class Listener(QObject):
    """Keep what the worker tells, and ask for more as a window does that has painted it."""

    def __init__(self, thread: TrainingThread) -> None:
        super().__init__()
        self._thread = thread
        self.asks = True
        self.batches: list[EpochBatch] = []
        self.statuses: list[Status] = []
        self.heard: list[int] = []
        self.landscapes: list[Landscape] = []
        thread.worker.epochs_finished.connect(self.take_batch)
        thread.worker.status_changed.connect(self.take_status)
        thread.worker.view_changed.connect(self.take_view)

    @Slot(EpochBatch)
    def take_batch(self, batch: EpochBatch) -> None:
        self.batches.append(batch)
        if self.asks:
            self._thread.do(commands.TrainOn())
            self._thread.do(commands.SendNext())

    @Slot(Status)
    def take_status(self, status: Status) -> None:
        self.statuses.append(status)
        self.heard.append(len(self.epochs))

    @Slot(RunView)
    def take_view(self, view: RunView) -> None:
        if isinstance(view, Landscape):
            self.landscapes.append(view)

    @property
    def state(self) -> State:
        return self.statuses[-1].state if self.statuses else State.LOADING

    @property
    def epochs(self) -> list[int]:
        return [epoch for b in self.batches for epoch in range(b.first_epoch, b.last_epoch + 1)]


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[TrainingThread]:
    parent = QObject()
    thread = TrainingThread(parent)
    thread.start()
    yield thread
    thread.shut_down()


@pytest.fixture
def listener(thread: TrainingThread, qtbot: QtBot) -> Listener:
    listener = Listener(thread)
    thread.do(commands.Load(RunSpec(msgspec.structs.replace(DEFAULT_EXPERIMENT, epochs=2000))))
    qtbot.waitUntil(lambda: listener.state is State.READY, timeout=30_000)
    return listener


@pytest.mark.parametrize("speed", [1000.0, 10_000.0, FULL_SPEED])
def test_every_epoch_once_and_in_order(
    thread: TrainingThread, listener: Listener, qtbot: QtBot, speed: float
) -> None:
    thread.do(commands.SetSpeed(speed))
    thread.do(commands.Run())
    qtbot.waitUntil(lambda: listener.state is State.FINISHED, timeout=30_000)
    assert listener.epochs == list(range(1, 2001))
    if speed == FULL_SPEED:
        assert len(listener.batches) < 200, "many epochs a batch at a speed nobody can follow"


def test_the_epochs_come_before_the_status_that_counts_them(
    thread: TrainingThread, listener: Listener, qtbot: QtBot
) -> None:
    thread.do(commands.SetSpeed(FULL_SPEED))
    for _ in range(3):
        thread.do(commands.Run())
        thread.do(commands.Pause())
    thread.do(commands.Run())
    qtbot.waitUntil(lambda: listener.state is State.FINISHED, timeout=30_000)
    assert [status.epoch for status in listener.statuses] == listener.heard


def test_pause_takes_effect_within_a_slice(thread: TrainingThread, listener: Listener, qtbot: QtBot) -> None:
    thread.do(commands.SetEpochs(10_000_000))
    thread.do(commands.SetSpeed(FULL_SPEED))
    thread.do(commands.Run())
    qtbot.waitUntil(lambda: len(listener.epochs) > 100)
    thread.do(commands.Pause())
    qtbot.waitUntil(lambda: listener.state is State.READY)
    paused_at = listener.statuses[-1].epoch
    assert listener.epochs[-1] == paused_at
    thread.do(commands.StepEpoch())
    qtbot.waitUntil(lambda: len(listener.epochs) > paused_at)
    assert listener.epochs[-1] == paused_at + 1


def test_a_window_that_does_not_ask_is_sent_nothing_more_and_training_goes_on(
    thread: TrainingThread, listener: Listener, qtbot: QtBot
) -> None:
    listener.asks = False
    thread.do(commands.SetEpochs(1_000))
    thread.do(commands.SetSpeed(FULL_SPEED))
    thread.do(commands.Run())
    qtbot.waitUntil(lambda: listener.state is State.FINISHED, timeout=30_000)
    assert listener.epochs == list(range(1, 1_001))
    assert len(listener.batches) == 2, "one that it could paint, and the rest with the end of the run"


def test_shutting_down_in_the_midst_of_a_run_is_quick_and_clean(
    thread: TrainingThread, listener: Listener, qtbot: QtBot
) -> None:
    thread.do(commands.SetEpochs(10_000_000))
    thread.do(commands.SetSpeed(FULL_SPEED))
    thread.do(commands.Run())
    qtbot.waitUntil(lambda: len(listener.epochs) > 100)
    before = perf_counter()
    thread.shut_down()
    assert perf_counter() - before < 5.0


def test_the_optimizers_buffers_come_with_the_epochs(
    thread: TrainingThread, listener: Listener, qtbot: QtBot
) -> None:
    thread.do(commands.Load(RunSpec(msgspec.structs.replace(DEFAULT_EXPERIMENT, optimizer=Adam(), epochs=500))))
    thread.do(commands.SetSpeed(FULL_SPEED))
    thread.do(commands.Run())
    qtbot.waitUntil(lambda: listener.state is State.FINISHED, timeout=30_000)
    w = torch.tensor(0.0, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=DEFAULT_EXPERIMENT.learning_rate)
    x, y = (torch.tensor(values.tolist()) for values in (DEFAULT_EXPERIMENT.data.x, DEFAULT_EXPERIMENT.data.y))
    expected = []
    for _ in range(500):
        ((y - w * x) ** 2).mean().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
        expected.append([optimizer.state[w][name].item() for name in ("exp_avg", "exp_avg_sq")])
    assert np.concatenate([batch.rows[:, 4:] for batch in listener.batches]).tolist() == expected


def test_other_data_comes_from_the_window(thread: TrainingThread, listener: Listener, qtbot: QtBot) -> None:
    data = Data((1.0, 2.0), (3.0, 4.0))
    thread.do(commands.StepEpoch())
    thread.do(commands.Change(DataChange(0, data)))
    qtbot.waitUntil(lambda: listener.statuses[-1].interventions == (DataChange(1, data),))
    assert listener.statuses[-1].data is data
    thread.do(commands.StepBack())
    qtbot.waitUntil(lambda: listener.statuses[-1].epoch == 0)
    assert listener.statuses[-1].data is listener.statuses[0].data


class _Emitter(QObject):
    emitted = Signal(int, float)


def test_a_costly_landscape_is_seldom_while_it_runs_and_up_to_date_at_the_end(
    thread: TrainingThread, listener: Listener, qtbot: QtBot
) -> None:
    x = tuple(index / 10_000 for index in range(10_000))
    names = ("a", "b", "c")  # one is held, at another value each epoch: the ground is always new
    experiment = msgspec.structs.replace(
        DEFAULT_EXPERIMENT,
        model="a*sin(b*x) + c",
        parameters=tuple(Parameter(name, 1.0) for name in names),
        data=Data(x, x),
        epochs=40,
    )
    thread.do(commands.Look(landscape_of=("a", "b")))
    thread.do(commands.Load(RunSpec(experiment)))
    qtbot.waitUntil(lambda: len(listener.landscapes) == 1)
    thread.do(commands.SetSpeed(60.0))
    thread.do(commands.Run())
    qtbot.waitUntil(lambda: listener.state is State.FINISHED, timeout=30_000)
    qtbot.waitUntil(lambda: listener.landscapes[-1].epoch == 40)
    assert len(listener.landscapes) < 20


def test_emitting_keeps_the_count_of_true() -> None:
    """PySide6 6.12.0 drops a reference to True on every emit and kills Python 3.11 after some hundreds."""
    emitter = _Emitter()
    before = sys.getrefcount(True)
    for number in range(200):
        emitter.emitted.emit(number, 1.0)
    assert abs(sys.getrefcount(True) - before) < 10
