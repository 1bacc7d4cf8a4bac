"""What every test stands under: nothing may go wrong unseen."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType

# A screen as people have one; the platform's own is 800 pixels wide.
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={Path(__file__).parent / 'screen.json'}")

import pytest
from PySide6.QtCore import QMessageLogContext, QSettings, QtMsgType, qInstallMessageHandler

from gradgui.ui.app.application import Application

THREADS = {"training", "export", "table import", "run recorder", "sweep", "companions"}
"""Names of the program's own threads, as the system knows them."""


def running_threads() -> set[str]:
    """Give the program's own threads that run in this process.

    The system takes a moment to bury a thread that has ended: only what stays is given.
    """
    deadline = monotonic() + 1.0
    names = _thread_names()
    while names and monotonic() < deadline:
        names = _thread_names()
    return names


def _thread_names() -> set[str]:
    names = set()
    for task in Path("/proc/self/task").glob("*/comm"):
        with suppress(OSError):  # it ended meanwhile
            names.add(task.read_text().strip())
    return names & THREADS


@pytest.fixture(scope="session")
def qapp_cls() -> type[Application]:
    """Have pytest-qt make the program's own application."""
    return Application


@pytest.fixture(autouse=True)
def _garbage_is_collected_in_this_thread() -> Iterator[None]:
    """Do as the window does: a widget that dies in another thread, as one that reads a table, ends the process."""
    gc.disable()
    yield
    gc.collect(1)


@pytest.fixture(autouse=True, scope="module")
def _all_garbage_is_collected_now_and_then() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def _settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(tmp_path_factory.mktemp("settings"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)


@pytest.fixture(autouse=True)
def faults() -> Iterator[list[str]]:
    """Fail on an exception that reaches nobody, from any thread, on a Qt warning, and on a thread left over.

    Gives what has gone wrong so far.
    """
    seen: list[str] = []

    def take_exception(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        seen.append(f"{kind.__name__}: {error}")
        sys.__excepthook__(kind, error, traceback)

    def take_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and "This plugin does not support" not in text:
            seen.append(f"Qt: {text}")

    sys.excepthook = take_exception
    qInstallMessageHandler(take_message)
    yield seen
    sys.excepthook = sys.__excepthook__
    qInstallMessageHandler(None)
    assert not seen
    assert not running_threads()
