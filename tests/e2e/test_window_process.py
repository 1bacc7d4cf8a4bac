"""The real program on a real X server, driven with real key presses."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.program import Program

EPOCHS_FIELD = ("180", "220")
"""Where the number of epochs is typed, in pixels of a window of 1280×800."""

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(
        not all(map(shutil.which, ("Xvfb", "openbox", "xdotool"))), reason="needs Xvfb, openbox and xdotool"
    ),
]


def test_it_opens_steps_runs_and_quits_without_a_word(display: str, tmp_path: Path) -> None:
    program = Program(display, tmp_path)
    window = program.find_window()
    program.xdotool("windowfocus", "--sync", window)
    program.wait_for_log("ready")
    program.press("F10")
    program.press(*["ctrl+bracketright"] * 31, "F5")
    program.wait_for_log("the run ended at epoch 20")
    program.press("ctrl+q")
    assert program.see_it_end() == (0, "", "")


def test_ctrl_e_exports_even_from_a_field(display: str, tmp_path: Path) -> None:
    """On X11 a line of text would take the key for itself."""
    program = Program(display, tmp_path)
    try:
        window = program.find_window()
        program.xdotool("windowfocus", "--sync", window)
        program.wait_for_log("ready")
        program.xdotool("mousemove", "--window", window, *EPOCHS_FIELD, "click", "1")
        program.press("F10")
        program.press_until("ctrl+e", "Export log as CSV")  # as soon as there is an epoch to export
    finally:
        program.kill()


def test_a_file_that_is_no_experiment_is_said_in_the_window(display: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.gradgui"
    broken.write_text("{")
    program = Program(display, tmp_path, str(broken))
    program.xdotool("windowfocus", "--sync", program.find_window())
    program.wait_for_log("broken.gradgui could not be opened")
    program.wait_for_log("ready: w * x")
    program.press("ctrl+q")
    assert program.see_it_end() == (0, "", "")


LOADED_AT_START = """
import sys
from gradgui.app import create_main_window
import gradgui.ui.window.main_window
loaded = [name for name in sys.modules if name == "torch" or name.startswith("gradgui.engine")]
print(loaded)
"""


def test_the_window_room_loads_neither_torch_nor_the_engine(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED_AT_START],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"
