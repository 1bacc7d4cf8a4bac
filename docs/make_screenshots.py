"""Take the pictures of the documentation: the real window, light and dark, in two sizes.

Run by ``make screenshots`` under Xvfb. Each picture is a grab of the whole window, as a person sees it.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QSettings, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox

from gradgui.app import create_application, create_main_window
from gradgui.experiment.loop import PHASES
from gradgui.ui.main_window import MainWindow
from gradgui.ui.theme import Appearance
from gradgui.worker.status import State

PICTURES = Path(__file__).parent / "pictures"
SMALL, WIDE = (1280, 800), (1920, 1080)


class Photographer(QObject):
    """Drive a window and save pictures of it.

    Parameters
    ----------
    window
        The window, which must be shown.

    Signals
    -------
    reached()
        A frame was drawn in which what was waited for is true.
    """

    reached = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._condition: Callable[[], bool] = bool
        window.run.frame.connect(self._check)

    @Slot()
    def _check(self) -> None:
        if self._condition():
            QTimer.singleShot(0, self.reached)  # when the layout has followed

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Stay until a frame in which a condition holds has been drawn."""
        self._condition = condition
        loop = QEventLoop()
        self.reached.connect(loop.quit)
        self._window.run.clock.request()
        loop.exec()

    def wait_for(self, state: State) -> None:
        """Stay until a frame of this state has been drawn."""
        self.wait_until(lambda: self._window.run.status.state is state)

    def press(self, name: str) -> None:
        """Trigger an action."""
        action = self._window.findChild(QAction, name)
        if action is None:
            raise LookupError(name)
        action.trigger()

    def step_phases(self, count: int) -> None:
        """Step phase by phase."""
        for _ in range(count):
            trace = self._window.run.trace
            before = None if trace is None else (trace.epoch, trace.phases_done)
            self.press("step_phase")
            self.wait_until(lambda before=before: self._place() != before)  # type: ignore[misc]

    def _place(self) -> tuple[int, int] | None:
        trace = self._window.run.trace
        return None if trace is None else (trace.epoch, trace.phases_done)

    def save(self, name: str) -> None:
        """Save what the window shows."""
        PICTURES.mkdir(exist_ok=True)
        self._window.grab().save(str(PICTURES / f"{name}.png"))


def photograph(size: tuple[int, int], appearance: Appearance, take: Callable[[Photographer, str], None]) -> None:
    """Open the lesson in a window of its own and take pictures of it."""
    create_application()
    window = create_main_window()
    window.set_appearance(appearance)
    window.resize(*size)
    window.show()
    photographer = Photographer(window)
    photographer.wait_for(State.READY)
    photographer.wait_until(lambda: window.run.landscape is not None)
    take(photographer, f"{appearance.value}{'-wide' if size == WIDE else ''}")
    window.close()
    window.deleteLater()


def take_lesson(photographer: Photographer, suffix: str) -> None:
    """Take the lesson after its 20 epochs."""
    photographer.press("run")
    photographer.wait_for(State.FINISHED)
    photographer.save(f"lesson-{suffix}")


def take_phases(photographer: Photographer, suffix: str) -> None:
    """Take each phase of the second epoch."""
    photographer.step_phases(len(PHASES))
    for phase in PHASES:
        photographer.step_phases(1)
        photographer.save(f"phase-{phase.value}-{suffix}")


def take_broken(photographer: Photographer, suffix: str) -> None:
    """Take PyTorch's error for a second backward pass."""
    photographer.press("step_epoch")
    photographer.wait_until(lambda: photographer._window.run.epoch == 1)
    switch = photographer._window.findChild(QCheckBox, "break_backward_once")
    if switch is not None:
        switch.click()
    photographer.press("step_epoch")
    photographer.wait_for(State.FAILED)
    photographer.save(f"broken-{suffix}")


def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        for appearance in (Appearance.LIGHT, Appearance.DARK):
            photograph(SMALL, appearance, take_lesson)
            photograph(WIDE, appearance, take_lesson)
            photograph(SMALL, appearance, take_phases)
            photograph(SMALL, appearance, take_broken)


if __name__ == "__main__":
    sys.exit(main())
