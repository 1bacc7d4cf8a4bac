"""Any sequence of what can be asked of the loop: every run that was kept is, bit for bit, what decides it."""

from contextlib import closing
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from gradgui.experiment.changes import LearningRateChange, ParameterChange
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import Ended, RunStore
from gradgui.record.training_log import TrainingLog
from gradgui.worker import commands
from gradgui.worker.commands import Command
from gradgui.worker.recording import Recording
from gradgui.worker.session import Session
from gradgui.worker.status import Status
from tests.worker.test_run_recorder import assert_replays

EXPERIMENT = structs.replace(DEFAULT_EXPERIMENT, epochs=12)

changes = st.builds(
    commands.Change,
    st.one_of(
        st.builds(LearningRateChange, st.just(0), st.sampled_from([0.01, 0.02, 0.05])),
        st.builds(ParameterChange, st.just(0), st.just("w"), st.sampled_from([0.0, 1.0, -3.0])),
    ),
)
back = st.builds(commands.GoTo, st.integers(0, 30))
onward = st.sampled_from([commands.Run(), commands.StepEpoch(), commands.StepPhase()])
asked = st.one_of(
    st.tuples(st.one_of(st.just(commands.StepBack()), st.builds(commands.GoTo, st.integers(0, 11))), changes, onward),
    st.tuples(st.one_of(back, changes, onward)),
    st.tuples(st.one_of(st.just(commands.StepBack()), st.builds(commands.SetEpochs, st.integers(1, 15)))),
    st.tuples(st.sampled_from(["load", "return"])),
)
"""Often the way back, a change and on again: by themselves they seldom come one after the other."""


class Future:
    """The epochs of one way through a run: what was left, and what came instead."""

    def __init__(self, rows: list[bytes]) -> None:
        self.rows = rows
        self.own = 0


class Loop:
    """The worker's sessions without their thread: what they tell, in its order, and what came of them."""

    def __init__(self) -> None:
        self.sessions: list[Session] = []
        self.told: list[Status | EpochBatch] = []
        self.futures: list[list[Future]] = []
        self.load()

    def load(self) -> None:
        self.sessions.append(Session(RunSpec(EXPERIMENT), len(self.sessions)))
        self.futures.append([Future([])])
        self.take_up(len(self.sessions) - 1)

    def take_up(self, number: int) -> None:
        self.present = number
        self.told.append(self.sessions[number].status)

    def do(self, command: Command) -> None:
        session, futures = self.sessions[self.present], self.futures[self.present]
        self._tell(session.do(command))
        if session.running:
            self.told.append(session.status)
        while session.running:
            self._tell(session.train(5, 60.0))
        self.told.append(session.status)
        horizon = session.status.horizon
        if horizon < len(futures[-1].rows):
            futures.append(Future(futures[-1].rows[:horizon]))

    def _tell(self, batch: EpochBatch | None) -> None:
        if batch is not None:
            self.told.append(batch)
            future = self.futures[self.present][-1]
            new = [row.tobytes() for row in batch.rows][max(len(future.rows) + 1 - batch.first_epoch, 0) :]
            future.rows += new
            future.own += len(new)


@given(st.lists(asked, min_size=3, max_size=15), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_any_sequence_of_commands(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Command | str, ...]], at_once: int
) -> None:
    loop = Loop()
    loop.do(commands.Run())
    for step in chain.from_iterable(steps):
        if step == "load":
            loop.load()
        elif step == "return":
            loop.take_up(0)
        elif isinstance(step, Command):
            loop.do(step)
    with closing(RunStore(tmp_path_factory.mktemp("runs") / "runs.sqlite")) as store:
        recording = Recording(store)
        for first in range(0, len(loop.told), at_once):
            recording.take(loop.told[first : first + at_once])
        recording.end()
        runs = store.runs()
        assert store.problem == ""
        kept = [b"".join(_rows(store.log(run.id))) for run in runs]
        trained = [b"".join(future.rows) for futures in loop.futures for future in futures if future.own]
        assert sorted(kept) == sorted(trained)
        assert Ended.RUNNING not in {run.ended for run in runs}
        assert_replays(store)


def _rows(log: TrainingLog) -> list[bytes]:
    columns = [log.column(name).astype(np.float64) for name in log.columns.names]
    return [row.tobytes() for row in np.column_stack(columns)]


def test_a_deleted_run_that_goes_on_is_there_again(tmp_path: Path) -> None:
    with closing(RunStore(tmp_path / "runs.sqlite")) as store:
        loop, recording = Loop(), Recording(store)

        def go_on(command: Command) -> list[tuple[int, int]]:
            loop.do(command)
            recording.take(loop.told)
            loop.told.clear()
            return [(run.id, run.epochs) for run in store.runs()]

        assert go_on(commands.Run()) == [(1, 12)]
        store.delete(1)
        assert go_on(commands.GoTo(3)) == []
        assert go_on(commands.GoTo(12)) == []
        assert go_on(commands.Run()) == [(1, 24)]
        store.delete(1)
        assert go_on(commands.StepEpoch()) == [(1, 25)]
        assert_replays(store)


def test_a_run_that_is_deleted_while_it_trains_stays_deleted_until_it_is_run_again(tmp_path: Path) -> None:
    session = Session(RunSpec(EXPERIMENT))
    with closing(RunStore(tmp_path / "runs.sqlite")) as store:
        recording = Recording(store)
        session.do(commands.Run())
        for epochs in (5, 5):
            started, batch = session.status, session.train(epochs, 60.0)
            assert batch is not None
            recording.take([started, batch])
            store.delete(1)
        session.do(commands.Pause())
        recording.take([session.status])
        assert store.runs() == []
        session.do(commands.Run())
        recording.take([session.status])
        assert [run.epochs for run in store.runs()] == [10]
