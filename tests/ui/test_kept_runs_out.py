"""Kept runs that leave the window, that were interrupted, and that take too much room."""

import csv
import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QProcess
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton

from gradgui.record.run_store import RunStore
from gradgui.worker.jobs.run_recorder import RunRecorder
from gradgui.worker.status import State
from tests.ui.driver import Driver
from tests.ui.test_kept_runs import listed, panel, press, recorder, select

__all__ = ["panel", "recorder"]

KILLED = """
import os, sys
from pathlib import Path
from msgspec import structs
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.run_store import RunStore
from gradgui.worker import commands
from gradgui.worker.recording import Recording
from gradgui.worker.session import Session

store = RunStore(Path(sys.argv[1]))
session = Session(RunSpec(structs.replace(DEFAULT_EXPERIMENT, epochs=100)), 1)
session.do(commands.Run())
recording = Recording(store)
recording.take([session.status])
recording.take([session.train(37, 60.0)])
os._exit(9)
"""
"""A process that dies in the midst of a run, after 37 epochs."""


def losses_of_the_lesson(epochs: int, rate: float = 0.01) -> list[float]:
    """Train the lesson in plain PyTorch."""
    x, y = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([2.0, 4.0, 6.0, 8.0])
    w, losses = torch.tensor(0.0, requires_grad=True), []
    for _ in range(epochs):
        loss = ((y - w * x) ** 2).mean()
        losses.append(loss.item())
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            w -= rate * w.grad  # type: ignore[operator]
        w.grad.zero_()  # type: ignore[union-attr]
    return losses


@pytest.mark.usefixtures("panel")
def test_chosen_runs_leave_as_csv_script_and_json(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = listed(driver, ["diverged", "finished", "finished"])
    select(panel, 1)
    panel.table.select([2])
    assert sorted(panel.selected) == [1, 2]
    for kind in ("csv", "script", "json"):
        path = tmp_path / f"runs.{kind}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=path: (str(path), ""))
        with driver.qtbot.waitSignal(driver.window.exporter.ended, timeout=30_000):
            press(driver, kind)
        assert driver.text("message_label") == f"Saved 2 runs to {path}."
    with (tmp_path / "runs.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    losses = [float(torch.tensor(float(row["loss"]))) for row in rows]
    assert [(row["run"], row["epoch"]) for row in rows] == [(run, str(one)) for run in "12" for one in range(1, 21)]
    assert losses == losses_of_the_lesson(20) + losses_of_the_lesson(20, 0.02)
    subprocess.run([sys.executable, str(tmp_path / "runs.script"), "again.csv"], cwd=tmp_path, check=True)
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "runs.csv").read_bytes()
    ended = json.loads((tmp_path / "runs.json").read_text())["runs"]
    assert [one["run"] for one in ended] == [1, 2]


def test_a_run_that_was_interrupted_is_offered_and_goes_on(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    assert subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False).returncode == 9
    window = driver.window
    recorder = RunRecorder(window.training.worker, path, window)
    window.kept_runs.follow(recorder, path)
    button = driver.find(QPushButton, "offer_button")
    driver.qtbot.waitUntil(button.isVisible, timeout=30_000)
    assert driver.text("message_label") == "The run “w * x” was interrupted at epoch 37; it is kept."
    driver.set_speed(100)
    button.click()
    driver.wait_for(State.FINISHED, 100)
    assert not button.isVisible()
    assert window.run.log.column("loss").tolist() == losses_of_the_lesson(100)
    window.kept_runs.close()
    recorder.shut_down()
    with closing(RunStore(path)) as store:
        (run,) = store.runs()
        assert run.epochs == 100
        assert store.log(run.id).column("loss").tolist() == losses_of_the_lesson(100)


@pytest.mark.usefixtures("panel")
def test_room_is_told_bounded_and_given_back(driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    press(driver, "room")
    driver.qtbot.waitUntil(lambda: "on the disk" in driver.text("room_told"), timeout=30_000)
    driver.enter("room_limit", "0.000001")
    driver.qtbot.waitUntil(lambda: "forgotten" in driver.text("message_label"), timeout=30_000)
    assert driver.text("message_label").endswith("as kept runs may take 1e-06 GB.")
    driver.enter("room_limit", "")
    driver.action("step_epoch").trigger()
    driver.wait_for(State.READY, 1)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    driver.find(QPushButton, "room_forget").click()

    def kept() -> list[int]:
        with closing(RunStore(tmp_path / "runs.sqlite")) as store:
            return [run.epochs for run in store.runs()]

    driver.qtbot.waitUntil(lambda: kept() == [1], timeout=30_000)
    driver.action("step_epoch").trigger()
    driver.qtbot.waitUntil(lambda: kept() == [2], timeout=30_000)


@pytest.mark.usefixtures("panel")
def test_a_run_opens_in_a_window_of_its_own(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    def start(program: str, arguments: list[str]) -> tuple[bool, int]:
        started.append([program, *arguments])
        return True, 1

    monkeypatch.setattr(QProcess, "startDetached", start)
    panel = listed(driver, ["diverged", "finished", "finished"])
    select(panel, 2)
    press(driver, "window")
    assert started == [[sys.executable, "-m", "gradgui", "--run", "2"]]
    assert driver.find(QAction, "runs_window").isEnabled()
