"""What each action does in each state; what is not allowed changes nothing."""

import msgspec
import pytest

from gradgui.experiment.changes import Intervention, LearningRateChange, ParameterChange
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import Loop, Phase
from gradgui.worker import commands
from gradgui.worker.commands import ALLOWED, Command, allowed_commands
from gradgui.worker.session import Session
from gradgui.worker.status import FinishReason, State, Status

ASKED: tuple[Command, ...] = (
    commands.Run(),
    commands.Pause(),
    commands.StepEpoch(),
    commands.StepPhase(),
    commands.StepBack(),
    commands.StepBackPhase(),
    commands.GoTo(0),
    commands.Change(LearningRateChange(0, 0.03)),
    commands.SetEpochs(30),
    commands.SetStopRules(StopRules(loss_below=1.0)),
)


def session_in(state: State) -> Session:
    """Give a session that a person would have brought into a state."""
    experiment = DEFAULT_EXPERIMENT
    if state is State.DIVERGED:
        experiment = msgspec.structs.replace(DEFAULT_EXPERIMENT, learning_rate=0.5, epochs=1000)
    if state is State.FAILED:
        experiment = msgspec.structs.replace(DEFAULT_EXPERIMENT, loop=Loop(backward_once=False))
    session = Session(RunSpec(experiment))
    if state is not State.READY:
        session.do(commands.Run())
    if state in {State.FINISHED, State.DIVERGED, State.FAILED}:
        while session.running:
            session.train(1000, 10.0)
    if state is State.READY:
        session.do(commands.StepEpoch())
    assert session.status.state is state
    return session


STATES = [state for state in State if state is not State.LOADING]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command", ASKED, ids=repr)
def test_a_command_does_something_just_where_it_is_allowed(state: State, command: Command) -> None:
    session = session_in(state)
    before = session.status
    allowed = type(command) in allowed_commands(before)
    session.do(command)
    assert (session.status != before) == allowed


def test_each_command_of_the_table_is_tried() -> None:
    assert {type(command) for command in ASKED} == frozenset().union(*ALLOWED.values())


def test_nothing_is_allowed_while_torch_loads() -> None:
    assert allowed_commands(Status()) == frozenset()


def test_every_state_has_its_row() -> None:
    assert set(ALLOWED) == set(State)


def test_there_is_no_way_back_from_the_start() -> None:
    assert not {commands.StepBack, commands.StepBackPhase, commands.GoTo} & allowed_commands(
        Session(RunSpec()).status
    )


def test_run_after_the_end_trains_as_many_more() -> None:
    session = session_in(State.FINISHED)
    assert (session.status.epoch, session.status.target) == (20, 20)
    session.do(commands.SetEpochs(100))
    assert session.status.target == 20
    session.do(commands.Run())
    assert (session.status.state, session.status.target) == (State.RUNNING, 120)


def test_epochs_changed_while_paused_move_the_target() -> None:
    session = Session(RunSpec())
    session.do(commands.Run())
    session.train(5, 10.0)
    session.do(commands.Pause())
    session.do(commands.SetEpochs(8))
    assert (session.status.target, session.status.state) == (8, State.READY)
    session.do(commands.SetEpochs(3))
    assert session.status.state is State.FINISHED


def test_why_a_run_ended_is_a_value_of_its_own() -> None:
    assert session_in(State.FINISHED).status.finish_reason is FinishReason.TARGET_REACHED
    assert session_in(State.DIVERGED).status.finish_reason is FinishReason.NOT_FINITE
    assert session_in(State.FAILED).status.finish_reason is FinishReason.ERROR
    paused = session_in(State.RUNNING)
    paused.do(commands.Pause())
    assert paused.status.finish_reason is FinishReason.PAUSED


def test_step_epoch_in_the_midst_of_an_epoch_finishes_it() -> None:
    session, straight = Session(RunSpec()), Session(RunSpec())
    session.do(commands.StepPhase())
    session.do(commands.StepPhase())
    assert session.status.next_phase is Phase.BACKWARD
    batch, whole = session.do(commands.StepEpoch()), straight.do(commands.StepEpoch())
    assert batch is not None
    assert whole is not None
    assert batch.rows.tobytes() == whole.rows.tobytes()
    assert session.status == straight.status


def test_a_learning_rate_before_the_first_epoch_belongs_to_the_experiment() -> None:
    session = Session(RunSpec())
    session.do(commands.Change(LearningRateChange(0, 0.03)))
    assert session.status.interventions == ()
    assert session.status.experiment == msgspec.structs.replace(DEFAULT_EXPERIMENT, learning_rate=0.03)
    session.do(commands.StepEpoch())
    session.do(commands.Change(LearningRateChange(0, 0.05)))
    assert len(session.status.interventions) == 1


@pytest.mark.parametrize("change", [LearningRateChange(0, 1e-9), ParameterChange(0, "w", 5.0)], ids=repr)
def test_no_progress_counts_on_when_something_is_changed_while_it_runs(change: Intervention) -> None:
    """From the lowest loss of the Run on, whatever came between: here none is lower than that of the tenth epoch."""
    experiment = msgspec.structs.replace(DEFAULT_EXPERIMENT, epochs=1000, stop=StopRules(patience=10))
    session = Session(RunSpec(experiment))
    session.do(commands.Run())
    session.train(10, 10.0)
    session.do(commands.Change(ParameterChange(0, "w", 30.0)))
    session.train(6, 10.0)
    session.do(commands.Change(change))
    while session.running:
        session.train(1, 10.0)
    assert session.status.finish_reason is FinishReason.STOP_RULE
    assert session.status.epoch <= 21


def test_to_go_where_the_loop_raises_shows_its_error() -> None:
    told = session_in(State.FAILED).status
    session = Session(RunSpec(msgspec.structs.replace(DEFAULT_EXPERIMENT, loop=Loop(backward_once=False))))
    session.do(commands.StepPhase())
    session.do(commands.GoTo(0, 3))
    assert (session.status.state, session.status.message) == (State.FAILED, told.message)
    assert session.status.failed_line == told.failed_line
