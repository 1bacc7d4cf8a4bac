"""Everything the built program offers, once: whatever was left out of it must be really unused."""

from itertools import cycle, zip_longest
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment, Parameter
from gradgui.experiment.losses import LOSSES
from gradgui.experiment.optimizers import GradientDescent, Optimizer, Schedule
from gradgui.experiment.run_spec import RunSpec, run_spec_text
from gradgui.resources import resource_path
from gradgui.ui.window.action_entries import NAMES
from tests.app.conftest import Program, Start, package_csv, run_without_window

LINE = Experiment(
    "w*x + sin(b)", (Parameter("w", 0.5), Parameter("b", -0.25)), Data((1.0, 2.0, 4.0), (3.0, 5.5, 9.0)), 0.05, 30
)
PANELS = 14
PICTURES = 9


def _experiments() -> dict[str, Experiment]:
    """Give one experiment for each optimizer, with the schedules, losses and types in turn."""
    optimizers = get_args(Optimizer)
    parts = zip_longest(optimizers, cycle(get_args(Schedule)), cycle(LOSSES.values()), cycle(["float32", "float64"]))
    experiments = {}
    for (optimizer, schedule, loss, dtype), _ in zip(parts, optimizers, strict=False):
        fits = optimizer is not GradientDescent
        experiments[optimizer.__name__] = replace(
            LINE, optimizer=optimizer(), schedule=schedule() if fits else None, loss=loss, dtype=dtype
        )
    return experiments


EXPERIMENTS = _experiments()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_each_optimizer_trains_in_the_frozen_program_bit_for_bit(
    name: str, program_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / f"{name}.gradgui"
    path.write_text(run_spec_text(RunSpec(EXPERIMENTS[name])))
    done = run_without_window(program_folder / "GradGUI", tmp_path, "train", str(path), "--csv", "frozen.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "frozen.csv").read_bytes() == package_csv(tmp_path, str(path))


def test_every_action_of_the_window_works_in_the_frozen_program(
    start: Start, program_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "xdg-open").write_text("#!/bin/sh\n")  # there is no file manager here to show the log folder
    (tmp_path / "xdg-open").chmod(0o755)
    program = start(PATH=str(tmp_path))
    program.find_window("GradGUI")
    program.wait_for_log("ready")
    program.press(*["ctrl+bracketright"] * 31)
    _train_and_look(program)
    _export_everything(program, tmp_path)
    _change_data(program, tmp_path)
    _open_and_save(program, tmp_path)
    for example in sorted(resource_path("lessons").glob("*.gradgui")):
        program.find_window("GradGUI")
        program.choose(("alt+f", "x"), _place(example))
        program.wait_for_log(f"action example_{example.stem}")
        program.press("F11", "F10", "F5")
        program.wait_for_log("the run ended", program.log.count("action example_"))
    _take_a_lesson(program, tmp_path)
    program.press("F1")
    _close_dialog(program, "Keys")
    program.press("ctrl+F1")
    _close_dialog(program, "on one page")
    program.press("ctrl+shift+F1")
    _close_dialog(program, "Glossary")
    program.press_for("whats_this", "shift+F1")
    program.press("Escape")
    program.choose(("alt+h",), 6)
    _close_dialog(program, "About GradGUI")
    program.choose(("alt+h",), 4)
    program.choose(("alt+h",), 5)
    assert [name for name in NAMES if f"action {name}\n" not in program.log] == ["quit"]
    program.quit()
    listed = run_without_window(program_folder / "GradGUI", tmp_path / "home", "runs")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout.count("\n") > len(EXPERIMENTS), "every run that was trained is kept"


def _take_a_lesson(program: Program, folder: Path) -> None:
    """Write the template of a lesson, open it, and take its results away."""
    program.find_window("GradGUI")
    program.press_for("lessons", "ctrl+shift+l")
    program.choose(("alt+l",), 2)
    program.answer_dialog("New lesson", folder / "my.lesson.md")
    program.wait_until((folder / "my.lesson.md").exists)
    program.find_window("GradGUI")
    program.choose(("alt+l",), 1)
    program.answer_dialog("Open lesson", folder / "my.lesson.md")
    program.find_window("My lesson")
    program.choose(("alt+l",), 3)
    program.answer_dialog("Save result sheet", folder / "results.pdf")
    program.wait_until((folder / "results.pdf").exists)
    program.find_window("GradGUI")
    program.choose(("alt+l",), 4)
    _close_dialog(program, "Print")


def _close_dialog(program: Program, title: str) -> None:
    program.find_window(title)
    program.press("Escape")
    program.find_window("GradGUI")


def _train_and_look(program: Program) -> None:
    """Every way of going through epochs, and every panel alone."""
    program.press("F11", "F11")
    for action, key in (
        ("step_phase", "F11"),
        ("step_back_phase", "shift+F11"),
        ("step_epoch", "F10"),
        ("step_back", "shift+F10"),
        ("step_epoch", "F10"),
        ("back", "F9"),
        ("run", "F5"),
    ):
        program.press_for(action, key)
    program.wait_for_log("the run ended")
    program.choose(("alt+r",), 7)
    program.wait_for_log("action begin_again")
    program.press_for("go_back", "ctrl+g")
    _close_dialog(program, "Go back")
    program.press_for("kept_runs", "ctrl+shift+r")
    program.press_for("sweep", "ctrl+shift+w")
    _close_dialog(program, "Sweep")
    program.choose(("alt+r",), -3)
    program.wait_for_log("action find_bug")  # nothing is stepped: some of the bugs raise, which the log tells
    program.press_for("undo", "ctrl+z")
    program.press("ctrl+shift+p", "F10", "ctrl+shift+p")
    program.press("ctrl+l", "ctrl+l", "ctrl+0", "ctrl+bracketleft", "ctrl+bracketright")
    for panel in range(PANELS):
        program.choose(("alt+v",), -2 - panel)
    for panel in range(PANELS):
        program.choose(("alt+v",), -2 - panel)
        program.press("F11", "F10")
        program.choose(("alt+v",), -2 - panel)
    program.choose(("alt+v",), -1)
    program.wait_for_log("action default_layout")
    for action, key in (
        ("larger", "ctrl+plus"),
        ("smaller", "ctrl+minus"),
        ("larger", "ctrl+equal"),
        ("usual_size", "ctrl+BackSpace"),
        ("presentation", "shift+F5"),
    ):
        program.press_for(action, key)
    program.press("Escape")
    for appearance in (1, 2):
        program.choose(("alt+v", "p"), appearance)


def _export_everything(program: Program, folder: Path) -> None:
    program.press("ctrl+e")
    program.answer_dialog("Export log as CSV", folder / "log.csv")
    program.press("ctrl+shift+e")
    program.answer_dialog("Export as Python script", folder / "run.py")
    program.choose(("alt+f",), 7)
    program.answer_dialog("Export data as CSV", folder / "data.csv")
    program.choose(("alt+f",), 9)
    program.answer_dialog("Export as Jupyter notebook", folder / "run.ipynb")
    program.choose(("alt+f",), 11)
    program.answer_dialog("Save handout", folder / "handout.pdf")
    program.wait_until((folder / "handout.pdf").exists)
    program.find_window("GradGUI")
    program.choose(("alt+f",), 12)
    _close_dialog(program, "Print")
    written = [folder / name for name in ("log.csv", "data.csv", "run.py", "run.ipynb", "handout.pdf")]
    for place in range(PICTURES):
        for ending in ("png", "svg"):
            program.find_window("GradGUI")
            program.press_in_menu(("alt+f", "u"), place)
            written.append(folder / f"picture {place}.{ending}")
            program.answer_dialog("Save picture of", written[-1])
    program.press("ctrl+shift+c")
    for path in written:
        program.wait_until(lambda path=path: path.exists() and path.stat().st_size > 0)  # type: ignore[misc]


def _change_data(program: Program, folder: Path) -> None:
    table = folder / "table.csv"
    table.write_text("x,y\n1,2\n2,4\n3,7\n")
    program.find_window("GradGUI")
    program.press("ctrl+i")
    program.answer_dialog("Import data", table)
    program.find_window("Import")
    program.press("Return")
    program.find_window("GradGUI")
    program.press_for("undo", "ctrl+z")
    program.press_for("redo", "ctrl+shift+z")
    program.press("F10")


def _open_and_save(program: Program, folder: Path) -> None:
    program.press("ctrl+shift+s")
    program.answer_dialog("Save experiment", folder / "saved.gradgui")
    program.find_window("saved")
    program.press("ctrl+s", "ctrl+r", "ctrl+s", "ctrl+n")
    program.wait_for_log("action new_experiment")
    for name, experiment in EXPERIMENTS.items():
        path = folder / f"{name}.gradgui"
        path.write_text(run_spec_text(RunSpec(experiment)))
        ended = program.log.count("the run ended")
        program.find_window("GradGUI")
        program.press("ctrl+o")
        program.answer_dialog("Open experiment", path)
        program.find_window(name)
        program.press("F11", "F10", "F5")
        program.wait_for_log("the run ended", ended + 1)


def _place(example: Path) -> int:
    return sorted(example.parent.glob("*.gradgui")).index(example)
