"""Whatever is done with runs, in whatever order: the window, the file and a plain replay have the same bits.

RANDOM_RUNS and RANDOM_SEED in the environment ask for more sittings, or for other ones.
"""

import os
import sqlite3
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from gradgui.app import create_main_window
from gradgui.experiment.changes import ExperimentEdit, LearningRateChange, LoopChange, ParameterChange
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import CORRECT_LOOP, Loop, Phase
from gradgui.record.run_store import RunStore
from gradgui.record.training_log import TrainingLog
from gradgui.ui.window.main_window import MainWindow
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands
from gradgui.worker.jobs.run_recorder import RunRecorder
from gradgui.worker.rate_limiter import FULL_SPEED
from gradgui.worker.status import State
from tests.e2e.test_random_sessions import draw_data, draw_experiment, draw_rules
from tests.worker.test_run_recorder import replayed

SITTINGS = int(os.environ.get("RANDOM_RUNS", "12"))
SEED = int(os.environ.get("RANDOM_SEED", "1"))
DEEDS = 25


class Echo(QObject):
    """Answers from the loop's thread, behind all that was asked of it."""

    asked = Signal()
    answered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self._answer)

    @Slot()
    def _answer(self) -> None:
        self.answered.emit()


class RunsPerson(QObject):
    """Does with runs, at random, what can be done with them, and remembers what was in sight.

    Parameters
    ----------
    window, path
        What is driven, and the file of its runs.
    qtbot, random
        Waits; decides.

    Attributes
    ----------
    done
        What was done, in order.
    seen
        Every log that was in sight, as bytes, but those that begin another one.
    deleted
        The runs that were deleted and did not come back.
    """

    def __init__(self, window: MainWindow, path: Path, qtbot: QtBot, random: Random) -> None:
        super().__init__()
        self.window, self.run, self.kept = window, window.run, window.kept_runs
        self._path, self._qtbot, self._random = path, qtbot, random
        self.done: deque[str] = deque(maxlen=DEEDS * 2)
        self.seen: set[tuple[tuple[str, ...], bytes]] = set()
        self._echo = Echo()
        self._echo.moveToThread(window.training.worker.thread())
        self._echo.answered.connect(self._take_echo)
        self._echoes = 0
        window.training.worker.status_changed.connect(self._see)
        self.run.figures.connect(self._see)

    def begin(self) -> None:
        """Open an experiment."""
        experiment = draw_experiment(self._random)
        self._do(f"open {experiment}", lambda: self.run.open(RunSpec(experiment)))
        self.settle()

    def act(self) -> None:
        """Do one thing, and look at what came of it, or not."""
        random, run, kept = self._random, self.run, self.kept
        name = random.choice(run.experiment.parameter_names)
        listed = [one.id for one in kept.runs]
        last = max(1, len(run.log))
        rate, value = random.choice([0.002, 0.02, 0.1]), round(random.uniform(-2, 2), 2)
        rules = random.choice([StopRules(), StopRules(), draw_rules(random)])
        loop = random.choice([CORRECT_LOOP, CORRECT_LOOP, Loop(zero_grad=False), Loop(no_grad=False)])
        edit = random.choice(
            [ExperimentEdit({"dtype": random.choice(["float32", "float64"])}), ExperimentEdit({"epochs": 7})]
        )
        deeds: list[tuple[int, str, Callable[[], object]]] = [
            (8, "run", self._ask(commands.Run())),
            (3, "step", self._ask(commands.StepEpoch())),
            (2, "phase", self._ask(commands.StepPhase())),
            (2, "back", self._ask(commands.StepBack())),
            (2, "phase back", self._ask(commands.StepBackPhase())),
            (6, "go to", self._ask(commands.GoTo(random.randint(0, last), random.choice([0, 0, 0, 1, 3])))),
            (2, "pause", self._ask(commands.Pause())),
            (4, f"rate {rate}", self._change(LearningRateChange(0, rate))),
            (4, f"{name} = {value}", self._change(ParameterChange(0, name, value))),
            (2, f"loop {loop}", self._change(LoopChange(0, loop))),
            (3, "data", lambda: self.window.data_editor.change(draw_data(random), "data")),
            (1, "drag", self._drag),
            (2, "epochs", partial(run.set_epochs, random.randint(1, 30))),
            (1, "rules", partial(run.set_stop_rules, rules)),
            (1, f"edit {edit}", partial(run.edit, edit)),
            (2, "reset", run.reset),
            (1, "begin again", run.begin_again),
            (6, "undo", partial(self._trigger, "undo")),
            (4, "redo", partial(self._trigger, "redo")),
        ]
        if listed:
            one = random.choice(listed)
            deeds += [
                (3, f"take up {one}", partial(kept.open, one)),
                (2, f"resume {one}", partial(kept.open, one, commands.Run())),
                (2, f"delete {one}", partial(kept.delete, [one])),
                (2, f"tick {one}", partial(kept.compared.tick, one, one not in kept.compared.ticked)),
                (1, f"name {one}", partial(kept.rename, one, "a")),
                (1, f"star {one}", partial(kept.star, one, True)),
            ]
        _, text, deed = random.choices(deeds, [weight for weight, _, _ in deeds])[0]
        self._do(text, deed)
        if random.random() < 0.7:
            self.settle()

    def settle(self) -> None:
        """Wait until all that was asked for is answered and nothing runs, and see that the window shows the truth."""
        run = self.run
        while True:
            self._echoes = 0
            self._echo.asked.emit()
            self._qtbot.waitUntil(lambda: self._echoes == 1, timeout=30_000)
            if not run.is_awaited and run.status.state is not State.RUNNING:
                break
            self._qtbot.waitUntil(
                lambda: not run.is_awaited and run.status.state is not State.RUNNING, timeout=30_000
            )
        self._see()
        status, log = run.status, run.log
        assert status.horizon == len(log)
        assert rows_of(log) == rows_of(replayed(run.run_spec))
        if status.next_phase is Phase.FORWARD and status.epoch and not self._is_moved():
            row = tuple(log.value(one, status.epoch) for one in run.experiment.parameter_names)
            assert np.array(row).tobytes() == np.array(status.parameters).tobytes()

    @Slot()
    def _take_echo(self) -> None:
        self._echoes += 1

    def _is_moved(self) -> bool:
        status = self.run.status
        return any(one.epoch == status.epoch and isinstance(one, ParameterChange) for one in status.interventions)

    @Slot()
    def _see(self) -> None:
        log = self.run.log
        if len(log):
            self.seen.add((log.columns.names, rows_of(log)))

    def _do(self, text: str, deed: Callable[[], object]) -> None:
        self.done.append(
            f"{text}   [{self.run.number}: {self.run.status.state.value} {self.run.epoch}/{len(self.run.log)}]"
        )
        deed()

    def _ask(self, command: commands.Command) -> Callable[[], None]:
        return partial(self.run.do, command)

    def _change(self, change: LearningRateChange | ParameterChange | LoopChange) -> Callable[[], None]:
        def do() -> None:
            if commands.Change in allowed_commands(self.run.status):
                self.run.change(change)

        return do

    def _drag(self) -> None:
        if commands.Change in allowed_commands(self.run.status):
            for _ in range(3):
                self.window.data_editor.preview(draw_data(self._random))
            self.window.data_editor.settle("drag")

    def _trigger(self, name: str) -> None:
        action = next(one for one in self.window.actions() if one.objectName() == name)
        if action.isEnabled():
            action.trigger()


def rows_of(log: TrainingLog) -> bytes:
    """Give the bits of a log, epoch by epoch."""
    return np.column_stack([log.column(name).astype(np.float64) for name in log.columns.names]).tobytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give where the runs are kept."""
    return tmp_path / "runs.sqlite"


@pytest.fixture
def window(qtbot: QtBot, path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """A window that keeps its runs."""
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Discard)
    window = create_main_window()
    recorder = RunRecorder(window.training.worker, path, window)
    window.kept_runs.follow(recorder, path)
    window.show()
    qtbot.waitUntil(lambda: window.run.status.state is State.READY, timeout=60_000)
    window.run.do(commands.SetSpeed(FULL_SPEED))
    yield window
    window.close()
    window.kept_runs.close()
    recorder.shut_down()
    window.deleteLater()


@pytest.mark.timeout(60 + 10 * SITTINGS)
def test_whatever_is_done_with_runs(window: MainWindow, path: Path, qtbot: QtBot, faults: list[str]) -> None:
    window.training.worker.failed.connect(faults.append)
    window.run.told.connect(faults.append)
    with closing(RunStore(path)) as store, warnings.catch_warnings():  # open: what is deleted is not purged
        warnings.simplefilter("ignore")  # of a tensor that is no leaf
        person = RunsPerson(window, path, qtbot, Random(SEED))
        for sitting in range(SITTINGS):
            person.done.clear()
            try:
                person.begin()
                for _ in range(DEEDS):
                    person.act()
                person.settle()
                assert not faults
            except Exception as error:
                raise AssertionError("\n".join([f"sitting {sitting}", *person.done])) from error
        window.close()
        recorder = window.findChild(RunRecorder)
        assert recorder is not None
        recorder.shut_down()
        assert store.problem == ""
        kept = []
        with closing(sqlite3.connect(path)) as database:
            runs = [run for (run,) in database.execute("SELECT id FROM run WHERE epochs > shared AND deleted < 2")]
        for run in runs:
            spec, log = store.spec(run), store.log(run)
            assert len(log) == spec.trained
            assert rows_of(log) == rows_of(replayed(spec)), f"run {run}: {spec}"
            kept.append((log.columns.names, rows_of(log)))
        lost = [
            (columns, len(rows) // 8 // len(columns))
            for columns, rows in person.seen
            if not any(columns == names and other.startswith(rows) for names, other in kept)
        ]
        assert not lost
