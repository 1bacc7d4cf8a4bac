"""A window whose remembered place is on no screen is still seen."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from gradgui.ui.app.settings import Settings
from gradgui.ui.window.main_window import MainWindow


def test_a_place_off_every_screen_is_not_taken(open_window: Callable[[], MainWindow], qtbot: QtBot) -> None:
    first = open_window()
    first.move(50_000, 50_000)
    first.resize(9_000, 9_000)
    Settings().layout = (first.saveGeometry(), first.saveState())
    second = open_window()
    qtbot.waitExposed(second)
    available = second.screen().availableGeometry()
    assert available.contains(second.geometry().center())
    assert second.width() <= available.width()
    assert second.height() <= available.height()
