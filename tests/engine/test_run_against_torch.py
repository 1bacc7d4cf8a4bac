"""Every number of a run against loops written in plain PyTorch, bit for bit."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.optim import lr_scheduler

from gradgui.engine import state as kept_states
from gradgui.engine.run import Run
from gradgui.engine.trainer import Trainer
from gradgui.experiment.changes import (
    DataChange,
    Intervention,
    LearningRateChange,
    LoopChange,
    ParameterChange,
)
from gradgui.experiment.columns import Role
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, DType, Experiment, Parameter
from gradgui.experiment.optimizers import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    Optimizer,
    RMSprop,
    Schedule,
    StepSchedule,
)
from gradgui.experiment.training_loop import PHASES, Loop, Phase
from gradgui.record.batch import EpochBatch
from tests.engine import twins
from tests.engine.twins import Twin

DATA = Path(__file__).parents[1] / "data"

Texts = tuple[str, ...]
"""Numbers as text: that tells -0.0 from 0.0, and nan is equal to nan."""


def texts(numbers: Sequence[float | None]) -> Texts:
    return tuple(map(repr, numbers))


# --- The judge: the same problem by hand


MODELS = (
    twins.PROPORTIONAL,
    twins.LINE,
    twins.PARABOLA,
    twins.DECAY,
    Twin("a*sin(b*x - φ)/2", lambda x, a, b, c: a * torch.sin(b * x - c) / 2, ("a", "b", "φ")),
    twins.CONSTANT,
    Twin("sigmoid(w*x) * relu(v) + w", lambda x, w, v: torch.sigmoid(w * x) * torch.relu(v) + w, ("w", "v")),
)
LOSSES = (
    twins.SQUARED,
    twins.ABSOLUTE,
    twins.LOG_COSH,
)


WRITTEN_OUT = GradientDescent()


@dataclass(frozen=True)
class Problem:
    """An experiment, and what a person would write instead of it."""

    model: Twin = MODELS[0]
    starts: tuple[float, ...] = (0.0,)
    x: tuple[float, ...] = (1.0, 2.0, 3.0, 4.0)
    y: tuple[float, ...] = (2.0, 4.0, 6.0, 8.0)
    learning_rate: float = 0.01
    loss: Twin = LOSSES[0]
    rule: Optimizer = WRITTEN_OUT
    schedule: Schedule | None = None
    dtype: str = "float32"
    zero_grad: bool = True

    def experiment(self) -> Experiment:
        return Experiment(
            model=self.model.formula,
            parameters=tuple(map(Parameter, self.model.names, self.starts)),
            data=Data(x=self.x, y=self.y),
            learning_rate=self.learning_rate,
            loss=self.loss.formula,
            optimizer=self.rule,
            schedule=self.schedule,
            dtype=cast("DType", self.dtype),
            loop=Loop(zero_grad=self.zero_grad),
        )


@dataclass(frozen=True)
class Moment:
    """Everything the next epoch depends on, as text."""

    parameters: Texts
    gradients: Texts
    buffers: dict[tuple[int, str], str]
    learning_rate: float
    scheduled: int | None
    zero_grad: bool
    data: tuple[Texts, Texts]


class PlainLoop:
    """The training loop as a person writes it in a notebook."""

    def __init__(self, problem: Problem) -> None:
        dtype = getattr(torch, problem.dtype)
        self.problem = problem
        self.x = torch.tensor(problem.x, dtype=dtype)
        self.y = torch.tensor(problem.y, dtype=dtype)
        self.parameters = [torch.tensor(start, dtype=dtype, requires_grad=True) for start in problem.starts]
        self.written_rate = problem.learning_rate
        self.zero_grad = problem.zero_grad
        self.optimizer: torch.optim.Optimizer | None = None
        match problem.rule:
            case SGD(momentum=momentum, nesterov=nesterov, weight_decay=decay):
                self.optimizer = torch.optim.SGD(
                    self.parameters,
                    lr=problem.learning_rate,
                    momentum=momentum,
                    nesterov=nesterov,
                    weight_decay=decay,
                )
            case Adam(beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=decay):
                self.optimizer = torch.optim.Adam(
                    self.parameters,
                    lr=problem.learning_rate,
                    betas=(beta1, beta2),
                    eps=epsilon,
                    weight_decay=decay,
                )
            case AdamW(beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=decay):
                self.optimizer = torch.optim.AdamW(
                    self.parameters,
                    lr=problem.learning_rate,
                    betas=(beta1, beta2),
                    eps=epsilon,
                    weight_decay=decay,
                )
            case RMSprop(alpha=alpha, epsilon=epsilon, momentum=momentum, weight_decay=decay):
                self.optimizer = torch.optim.RMSprop(
                    self.parameters,
                    lr=problem.learning_rate,
                    alpha=alpha,
                    eps=epsilon,
                    momentum=momentum,
                    weight_decay=decay,
                )
            case Adagrad(epsilon=epsilon, weight_decay=decay):
                self.optimizer = torch.optim.Adagrad(
                    self.parameters, lr=problem.learning_rate, eps=epsilon, weight_decay=decay
                )
        self.scheduler: lr_scheduler.LRScheduler | None = None
        match problem.schedule:
            case StepSchedule(step_size=step_size, gamma=gamma):
                self.scheduler = lr_scheduler.StepLR(self.optimizer, step_size, gamma)  # type: ignore[arg-type]
            case ExponentialSchedule(gamma=gamma):
                self.scheduler = lr_scheduler.ExponentialLR(self.optimizer, gamma)  # type: ignore[arg-type]
            case CosineSchedule(epochs=epochs, lowest=lowest):
                self.scheduler = lr_scheduler.CosineAnnealingLR(
                    self.optimizer,  # type: ignore[arg-type]
                    T_max=epochs,
                    eta_min=lowest,
                )

    @property
    def learning_rate(self) -> float:
        """Of the next update."""
        return self.written_rate if self.optimizer is None else float(self.optimizer.param_groups[0]["lr"])

    def train_epoch(self) -> Texts:
        """One epoch; its loss and gradients before the update, its parameters after it."""
        y_pred = self.problem.model.by_hand(self.x, *self.parameters)
        loss = self.problem.loss.by_hand(self.y, y_pred)
        loss.backward()  # type: ignore[no-untyped-call]
        gradients = [cast("Tensor", w.grad).item() for w in self.parameters]
        rate = self.learning_rate
        if self.optimizer is None:
            with torch.no_grad():
                for w in self.parameters:
                    w -= rate * cast("Tensor", w.grad)  # noqa: PLW2901
            if self.zero_grad:
                for w in self.parameters:
                    cast("Tensor", w.grad).zero_()
        else:
            self.optimizer.step()
            if self.scheduler is not None:
                self.scheduler.step()
            if self.zero_grad:
                self.optimizer.zero_grad()
        pairs = zip([w.item() for w in self.parameters], gradients, strict=True)
        return texts([loss.item(), *itertools.chain.from_iterable(pairs), rate])

    def apply(self, change: Intervention) -> None:
        """What a person changes between two epochs."""
        match change:
            case LearningRateChange():
                self.written_rate = change.learning_rate
                if self.optimizer is not None:
                    self.optimizer.param_groups[0]["lr"] = change.learning_rate
            case ParameterChange():
                w = self.parameters[self.problem.model.names.index(change.name)]
                with torch.no_grad():
                    w.copy_(torch.tensor(change.value, dtype=w.dtype))
            case LoopChange():
                self.zero_grad = change.loop.zero_grad
            case DataChange():
                self.x = torch.tensor(change.data.x, dtype=self.x.dtype)
                self.y = torch.tensor(change.data.y, dtype=self.y.dtype)

    def moment(self) -> Moment:
        buffers = {}
        for number, w in enumerate(self.parameters):
            if self.optimizer is not None and w in self.optimizer.state:
                for name, value in self.optimizer.state[w].items():
                    buffers[number, name] = repr(float(value))
        return Moment(
            parameters=texts([w.item() for w in self.parameters]),
            gradients=texts([None if w.grad is None else w.grad.item() for w in self.parameters]),
            buffers=buffers,
            learning_rate=self.learning_rate,
            scheduled=None if self.scheduler is None else self.scheduler.last_epoch,
            zero_grad=self.zero_grad,
            data=(texts(self.x.tolist()), texts(self.y.tolist())),
        )


class Straight:
    """One loop from the first epoch on, with every change made in its place, and nothing ever taken back."""

    def __init__(self, problem: Problem, changes: Sequence[Intervention] = ()) -> None:
        self.problem = problem
        self.changes = tuple(changes)
        self._loop = PlainLoop(problem)
        self._rows: list[Texts] = [()]
        self._moments: list[Moment] = []
        self._rates: list[float] = []
        self._arrive()

    def row(self, epoch: int) -> Texts:
        self._reach(epoch)
        return self._rows[epoch]

    def moment(self, epoch: int) -> Moment:
        """Between this epoch and the next."""
        self._reach(epoch)
        return self._moments[epoch]

    def rate_after(self, epoch: int) -> float:
        """The rate that this epoch leaves, before anyone changes it."""
        self._reach(epoch)
        return self._rates[epoch]

    def rows_from(self, epoch: int, most: int) -> list[Texts]:
        """What a run trains from there: up to the first row that is not finite."""
        rows = [self.row(epoch + 1)]
        while len(rows) < most and finite(rows[-1]):
            rows.append(self.row(epoch + 1 + len(rows)))
        return rows

    def changed(self, change: Intervention) -> "Straight":
        """The loop that knew of one more change, and of none after it."""
        kept = [old for old in self.changes if old.epoch <= change.epoch]
        return Straight(self.problem, [*kept, change])

    def _reach(self, epoch: int) -> None:
        while len(self._moments) <= epoch:
            self._rows.append(self._loop.train_epoch())
            self._arrive()

    def _arrive(self) -> None:
        self._rates.append(self._loop.learning_rate)
        for change in self.changes:
            if change.epoch == len(self._moments):
                self._loop.apply(change)
        self._moments.append(self._loop.moment())


def finite(row: Texts) -> bool:
    return not {"nan", "inf", "-inf"} & set(row)


def leaves_the_finite(straight: Straight, epoch: int) -> bool:
    """Tell whether an epoch is the first one with a number that is not finite; one can step on from there."""
    return not finite(straight.row(epoch)) and all(finite(straight.row(before)) for before in range(1, epoch))


# --- The judged


def rows_of(batch: EpochBatch, parameters: int) -> list[Texts]:
    """Every row up to the learning rate: behind it stand the optimizer's buffers."""
    return [texts(row[: 2 + 2 * parameters]) for row in batch.rows.tolist()]


def moment_of(trainer: Trainer) -> Moment:
    state = trainer.state()
    return Moment(
        parameters=texts(state.parameters),
        gradients=texts(state.gradients),
        buffers={
            (list(trainer.parameters).index(name.partition(".")[0]), name.partition(".")[2]): repr(value)
            for name, value in state.buffers.items()
        },
        learning_rate=state.learning_rate,
        scheduled=state.schedule.get("last_epoch"),
        zero_grad=state.loop.zero_grad,
        data=(texts(trainer.x.tolist()), texts(trainer.y.tolist())),
    )


def check_buffers(batch: EpochBatch, straight: Straight) -> None:
    """Compare what the optimizer remembers after each epoch with what the straight loop's does."""
    model = straight.problem.model
    names = [column.name for column in straight.problem.experiment().columns.of(Role.BUFFER)]
    for epoch, row in enumerate(batch.rows.tolist(), batch.first_epoch):
        values = row[2 + 2 * len(model.names) :]
        remembered = straight.moment(epoch).buffers.items()
        kept = [(f"{model.names[number]}.{name}", text) for (number, name), text in remembered if name != "step"]
        assert list(zip(names, texts(values), strict=True)) == kept


def check_training(run: Run, straight: Straight, epochs: int) -> None:
    """Train, and compare every number with the straight loop's."""
    begun = run.trainer.epoch
    batch = run.train(epochs)
    expected = straight.rows_from(begun, epochs)
    assert rows_of(batch, len(straight.problem.model.names)) == expected
    assert batch.first_epoch == begun + 1
    check_buffers(batch, straight)
    check_here(run, straight)
    assert run.trainer.epoch == begun + len(expected)
    assert run.diverged is leaves_the_finite(straight, run.trainer.epoch)


def check_here(run: Run, straight: Straight) -> None:
    """Compare where the run is, between two epochs or within one, with the straight loop."""
    trainer = run.trainer
    here = moment_of(trainer)
    before = straight.moment(trainer.epoch)
    assert list(trainer.parameters) == list(straight.problem.model.names)
    if trainer.next_phase is Phase.FORWARD:
        assert here == before
        return
    done = PHASES.index(trainer.next_phase)
    coming = straight.row(trainer.epoch + 1)
    if done >= 2:
        assert trainer.loss is not None
        assert repr(trainer.loss.item()) == coming[0]
    assert here.gradients == (coming[2:-1:2] if done >= 3 else before.gradients)
    assert here.parameters == (coming[1:-1:2] if done >= 4 else before.parameters)
    assert here.learning_rate == (straight.rate_after(trainer.epoch + 1) if done >= 4 else before.learning_rate)
    assert (here.zero_grad, here.data) == (before.zero_grad, before.data)


# --- What is trained

NUMBERS = st.floats(-3.0, 3.0, width=32)
HUGE = st.floats(allow_nan=False, allow_infinity=False, width=32)
FRACTIONS = st.floats(0.0, 0.95)
RULES: st.SearchStrategy[Optimizer] = st.one_of(
    st.just(GradientDescent()),
    st.builds(SGD, momentum=FRACTIONS, weight_decay=st.floats(0.0, 0.5)),
    st.builds(SGD, momentum=st.floats(0.1, 0.95), nesterov=st.just(True)),
    st.builds(Adam, beta1=FRACTIONS, beta2=FRACTIONS, weight_decay=st.floats(0.0, 0.5)),
    st.just(Adam()),
    st.builds(AdamW, beta1=FRACTIONS, beta2=FRACTIONS, weight_decay=st.floats(0.0, 0.5)),
    st.builds(RMSprop, alpha=FRACTIONS, momentum=FRACTIONS, weight_decay=st.floats(0.0, 0.5)),
    st.builds(Adagrad, weight_decay=st.floats(0.0, 0.5)),
)
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=8)
DATA_SETS = POINTS.map(lambda points: Data(x=tuple(x for x, _ in points), y=tuple(y for _, y in points)))
LEARNING_RATES = st.floats(1e-4, 0.5)
SCHEDULES: st.SearchStrategy[Schedule] = st.one_of(
    st.builds(StepSchedule, st.integers(1, 12), st.floats(0.1, 1.0)),
    st.builds(ExponentialSchedule, st.floats(0.5, 1.0)),
    st.builds(CosineSchedule, st.integers(1, 12), st.floats(0.0, 0.1)),
)


@st.composite
def problems(draw: st.DrawFn, numbers: st.SearchStrategy[float] = NUMBERS) -> Problem:
    model = draw(st.sampled_from(MODELS))
    rule = draw(RULES)
    points = draw(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=8))
    return Problem(
        model=model,
        starts=tuple(draw(numbers) for _ in model.names),
        x=tuple(x for x, _ in points),
        y=tuple(y for _, y in points),
        learning_rate=draw(LEARNING_RATES),
        loss=draw(st.sampled_from(LOSSES)),
        rule=rule,
        schedule=None if rule == WRITTEN_OUT else draw(st.none() | SCHEDULES),
        dtype=draw(st.sampled_from(("float32", "float64"))),
        zero_grad=draw(st.sampled_from((True, True, False))),
    )


def changes(problem: Problem, epoch: int) -> st.SearchStrategy[Intervention]:
    """Something a person may change after so many epochs."""
    return st.one_of(
        st.builds(LearningRateChange, st.just(epoch), LEARNING_RATES),
        st.builds(
            ParameterChange,
            st.just(epoch),
            st.sampled_from(problem.model.names),
            st.floats(-3.0, 3.0),
        ),
        st.builds(LoopChange, st.just(epoch), st.builds(Loop, zero_grad=st.booleans())),
        st.builds(DataChange, st.just(epoch), DATA_SETS),
    )


# --- The lesson


def test_the_lesson_for_a_thousand_epochs() -> None:
    X = torch.tensor([1, 2, 3, 4], dtype=torch.float32)  # noqa: N806 - as in the notebook
    Y = torch.tensor([2, 4, 6, 8], dtype=torch.float32)  # noqa: N806
    w = torch.tensor(0.0, dtype=torch.float32, requires_grad=True)
    learning_rate = 0.01

    run = Run(DEFAULT_EXPERIMENT)
    for epoch in range(1, 1001):
        y_pred = w * X
        loss = ((Y - y_pred) ** 2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        assert w.grad is not None
        gradient = w.grad.item()
        with torch.no_grad():
            w -= learning_rate * w.grad
        w.grad.zero_()

        batch = run.train(1)
        assert batch.first_epoch == epoch
        assert rows_of(batch, 1) == [texts([loss.item(), w.item(), gradient, 0.01])]
    assert not run.diverged
    assert run.divergence == ""
    assert run.horizon == 1000


def test_the_lesson_gives_the_notebooks_listings() -> None:
    first = (DATA / "notebook_first_listing.txt").read_text(encoding="utf-8").splitlines()
    second = (DATA / "notebook_second_listing.txt").read_text(encoding="utf-8").splitlines()
    run = Run(DEFAULT_EXPERIMENT)
    for listing, epochs in ((first[1:], 20), (second, 100)):
        lines = [
            f"epoch {epoch}: w = {w:.3f}, loss = {loss:.3f}"
            for epoch, (loss, w, _) in enumerate(run.train(epochs).rows[:, :3].tolist(), 1)
        ]
        lines.append(f"Prediction after training: f(5) = {5 * run.trainer.parameters['w'].item():.3f}")
        assert lines == listing


# --- A schedule


EVERY_OPTIMIZER: tuple[Optimizer, ...] = (
    SGD(),
    SGD(momentum=0.9, nesterov=True, weight_decay=0.01),
    RMSprop(momentum=0.5),
    Adagrad(),
    Adam(),
    AdamW(),
)
EVERY_SCHEDULE: tuple[Schedule, ...] = (
    StepSchedule(step_size=7, gamma=0.3),
    ExponentialSchedule(),
    CosineSchedule(epochs=20),
    CosineSchedule(epochs=9, lowest=0.02),
    CosineSchedule(epochs=1),
)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("schedule", EVERY_SCHEDULE, ids=repr)
@pytest.mark.parametrize("rule", EVERY_OPTIMIZER, ids=repr)
def test_every_schedule_with_every_optimizer(rule: Optimizer, schedule: Schedule, dtype: str) -> None:
    problem = Problem(model=MODELS[1], starts=(0.7, -0.2), rule=rule, schedule=schedule, dtype=dtype)
    run = Run(problem.experiment())
    straight = Straight(problem)
    for change in (
        LearningRateChange(10, 0.03),
        LoopChange(33, Loop(zero_grad=False)),
        LoopChange(35, Loop()),
        DataChange(37, Data((0.5, -1.0), (1.0, 0.25))),
        LearningRateChange(40, 0.005),
    ):
        check_training(run, straight, change.epoch - run.trainer.epoch)
        run.intervene(change)
        straight = straight.changed(change)
        check_here(run, straight)
    check_training(run, straight, 110)
    for epoch in (149, 70, 40, 39, 36, 0):
        run.go_to(epoch)
        check_here(run, straight)
        run.run_phase()
    check_training(run, straight, 149)


@pytest.mark.parametrize("schedule", EVERY_SCHEDULE, ids=repr)
def test_a_rate_set_within_the_first_epoch_is_not_the_schedules_own_first_rate(schedule: Schedule) -> None:
    problem = Problem(rule=SGD(), schedule=schedule)
    for phases in range(1, 5):
        run = Run(problem.experiment())
        for _ in range(phases):
            run.run_phase()
        change = LearningRateChange(0, 0.05)
        run.intervene(change)
        straight = Straight(problem).changed(change)
        check_here(run, straight)
        check_training(run, straight, 50)


# --- Any other experiment


@settings(max_examples=30, deadline=None)
@given(problem=problems(), epochs=st.integers(1, 40))
def test_straight_on(problem: Problem, epochs: int) -> None:
    run = Run(problem.experiment())
    straight = Straight(problem)
    check_here(run, straight)
    check_training(run, straight, epochs)


@settings(max_examples=30, deadline=None)
@given(problem=problems(st.one_of(NUMBERS, HUGE)))
def test_straight_on_with_huge_and_tiny_numbers(problem: Problem) -> None:
    check_training(Run(problem.experiment()), Straight(problem), 30)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.formula)
@pytest.mark.parametrize(
    "rule",
    [
        GradientDescent(),
        SGD(momentum=0.9, nesterov=True, weight_decay=0.01),
        Adam(beta1=0.8, beta2=0.99, epsilon=1e-6, weight_decay=0.1),
        AdamW(beta1=0.8, beta2=0.99, epsilon=1e-6, weight_decay=0.1),
        RMSprop(alpha=0.9, epsilon=1e-6, momentum=0.5, weight_decay=0.1),
        Adagrad(epsilon=1e-6, weight_decay=0.1),
    ],
    ids=["written out", "SGD", "Adam", "AdamW", "RMSprop", "Adagrad"],
)
def test_every_model_with_every_rule_over_several_checkpoints(model: Twin, rule: Optimizer) -> None:
    problem = Problem(
        model=model,
        starts=(0.7, -0.2, 0.1)[: len(model.names)],
        x=(-1.0, -0.4, 0.1, 0.8, 1.5),
        y=(0.3, 0.1, -0.2, 0.6, 1.9),
        rule=rule,
    )
    run = Run(problem.experiment())
    straight = Straight(problem)
    check_training(run, straight, 150)
    assert run.trainer.epoch == 150
    for epoch in (149, 128, 64, 63, 0, 100):
        run.go_to(epoch)
        check_here(run, straight)
    check_training(run, straight, 60)


@settings(max_examples=25, deadline=None)
@given(problem=problems(), data=st.data())
def test_slices_and_changes_on_the_way(problem: Problem, data: st.DataObject) -> None:
    run = Run(problem.experiment())
    straight = Straight(problem)
    for epochs in data.draw(st.lists(st.integers(1, 70), min_size=1, max_size=4)):
        for _ in range(data.draw(st.integers(0, 1))):
            change = data.draw(changes(problem, run.trainer.epoch))
            run.intervene(change)
            straight = straight.changed(change)
            check_here(run, straight)
        check_training(run, straight, epochs)
        if run.diverged:
            break

    # What was changed on the way, given beforehand, makes the same run.
    again = Run(problem.experiment(), run.interventions)
    check_here(again, straight)
    trained = run.trainer.epoch
    while again.trainer.epoch < trained and not again.diverged:
        check_training(again, straight, trained - again.trainer.epoch)
    assert moment_of(again.trainer) == moment_of(run.trainer)


@settings(max_examples=30, deadline=None)
@given(problem=problems(), steps=st.integers(1, 40))
def test_stepping_by_the_phase_is_training(problem: Problem, steps: int) -> None:
    run = Run(problem.experiment())
    straight = Straight(problem)
    for step in range(1, steps + 1):
        assert run.trainer.next_phase is PHASES[(step - 1) % 5]
        batch = run.run_phase()
        assert run.trainer.next_phase is PHASES[step % 5]
        assert run.trainer.epoch == run.horizon == step // 5
        assert (batch is not None) is (step % 5 == 0)
        if batch is not None:
            assert rows_of(batch, len(straight.problem.model.names)) == [straight.row(step // 5)]
            assert batch.first_epoch == step // 5
            check_buffers(batch, straight)
            assert run.diverged is leaves_the_finite(straight, step // 5)
        check_here(run, straight)
    # An epoch in work is finished as the first.
    check_training(run, straight, 3)


@settings(max_examples=60, deadline=None)
@given(
    problem=problems(),
    data=st.data(),
    spacing=st.sampled_from((1, 2, 3, 7)),
    most=st.sampled_from((1, 2, 4, 100)),
)
def test_walks_never_leave_the_straight_run(problem: Problem, data: st.DataObject, spacing: int, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_states, "FIRST_SPACING", spacing)
        patch.setattr(kept_states, "MOST_CHECKPOINTS", most)
        walk(Run(problem.experiment()), Straight(problem), data)


@settings(max_examples=8, deadline=None)
@given(problem=problems(), data=st.data())
def test_walks_over_the_checkpoints_as_they_are(problem: Problem, data: st.DataObject) -> None:
    run = Run(problem.experiment())
    straight = Straight(problem)
    check_training(run, straight, 200)
    walk(run, straight, data)


def walk(run: Run, straight: Straight, data: st.DataObject) -> None:
    horizon = run.horizon
    for _ in range(data.draw(st.integers(3, 12))):
        step = data.draw(st.sampled_from(("train", "phases", "go_to", "intervene")))
        epoch = run.trainer.epoch
        if step == "go_to" or not finite(straight.row(epoch)):
            run.go_to(*data.draw(st.tuples(st.integers(0, horizon), st.integers(0, 4))))
        elif step == "train":
            check_training(run, straight, data.draw(st.integers(1, 12)))
        elif step == "phases":
            for _ in range(data.draw(st.integers(1, 4))):
                run.run_phase()
        else:
            change = data.draw(changes(straight.problem, epoch))
            run.intervene(change)
            straight = straight.changed(change)
            horizon = epoch
        horizon = max(horizon, run.trainer.epoch)
        assert run.horizon == horizon
        check_here(run, straight)
    # From the start to the horizon once more: the same run, with every change in its place.
    run.go_to(0)
    while run.trainer.epoch < horizon and finite(straight.row(run.trainer.epoch)):
        check_training(run, straight, horizon - run.trainer.epoch)


# --- Interventions


def test_an_intervention_within_an_epoch_acts_on_the_whole_of_it() -> None:
    problem = Problem()
    for phases in range(5):
        run = Run(problem.experiment())
        run.train(3)
        for _ in range(phases):
            run.run_phase()
        change = ParameterChange(3, "w", -1.5)
        run.intervene(change)
        straight = Straight(problem).changed(change)
        assert run.trainer.next_phase is PHASES[phases]
        check_here(run, straight)
        check_training(run, straight, 10)


def test_going_on_from_an_earlier_epoch_keeps_the_changes_ahead() -> None:
    problem = Problem(rule=Adam())
    run = Run(problem.experiment())
    straight = Straight(problem)
    for change in (LearningRateChange(5, 0.1), ParameterChange(10, "w", 9.0), LearningRateChange(15, 0.02)):
        run.train(change.epoch - run.trainer.epoch)
        run.intervene(change)
        straight = straight.changed(change)
    run.train(5)
    for epoch in (0, 4, 5, 6, 10, 14, 15, 16):
        run.go_to(epoch)
        check_here(run, straight)
        assert len(run.interventions) == 3
        check_training(run, straight, 20 - epoch)


def test_a_new_intervention_drops_the_future_only() -> None:
    run = Run(DEFAULT_EXPERIMENT)
    first, second = LearningRateChange(5, 0.1), ParameterChange(10, "w", 9.0)
    for change in (first, second):
        run.train(change.epoch - run.trainer.epoch)
        run.intervene(change)
    run.train(10)
    assert run.horizon == 20
    run.go_to(7)
    assert run.interventions == (first, second)
    third = ParameterChange(7, "w", 3.0)
    run.intervene(third)
    assert run.interventions == (first, third)
    assert run.horizon == 7
    with pytest.raises(ValueError, match="epoch 8"):
        run.go_to(8)


def test_setting_the_same_thing_again_at_the_same_epoch_overrules() -> None:
    problem = Problem(model=MODELS[1], starts=(0.0, 0.0))
    run = Run(problem.experiment())
    run.train(4)
    for number in range(5):
        run.intervene(ParameterChange(4, "w", float(number)))
        run.intervene(ParameterChange(4, "b", -float(number)))
        run.intervene(LearningRateChange(4, 0.01 * (number + 1)))
    assert set(run.interventions) == {
        ParameterChange(4, "w", 4.0),
        ParameterChange(4, "b", -4.0),
        LearningRateChange(4, 0.05),
    }
    check_training(run, Straight(problem, run.interventions), 10)


def test_data_set_again_at_the_same_epoch_overrules() -> None:
    problem = Problem()
    run = Run(problem.experiment())
    run.train(4)
    first, second = (Data((1.0, 2.0), (number, 1.0)) for number in (3.0, 4.0))
    for data in (first, second):
        run.intervene(DataChange(4, data))
    assert run.interventions == (DataChange(4, second),)
    check_training(run, Straight(problem, run.interventions), 10)


def test_which_data_is_in_force() -> None:
    first, second = Data((1.0,), (2.0,)), Data((1.0, 5.0), (2.0, 1.0))
    run = Run(DEFAULT_EXPERIMENT, [DataChange(2, first), LearningRateChange(3, 0.02), DataChange(5, second)])
    in_force = [DEFAULT_EXPERIMENT.data] * 2 + [first] * 3 + [second] * 3
    for epoch, data in enumerate(in_force):
        assert run.data_after(epoch) is data
        assert run.trainer.epoch == epoch
        assert run.trainer.x.tolist() == list(data.x)
        run.train(1)
    run.go_to(1)
    run.intervene(LearningRateChange(1, 0.03))
    assert run.data_after(7) is DEFAULT_EXPERIMENT.data


def test_states_share_the_data_in_force() -> None:
    run = Run(DEFAULT_EXPERIMENT)
    run.train(130)
    run.intervene(DataChange(130, Data((1.0,) * 100, (2.0,) * 100)))
    new = run.trainer.x
    run.train(200)
    run.go_to(300)
    assert run.trainer.x is new
    run.go_to(100)
    assert len(run.trainer.x) == 4


@pytest.mark.parametrize("epoch", [0, 2, 4, 100])
def test_an_intervention_at_another_epoch_changes_nothing(epoch: int) -> None:
    run = Run(DEFAULT_EXPERIMENT)
    run.train(3)
    before = moment_of(run.trainer)
    with pytest.raises(ValueError, match="epoch 3"):
        run.intervene(LearningRateChange(epoch, 0.5))
    assert (run.interventions, run.horizon, run.trainer.epoch) == ((), 3, 3)
    assert moment_of(run.trainer) == before


def test_an_intervention_on_a_parameter_the_model_lacks_changes_nothing() -> None:
    run = Run(DEFAULT_EXPERIMENT)
    run.train(3)
    with pytest.raises((KeyError, ValueError)):
        run.intervene(ParameterChange(3, "v", 1.0))
    assert run.interventions == ()
    run.go_to(2)
    check_training(run, Straight(Problem()), 5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("value", [0.1, -0.0, 1e-50, 16777217.0, 1e300, -1e39])
def test_a_parameter_set_by_hand_is_rounded_to_the_runs_dtype(dtype: str, value: float) -> None:
    run = Run(Problem(dtype=dtype).experiment())
    run.train(2)
    run.intervene(ParameterChange(2, "w", value))
    rounded = torch.tensor(value, dtype=getattr(torch, dtype)).item()
    assert repr(run.trainer.parameters["w"].item()) == repr(rounded)


# --- The rest of the contract


@pytest.mark.parametrize("epoch", [-1, 6, 1000])
def test_an_epoch_that_was_never_reached(epoch: int) -> None:
    run = Run(DEFAULT_EXPERIMENT)
    run.train(5)
    before = moment_of(run.trainer)
    with pytest.raises(ValueError, match=f"epoch {epoch} "):
        run.go_to(epoch)
    assert moment_of(run.trainer) == before
    assert run.trainer.epoch == 5


def test_without_time_one_epoch_is_trained() -> None:
    run = Run(DEFAULT_EXPERIMENT)
    for epoch in range(1, 70):
        assert len(run.train(10, seconds=0.0)) == 1
        assert run.trainer.epoch == epoch


def test_a_state_is_not_touched_by_what_comes_after_it() -> None:
    problem = Problem(rule=Adam(), model=MODELS[1], starts=(0.5, 0.5))
    straight = Straight(problem)
    trainer = Trainer(problem.experiment())
    trainer.train([], 7)
    state = trainer.state()
    for _ in range(3):
        trainer.train([], 5)
        assert moment_of(trainer) == straight.moment(12)
        trainer.restore(state)
        assert trainer.epoch == 7
        assert moment_of(trainer) == straight.moment(7)


def test_the_random_generator_is_part_of_the_state() -> None:
    with torch.random.fork_rng():
        torch.manual_seed(7)
        run = Run(DEFAULT_EXPERIMENT)
        run.train(10)
        drawn = torch.rand(4)
        run.go_to(0)
        assert torch.equal(torch.rand(4), drawn)


def test_two_equal_experiments_give_the_same_run_side_by_side() -> None:
    problem = Problem(rule=SGD(momentum=0.9))
    runs = [Run(problem.experiment()) for _ in range(2)]
    straight = Straight(problem)
    for run in runs * 5:
        check_training(run, straight, 9)


def test_prediction_and_loss_are_those_of_the_epoch_in_work() -> None:
    trainer = Run(DEFAULT_EXPERIMENT).trainer
    for _ in range(3):
        for phase in PHASES:
            assert (trainer.y_pred is None) is (phase is Phase.FORWARD)
            assert (trainer.loss is None) is (phase in {Phase.FORWARD, Phase.LOSS})
            assert trainer.run_phase() is phase


def test_a_trainer_stops_at_its_own_divergence() -> None:
    rows: list[Any] = []
    trainer = Trainer(Problem(learning_rate=0.5).experiment())
    trainer.train(rows, 1000)
    assert [texts(row) for row in rows] == Straight(Problem(learning_rate=0.5)).rows_from(0, 1000)
    assert trainer.diverged
