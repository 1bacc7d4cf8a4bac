"""Take the pictures of the documentation: the real window, light and dark, in two sizes.

Run by ``make screenshots`` under Xvfb. Each picture is a grab of the whole window, as a person sees it.
"""

import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QMainWindow

from gradgui.app import create_application, create_main_window
from gradgui.ui.theme import Appearance
from gradgui.worker.status import State, Status

PICTURES = Path(__file__).parent / "pictures"
SIZES = {"": (1280, 800), "-wide": (1920, 1080)}


class Photographer(QObject):
    """Wait for states of a window, and save pictures of it.

    Parameters
    ----------
    window
        The window, which must be shown.
    """

    reached = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._wanted = State.READY
        self.state = State.LOADING
        window.run.status_changed.connect(self._take_status)
        window.run.frame.connect(self._take_frame)

    @Slot(Status)
    def _take_status(self, status: Status) -> None:
        self.state = status.state

    @Slot()
    def _take_frame(self) -> None:
        if self.state is self._wanted:
            self.reached.emit()

    def wait_for(self, state: State) -> None:
        """Stay until a frame of this state is drawn."""
        self._wanted = state
        loop = QEventLoop()
        self.reached.connect(loop.quit)
        loop.exec()

    def save(self, name: str) -> None:
        """Save what the window shows."""
        PICTURES.mkdir(exist_ok=True)
        self._window.grab().save(str(PICTURES / f"{name}.png"))


def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        for suffix, size in SIZES.items():
            for appearance in (Appearance.LIGHT, Appearance.DARK):
                take_lesson(f"lesson-{appearance.value}{suffix}", size, appearance)


def take_lesson(name: str, size: tuple[int, int], appearance: Appearance) -> None:
    """Take the lesson after its 20 epochs."""
    create_application()
    window = create_main_window()
    window.set_appearance(appearance)
    window.resize(*size)
    window.show()
    photographer = Photographer(window)
    photographer.wait_for(State.READY)
    window.speed.set_position(60)
    window.findChild(QObject, "run").trigger()
    photographer.wait_for(State.FINISHED)
    photographer.save(name)
    window.close()


if __name__ == "__main__":
    sys.exit(main())
