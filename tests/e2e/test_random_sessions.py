"""Whatever a person does: log, `gradgui train` of the saved file, script and notebook are the same bytes."""

import contextlib
import io
import json
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from msgspec import structs
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gradgui.cli import UsageError
from gradgui.experiment.changes import DataChange, LearningRateChange, LoopChange, ParameterChange
from gradgui.experiment.data import Data
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import Experiment, Parameter
from gradgui.experiment.formula import parse_formula
from gradgui.experiment.losses import LOSSES
from gradgui.experiment.optimizers import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    RMSprop,
    StepSchedule,
)
from gradgui.experiment.program.notebook import notebook_text
from gradgui.experiment.program.script import script_text
from gradgui.experiment.run_spec import RunSpec, run_spec_text
from gradgui.experiment.training_loop import Fault, Loop
from gradgui.record.csv_file import csv_chunks
from gradgui.train import main_train
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands
from gradgui.worker.rate_limiter import FULL_SPEED
from gradgui.worker.status import State
from gradgui.worker.training_thread import TrainingThread

SESSIONS = 200
DRIVER = Path(__file__).parents[1] / "experiment" / "script_driver.py"
MODELS = ("w * x", "w*x + b", "a*x**2 + b*x + c", "e3*x + 1e3*_", "print*x + x1", "a*exp(-k*x)", "optimizer*x + row")
RULES = (GradientDescent(), SGD(), SGD(momentum=0.9), RMSprop(), Adagrad(), Adam(), AdamW(weight_decay=0.1))
SCHEDULES = (None, StepSchedule(step_size=3), ExponentialSchedule(gamma=0.9), CosineSchedule(epochs=7))


def draw_loop(random: Random) -> Loop:
    """Right, or broken in one way."""
    if random.random() < 0.2:
        return Loop(fault=random.choice(list(Fault)))
    name = random.choice(["", "", "zero_grad", "no_grad", "in_place", "backward_once"])
    return structs.replace(Loop(), **{name: False}) if name else Loop()


def draw_data(random: Random) -> Data:
    points = range(random.randint(1, 6))
    return Data(tuple(random.uniform(-2, 2) for _ in points), tuple(random.uniform(-2, 2) for _ in points))


def draw_rules(random: Random) -> StopRules:
    return random.choice(
        [StopRules(), StopRules(loss_below=0.5), StopRules(patience=3), StopRules(gradient_below=0.2)]
    )


def draw_experiment(random: Random) -> Experiment:
    model, rule = random.choice(MODELS), random.choice(RULES)
    names = parse_formula(model).parameters
    return Experiment(
        model=model,
        parameters=tuple(Parameter(name, round(random.uniform(-1, 1), 3)) for name in names),
        data=draw_data(random),
        learning_rate=random.choice([0.001, 0.01, 0.05, 3.0]),
        epochs=random.randint(1, 25),
        loss=random.choice(list(LOSSES.values())),
        optimizer=rule,
        schedule=None if isinstance(rule, GradientDescent) else random.choice(SCHEDULES),
        dtype=random.choice(["float32", "float64"]),
        loop=draw_loop(random) if random.random() < 0.2 else Loop(),
        stop=draw_rules(random),
    )


class Person:
    """Does things at random with the loop, through what the window knows of it."""

    def __init__(self, qtbot: QtBot, random: Random) -> None:
        self._qtbot, self._random = qtbot, random
        self._parent = QObject()
        self.thread = TrainingThread(self._parent)
        self.run = LiveRun(self.thread, draw_experiment(random), self._parent)
        self.thread.start()
        self._do(commands.SetSpeed(FULL_SPEED))

    def work(self) -> None:
        """Open an experiment, and do a dozen things with it."""
        self.run.open(RunSpec(draw_experiment(self._random)))
        self._qtbot.waitUntil(lambda: self.run.status.state is State.READY, timeout=30_000)
        for _ in range(self._random.randint(3, 14)):
            self._do(self._choose())
            self._settle()

    def _choose(self) -> commands.Command:
        random, run = self._random, self.run
        rate, name = random.choice([0.002, 0.02, 0.1]), random.choice(run.experiment.parameter_names)
        return random.choice(
            [
                commands.Run(),
                commands.Run(),
                commands.StepEpoch(),
                commands.StepPhase(),
                commands.StepPhase(),
                commands.StepBack(),
                commands.StepBackPhase(),
                commands.GoTo(random.randint(0, max(1, len(run.log)))),
                commands.Change(LearningRateChange(0, rate)),
                commands.Change(ParameterChange(0, name, round(random.uniform(-2, 2), 2))),
                commands.Change(DataChange(0, draw_data(random))),
                commands.Change(LoopChange(0, draw_loop(random))),
                commands.SetEpochs(random.randint(1, 30)),
                commands.SetStopRules(draw_rules(random)),
            ]
        )

    def _do(self, command: commands.Command) -> None:
        self.run.do(command)
        if isinstance(command, commands.Run) and self._random.random() < 0.5:
            self.run.do(commands.Change(LearningRateChange(0, 0.03)))  # while it runs, wherever it is by then
            self.run.do(commands.Pause())

    def _settle(self) -> None:
        """Wait until all that was asked for is answered, and nothing runs."""
        answered: list[object] = []
        self.thread.worker.status_changed.connect(answered.append)
        self.run.do(commands.GoTo(-1))  # means nothing, and is answered behind all else
        self._qtbot.waitUntil(lambda: bool(answered) and self.run.status.state is not State.RUNNING, timeout=30_000)
        self._qtbot.waitUntil(lambda: commands.GoTo in allowed_commands(self.run.status) or not self.run.log)
        self.thread.worker.status_changed.disconnect(answered.append)

    def leave(self) -> None:
        self.thread.shut_down()


@pytest.fixture(scope="module")
def execute() -> Iterator[Callable[[Path, Path], tuple[str, str]]]:
    """Executes scripts one after another in one process: gives what is printed, and the error."""
    with subprocess.Popen(
        [sys.executable, "-I", str(DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout

        def execute_one(script: Path, csv: Path) -> tuple[str, str]:
            assert process.stdin
            assert process.stdout
            process.stdin.write(f"{script}\n{csv}\n")
            process.stdin.flush()
            printed, error = json.loads(process.stdout.readline())
            return printed, error

        yield execute_one
        process.stdin.close()


def trained_by_the_command_line(file: Path, csv: Path) -> tuple[str, str]:
    """Run ``gradgui train``; gives what is printed, and the error."""
    printed, error = io.StringIO(), ""
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a tensor that is no leaf
        try:
            main_train([str(file), "--csv", str(csv)])
        except UsageError as refused:
            error = str(refused).split(": ", 2)[-1]
    return printed.getvalue(), error


def code_of(notebook: str, csv: Path) -> str:
    """The cells up to the plots, as one script that writes its log to a path."""
    cells = [cell for cell in json.loads(notebook)["cells"] if cell["id"] in {"problem", "loop"}]
    return "\n".join("".join(cell["source"]) for cell in cells).replace('"log.csv"', repr(str(csv)))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_log_command_line_script_and_notebook_are_the_same_bytes(
    qtbot: QtBot, tmp_path: Path, execute: Callable[[Path, Path], tuple[str, str]]
) -> None:
    trained = 0
    person = Person(qtbot, Random(20))
    try:
        for session in range(3 * SESSIONS):  # in some of them nothing is trained
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of a tensor that is no leaf
                person.work()
            run_spec = person.run.run_spec
            file, script, cells = (tmp_path / name for name in ("run.gradgui", "script.py", "cells.py"))
            log, by_train, by_script, by_cells = (
                tmp_path / f"{name}.csv" for name in ("log", "train", "py", "ipynb")
            )
            for csv in (by_train, by_script, by_cells):
                csv.unlink(missing_ok=True)
            log.write_bytes("".join(text for text, _ in csv_chunks(person.run.log.snapshot())).encode())
            file.write_text(run_spec_text(run_spec), encoding="utf-8")
            script.write_text(script_text(run_spec), encoding="utf-8")
            cells.write_text(code_of(notebook_text(run_spec), by_cells), encoding="utf-8")
            told = trained_by_the_command_line(file, by_train)
            assert execute(script, by_script) == told, f"session {session}: {run_spec}"
            assert execute(cells, by_cells) == told, f"session {session}: {run_spec}"
            assert by_script.read_bytes() == by_cells.read_bytes() == by_train.read_bytes(), f"session {session}"
            if run_spec.trained:
                assert told[1] == ""
                assert by_train.read_bytes() == log.read_bytes(), f"session {session}: {run_spec}"
                trained += 1
            if trained == SESSIONS:
                break
    finally:
        person.leave()
    assert trained == SESSIONS


def test_only_a_file_that_says_how_far_it_was_trained_needs_the_newer_version() -> None:
    experiment = structs.replace(draw_experiment(Random(1)), epochs=5)
    run_spec = RunSpec(experiment, (LearningRateChange(2, 0.5),), 4)
    assert '"version": 2' in run_spec_text(run_spec)
    assert '"trained": 4' in run_spec_text(run_spec)
    assert '"version": 1' in run_spec_text(RunSpec(experiment))
