"""Runs compared with the present one, in the real window with a real recorder and file."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from gradgui.record.run_store import RunStore
from gradgui.ui.app.theme import DARK, LIGHT, Theme
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.runs.looks import DASHES, Look
from gradgui.worker.jobs.run_recorder import RunRecorder
from gradgui.worker.status import State
from tests.ui.driver import Driver

RATES = ("0.01", "0.02", "0.05")


@pytest.fixture
def compared(driver: Driver, tmp_path: Path) -> Iterator[ComparedRuns]:
    """Three kept runs that differ in their rate, numbers 1 to 3, and a fourth one that has not begun."""
    window, path = driver.window, tmp_path / "runs.sqlite"
    recorder = RunRecorder(window.training.worker, path, window)
    window.kept_runs.follow(recorder, path)
    driver.set_speed(100)
    for rate in RATES:
        driver.enter("learning_rate", rate)
        driver.action("run").trigger()
        driver.wait_for(State.FINISHED, 20)
        driver.action("reset").trigger()
        driver.wait_for(State.READY, 0)
    driver.enter("learning_rate", "0.03")
    driver.qtbot.waitUntil(lambda: [run.epochs for run in window.kept_runs.runs] == [20, 20, 20])
    yield window.compared_runs
    window.compared_runs.clear()
    window.kept_runs.close()
    recorder.shut_down()


def losses_by_hand(rate: float, epochs: int = 20) -> list[float]:
    """The losses of w * x on x = 1 … 4, y = 2 x in float32, in numpy and apart from the program."""
    x, w, losses = np.arange(1, 5, dtype=np.float32), np.float32(0.0), []
    for _ in range(epochs):
        residuals = 2 * x - w * x
        losses.append(float(np.mean(residuals**2)))
        w -= np.float32(rate) * np.mean(-2 * residuals * x)
    return losses


@pytest.fixture
def tick(driver: Driver, compared: ComparedRuns) -> Callable[..., None]:
    """Tick runs and wait until they are read."""

    def tick_and_wait(*runs: int) -> None:
        for run in runs:
            compared.tick(run, True)
        driver.qtbot.waitUntil(lambda: not compared.reading)

    return tick_and_wait


def labels(compared: ComparedRuns) -> list[str]:
    return [run.label for run in compared.runs]


def test_ticked_runs_are_read_and_say_what_differs(
    driver: Driver, compared: ComparedRuns, tick: Callable[..., None]
) -> None:
    tick(1, 3)
    assert compared.ticked == (1, 3)
    assert [run.id for run in compared.runs] == [1, 3]
    assert compared.present_label == "lr 0.03"
    assert labels(compared) == ["lr 0.01", "lr 0.05"]
    for run, rate in zip(compared.runs, (0.01, 0.05), strict=True):
        assert run.log.column("loss") == pytest.approx(losses_by_hand(rate), rel=1e-4)
    compared.tick(1, False)
    assert labels(compared) == ["lr 0.05"]
    driver.enter("start_w", "2")
    assert labels(compared) == ["lr 0.05, w start 0"]
    assert compared.present_label == "lr 0.03, w start 2"
    compared.clear()
    assert not compared.ticked
    assert not compared.runs


def test_every_run_keeps_its_look_while_it_is_ticked(compared: ComparedRuns, tick: Callable[..., None]) -> None:
    tick(1, 2, 3)
    assert [run.look.place for run in compared.runs] == [0, 1, 2]
    compared.tick(2, False)
    assert [run.look.place for run in compared.runs] == [0, 2]
    tick(2)
    assert [(run.id, run.look.place) for run in compared.runs] == [(1, 0), (3, 2), (2, 1)]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_forty_looks_differ_and_neighbours_in_both_colour_and_dash(theme: Theme) -> None:
    looks = [(look.colour(theme), look.dashes) for look in map(Look, range(40))]
    assert len(set(looks)) == 40
    assert len(set(DASHES)) == len(DASHES)
    assert all(one[0] != other[0] and one[1] != other[1] for one, other in pairwise(looks))
    assert theme.loss not in {colour for colour, _ in looks}


def test_the_present_run_is_no_other_one(compared: ComparedRuns, tick: Callable[..., None]) -> None:
    tick(1, 2)
    compared.present = 2
    assert compared.ticked == (1, 2)
    assert [run.id for run in compared.runs] == [1]
    compared.present = 0
    assert [run.id for run in compared.runs] == [1, 2]


def test_deleted_and_damaged_runs_are_dropped_and_it_is_said(
    driver: Driver, compared: ComparedRuns, tick: Callable[..., None], tmp_path: Path
) -> None:
    told: list[str] = []
    compared.told.connect(told.append)
    tick(1, 2)
    driver.window.kept_runs.delete([2])
    assert told == ["Run 2 was deleted and is not compared any more."]
    assert labels(compared) == ["lr 0.01"]
    other = sqlite3.connect(tmp_path / "runs.sqlite")
    other.execute("UPDATE spec SET text = x'00' WHERE run = 3")
    other.execute("UPDATE chunk SET checksum = 0 WHERE run = 1")
    other.commit()
    other.close()
    tick(3)
    assert compared.ticked == (1,)
    assert told[-1] == "Run 3 is damaged: what decides it cannot be read. It is not compared."
    compared.clear()
    tick(1)
    assert told[-1] == "Run 1 is damaged after epoch 0; only what comes before is compared."


def test_what_has_grown_is_read_again(
    driver: Driver, compared: ComparedRuns, tick: Callable[..., None], tmp_path: Path
) -> None:
    tick(1)
    other = RunStore(tmp_path / "runs.sqlite")
    other.truncate(1, 12)
    other.close()
    compared.refresh()
    driver.qtbot.waitUntil(lambda: not compared.reading)
    assert len(compared.runs[0].log) == 12
