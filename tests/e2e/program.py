"""GradGUI as a person starts it, on a real X server, and the person's hands."""

import os
import subprocess
import sys
from pathlib import Path
from time import monotonic

HEARING = ("env", "--default-signal=INT,HUP")
"""A shell that runs the tests in the background has SIGINT ignored, by whatever is started as well."""


class Program:
    """GradGUI as a person starts it."""

    def __init__(self, display: str, home: Path, *arguments: str) -> None:
        self.log = home / ".local" / "state" / "GradGUI" / "gradgui.log"
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "QT_", "WAYLAND"))
        } | {"DISPLAY": display, "HOME": str(home)}
        self.process = subprocess.Popen(
            [*HEARING, sys.executable, "-m", "gradgui", *arguments],
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
        """Wait for the window; a search fails when another window goes while it looks."""
        deadline = monotonic() + 60
        while True:
            try:
                return self.xdotool("search", "--sync", "--onlyvisible", "--name", "GradGUI").splitlines()[0]
            except subprocess.CalledProcessError:
                assert monotonic() < deadline

    def press(self, *keys: str) -> None:
        """Press keys, wherever the focus is."""
        self.xdotool("key", *keys)

    def press_until(self, key: str, title: str) -> None:
        """Press a key until a dialog is there."""
        deadline = monotonic() + 60
        while not self.titles(title):
            assert monotonic() < deadline
            self.press(key)

    def titles(self, title: str) -> list[str]:
        """Give the windows in sight whose title has this in it."""
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,  # it is 1 when there is none
        )
        return found.stdout.split()

    def type(self, text: str) -> None:
        """Type into what has the focus, from empty."""
        self.xdotool("key", "ctrl+a", "Delete")
        self.xdotool("type", "--delay", "5", text)

    def wait_for_window(self, title: str) -> str:
        """Wait for a dialog and give it the focus."""
        deadline = monotonic() + 60
        while not (windows := self.titles(title)):  # xdotool's own waiting ends when a window goes just then
            assert monotonic() < deadline
        self.xdotool("windowfocus", "--sync", windows[0])
        return windows[0]

    def see_it_end(self) -> tuple[int, str, str]:
        """Wait for the end; gives the exit code and what was printed."""
        output, errors = self.process.communicate(timeout=60)
        return self.process.returncode, output, errors

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.communicate()
