"""Copies of what is not saved: found, offered and removed, whatever lies in their folder."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton

from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.run_spec import RunSpec, read_run_spec, run_spec_text
from gradgui.record.atomic_file import AtomicFile
from gradgui.ui.window import autosave
from gradgui.ui.window.autosave import Autosave
from tests.ui.driver import Driver

LINE = Experiment("w*x + b", (Parameter("w", 0.0), Parameter("b", 1.0)), DEFAULT_EXPERIMENT.data)
CUBE = Experiment("w*x**3", (Parameter("w", 0.5),), DEFAULT_EXPERIMENT.data)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "unsaved"
    folder.mkdir()
    return folder


def start(driver: Driver, folder: Path) -> tuple[Autosave, list[str]]:
    """Begin to keep copies as a start of the program does."""
    window, told = driver.window, list[str]()
    return Autosave(window, window.documents, window.run, told.append, folder), told


def put(folder: Path, name: str, experiment: Experiment, seconds: int) -> Path:
    """Leave a copy as an earlier start did."""
    copy = folder / name
    copy.write_text(run_spec_text(RunSpec(experiment)), encoding="utf-8")
    os.utime(copy, (seconds, seconds))
    return copy


def question(driver: Driver) -> QMessageBox:
    found = driver.window.findChild(QMessageBox, "recovery")
    assert found is not None
    return found


def answer(driver: Driver, text: str) -> None:
    next(button for button in question(driver).findChildren(QPushButton) if button.text() == text).click()


def test_the_newest_copy_is_offered_and_goes_when_another_one_is_written(driver: Driver, folder: Path) -> None:
    old, new = put(folder, "old.1.gradgui", CUBE, 1_000), put(folder, "a line.2.gradgui", LINE, 2_000)
    keeper, _ = start(driver, folder)
    keeper.offer()
    assert "“a line”" in question(driver).text()
    answer(driver, "Open copy")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.experiment == LINE)
    assert driver.window.documents.modified
    assert not new.exists()
    assert old.exists()
    kept = [read_run_spec(copy).experiment for copy in folder.glob("*.gradgui") if copy != old]
    assert kept == [LINE]
    keeper.end(keep=False)
    assert list(folder.iterdir()) == [old]


def test_a_copy_stays_where_no_other_one_can_be_written(
    driver: Driver, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = put(folder, "a line.2.gradgui", LINE, 2_000)
    keeper, told = start(driver, folder)
    keeper.offer()
    monkeypatch.setattr(autosave, "AtomicFile", lambda _: AtomicFile("/dev/full"))
    answer(driver, "Open copy")
    driver.qtbot.waitUntil(lambda: driver.window.run.status.experiment == LINE)
    assert copy.exists()
    assert told == [f"No copy of what is not saved can be kept: Could not write {folder}: the disk is full."]
    keeper.end(keep=False)


def test_what_is_no_copy_is_passed_over(driver: Driver, folder: Path) -> None:
    (folder / "x.dead.gradgui").symlink_to("/nonexistent")
    (folder / "y.folder.gradgui").mkdir()
    copy = put(folder, "a line.2.gradgui", LINE, 1_000)
    put(folder, "bad.3.gradgui", LINE, 2_000).write_text("{")
    keeper, _ = start(driver, folder)
    keeper.offer()
    assert "“bad”" in question(driver).text()
    first = question(driver)
    answer(driver, "Open copy")
    driver.qtbot.waitUntil(lambda: not first.isVisible())
    assert "is no experiment" in driver.text("message_label")
    shown = [box for box in driver.window.findChildren(QMessageBox, "recovery") if box.isVisible()]
    assert [box.text().partition("“")[2].partition("”")[0] for box in shown] == ["a line"]
    shown[0].reject()
    assert copy.exists(), "Later leaves it for the next start"
    keeper.end(keep=False)


def test_discarding_is_for_good(driver: Driver, folder: Path) -> None:
    copy = put(folder, "a line.2.gradgui", LINE, 1_000)
    keeper, _ = start(driver, folder)
    keeper.offer()
    answer(driver, "Discard copy")
    assert not copy.exists()
    keeper.end(keep=False)
    assert list(folder.iterdir()) == []


def test_what_is_not_saved_is_kept_until_it_is(
    driver: Driver, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, _ = start(driver, folder)
    assert keeper.keep()
    assert list(folder.glob("*.gradgui")) == []
    driver.enter("model_formula", "w*x**3")
    assert keeper.keep()
    (copy,) = folder.glob("*.gradgui")
    assert read_run_spec(copy).experiment.model == "w*x**3"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine.gradgui"), ""))
    driver.action("save_experiment").trigger()
    assert keeper.keep()
    assert not copy.exists()
    keeper.end(keep=False)
