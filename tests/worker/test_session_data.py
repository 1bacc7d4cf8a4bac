"""Other data in the midst of a run: everything that is shown is of the data in force."""

import msgspec
import pytest
import torch

from gradgui.experiment.changes import DataChange, LearningRateChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import Phase
from gradgui.worker import commands
from gradgui.worker.session import Session
from gradgui.worker.status import State

OTHER = Data((0.5, -1.5, 3.0), (1.0, 2.0, -4.0))
THIRD = Data((2.0,), (1.0,))


def trained(epochs: int) -> Session:
    session = Session(RunSpec())
    for _ in range(epochs):
        session.do(commands.StepEpoch())
    return session


def loss_at(data: Data, w: float) -> torch.Tensor:
    """By hand, in float64; its gradient can be asked for."""
    leaf = torch.tensor(w, dtype=torch.float64, requires_grad=True)
    x, y = (torch.tensor(values, dtype=torch.float64) for values in (data.x, data.y))
    loss = ((y - leaf * x) ** 2).mean()
    loss.backward()  # type: ignore[no-untyped-call]
    assert leaf.grad is not None
    return torch.stack([loss.detach(), leaf.grad])


def check_views(session: Session, data: Data) -> None:
    (w,) = session.status.parameters
    assert session.status.data is data
    assert session.fit().predictions == pytest.approx([w * x for x in data.x], rel=1e-6)
    landscape = session.landscape("w")
    loss, gradient = loss_at(data, w).tolist()
    assert (landscape.loss, *landscape.gradient) == pytest.approx((loss, gradient), rel=1e-5)
    assert landscape.next_values == pytest.approx((w - session.status.learning_rate * gradient,), rel=1e-5)
    assert landscape.losses[::50] == pytest.approx(
        [loss_at(data, value)[0].item() for value in landscape.grid[0][::50]], rel=1e-6
    )
    curvature = 2.0 * sum(x * x for x in data.x) / len(data.x)
    assert session.forecast(None).eigenvalues == pytest.approx((curvature,))


def check_gradients(session: Session, data: Data) -> None:
    """Of the epoch that is opened up, on the data that it was trained on."""
    trace = session.trace()
    assert list(trace.x.values) == pytest.approx(list(data.x))
    (check,) = session.gradient_checks(trace).checks
    gradient = loss_at(data, trace.before[0])[1].item()
    assert (check.autograd, check.by_hand) == pytest.approx((gradient, gradient), rel=1e-5)


def test_before_the_first_epoch_it_belongs_to_the_experiment() -> None:
    session = Session(RunSpec())
    check_views(session, DEFAULT_EXPERIMENT.data)
    session.do(commands.Change(DataChange(0, OTHER)))
    assert session.status.interventions == ()
    assert session.status.experiment == msgspec.structs.replace(DEFAULT_EXPERIMENT, data=OTHER)
    check_views(session, OTHER)


def test_afterwards_it_is_an_intervention() -> None:
    session = trained(3)
    check_views(session, DEFAULT_EXPERIMENT.data)
    session.do(commands.Change(DataChange(0, OTHER)))
    assert session.status.interventions == (DataChange(3, OTHER),)
    assert session.status.experiment == DEFAULT_EXPERIMENT
    check_views(session, OTHER)
    check_gradients(session, DEFAULT_EXPERIMENT.data)  # those of the third epoch, which is what is opened up
    session.do(commands.StepEpoch())
    check_views(session, OTHER)
    check_gradients(session, OTHER)


def test_going_back_brings_the_old_data_and_its_views_back() -> None:
    session = trained(3)
    session.do(commands.Change(DataChange(0, OTHER)))
    session.do(commands.StepEpoch())
    session.do(commands.StepEpoch())
    session.do(commands.Change(DataChange(0, THIRD)))
    for epoch, data in (
        (2, DEFAULT_EXPERIMENT.data),
        (3, OTHER),
        (4, OTHER),
        (5, THIRD),
        (0, DEFAULT_EXPERIMENT.data),
        (5, THIRD),
    ):
        session.do(commands.GoTo(epoch))
        check_views(session, data)
    session.do(commands.GoTo(1))
    session.do(commands.Change(LearningRateChange(0, 0.02)))
    assert DataChange(3, OTHER) not in session.status.interventions


def test_in_the_midst_of_an_epoch() -> None:
    session = trained(3)
    for _ in range(2):
        session.do(commands.StepPhase())
    session.do(commands.Change(DataChange(0, OTHER)))
    assert session.status.next_phase is Phase.BACKWARD
    check_views(session, OTHER)
    check_gradients(session, OTHER)


def test_while_it_runs() -> None:
    session = Session(RunSpec())
    session.do(commands.Run())
    session.train(5, 10.0)
    session.do(commands.Change(DataChange(0, OTHER)))
    session.train(5, 10.0)
    assert session.status.state is State.RUNNING
    assert session.status.interventions == (DataChange(5, OTHER),)
    check_views(session, OTHER)


def test_the_views_are_made_once_as_long_as_the_data_stays() -> None:
    session = trained(2)
    session.do(commands.Change(DataChange(0, OTHER)))
    first = session.landscape("w")
    session.trace()
    session.gradient_checks(session.trace())
    assert session.landscape("w") is first
