"""The real window in front of a camera: what is driven, waited for and saved in a picture."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QSettings, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget

from gradgui.app import create_main_window
from gradgui.record.trace import EpochTrace
from gradgui.record.views import Landscape
from gradgui.ui.app.application import create_application
from gradgui.ui.app.theme import Appearance
from gradgui.ui.window.main_window import MainWindow
from gradgui.worker.status import State

PICTURES = Path(__file__).parent / "pictures"
SMALL, WIDE = (1280, 800), (1920, 1080)
SETTLED = 600
"""Milliseconds."""


class Photographer(QObject):
    """Drive a window and save pictures of it.

    Parameters
    ----------
    window
        The window, which must be shown; it can be reached under this name.

    Signals
    -------
    reached()
        A frame was drawn in which what was waited for is true.
    """

    reached = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self._condition: Callable[[], bool] = bool
        window.run.frame.connect(self._check)
        self._looks = QTimer(self)  # what has no frames of its own, such as a dialog
        self._looks.timeout.connect(self._check)
        self._looks.start(50)

    @Slot()
    def _check(self) -> None:
        if self._condition():
            self._condition = bool  # is false from now on: told once
            QTimer.singleShot(0, self.reached)  # when the layout has followed

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Stay until a frame in which a condition holds has been drawn."""
        self._condition = condition
        loop = QEventLoop()
        self.reached.connect(loop.quit)
        self.window.run.clock.request()
        loop.exec()

    def settle(self) -> None:
        """Stay until what the panels in sight need has come, whichever they are."""
        loop = QEventLoop()
        QTimer.singleShot(SETTLED, loop.quit)
        loop.exec()

    def wait_for(self, state: State) -> None:
        """Stay until a frame of this state has been drawn."""
        self.wait_until(lambda: self.window.run.status.state is state)

    def press(self, name: str) -> None:
        """Trigger an action."""
        action = self.window.findChild(QAction, name)
        if action is None:
            raise LookupError(name)
        action.trigger()

    def step_phases(self, count: int) -> None:
        """Step phase by phase."""
        for _ in range(count):
            trace = self.window.run.view(EpochTrace)
            before = None if trace is None else (trace.epoch, trace.phases_done)
            self.press("step_phase")
            self.wait_until(lambda before=before: self._place() != before)  # type: ignore[misc]

    def _place(self) -> tuple[int, int] | None:
        trace = self.window.run.view(EpochTrace)
        return None if trace is None else (trace.epoch, trace.phases_done)

    def raise_panel(self, name: str) -> None:
        """Bring a panel to the front of its tabs, and stay until that was drawn."""
        panel = self.window.findChild(QDockWidget, name)
        if panel is None:
            raise LookupError(name)
        panel.raise_()
        self.wait_until(lambda: not panel.widget().visibleRegion().isEmpty())

    def save(self, name: str, folder: Path = PICTURES) -> None:
        """Save what the window shows."""
        folder.mkdir(parents=True, exist_ok=True)
        self.window.grab().save(str(folder / f"{name}.png"))


def photograph(size: tuple[int, int], appearance: Appearance, take: Callable[[Photographer, str], None]) -> None:
    """Open the lesson in a window of its own and take pictures of it."""
    create_application()
    with tempfile.TemporaryDirectory() as folder:  # what one picture leaves behind is not in the next
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        os.environ["XDG_DATA_HOME"] = folder  # what was done in lessons
        _photograph(size, appearance, take)


def _photograph(size: tuple[int, int], appearance: Appearance, take: Callable[[Photographer, str], None]) -> None:
    window = create_main_window()
    window.set_appearance(appearance)
    window.resize(*size)
    window.show()
    photographer = Photographer(window)
    photographer.wait_for(State.READY)
    photographer.wait_until(lambda: window.run.view(Landscape) is not None)
    take(photographer, f"{appearance.value}{'-wide' if size == WIDE else ''}")
    window.close()
    window.deleteLater()
