"""The thread the training loop lives in, and the window's side of it."""

import logging

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QObject, Signal, Slot

from gradgui.worker import commands
from gradgui.worker.commands import Command
from gradgui.worker.difference_finder import DifferenceFinder, DifferenceQuestion
from gradgui.worker.owned_thread import OwnedThread
from gradgui.worker.training_worker import TrainingWorker

logger = logging.getLogger(__name__)

_OF_THE_WINDOW = (commands.Look, commands.TrainOn, commands.SendNext, commands.SendAgain, commands.Keep)
"""What the window asks for by itself: no person did it, and it comes with every frame."""

MOST_WRITTEN = 20
"""Numbers of a command that are written into the log."""


def brief(value: object) -> str:
    """Write a value as `repr` does, but of many numbers only how many there are.

    To write a million points, only to cut them, takes a second.
    """
    if isinstance(value, Struct):
        fields = (f"{name}={brief(getattr(value, name))}" for name in value.__struct_fields__)
        return f"{type(value).__name__}({', '.join(fields)})"
    if isinstance(value, tuple | np.ndarray) and len(value) > MOST_WRITTEN:
        return f"<{len(value)} numbers>"
    return repr(value.tolist() if isinstance(value, np.ndarray) else value)


class TrainingThread(OwnedThread):
    """Own the worker and its thread from the window's birth to its death.

    Signals
    -------
    commanded(Command)
        What is asked of the loop, queued to the worker in order.

    Attributes
    ----------
    worker, finder
        For their signals only; their slots are never called from here.
    """

    commanded = Signal(Command)
    _difference_wanted = Signal(DifferenceQuestion)

    def __init__(self, parent: QObject) -> None:
        self.worker = TrainingWorker()
        self.finder = DifferenceFinder()
        super().__init__("training", parent, self.worker, self.finder)
        self._waiting: list[Command] = []
        self.commanded.connect(self.worker.do)
        self._difference_wanted.connect(self.finder.find)

    def do(self, command: Command) -> None:
        """Ask something of the loop; what a person asks is written into the log."""
        if not isinstance(command, _OF_THE_WINDOW):
            logger.info("%.200s", brief(command))
        if self._thread.isRunning():
            self.commanded.emit(command)
            return
        if isinstance(command, commands.Load):  # what was asked of an experiment that was never begun
            self._waiting = [one for one in self._waiting if isinstance(one, commands.SetSpeed | commands.Look)]
        self._waiting.append(command)

    def find_difference(self, question: DifferenceQuestion) -> None:
        """Have the finder look where two runs part."""
        self._difference_wanted.emit(question)

    @Slot()
    def start(self) -> None:
        """Start the thread, with what was asked before."""
        self._thread.start()
        waiting, self._waiting = self._waiting, []
        for command in waiting:
            self.commanded.emit(command)
