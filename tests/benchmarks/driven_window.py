"""The real window, driven as a person would, and waited for by its own signals."""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from types import TracebackType
from typing import Self, TypeVar

from PySide6.QtCore import QEventLoop, QObject, QSettings, Qt, QTimer, SignalInstance, Slot
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QSlider

from gradgui.app import create_main_window
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.run_spec import SUFFIX, RunSpec, run_spec_text
from gradgui.record.views import Fit
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker.status import State
from gradgui.worker.training_thread import TrainingThread

MOST_EPOCHS = 10_000_000

Thing = TypeVar("Thing", bound=QObject)


class _Watch(QObject):
    """Stop an event loop when a condition has come true."""

    def __init__(self, loop: QEventLoop, condition: Callable[[], bool]) -> None:
        super().__init__()
        self._loop, self._condition = loop, condition
        self.timed_out = False

    @Slot()
    def look(self) -> None:
        if self._condition():
            self._loop.quit()

    @Slot()
    def give_up(self) -> None:
        self.timed_out = True
        self._loop.quit()


def wait_until(condition: Callable[[], bool], signal: SignalInstance, seconds: float = 60.0) -> None:
    """Run the event loop until a condition is true; it is looked at after every emission of a signal.

    Parameters
    ----------
    condition
        What is waited for.
    signal
        What may have made it true.
    seconds
        How long to wait at most.

    Raises
    ------
    TimeoutError
        If it did not come true.
    """
    if condition():
        return
    loop = QEventLoop()
    watch = _Watch(loop, condition)
    signal.connect(watch.look)
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(watch.give_up)
    timer.start(round(seconds * 1000))
    loop.exec()
    signal.disconnect(watch.look)
    if watch.timed_out:
        raise TimeoutError(f"waited {seconds:g} s in vain")


def run_events(seconds: float) -> None:
    """Run the event loop for a while; 0 runs it until there is nothing left to do, painting included."""
    loop = QEventLoop()
    timer = QTimer()
    timer.setSingleShot(True)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(loop.quit)
    timer.start(round(seconds * 1000))
    loop.exec()


class DrivenWindow:
    """A shown window with its loop loaded, to be used in a ``with`` statement; it has settings of its own.

    Attributes
    ----------
    run
        The run as the window knows it.
    thread
        Where the loop runs; its worker's signals can be listened to.
    """

    def __enter__(self) -> Self:
        self._errors: list[BaseException] = []
        self._folder = TemporaryDirectory(prefix="gradgui-benchmark-")
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, self._folder.name)
        sys.excepthook = self._note_error
        self.window = create_main_window()
        self.run: LiveRun = self.window.run
        self.thread: TrainingThread = self.window.training
        self.window.show()
        wait_until(lambda: self.state is State.READY and self.run.view(Fit) is not None, self.run.frame)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.window.close()
        self._folder.cleanup()
        sys.excepthook = sys.__excepthook__
        if self._errors and error is None:
            raise RuntimeError("the window met an error; its figures mean nothing") from self._errors[0]

    @property
    def state(self) -> State:
        """What the loop does, as the window knows it."""
        return self.run.status.state

    def action(self, name: str) -> QAction:
        """Give the action of an ``objectName``."""
        return self._find(QAction, name)

    def _find(self, kind: type[Thing], name: str) -> Thing:
        found = self.window.findChild(kind, name)
        if found is None:
            raise LookupError(name)
        return found

    def open(self, experiment: Experiment) -> None:
        """Open an experiment as an example of the File menu, and wait until it is loaded and drawn."""
        path = Path(self._folder.name, f"00-benchmark{SUFFIX}")
        path.write_text(run_spec_text(RunSpec(experiment)), "utf-8")
        self.window.documents.open_example(path)  # nothing of it is to be saved: closing asks no question
        wait_until(lambda: self.state is State.READY and self.run.experiment == experiment, self.run.status_changed)
        run_events(0)

    def go_full_speed(self) -> None:
        """Put the speed to its maximum and the epochs to more than can be trained in the meantime."""
        slider = self._find(QSlider, "speed")
        slider.setValue(slider.maximum())
        line = self._find(QLineEdit, "epochs")
        line.selectAll()
        QTest.keyClicks(line, str(MOST_EPOCHS))
        QTest.keyClick(line, Qt.Key.Key_Return)
        wait_until(lambda: self.run.status.target == MOST_EPOCHS, self.run.status_changed)

    def start(self) -> None:
        """Press Run and wait until it runs."""
        self.action("run").trigger()
        wait_until(lambda: self.state is State.RUNNING, self.run.status_changed)

    def pause(self) -> None:
        """Press Pause and wait until it rests."""
        self.action("run").trigger()
        wait_until(lambda: self.state is not State.RUNNING, self.run.status_changed)

    def reset(self) -> None:
        """Press Reset and wait until the log is empty and drawn so."""
        self.action("reset").trigger()
        wait_until(lambda: self.run.epoch == 0 and not len(self.run.log), self.run.status_changed)
        run_events(0)

    def measure_speed(self, seconds: float) -> float:
        """Give epochs a second from pressing Run to the rest after Pause; then go back to the start."""
        began = perf_counter()
        self.start()
        run_events(seconds)
        self.pause()
        speed = self.run.status.epoch / (perf_counter() - began)
        self.reset()
        return speed

    def _note_error(self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        self._errors.append(error)
        sys.__excepthook__(kind, error, traceback)
