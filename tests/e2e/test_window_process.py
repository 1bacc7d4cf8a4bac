"""The real program on a real X server, driven with real key presses."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

EPOCHS_FIELD = ("180", "220")
"""Where the number of epochs is typed, in pixels of a window of 1280×800."""

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(
        shutil.which("Xvfb") is None or shutil.which("xdotool") is None, reason="needs Xvfb and xdotool"
    ),
]


@pytest.fixture
def display() -> Iterator[str]:
    """A virtual X server of our own."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as number:
        yield f":{number.readline().strip()}"
    server.terminate()
    server.wait()


class Program:
    """GradGUI as a person starts it."""

    def __init__(self, display: str, home: Path, *arguments: str) -> None:
        self.log = home / ".local" / "state" / "GradGUI" / "gradgui.log"
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "QT_", "WAYLAND"))
        } | {"DISPLAY": display, "HOME": str(home)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gradgui", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def xdotool(self, *arguments: str) -> str:
        """Be the person's hands."""
        return subprocess.run(
            ["xdotool", *arguments], env=self.environment, capture_output=True, text=True, check=True, timeout=60
        ).stdout.strip()

    def wait_for_log(self, text: str) -> None:
        """Wait until something stands in the log; each look takes the time of a question to the X server."""
        deadline = monotonic() + 60
        while not (self.log.exists() and text in self.log.read_text("utf-8")):
            assert monotonic() < deadline
            self.xdotool("getmouselocation")

    def find_window(self) -> str:
        """Wait for the window."""
        return self.xdotool("search", "--sync", "--onlyvisible", "--name", "GradGUI").splitlines()[0]


def test_it_opens_steps_runs_and_quits_without_a_word(display: str, tmp_path: Path) -> None:
    program = Program(display, tmp_path)
    window = program.find_window()
    program.xdotool("windowfocus", "--sync", window)
    program.wait_for_log("ready")
    program.xdotool("key", "--window", window, "F10")
    program.xdotool("key", "--window", window, *["ctrl+bracketright"] * 31, "F5")
    program.wait_for_log("the run ended at epoch 20")
    program.xdotool("key", "--window", window, "ctrl+q")
    output, errors = program.process.communicate(timeout=60)
    assert (program.process.returncode, output, errors) == (0, "", "")


def test_ctrl_e_exports_even_from_a_field(display: str, tmp_path: Path) -> None:
    """On X11 a line of text would take the key for itself."""
    program = Program(display, tmp_path)
    try:
        window = program.find_window()
        program.xdotool("windowfocus", "--sync", window)
        program.wait_for_log("ready")
        program.xdotool("mousemove", "--window", window, *EPOCHS_FIELD, "click", "1")
        program.xdotool("key", "F10", "ctrl+e")
        assert program.xdotool("search", "--sync", "--onlyvisible", "--name", "Export log as CSV")
    finally:
        program.process.kill()
        program.process.communicate()


def test_a_file_that_is_no_experiment_is_said_in_the_window(display: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.gradgui"
    broken.write_text("{")
    program = Program(display, tmp_path, str(broken))
    program.xdotool("windowfocus", "--sync", program.find_window())
    program.wait_for_log("broken.gradgui could not be opened")
    program.wait_for_log("ready: w * x")
    program.xdotool("key", "ctrl+q")
    output, errors = program.process.communicate(timeout=60)
    assert (program.process.returncode, output, errors) == (0, "", "")


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
