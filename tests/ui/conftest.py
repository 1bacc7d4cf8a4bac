"""The real window, ready to train."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from gradgui.app import create_main_window
from gradgui.ui.window.main_window import MainWindow
from gradgui.worker.status import State
from tests.ui.driver import Driver
from tests.ui.import_driver import Person


@pytest.fixture(autouse=True)
def _nobody_wants_to_save(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer the questions about unsaved changes and files that exist, which would wait for ever."""
    button = QMessageBox.StandardButton
    monkeypatch.setattr(
        QMessageBox, "question", lambda *asked: button.Yes if "Replace" in asked[1] else button.Discard
    )


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[Callable[[], MainWindow]]:
    """Open a window, shown and still loading; every one is closed at the end."""
    windows: list[MainWindow] = []

    def open_one() -> MainWindow:
        windows.append(create_main_window())
        windows[-1].show()
        return windows[-1]

    yield open_one
    for window in windows:
        # Closed before its file is written, a window stays open until then.
        qtbot.waitUntil(lambda window=window: not window.exporter.busy, timeout=30_000)  # type: ignore[misc]
        window.close()
        window.deleteLater()


@pytest.fixture
def window(open_window: Callable[[], MainWindow], qtbot: QtBot) -> MainWindow:
    """The window on the lesson, shown, with the training loop loaded."""
    window = open_window()
    qtbot.waitUntil(lambda: window.run.status.state is State.READY, timeout=30_000)
    return window


@pytest.fixture
def driver(window: MainWindow, qtbot: QtBot) -> Driver:
    """What a person's hands do with the window."""
    return Driver(window, qtbot)


@pytest.fixture
def open_file(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[str], Person]]:
    """Write a file and open it in a dialog."""
    people: list[Person] = []

    def open_text(text: str, encoding: str = "utf-8") -> Person:
        path = tmp_path / "measured.csv"
        path.write_bytes(text.encode(encoding))
        people.append(Person(qtbot, path))
        return people[-1]

    yield open_text
    for person in people:
        person.leave()
