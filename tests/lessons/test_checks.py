"""Nobody passes a check without having done it, and nobody who did is refused: random sequences on the real loop.

The oracle is written apart from the checks: it keeps its own book of what happened after each command, with lists
of the rows that came, and decides from that.
"""

from collections.abc import Callable
from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct, structs

from gradgui.experiment.changes import DataChange, LearningRateChange, LoopChange, ParameterChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import SGD, Adam, GradientDescent, RMSprop
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import PHASES, Loop, Phase
from gradgui.lessons.check import Check, read_check
from gradgui.lessons.evidence import Evidence, evidence_at_start
from gradgui.lessons.step_lines import CHECKS
from gradgui.record.training_log import TrainingLog
from gradgui.worker import commands
from gradgui.worker.commands import Command, allowed_commands
from gradgui.worker.session import Session
from gradgui.worker.status import State, Status

EASY = structs.replace(DEFAULT_EXPERIMENT, epochs=6)
MAE = "abs(y - y_pred)"
OTHER_DATA = Data((1.0, 2.0, 3.0, 4.0, 5.0, 6.0), (2.0, 4.0, 6.0, 8.0, 0.0, 1.0))


class Book(Struct):
    """What happened since the step began, kept apart from what the checks are given."""

    experiment: Experiment
    status: Status
    rows: list[tuple[float, float, float]]
    """Loss, w and gradient of each epoch of the present run."""
    known: int = 0
    stepped: int = 0
    """Phases that were stepped."""
    whole: int = 0
    """Epochs that were stepped."""
    ran: bool = False
    went_back: bool = False
    raised: bool = False
    by_hand: bool = False
    last: Command | None = None

    @property
    def new(self) -> int:
        return len(self.rows) - self.known


class Person:
    """Do anything at all, with an experiment that may already be trained when the step begins."""

    def __init__(self, before: list[Command]) -> None:
        self.session = Session(RunSpec(EASY))
        self.log = TrainingLog(EASY.columns, EASY.dtype)
        self.book = Book(EASY, self.session.status, [])
        self.commands: list[Command] = []
        self.known, self.behind = 0, False
        for command in before:
            self.do(command)
        status = self.session.status
        self.start = structs.replace(status.experiment or EASY, data=status.data or EASY.data)
        self.start_values = {one.name: one.start for one in self.start.parameters}
        rows, self.known, self.commands = self.book.rows, len(self.log), []
        self.book = Book(self.start, status, rows, known=len(rows))

    @property
    def evidence(self) -> Evidence:
        known = min(self.known, len(self.log))
        return Evidence(self.start, self.session.status, self.log, known, tuple(self.commands))

    def do(self, command: Command) -> None:
        before, book = self.session.status, self.book
        allowed = type(command) in allowed_commands(before)
        place = self._place(before)
        if allowed:
            self.commands.append(command)
        batches = [self.session.do(command)]
        while self.session.running:
            batches.append(self.session.train(50, 5.0))
        now = self.session.status
        if now.horizon < len(self.log):
            self.log.truncate(now.horizon)
            self.known = min(self.known, now.horizon)
            del book.rows[now.horizon :]
            book.known = min(book.known, now.horizon)
        for batch in batches:
            new = batch.after(len(self.log)) if batch is not None else None
            if new is not None:
                self.log.append(new)
                names = [column.name for column in self.log.columns]
                places = names.index("loss"), names.index("w"), names.index("w_grad")
                book.rows += [(float(r[places[0]]), float(r[places[1]]), float(r[places[2]])) for r in new.rows]
        book.status, book.experiment = now, now.experiment or book.experiment
        if not allowed:
            return
        book.last = command
        book.stepped += isinstance(command, commands.StepPhase)
        book.whole += isinstance(command, commands.StepEpoch)
        book.ran |= isinstance(command, commands.Run)
        book.went_back |= isinstance(command, commands.StepBack | commands.StepBackPhase)
        change = command.change if isinstance(command, commands.Change) else None
        book.by_hand |= isinstance(change, ParameterChange) and change.name == "w"
        if not isinstance(command, commands.SetEpochs | commands.SetStopRules):
            book.raised |= now.state is State.FAILED
        self.behind = self._place(now) < place

    def load(self, experiment: Experiment) -> None:
        """Begin another experiment, as an edit does it."""
        self.session = Session(RunSpec(experiment))
        self.log, self.known = TrainingLog(experiment.columns, experiment.dtype), 0
        self.book.rows, self.book.known = [], 0
        self.book.status, self.book.experiment = self.session.status, experiment

    def _place(self, status: Status) -> int:
        return len(PHASES) * status.epoch + PHASES.index(status.next_phase)


def _far(book: Book, start: Experiment) -> bool:
    """Whether the problem is still the step's own."""
    now = book.experiment
    touched = any(isinstance(one, ParameterChange | DataChange) for one in book.status.interventions)
    names = "model", "loss", "parameters"
    return touched or now.data != start.data or any(getattr(now, one) != getattr(start, one) for one in names)


def _grew(rows: list[tuple[float, float, float]], epochs: int) -> bool:
    losses = [row[0] for row in rows]
    return all(losses[-place] > losses[-place - 1] for place in range(1, epochs + 1))


def _sides(rows: list[tuple[float, float, float]], epochs: int) -> bool:
    gradients = [row[2] for row in rows[-epochs - 1 :]]
    return all((a < 0 < b) or (b < 0 < a) for a, b in pairwise(gradients))


def _w(book: Book) -> float:
    return book.status.parameters[book.experiment.parameter_names.index("w")]


Oracle = Callable[[Person], bool]

ORACLES: dict[str, Oracle] = {
    "train 4 epochs": lambda p: p.book.new >= 4,
    "step 5 phases": lambda p: p.book.stepped >= 5,
    "step through backward": lambda p: (
        isinstance(p.book.last, commands.StepPhase)
        and p.book.status.next_phase is Phase.UPDATE
        and p.book.status.state is not State.FAILED
    ),
    "step 3 epochs": lambda p: p.book.whole >= 3 and p.book.new >= 3,
    "diverge within 5 epochs": lambda p: (
        p.book.new > 0 and p.book.status.state is State.DIVERGED and p.book.status.epoch <= 5
    ),
    "see the loss grow for 3 epochs": lambda p: p.book.new > 3 and _grew(p.book.rows, 3),
    "see w change sides for 3 epochs": lambda p: (
        p.book.status.loop.zero_grad and p.book.new > 3 and _sides(p.book.rows, 3)
    ),
    "see every parameter stand still for 2 epochs": lambda p: (
        p.book.new > 2 and all(_column(p, name)[-1] == one for name in _names(p) for one in _column(p, name)[-3:])
    ),
    "see the backward phase fail": lambda p: _failed_in(p, Phase.BACKWARD),
    "see the update phase fail": lambda p: _failed_in(p, Phase.UPDATE),
    "see the zero_grad phase fail": lambda p: _failed_in(p, Phase.ZERO_GRAD),
    "run to the last epoch": lambda p: (
        p.book.new > 0
        and p.book.status.state is State.FINISHED
        and p.book.status.epoch >= p.book.status.target
        and (p.book.ran or p.book.new >= p.book.experiment.epochs)
    ),
    "reach a loss below 5 within 6 epochs": lambda p: (
        not _far(p.book, p.start) and any(row[0] < 5 for row in p.book.rows[p.book.known : 6])
    ),
    "train w to within 0.5 of 2": lambda p: (
        p.book.new > 0 and not _far(p.book, p.start) and abs(_w(p.book) - 2) <= 0.5
    ),
    "set the learning rate to 0.1": lambda p: p.book.status.learning_rate == 0.1,
    "set the learning rate above 0.1333": lambda p: p.book.status.learning_rate > 0.1333,
    "set the learning rate between 0.05 and 0.1": lambda p: 0.05 <= p.book.status.learning_rate <= 0.1,
    "set w to within 0.1 of 3.5": lambda p: (
        abs(_w(p.book) - 3.5) <= 0.1
        and (p.book.by_hand or p.start_values["w"] != _start_of_w(p.book))
    ),
    "break zero_grad": lambda p: not p.book.status.loop.zero_grad,
    "break backward_once": lambda p: not p.book.status.loop.backward_once,
    "mend the loop": lambda p: p.book.status.loop == Loop(),
    "use the model w*x + b": lambda p: p.book.experiment.model in {"w*x + b", "(w * x) + b"},
    "use the loss MAE": lambda p: p.book.experiment.loss in {MAE, "abs(y-y_pred)"},
    "use the optimizer Adam": lambda p: isinstance(p.book.experiment.optimizer, Adam),
    "use the optimizer gradient descent": lambda p: isinstance(p.book.experiment.optimizer, GradientDescent),
    "use a momentum between 0.8 and 0.95": lambda p: (
        isinstance(p.book.experiment.optimizer, SGD | RMSprop) and 0.8 <= p.book.experiment.optimizer.momentum <= 0.95
    ),
    "use the numbers float64": lambda p: p.book.experiment.dtype == "float64",
    "change the points": lambda p: p.session.status.data != p.start.data,
    "have 6 points": lambda p: len((p.session.status.data or EASY.data).x) >= 6,
}  # fmt: skip


def _names(person: Person) -> tuple[str, ...]:
    return person.book.experiment.parameter_names


def _column(person: Person, name: str) -> list[float]:
    return [float(one) for one in person.log.column(name)]


def _start_of_w(book: Book) -> float:
    return next(one.start for one in book.experiment.parameters if one.name == "w")


def _failed_in(person: Person, phase: Phase) -> bool:
    status = person.book.status
    return person.book.raised and status.state is State.FAILED and status.next_phase is phase


CASES = {text: (read_check(text, CHECKS), oracle) for text, oracle in ORACLES.items()}

RATES = (0.05, 0.1, 0.12, 0.14, 1.0, 1e9, 1e-12)
LOOPS = (Loop(), Loop(zero_grad=False), Loop(no_grad=False), Loop(in_place=False), Loop(backward_once=False))
LINE = Parameter("w", 0.0), Parameter("b", 0.0)
EDITS: tuple[dict[str, object], ...] = (
    {},
    {"loss": MAE},
    {"loss": "abs(y-y_pred)"},
    {"model": "w*x + b", "parameters": LINE},
    {"model": "(w * x) + b", "parameters": LINE},
    {"optimizer": Adam()},
    {"optimizer": SGD(momentum=0.9)},
    {"optimizer": RMSprop(momentum=0.8)},
    {"dtype": "float64"},
    {"data": OTHER_DATA},
    {"parameters": (Parameter("w", 3.5),)},
)

COMMANDS = st.one_of(
    st.sampled_from([commands.Run(), commands.StepEpoch(), commands.StepEpoch(), commands.StepPhase()]),
    st.sampled_from([commands.StepEpoch(), commands.StepPhase(), commands.StepBack(), commands.StepBackPhase()]),
    st.builds(commands.GoTo, st.integers(0, 8), st.integers(0, 4)),
    st.builds(lambda rate: commands.Change(LearningRateChange(0, rate)), st.sampled_from(RATES)),
    st.builds(lambda loop: commands.Change(LoopChange(0, loop)), st.sampled_from(LOOPS)),
    st.builds(lambda value: commands.Change(ParameterChange(0, "w", value)), st.sampled_from((3.5, 2.0, -1.0))),
    st.just(commands.Change(DataChange(0, OTHER_DATA))),
    st.just(commands.SetEpochs(4)),
)
Act = Command | dict[str, object]
BURSTS: st.SearchStrategy[list[Act]] = st.one_of(
    st.lists(st.one_of(COMMANDS, COMMANDS, COMMANDS, st.sampled_from(EDITS)), min_size=1, max_size=2),
    st.builds(lambda count: [commands.StepPhase()] * count, st.integers(2, 6)),
    st.builds(lambda count: [commands.StepEpoch()] * count, st.integers(2, 5)),
    st.builds(
        lambda rate, many: [{}, commands.Change(LearningRateChange(0, rate)), *many],
        st.sampled_from(RATES),
        st.sampled_from([[commands.Run()], [commands.StepEpoch()] * 4]),
    ),
)
"""What a person does in one go."""


@settings(max_examples=1000, deadline=None)
@given(st.lists(COMMANDS, max_size=5), st.lists(BURSTS, max_size=7))
def test_who_did_it_passes_and_nobody_else(before: list[Command], bursts: list[list[Act]]) -> None:
    person = Person(before)
    for act in [None, *chain.from_iterable(bursts)]:
        if isinstance(act, dict):
            person.load(structs.replace(DEFAULT_EXPERIMENT, epochs=6, **act))
        elif act is not None:
            person.do(act)
        evidence = person.evidence
        for text, (check, oracle) in CASES.items():
            missing = check.missing(evidence)
            assert (missing == "") == oracle(person), (text, missing)
            assert not missing or missing.endswith(".")


@settings(max_examples=300, deadline=None)
@given(st.lists(COMMANDS, max_size=14))
def test_going_back_is_seen_when_it_happens(acts: list[Command]) -> None:
    person, check = Person([]), read_check("go back", CHECKS)
    for act in acts:
        person.behind = False
        person.do(act)
        if (
            isinstance(act, commands.StepBack | commands.StepBackPhase)
            and person.commands
            and person.commands[-1] is act
        ):
            assert check.missing(person.evidence) == ""
        if isinstance(act, commands.GoTo) and person.behind and act.epoch < len(person.log):
            assert check.missing(person.evidence) == ""
    if not any(
        isinstance(one, commands.StepBack | commands.StepBackPhase | commands.GoTo) for one in person.commands
    ):
        assert check.missing(person.evidence)


def test_going_to_where_one_is_is_no_way_back() -> None:
    person, check = Person([]), read_check("go back", CHECKS)
    for command in (commands.StepEpoch(), commands.StepEpoch(), commands.GoTo(2)):
        person.do(command)
        assert check.missing(person.evidence)
    person.do(commands.GoTo(1))
    assert check.missing(person.evidence) == ""


def test_every_check_has_an_oracle() -> None:
    assert {type(check) for check, _ in CASES.values()} | {type(read_check("go back", CHECKS))} == {*CHECKS}


@pytest.mark.parametrize(
    "text", [text for text in ORACLES if not text.startswith(("mend", "use the optimizer grad"))]
)
def test_nothing_is_done_at_the_beginning(text: str) -> None:
    assert CASES[text][0].missing(evidence_at_start(DEFAULT_EXPERIMENT))


def test_a_check_is_a_function_of_the_evidence_alone() -> None:
    person = Person([])
    person.do(commands.Run())
    for check, _ in CASES.values():
        assert isinstance(check, Check)
        assert check.missing(person.evidence) == check.missing(person.evidence)
        assert hash(check) == hash(structs.replace(check))
