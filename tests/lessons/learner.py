"""Somebody who goes through a step, on the loop itself: what a panel knows of them, kept by itself."""

from collections.abc import Callable
from typing import Any

from msgspec import structs

from gradgui.experiment.changes import LearningRateChange, LoopChange, ParameterChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.losses import LOSSES
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import CORRECT_LOOP
from gradgui.lessons.check import Check
from gradgui.lessons.evidence import Evidence
from gradgui.record.batch import EpochBatch
from gradgui.record.training_log import TrainingLog
from gradgui.worker import commands
from gradgui.worker.commands import Command, allowed_commands
from gradgui.worker.session import Session


class Learner:
    """Do things in a step, and be judged after each.

    Parameters
    ----------
    start
        What the step begins with.
    checks
        What it asks for, one after the other.
    """

    def __init__(self, start: Experiment, checks: tuple[Check, ...] = ()) -> None:
        self.start, self.checks, self.done = start, checks, 0
        self.known, self.commands = 0, list[Command]()
        self._begin(start)

    def _begin(self, experiment: Experiment) -> None:
        self.session = Session(RunSpec(experiment))
        self.log, self.known = TrainingLog(experiment.columns, experiment.dtype), 0

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.start, self.session.status, self.log, self.known, tuple(self.commands))

    @property
    def is_done(self) -> bool:
        return self.done == len(self.checks)

    def do(self, command: Command) -> None:
        """Ask the loop, and let a Run come to its end."""
        if type(command) in allowed_commands(self.session.status):
            self.commands.append(command)
        self._take(self.session.do(command))
        while self.session.running:
            self._take(self.session.train(1_000, 5.0))
        self.judge()

    def edit(self, **fields: Any) -> None:
        """Begin anew with something edited."""
        self._begin(structs.replace(self.session.experiment, **fields))
        self.judge()

    def judge(self) -> None:
        """Ask the checks, each of which counts from when the one before was done."""
        while not self.is_done and not self.checks[self.done].missing(self.evidence):
            self.done += 1
            self.known, self.commands = len(self.log), []

    def _take(self, batch: EpochBatch | None) -> None:
        horizon = self.session.status.horizon
        if horizon < len(self.log):
            self.log.truncate(horizon)
            self.known = min(self.known, horizon)
        new = batch.after(len(self.log)) if batch is not None else None
        if new is not None:
            self.log.append(new)


Action = Callable[[Learner], None]


def run(learner: Learner) -> None:
    learner.do(commands.Run())


def reset(learner: Learner) -> None:
    learner.edit()


def epochs(count: int) -> Action:
    return _times(commands.StepEpoch(), count)


def phases(count: int) -> Action:
    return _times(commands.StepPhase(), count)


def back(learner: Learner) -> None:
    learner.do(commands.StepBack())


def rate(value: float) -> Action:
    return lambda learner: learner.do(commands.Change(LearningRateChange(learner.session.status.epoch, value)))


def loop(**switches: bool) -> Action:
    changed = structs.replace(CORRECT_LOOP, **switches)
    return lambda learner: learner.do(commands.Change(LoopChange(learner.session.status.epoch, changed)))


def by_hand(name: str, value: float) -> Action:
    return lambda learner: learner.do(commands.Change(ParameterChange(learner.session.status.epoch, name, value)))


def edit(**fields: Any) -> Action:
    return lambda learner: learner.edit(**fields)


def points(*pairs: tuple[float, float]) -> Action:
    x, y = zip(*pairs, strict=True)
    return edit(data=Data(x, y))


def loss(name: str) -> Action:
    return edit(loss=LOSSES[name])


def _times(command: Command, count: int) -> Action:
    def act(learner: Learner) -> None:
        for _ in range(count):
            learner.do(command)

    return act
