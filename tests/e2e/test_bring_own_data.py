"""Data of one's own on a real X server: a file by keys, and cells from another program's clipboard."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import ExperimentFileError, read_run_spec
from tests.e2e.program import Program

DATA_TAB, FIRST_CELL = ("131", "118"), ("120", "212")
"""Where the data's tab and its table are, in pixels of a screen of 1280×800."""
OPEN = "Tag;Preis;Menge\n1;1.204;5\n2;2.315;7\n3;3.500;9\n"
OTHER_PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

application = QGuiApplication(sys.argv)
application.clipboard().setText(sys.argv[1])
QTimer.singleShot(0, lambda: print("copied", flush=True))
application.exec()
"""

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not all(map(shutil.which, ("Xvfb", "openbox", "xdotool"))), reason="needs Xvfb, openbox and xdotool"
    ),
]


@pytest.fixture
def program(display: str, tmp_path: Path) -> Iterator[Program]:
    program = Program(display, tmp_path)
    program.wait_for_window("GradGUI")
    program.wait_for_log("ready")
    yield program
    program.kill()


@pytest.fixture
def copy(program: Program) -> Iterator[Callable[[str], None]]:
    """Copy a text in another program."""
    others: list[subprocess.Popen[str]] = []

    def copy_text(text: str) -> None:
        command = [sys.executable, "-c", OTHER_PROGRAM, text]
        others.append(subprocess.Popen(command, env=program.environment, stdout=subprocess.PIPE, text=True))
        output = others[-1].stdout
        assert output is not None
        assert output.readline() == "copied\n"

    yield copy_text
    for other in others:
        other.kill()
        other.communicate()


def wait_for_data(path: Path, data: Data) -> None:
    """Wait until a file that is being saved has these points."""
    deadline, found = monotonic() + 60, None
    while found != data:
        assert monotonic() < deadline, found
        with suppress(ExperimentFileError):
            found = read_run_spec(path).experiment.data


def go_back(program: Program, title: str) -> None:
    """Wait until a dialog is gone, and give the window the focus."""
    deadline = monotonic() + 60
    while program.titles(title):
        assert monotonic() < deadline
    program.wait_for_window("GradGUI")


def save(program: Program, path: Path) -> None:
    """Save the experiment under a name."""
    program.press_until("ctrl+shift+s", "Save experiment")
    program.wait_for_window("Save experiment")
    program.type(str(path))
    program.press("Return")
    go_back(program, "Save experiment")


def choose(program: Program, name: str, key: str) -> None:
    """Press the key of a reading until the table has been read."""
    deadline = monotonic() + 60
    while "points from" not in program.log.read_text("utf-8"):
        assert monotonic() < deadline
        program.wait_for_window(f"Import data from {name}")
        program.press(key)


def import_it(program: Program) -> None:
    """Press Enter until the dialog is gone: it waits until the table has been read."""
    deadline = monotonic() + 60
    while program.titles("Import data from"):
        assert monotonic() < deadline
        program.press("Return")
    go_back(program, "Import data from")


def test_a_table_with_two_readings_is_chosen_imported_and_undone_by_keys(program: Program, tmp_path: Path) -> None:
    table, saved = tmp_path / "open.csv", tmp_path / "saved.gradgui"
    table.write_text(OPEN)
    program.press("ctrl+i")
    program.wait_for_window("Import data")
    program.type(str(table))
    program.press("Return")
    program.wait_for_window("Import data from open.csv")
    program.wait_for_log("Preis: 1.204 can be 1204 or 1.204; expected a choice.")
    program.press("Return", "Return")  # imports nothing, as long as it is a question
    choose(program, "open.csv", "alt+2")
    program.press("alt+y", "Down")
    import_it(program)
    save(program, saved)
    wait_for_data(saved, Data((1.0, 2.0, 3.0), (5.0, 7.0, 9.0), "Tag", "Menge"))
    program.press("ctrl+z", "ctrl+s")
    wait_for_data(saved, DEFAULT_EXPERIMENT.data)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (
            "| a | b |\n|---|---|\n| 1 | 2.5 |\n| 2 | 4 |\n| 3 | 7 |\n| 4 | 9 |\n",
            Data((1, 2, 3, 4), (2.5, 4, 7, 9), "a", "b"),
        ),
        ("0,5\t1,25\n1\t2\n1,5\t3\n2\t4\n", Data((0.5, 1, 1.5, 2), (1.25, 2, 3, 4))),
        ("[[1.  2.5]\n [2.  4.5]\n [3.  6.5]\n [4.  9. ]]\n", Data((1, 2, 3, 4), (2.5, 4.5, 6.5, 9))),
        ("x_train = [1,2,3,4]\ny_train = [2,4,7,9]\n", Data((1, 2, 3, 4), (2, 4, 7, 9), "x_train", "y_train")),
    ],
    ids=["markdown", "spreadsheet", "array", "assignments"],
)
def test_what_another_program_copied_is_pasted_and_undone(
    program: Program, copy: Callable[[str], None], tmp_path: Path, text: str, data: Data
) -> None:
    saved = tmp_path / "saved.gradgui"
    copy(text)
    for place in (DATA_TAB, FIRST_CELL):
        program.xdotool("mousemove", *place, "click", "1")
    program.press("ctrl+v")
    save(program, saved)
    wait_for_data(saved, data)
    program.press("ctrl+z", "ctrl+s")
    wait_for_data(saved, DEFAULT_EXPERIMENT.data)


def test_what_can_be_read_in_two_ways_is_asked_about_when_it_is_pasted(
    program: Program, copy: Callable[[str], None], tmp_path: Path
) -> None:
    saved = tmp_path / "saved.gradgui"
    copy("a;b\n1;1.204\n2;2.315\n3;3.500\n4;4.125\n")
    for place in (DATA_TAB, FIRST_CELL):
        program.xdotool("mousemove", *place, "click", "1")
    program.press("ctrl+v")
    program.wait_for_window("Import data from what was pasted")
    program.wait_for_log("expected a choice.")
    choose(program, "what was pasted", "alt+1")
    import_it(program)
    save(program, saved)
    wait_for_data(saved, Data((1.0, 2.0, 3.0, 4.0), (1204.0, 2315.0, 3500.0, 4125.0), "a", "b"))
