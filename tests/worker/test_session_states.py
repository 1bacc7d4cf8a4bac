"""What each action does in each state; what is not allowed changes nothing."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.training_loop import Loop, Phase
from gradgui.worker.session import Session
from gradgui.worker.status import ALLOWED, Action, FinishReason, State, Status, allowed_actions

ACTS: dict[Action, Callable[[Session], object]] = {
    Action.RUN: Session.run,
    Action.PAUSE: Session.pause,
    Action.STEP_EPOCH: Session.step_epoch,
    Action.STEP_PHASE: Session.step_phase,
    Action.STEP_BACK: Session.step_back,
    Action.GO_TO: lambda session: session.go_to(0),
    Action.RESET: Session.reset,
    Action.INTERVENE: lambda session: session.set_learning_rate(0.03),
}


def session_in(state: State) -> Session:
    """Give a session that a person would have brought into a state."""
    experiment = DEFAULT_EXPERIMENT
    if state is State.DIVERGED:
        experiment = msgspec.structs.replace(DEFAULT_EXPERIMENT, learning_rate=0.5, epochs=1000)
    if state is State.FAILED:
        experiment = msgspec.structs.replace(DEFAULT_EXPERIMENT, loop=Loop(backward_once=False))
    session = Session(experiment)
    if state is not State.READY:
        session.run()
    if state in {State.FINISHED, State.DIVERGED, State.FAILED}:
        while session.running:
            session.train(1000, 10.0)
    if state is State.READY:
        session.step_epoch()
    assert session.status.state is state
    return session


STATES = [state for state in State if state is not State.LOADING]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", list(Action))
def test_an_action_does_something_just_where_it_is_allowed(state: State, action: Action) -> None:
    session = session_in(state)
    before = session.status
    allowed = action in allowed_actions(before)
    ACTS[action](session)
    assert (session.status != before) == allowed


def test_nothing_is_allowed_while_torch_loads() -> None:
    assert allowed_actions(Status()) == frozenset()


def test_every_state_has_its_row() -> None:
    assert set(ALLOWED) == set(State)


def test_there_is_no_way_back_from_the_start() -> None:
    assert not {Action.STEP_BACK, Action.GO_TO} & allowed_actions(Session(DEFAULT_EXPERIMENT).status)


def test_run_after_the_end_trains_as_many_more() -> None:
    session = session_in(State.FINISHED)
    assert (session.status.epoch, session.status.target) == (20, 20)
    session.set_epochs(100)
    assert session.status.target == 20
    session.run()
    assert (session.status.state, session.status.target) == (State.RUNNING, 120)


def test_epochs_changed_while_paused_move_the_target() -> None:
    session = Session(DEFAULT_EXPERIMENT)
    session.run()
    session.train(5, 10.0)
    session.pause()
    session.set_epochs(8)
    assert (session.status.target, session.status.state) == (8, State.READY)
    session.set_epochs(3)
    assert session.status.state is State.FINISHED


def test_why_a_run_ended_is_a_value_of_its_own() -> None:
    assert session_in(State.FINISHED).status.ending is FinishReason.TARGET_REACHED
    assert session_in(State.DIVERGED).status.ending is FinishReason.NOT_FINITE
    assert session_in(State.FAILED).status.ending is FinishReason.ERROR
    paused = session_in(State.RUNNING)
    paused.pause()
    assert paused.status.ending is FinishReason.PAUSED


def test_step_epoch_in_the_midst_of_an_epoch_finishes_it() -> None:
    session, straight = Session(DEFAULT_EXPERIMENT), Session(DEFAULT_EXPERIMENT)
    session.step_phase()
    session.step_phase()
    assert session.status.next_phase is Phase.BACKWARD
    batch, whole = session.step_epoch(), straight.step_epoch()
    assert batch is not None
    assert whole is not None
    assert batch.values.tobytes() == whole.values.tobytes()
    assert session.status == straight.status


def test_a_learning_rate_before_the_first_epoch_belongs_to_the_experiment() -> None:
    session = Session(DEFAULT_EXPERIMENT)
    session.set_learning_rate(0.03)
    assert session.status.interventions == ()
    assert session.status.experiment == msgspec.structs.replace(DEFAULT_EXPERIMENT, learning_rate=0.03)
    session.step_epoch()
    session.set_learning_rate(0.05)
    assert len(session.status.interventions) == 1
    session.reset()
    assert session.status == replace(session.status, learning_rate=0.03, interventions=(), epoch=0)
