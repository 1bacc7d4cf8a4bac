"""Runs that are taken up at their last epoch, and branches: every bit is that of a run that was never left."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from pytestqt.qtbot import QtBot

from gradgui.experiment.changes import DataChange, Intervention, LearningRateChange, ParameterChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment
from gradgui.experiment.optimizers import SGD, Adam, GradientDescent, RMSprop, StepSchedule
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.run_store import RunStore
from gradgui.worker import commands
from gradgui.worker.resumption import Resumption
from gradgui.worker.session import Session
from gradgui.worker.status import State
from tests.worker.test_run_recorder import Recorded, assert_replays

OTHER = Data((1.0, 2.0, 5.0), (2.5, 3.0, 11.0))

experiments = st.builds(
    structs.replace,
    st.just(DEFAULT_EXPERIMENT),
    optimizer=st.sampled_from([SGD(momentum=0.9), Adam(), RMSprop()]),
    schedule=st.sampled_from([None, StepSchedule()]),
    dtype=st.sampled_from(["float32", "float64"]),
    epochs=st.just(500),
) | st.just(structs.replace(DEFAULT_EXPERIMENT, optimizer=GradientDescent(), epochs=500))
changes = st.lists(
    st.one_of(
        st.builds(LearningRateChange, st.integers(0, 300), st.sampled_from([0.001, 0.02])),
        st.builds(ParameterChange, st.integers(0, 300), st.just("w"), st.sampled_from([0.0, -3.0])),
        st.builds(DataChange, st.integers(0, 300), st.just(OTHER)),
    ),
    max_size=3,
).map(lambda found: tuple(sorted(found, key=lambda change: change.epoch)))


def rows_of(session: Session, epochs: int) -> bytes:
    """Train so many epochs more."""
    session.do(commands.SetEpochs(epochs))
    session.do(commands.Run())
    session.do(commands.SetEpochs(session.status.epoch + epochs - (session.status.target - epochs)))
    rows: list[np.ndarray] = []
    while session.running and sum(map(len, rows)) < epochs:
        batch = session.train(epochs - sum(map(len, rows)), 60.0)
        rows += [] if batch is None else [batch.rows]
    session.do(commands.Pause())
    return np.concatenate(rows).tobytes()


def straight(experiment: Experiment, interventions: tuple[Intervention, ...], epochs: int) -> list[bytes]:
    """Give the rows of a run that is never left, one an epoch."""
    session = Session(RunSpec(structs.replace(experiment, epochs=epochs), interventions))
    session.do(commands.Run())
    batch = session.train(epochs, 60.0)
    assert batch is not None
    return [row.tobytes() for row in batch.rows]


@given(experiments, changes, st.integers(1, 400), st.integers(0, 420), st.integers(1, 100))
@settings(max_examples=40, deadline=None)
def test_a_run_taken_up_goes_on_as_if_it_had_never_been_left(
    experiment: Experiment, interventions: tuple[Intervention, ...], kept: int, checkpoint_at: int, more: int
) -> None:
    interventions = tuple(change for change in interventions if change.epoch < kept)
    whole = straight(experiment, interventions, kept + more)
    first = Session(RunSpec(experiment, interventions))
    first.do(commands.Run())
    states: tuple[bytes, ...] = (first.checkpoint().state,)
    for part in (checkpoint_at // 3, checkpoint_at - checkpoint_at // 3):
        if part:
            first.train(part, 60.0)
        states += (first.checkpoint().state,)
    load = commands.Load(RunSpec(experiment, interventions, kept), 7, kept=3, checkpoints=states)
    resumption = Resumption(load)
    while resumption.epochs_left:
        resumption.go_on(0.0)  # an epoch, or few, at a time
    session = resumption.session()
    status = session.status
    assert (status.number, status.kept, status.epoch, status.horizon) == (7, 3, kept, kept)
    assert status.interventions == interventions
    assert rows_of(session, more) == b"".join(whole[kept:])
    session.do(commands.GoTo(kept // 2))
    assert session.status.parameters == Session(RunSpec(experiment, interventions)).status.parameters or kept // 2
    assert [row.tobytes() for batch in session.epochs_from(1) for row in batch.rows] == whole


@pytest.mark.parametrize("content", [b"", b"nothing", b"\x80"])
def test_what_is_no_checkpoint_is_left_out(content: bytes) -> None:
    load = commands.Load(RunSpec(DEFAULT_EXPERIMENT, (), 5), 1, kept=1, checkpoints=(content,))
    resumption = Resumption(load)
    resumption.go_on(math.inf)
    assert resumption.session().status.epoch == 5


def test_a_run_that_had_ended_is_taken_up_as_ended() -> None:
    def taken_up(experiment: Experiment, epochs: int) -> Session:
        resumption = Resumption(commands.Load(RunSpec(experiment, (), epochs), 1, kept=1))
        while resumption.epochs_left:
            resumption.go_on(math.inf)
        return resumption.session()

    assert taken_up(DEFAULT_EXPERIMENT, 20).status.state is State.FINISHED
    assert taken_up(DEFAULT_EXPERIMENT, 15).status.state is State.READY
    assert taken_up(DEFAULT_EXPERIMENT, 15).status.target == 20
    assert taken_up(DEFAULT_EXPERIMENT, 120).status.state is State.FINISHED
    diverged = taken_up(structs.replace(DEFAULT_EXPERIMENT, learning_rate=0.5, epochs=1000), 24)
    assert (diverged.status.state, diverged.status.epoch) == (State.DIVERGED, 24)


@given(experiments, changes, st.integers(0, 60), st.integers(0, 4), st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_a_branch_has_the_past_and_its_parent_keeps_the_future(
    experiment: Experiment, interventions: tuple[Intervention, ...], epoch: int, phases: int, more: int
) -> None:
    experiment = structs.replace(experiment, epochs=100)
    whole = straight(experiment, interventions, 100)
    session = Session(RunSpec(experiment, interventions), 1)
    session.do(commands.Run())
    session.train(100, 60.0)
    session.do(commands.GoTo(epoch, phases))
    before = session.status
    branch = session.branch(2)
    assert (branch.status.number, branch.status.parent, branch.status.branch_epoch) == (2, 1, epoch)
    assert (branch.status.epoch, branch.status.next_phase, branch.status.horizon) == (epoch, before.next_phase, epoch)
    assert branch.status.parameters == before.parameters
    change = LearningRateChange(epoch, 0.004)
    branch.do(commands.Change(change))
    status = branch.status
    assert (status.parent, status.branch_epoch, status.horizon) == (1, epoch, epoch)
    rows = rows_of(branch, more)
    past = [one for one in interventions if one.epoch < epoch + (not isinstance(one, LearningRateChange))]
    assert rows == b"".join(straight(experiment, (*past, change), epoch + more)[epoch:])
    assert session.status == before
    assert [row.tobytes() for batch in session.epochs_from(1) for row in batch.rows] == whole


def test_an_interrupted_run_goes_on_as_plain_pytorch_does(tmp_path: Path, qtbot: QtBot) -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, epochs=50)
    first = Recorded(tmp_path / "runs.sqlite", qtbot)
    first.load(experiment, 1)
    first.do(commands.StepEpoch())
    first.wait_for(lambda: first.listener.statuses[-1].epoch == 1)
    first.do(commands.SetEpochs(30))
    first.run()
    store = first.store()
    (run,) = store.runs()
    spec = store.spec(run.id)
    store.close()
    second = Recorded(tmp_path / "runs.sqlite", qtbot)
    second.do(commands.Load(spec, 1, kept=run.id))
    second.wait_for_number(1)
    assert second.listener.statuses[-1].epoch == run.epochs
    second.do(commands.SetEpochs(20))
    second.run()
    store = second.store()
    (run,) = store.runs()
    x, y = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([2.0, 4.0, 6.0, 8.0])
    w, losses = torch.tensor(0.0, requires_grad=True), []
    for _ in range(run.epochs):
        loss = ((y - w * x) ** 2).mean()
        losses.append(loss.item())
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            w -= 0.01 * w.grad  # type: ignore[operator]
        w.grad.zero_()  # type: ignore[union-attr]
    assert run.epochs > 30
    assert store.log(run.id).column("loss").tolist() == losses
    assert_replays(store)
    store.close()


def test_two_windows_that_go_on_with_one_run_do_not_mix(tmp_path: Path, qtbot: QtBot) -> None:
    first = Recorded(tmp_path / "runs.sqlite", qtbot)
    first.load(structs.replace(DEFAULT_EXPERIMENT, epochs=10), 1)
    first.run()
    store = first.store()
    spec = store.spec(1)
    store.close()
    windows = [Recorded(tmp_path / "runs.sqlite", qtbot) for _ in range(2)]
    for window, rate in zip(windows, (0.02, 0.03), strict=True):
        window.do(commands.Load(spec, 1, kept=1))
        window.wait_for_number(1)
        window.do(commands.Change(LearningRateChange(0, rate)))
        window.run()
        window.close()
    store = RunStore(tmp_path / "runs.sqlite")
    assert [(run.id, run.parent, run.branch_epoch, run.epochs) for run in store.runs()] == [
        (2, 1, 10, 20),
        (1, None, 0, 20),
    ]
    assert_replays(store)
    store.close()
