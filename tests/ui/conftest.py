"""The real window, ready to train."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gradgui.app import create_main_window
from gradgui.ui.main_window import MainWindow
from tests.ui.driver import Driver


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The window on the lesson, shown, with the training loop loaded; closed at the end."""
    window = create_main_window()
    window.show()
    qtbot.waitUntil(lambda: window.findChild(object, "run").isEnabled(), timeout=30_000)
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def driver(window: MainWindow, qtbot: QtBot) -> Driver:
    """What a person's hands do with the window."""
    return Driver(window, qtbot)
