"""Runs as they are kept while the real worker trains, read with plain SQL and against what the worker sent."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gradgui.engine.run import Run
from gradgui.engine.state import TrainerState
from gradgui.experiment.changes import LearningRateChange, ParameterChange
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import SGD
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.run_store import Ended, RunStore
from gradgui.record.run_store.database import open_database
from gradgui.record.training_log import TrainingLog
from gradgui.worker import commands
from gradgui.worker.commands import Command
from gradgui.worker.jobs.run_recorder import RunRecorder
from gradgui.worker.rate_limiter import FULL_SPEED
from gradgui.worker.resumption import Resumption
from gradgui.worker.session import Session
from gradgui.worker.status import State
from gradgui.worker.training_thread import TrainingThread
from tests.worker.test_training_worker import Listener

SHORT = structs.replace(DEFAULT_EXPERIMENT, epochs=30)


class Recorded:
    """A loop in its thread, and the recorder that follows it."""

    def __init__(self, path: Path, qtbot: QtBot) -> None:
        self.path, self.qtbot = path, qtbot
        self.parent = QObject()
        self.thread = TrainingThread(self.parent)
        self.listener = Listener(self.thread)
        self.told: list[str] = []
        self.recorder = RunRecorder(self.thread.worker, path, self.parent)
        self.recorder.told.connect(self.told.append)
        self.thread.start()
        self.do(commands.SetSpeed(FULL_SPEED))

    def do(self, command: Command) -> None:
        self.thread.do(command)

    def load(self, experiment: Experiment, number: int, *interventions: LearningRateChange) -> None:
        self.do(commands.Load(RunSpec(experiment, interventions), number))
        self.wait_for_number(number)

    def wait_for_number(self, number: int) -> None:
        self.wait_for(lambda: bool(self.listener.statuses) and self.listener.statuses[-1].number == number)

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(is_so, timeout=60_000)

    def run(self) -> None:
        """Run to the end."""
        before = len(self.listener.statuses)
        self.do(commands.Run())
        self.wait_for(lambda: State.RUNNING in [status.state for status in self.listener.statuses[before:]])
        self.wait_for(lambda: self.listener.state is not State.RUNNING)

    def close(self) -> None:
        self.thread.shut_down()
        self.recorder.shut_down()

    def store(self) -> RunStore:
        """Close, and give what was kept."""
        self.close()
        return RunStore(self.path)


@pytest.fixture
def recorded(tmp_path: Path, qtbot: QtBot) -> Iterator[Recorded]:
    with closing(Recorded(tmp_path / "runs.sqlite", qtbot)) as recorded:
        yield recorded


def replayed(spec: RunSpec) -> TrainingLog:
    """Give the log of a run as it comes when it is trained again."""
    log = TrainingLog(spec.experiment.columns, spec.experiment.dtype)
    experiment = structs.replace(spec.experiment, epochs=spec.trained, stop=StopRules())
    session = Session(RunSpec(experiment, spec.interventions))
    session.do(commands.Run())
    while len(log) < spec.trained and (batch := session.train(spec.trained, 60.0)):
        log.append(batch)
    return log


def assert_replays(store: RunStore) -> None:
    """See that every run is, bit for bit, what decides it."""
    for summary in store.runs():
        spec, log = store.spec(summary.id), store.log(summary.id)
        again = replayed(spec)
        assert len(log) == summary.epochs == len(again)
        for name in log.columns.names:
            assert log.column(name).tobytes() == again.column(name).tobytes(), name


def test_a_run_is_kept_as_it_was_sent(recorded: Recorded) -> None:
    recorded.load(SHORT, 1)
    with recorded.qtbot.waitSignal(recorded.recorder.kept, timeout=60_000) as kept:
        recorded.run()
    assert kept.args == [{1: 1}]
    losses = [loss for batch in recorded.listener.batches for loss in batch.rows[:, 0].tolist()]
    with closing(sqlite3.connect(recorded.path)) as database:
        rows = database.execute("SELECT epochs, ended, final_loss, lowest_loss FROM run").fetchall()
    assert rows == [(30, "finished", losses[-1], min(losses))]
    store = recorded.store()
    assert store.log(1).column("loss").tolist() == losses
    assert_replays(store)
    store.close()
    assert recorded.told == []


def test_what_only_showed_its_first_epoch_is_not_kept(recorded: Recorded) -> None:
    recorded.load(SHORT, 1)
    recorded.do(commands.Change(LearningRateChange(0, 0.02)))
    recorded.do(commands.StepPhase())
    recorded.load(SHORT, 2)
    recorded.do(commands.StepEpoch())
    recorded.wait_for(lambda: recorded.listener.statuses[-1].epoch == 1)
    store = recorded.store()
    (run,) = store.runs()
    assert (run.epochs, run.ended, run.learning_rate) == (1, Ended.PAUSED, 0.01)
    store.close()


def test_every_way_to_end(recorded: Recorded) -> None:
    undefined = structs.replace(
        SHORT, model="w + sqrt(b) * x", parameters=(Parameter("w", 0.0), Parameter("b", -1.0))
    )
    experiments = [
        SHORT,
        structs.replace(SHORT, learning_rate=100.0, epochs=1000),
        undefined,
        structs.replace(SHORT, stop=StopRules(loss_below=10.0)),
    ]
    for number, experiment in enumerate(experiments, 1):
        recorded.load(experiment, number)
        recorded.run()
    recorded.load(structs.replace(SHORT, epochs=10_000_000), 5)
    recorded.do(commands.Run())
    recorded.wait_for(lambda: recorded.listener.epochs[-1] > 100 and recorded.listener.state is State.RUNNING)
    store = recorded.store()
    runs = store.runs()[::-1]
    assert [run.ended for run in runs] == [
        Ended.FINISHED,
        Ended.DIVERGED,
        Ended.UNDEFINED,
        Ended.STOPPED_EARLY,
        Ended.PAUSED,
    ]
    assert "not finite" in runs[1].reason or "inf" in runs[1].reason
    assert_replays(store)
    store.close()


def test_a_change_at_an_earlier_epoch_leaves_the_future_as_a_run(recorded: Recorded) -> None:
    recorded.load(SHORT, 1)
    recorded.run()
    recorded.do(commands.Change(LearningRateChange(0, 0.02)))  # at the end: the same run goes on
    recorded.run()
    recorded.do(commands.GoTo(40))
    recorded.do(commands.StepEpoch())
    recorded.do(commands.GoTo(20))
    recorded.do(commands.Change(LearningRateChange(0, 0.03)))
    recorded.do(commands.Change(LearningRateChange(0, 0.04)))
    recorded.run()
    recorded.do(commands.GoTo(0))
    recorded.do(commands.Change(LearningRateChange(0, 0.05)))
    recorded.run()
    store = recorded.store()
    last, branch, first = store.runs()
    assert (last.epochs, branch.epochs) == (30, 60)
    assert [(one.id, one.parent, one.branch_epoch) for one in (first, branch, last)] == [
        (1, None, 0),
        (2, 1, 20),
        (3, 2, 0),
    ]
    assert (first.epochs, first.ended) == (60, Ended.FINISHED)
    assert store.spec(1).interventions == (LearningRateChange(30, 0.02),)
    assert store.spec(2).interventions == (LearningRateChange(20, 0.04),)
    assert store.spec(3).experiment.learning_rate == 0.05
    assert_replays(store)
    with closing(sqlite3.connect(recorded.path)) as database:
        own = dict(database.execute("SELECT run, sum(epochs) FROM chunk GROUP BY run").fetchall())
    assert own == {1: 60, 2: branch.epochs - 20, 3: last.epochs}
    store.close()


def test_a_run_that_is_taken_up_again_is_the_same_run(recorded: Recorded) -> None:
    recorded.load(SHORT, 1)
    recorded.run()
    recorded.load(structs.replace(SHORT, model="w * x + b", parameters=(*SHORT.parameters, Parameter("b", 0.0))), 2)
    recorded.run()
    recorded.do(commands.Return(1))
    recorded.wait_for_number(1)
    recorded.run()
    store = recorded.store()
    assert [(run.id, run.epochs, run.ended) for run in store.runs()] == [
        (2, 30, Ended.FINISHED),
        (1, 60, Ended.FINISHED),
    ]
    assert_replays(store)
    store.close()


def test_where_nothing_can_be_written_it_is_said_once_and_training_goes_on(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "file").write_text("in the way")
    with closing(Recorded(tmp_path / "file" / "runs.sqlite", qtbot)) as recorded:
        recorded.load(SHORT, 1)
        recorded.run()
        assert recorded.listener.statuses[-1].epoch == 30
    (told,) = recorded.told
    assert told.startswith("Runs are not being kept in ")


def test_forgetting_everything_leaves_what_is_open_and_it_goes_on(recorded: Recorded) -> None:
    for number in (1, 2, 3):
        recorded.load(SHORT, number)
        recorded.run()
    with recorded.qtbot.waitSignal(recorded.recorder.room_changed, timeout=60_000) as changed:
        recorded.recorder.forget_all()
    assert changed.args == [sum(file.stat().st_size for file in recorded.path.parent.glob("runs.sqlite*"))]
    recorded.run()
    store = recorded.store()
    assert [(run.id, run.epochs) for run in store.runs()] == [(3, 60)]
    assert_replays(store)
    store.close()
    assert recorded.told == []


def test_a_run_that_another_window_forgot_is_not_begun_in_its_middle(recorded: Recorded) -> None:
    recorded.load(SHORT, 1)
    recorded.run()
    recorded.load(SHORT, 2)
    recorded.run()
    with closing(RunStore(recorded.path)) as other:
        recorded.wait_for(lambda: len(other.runs()) == 2)
        assert [run.id for run in other.forget_all()] == [1]
        other.database.execute("DELETE FROM run")  # as if it had not known that it is open
    recorded.run()
    recorded.load(SHORT, 3)
    recorded.run()
    store = recorded.store()
    assert [(run.id, run.epochs) for run in store.runs()] == [(3, 30)]
    assert_replays(store)
    store.close()
    assert recorded.told == []


def test_no_more_than_so_much_is_kept_and_what_went_is_said(recorded: Recorded) -> None:
    for number in (1, 2, 3):
        recorded.load(SHORT, number)
        recorded.run()
    with recorded.qtbot.waitSignal(recorded.recorder.room_changed, timeout=60_000):
        recorded.recorder.keep_at_most(1000)
    assert recorded.told == ["The 2 oldest runs without a star were forgotten, as kept runs may take 1e-06 GB."]
    recorded.recorder.keep_at_most(None)
    recorded.load(SHORT, 4)
    recorded.run()
    store = recorded.store()
    assert [run.id for run in store.runs()] == [4, 3]
    store.close()


def test_what_was_deleted_is_gone_when_the_window_has_closed(recorded: Recorded) -> None:
    recorded.load(SHORT, 1)
    recorded.run()
    with recorded.qtbot.waitSignal(recorded.recorder.kept, timeout=60_000):
        recorded.load(SHORT, 2)
        recorded.run()
    with closing(RunStore(recorded.path)) as store:
        store.delete(1)
    recorded.close()
    with closing(sqlite3.connect(recorded.path)) as database:
        assert database.execute("SELECT id FROM run").fetchall() == [(2,)]
        assert database.execute("SELECT DISTINCT run FROM chunk").fetchall() == [(2,)]


def test_a_disk_that_gets_full_is_said_once_and_training_goes_on(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_small(path: Path) -> sqlite3.Connection:
        database = open_database(path)
        database.execute("PRAGMA max_page_count = 40")  # SQLite then says what it says of a full disk
        return database

    monkeypatch.setattr("gradgui.record.run_store.run_file.open_database", open_small)
    path = tmp_path / "runs.sqlite"
    with closing(Recorded(path, qtbot)) as recorded:
        recorded.load(structs.replace(SHORT, epochs=300), 1)
        recorded.run()
        recorded.wait_for(lambda: path.exists() and recorded_epochs(path) == [300])
        recorded.load(structs.replace(SHORT, epochs=20_000), 2)
        recorded.run()
        assert recorded.listener.statuses[-1].epoch == 20_000
    assert recorded.told == [f"Runs are not being kept in {path}: the disk is full."]
    monkeypatch.undo()
    store = RunStore(path)
    assert [run.epochs for run in store.runs()][-1] == 300
    assert_replays(store)
    assert store.problem == ""
    store.close()


def recorded_epochs(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as database:
        return [epochs for (epochs,) in database.execute("SELECT epochs FROM run")]


@pytest.mark.parametrize("phases", [0, 3])
def test_a_branch_is_taken_up_where_it_began(recorded: Recorded, phases: int) -> None:
    recorded.load(structs.replace(SHORT, optimizer=SGD(momentum=0.9)), 1)
    recorded.run()
    recorded.do(commands.GoTo(20, phases))
    recorded.do(commands.Branch(2, LearningRateChange(0, 0.02), 20))
    recorded.wait_for_number(2)
    recorded.run()
    store = recorded.store()
    spec = store.spec(2)
    (kept,) = store.checkpoints(2)
    state = TrainerState.from_bytes(kept, spec.experiment.data)
    assert state.epoch == 20
    run = Run(spec.experiment, spec.interventions)
    run.take_up([state])
    assert run.train(10).rows[:, 0].tolist() == replayed(spec).column("loss")[20:].tolist()
    store.close()


def test_a_branch_at_the_start_is_taken_up_with_its_own_start(recorded: Recorded) -> None:
    recorded.load(SHORT, 1)
    state_before = Session(RunSpec(SHORT)).checkpoint().state
    recorded.run()
    recorded.do(commands.GoTo(0))
    recorded.do(commands.Branch(2, ParameterChange(0, "w", 5.0), 0))
    recorded.wait_for_number(2)
    recorded.run()
    store = recorded.store()
    spec, last = store.spec(2), store.log(2).value("w", 30)
    assert spec.experiment.parameters[0].start == 5.0
    assert store.checkpoints(2) == ()
    store.close()
    for checkpoints in [(), (state_before,)]:  # with one that was kept before the change as well
        resumption = Resumption(commands.Load(spec, 3, 2, checkpoints))
        resumption.go_on(60.0)
        assert resumption.session().status.parameters == (last,)
