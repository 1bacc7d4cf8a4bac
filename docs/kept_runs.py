"""Runs for the pictures of the list of runs: really trained, and kept in a file of their own."""

from collections.abc import Iterator
from contextlib import closing
from itertools import cycle
from pathlib import Path

from msgspec import structs

from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import SGD, Adam, GradientDescent
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.run_store import RunStore
from gradgui.worker import commands
from gradgui.worker.recording import Recording
from gradgui.worker.session import Session

RATES = (0.01, 0.05, 0.12)
LINE = Experiment("w*x + b", (Parameter("w", 0.0), Parameter("b", 0.0)), DEFAULT_EXPERIMENT.data, 0.01, 40)


def three_rates() -> Iterator[Experiment]:
    """Give the lesson with three learning rates."""
    for rate in RATES:
        yield structs.replace(DEFAULT_EXPERIMENT, learning_rate=rate, epochs=40)


def two_hundred() -> Iterator[Experiment]:
    """Give models, rules, rates and lengths in turns, so that neighbours differ."""
    models = cycle((DEFAULT_EXPERIMENT, LINE))
    rules = cycle((GradientDescent(), SGD(momentum=0.9), Adam()))
    rates, epochs = cycle((0.01, 0.02, 0.05, 0.1, 0.15)), cycle((20, 40, 60, 100, 200, 400, 1000))
    for _, model, rule, rate, length in zip(range(200), models, rules, rates, epochs, strict=False):
        yield structs.replace(model, optimizer=rule, learning_rate=rate, epochs=length)


def keep_runs(path: Path, experiments: Iterator[Experiment]) -> None:
    """Train each, and keep it."""
    with closing(RunStore(path)) as store:
        recording = Recording(store)
        for number, experiment in enumerate(experiments, 1):
            session = Session(RunSpec(experiment), number)
            session.do(commands.Run())
            recording.take([session.status])
            batch = session.train(experiment.epochs, 60.0)
            recording.take([session.status] if batch is None else [batch, session.status])
