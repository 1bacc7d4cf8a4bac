"""What the system lacks is said before Qt aborts, and nothing is said when Qt can start: Qt itself is the judge."""

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gradgui import platform

if TYPE_CHECKING:
    from collections.abc import Iterator

DISPLAY_VARIABLES = {"DISPLAY", "QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "XDG_SESSION_TYPE"}
DEAD_DISPLAY = ":987"

CHECK = """
from gradgui.platform import find_obstacle
print(find_obstacle())
"""
OPEN_A_WINDOW = """
import resource
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.show()
app.processEvents()
print(app.platformName())
"""


def run(script: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script in its own process, in which only the given variables say anything of a display."""
    clean = {name: value for name, value in os.environ.items() if name not in DISPLAY_VARIABLES}
    command = [sys.executable, "-c", script]
    return subprocess.run(command, env=clean | environment, capture_output=True, text=True, check=False, timeout=60)


def obstacle(environment: dict[str, str]) -> str:
    """Return what the check says of an obstacle that Qt really fails at."""
    judge = run(OPEN_A_WINDOW, environment)
    assert judge.returncode in {1, -signal.SIGABRT}, f"Qt opened a window: {judge}"
    check = run(CHECK, environment)
    assert (check.returncode, check.stderr) == (0, "")
    assert check.stdout.count("\n") == 1, "more than one message"
    return check.stdout.strip()


def assert_opens(environment: dict[str, str], platform: str) -> None:
    """Check that nothing is said, and that the window then opens in the same process as if nothing had been."""
    done = run(CHECK + OPEN_A_WINDOW, environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"None\n{platform}\n", "")


@contextmanager
def x_server(*options: str) -> "Iterator[str]":
    """Run an X server and give its display's name."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "640x480x24", "-nolisten", "tcp", *options],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture(scope="module")
def display() -> "Iterator[str]":
    """Give the name of a display that answers, however many clients came and went."""
    with x_server("-noreset") as name:
        yield name


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """Give a folder to damage libraries in: the loader looks there first."""
    folder = tmp_path / "damaged"
    folder.mkdir()
    return folder


class TestDisplay:
    def test_none_is_named(self) -> None:
        assert obstacle({}) == (
            "GradGUI needs a display for its window, but DISPLAY and WAYLAND_DISPLAY are not set; "
            "`gradgui train` works without one"
        )

    def test_empty_name_is_none(self) -> None:
        assert "DISPLAY and WAYLAND_DISPLAY are not set" in obstacle({"DISPLAY": ""})

    def test_dead_x_server(self) -> None:
        assert obstacle({"DISPLAY": DEAD_DISPLAY}) == (
            "GradGUI needs a display for its window, but DISPLAY names :987, which does not answer or does not let "
            "this user in; `gradgui train` works without one"
        )

    def test_display_that_is_no_name(self) -> None:
        assert "DISPLAY names the screen," in obstacle({"DISPLAY": "the screen"})

    def test_dead_wayland(self, tmp_path: Path) -> None:
        environment = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)}
        assert "WAYLAND_DISPLAY names wayland-9, which does not answer" in obstacle(environment)

    def test_x_is_asked_for_on_wayland(self, tmp_path: Path) -> None:
        environment = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path), "QT_QPA_PLATFORM": "xcb"}
        assert "but DISPLAY is not set" in obstacle(environment)

    def test_wayland_that_answers_is_no_obstacle(self, tmp_path: Path) -> None:
        with socket.socket(socket.AF_UNIX) as compositor:
            compositor.bind(str(tmp_path / "wayland-9"))
            compositor.listen()
            check = run(CHECK, {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)})
        assert (check.stdout, check.stderr) == ("None\n", "")

    @pytest.mark.parametrize("platform", ["offscreen", "minimal"])
    def test_none_is_needed(self, platform: str) -> None:
        assert_opens({"QT_QPA_PLATFORM": platform}, platform)
        assert_opens({"QT_QPA_PLATFORM": platform, "DISPLAY": DEAD_DISPLAY}, platform)

    @pytest.mark.xvfb
    def test_live_x_server(self, display: str) -> None:
        assert_opens({"DISPLAY": display}, "xcb")
        assert_opens({"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}, "xcb")

    @pytest.mark.xvfb
    def test_x_server_that_starts_anew_when_its_last_client_leaves(self) -> None:
        with x_server() as display:
            assert_opens({"DISPLAY": display}, "xcb")

    @pytest.mark.xvfb
    def test_live_x_server_beside_a_dead_wayland(self, display: str, tmp_path: Path) -> None:
        environment = {"DISPLAY": display, "WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)}
        check = run(CHECK + OPEN_A_WINDOW, environment)
        assert (check.returncode, check.stdout) == (0, "None\nxcb\n")


class TestLibraries:
    def test_all_that_are_missing_need_one_command(self) -> None:
        absent = {"libxcb-cursor.so.987": "libxcb-cursor0", "libEGL.so.987": "libegl1"}
        with pytest.raises(OSError, match="libxcb-cursor") as failure:
            ctypes.CDLL("libxcb-cursor.so.987")
        assert platform._explain(str(failure.value), absent | {"libc.so.6": "libc6"}) == (
            "GradGUI needs the system libraries libEGL.so.987 and libxcb-cursor.so.987; "
            "install with: sudo apt install libegl1 libxcb-cursor0"
        )

    @pytest.mark.parametrize("library", ["libEGL.so.1", "libGL.so.1"])
    def test_library_of_qt_itself(self, library: str, damaged: Path) -> None:
        (damaged / library).touch()
        assert obstacle({"LD_LIBRARY_PATH": str(damaged), "DISPLAY": DEAD_DISPLAY}) == (
            f"GradGUI needs the system library {library}; "
            f"install with: sudo apt install --reinstall {library.partition('.')[0].lower()}1"
        )

    def test_library_is_needed_without_a_display_too(self, damaged: Path) -> None:
        (damaged / "libEGL.so.1").touch()
        assert "libegl1" in obstacle({"LD_LIBRARY_PATH": str(damaged), "QT_QPA_PLATFORM": "offscreen"})

    @pytest.mark.xvfb
    def test_libraries_of_the_x_plugin(self, display: str, damaged: Path) -> None:
        for library in ["libxcb-icccm.so.4", "libxcb-cursor.so.0"]:
            (damaged / library).touch()
        assert obstacle({"LD_LIBRARY_PATH": str(damaged), "DISPLAY": display}) == (
            "GradGUI needs the system libraries libxcb-cursor.so.0 and libxcb-icccm.so.4; "
            "install with: sudo apt install --reinstall libxcb-cursor0 libxcb-icccm4"
        )

    @pytest.mark.xvfb
    def test_x_plugin_is_not_asked_for_its_libraries_when_it_is_not_used(self, damaged: Path) -> None:
        (damaged / "libxcb-cursor.so.0").touch()
        assert_opens({"LD_LIBRARY_PATH": str(damaged), "QT_QPA_PLATFORM": "offscreen"}, "offscreen")

    @pytest.mark.xvfb
    def test_unknown_library_that_a_library_needs_in_turn(self, display: str, damaged: Path) -> None:
        ctypes.CDLL("libxcb-cursor.so.0")
        loaded = re.search(r"\S+/libxcb-cursor\.so\S*", Path("/proc/self/maps").read_text())
        assert loaded
        content = Path(loaded[0]).read_bytes()
        needs, nowhere = b"libxcb-image.so.0\0", b"libxcb-nowhere.so\0"
        assert needs in content
        (damaged / "libxcb-cursor.so.0").write_bytes(content.replace(needs, nowhere))
        assert obstacle({"LD_LIBRARY_PATH": str(damaged), "DISPLAY": display}) == (
            "GradGUI needs the system library libxcb-nowhere.so; "
            "find the Debian package of libxcb-nowhere.so with: apt-file search libxcb-nowhere.so"
        )

    def test_other_failures_are_passed_on(self) -> None:
        hide = "import sys; sys.modules['PySide6.QtWidgets'] = None\n"
        check = run(hide + CHECK, {"QT_QPA_PLATFORM": "offscreen"})
        assert check.stdout.startswith("GradGUI cannot load Qt: import of PySide6.QtWidgets halted")
