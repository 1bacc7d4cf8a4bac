"""The built program, somewhere else than where it was built, and a desktop to run it on."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from gradgui import __version__
from tests.desktop import desktop

TOP = Path(__file__).parents[2]
DIST = TOP / "dist"
DEB = DIST / f"gradgui_{__version__}_amd64.deb"
SYSTEM = "/usr/bin:/bin:/usr/sbin:/sbin"
PATIENCE = 120.0
"""Seconds within which the program has done whatever it was asked for."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep these tests out of the ordinary run, and give them time to install something."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.app)
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def program_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program's folder, moved to a path with a space and an umlaut."""
    built = DIST / "GradGUI"
    assert built.exists(), "build the program first: make app"
    folder = tmp_path_factory.mktemp("Programme für alle") / "Grad GUI"
    subprocess.run(["cp", "-a", str(built), str(folder)], check=True)
    return folder


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A virtual X server with a window manager."""
    with desktop("1600x1000") as name:
        yield name


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """Give the environment of somebody who has no Python."""
    return {"HOME": str(home), "PATH": "/nowhere", "LANG": "C.UTF-8"} | more


def as_root() -> list[str]:
    """Give what stands before a command that only root may run."""
    return [] if os.geteuid() == 0 else ["sudo"]


def run_tool(*command: str | Path, **environment: str) -> str:
    """Run a tool of the system and give what it said."""
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


class Program:
    """The program as somebody starts it who has no Python, and the hands of that person.

    Parameters
    ----------
    command
        What is started.
    environment
        All that is in its environment.
    """

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.environment = environment
        self.process = subprocess.Popen(
            command, env=environment, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def xdotool(self, *arguments: str) -> str:
        """Be the person's hands."""
        done = subprocess.run(
            ["/usr/bin/xdotool", *arguments],
            check=False,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return done.stdout.strip()

    def find_window(self, name: str) -> str:
        """Wait for a window whose title has this in it, and go to it."""
        self.wait_until(lambda: bool(self.visible_windows(name)))
        window = self.visible_windows(name)[-1]
        self.xdotool("windowactivate", "--sync", window)
        return window

    def press(self, *keys: str) -> None:
        """Press keys in the window that has the focus."""
        self.xdotool("key", "--clearmodifiers", *keys)

    def press_for(self, action: str, key: str) -> None:
        """Press the key of an action until it is done: it cannot be before the loop has told of the last one."""
        line = f": action {action}\n"
        times = self.log.count(line) + 1
        while self.log.count(line) < times:
            self.press(key)
            deadline = monotonic() + 1.0
            while self.log.count(line) < times and monotonic() < deadline:
                self.xdotool("getmouselocation")
            assert self.process.poll() is None

    def choose(self, way: tuple[str, ...], place: int) -> None:
        """Choose the item at a place of a menu, counted from its end when below 0, and see it done."""
        before = self.log.count(": action ")
        self.press_in_menu(way, place)
        self.wait_until(lambda: self.log.count(": action ") > before)

    def press_in_menu(self, way: tuple[str, ...], place: int) -> None:
        """Go to the item at a place of a menu and press Return."""
        steps = ["Down"] * place if place >= 0 else ["Up"] * -place
        for key in way:
            popups = self._count_windows()
            self.press(key)
            self.wait_until(lambda popups=popups: self._count_windows() > popups)  # type: ignore[misc]
        self.press(*steps, "Return")

    def _count_windows(self) -> int:
        """Count what is visible of the program, its menus included."""
        return len(self.xdotool("search", "--onlyvisible", "--class", "gradgui").splitlines())

    def answer_dialog(self, title: str, path: Path) -> None:
        """Type a path into a file dialog."""
        dialog = self.find_window(title)
        self.press("ctrl+a")
        self.xdotool("type", "--clearmodifiers", str(path))
        self.press("Return")
        self.wait_until(lambda: dialog not in self.visible_windows(title))

    def visible_windows(self, name: str) -> list[str]:
        """Give the windows whose title has this in it."""
        return self.xdotool("search", "--onlyvisible", "--name", name).splitlines()

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Look until something has come true; each look takes the time of a question to the X server."""
        deadline = monotonic() + PATIENCE
        while not condition():
            assert monotonic() < deadline, f"waited in vain; the log:\n{self.log}"
            assert self.process.poll() in (None, 0), self.process.communicate()
            self.xdotool("getmouselocation")

    def wait_for_log(self, text: str, times: int = 1) -> None:
        """Wait until something stands in the log so many times."""
        self.wait_until(lambda: self.log.count(text) >= times)

    @property
    def log(self) -> str:
        """What the program has written into its log."""
        path = Path(self.environment["HOME"]) / ".local" / "state" / "GradGUI" / "gradgui.log"
        return path.read_text("utf-8") if path.exists() else ""

    def quit(self) -> None:
        """Close it with a key, and see that it had nothing to complain of."""
        self.press("ctrl+q")
        self.see_it_end()

    def see_it_end(self) -> None:
        """See that it ends with exit code 0, without a word."""
        output, errors = self.process.communicate(timeout=PATIENCE)
        assert (self.process.returncode, output, errors) == (0, "", "")
        for complaint in ("ERROR", "CRITICAL", "Traceback", "ImportError", "ModuleNotFoundError"):
            assert complaint not in self.log


Start = Callable[..., Program]


@pytest.fixture
def start(display: str, program_folder: Path, tmp_path: Path) -> Iterator[Start]:
    """Start the program with an empty HOME; what still runs at the end is ended."""
    started: list[Program] = []
    home = tmp_path / "home"
    home.mkdir()

    def start_one(*arguments: str, command: list[str] | None = None, **environment: str) -> Program:
        command = command or [str(program_folder / "GradGUI")]
        started.append(Program([*command, *arguments], clean_environment(home, DISPLAY=display, **environment)))
        return started[-1]

    yield start_one
    for program in started:
        program.process.kill()
        program.process.communicate()


def run_without_window(executable: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder that is its HOME too, without a display."""
    return subprocess.run(
        [str(executable), *arguments],
        check=False,
        env=clean_environment(folder),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def package_csv(folder: Path, *arguments: str) -> bytes:
    """Give the CSV that the package writes."""
    path = folder / "package.csv"
    command = [sys.executable, "-m", "gradgui", "train", *arguments, "--csv", str(path)]
    subprocess.run(command, check=True, capture_output=True, cwd=TOP)
    return path.read_bytes()


def step_run_and_export(program: Program, folder: Path) -> None:
    """Train the lesson by keys, and see that the exported log is the package's."""
    program.find_window("GradGUI")
    program.wait_for_log("ready")
    program.press("F10")
    program.press(*["ctrl+bracketright"] * 31)
    program.press("F5")
    program.wait_for_log("the run ended at epoch 20")
    csv = folder / "window.csv"
    program.press("ctrl+e")
    program.answer_dialog("Export log as CSV", csv)
    program.wait_until(csv.exists)
    assert csv.read_bytes() == package_csv(folder)
    program.find_window("GradGUI")
