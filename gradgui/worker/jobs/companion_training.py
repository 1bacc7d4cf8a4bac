"""Runs trained in a thread of their own, as far as the present run is."""

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from gradgui.experiment.sweep.sweep import Sweep
from gradgui.worker.owned_thread import OwnedThread

if TYPE_CHECKING:
    from gradgui.engine.sweeps.companions import Companions

SLICE_EPOCHS = 64
"""So many are trained before the thread listens again."""


class CompanionSweep(Struct, frozen=True):
    """What is trained.

    Attributes
    ----------
    number
        Comes back with every row.
    sweep
        Whose runs.
    cells
        Their varied values.
    """

    number: int
    sweep: Sweep
    cells: tuple[tuple[float, ...], ...]


class CompanionRows(Struct, frozen=True, eq=False):
    """Epochs of all companions.

    Attributes
    ----------
    number
        Of the sweep.
    first_epoch
        The first of them.
    rows
        Shape ``(epochs, runs, columns)``.
    """

    number: int
    first_epoch: int
    rows: NDArray[np.float64]


class _Trainer(QObject):
    """Train companions up to an epoch.

    Signals
    -------
    trained(CompanionRows)
        What came to them.
    """

    trained = Signal(CompanionRows)

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._train)
        self._companions: Companions | None = None
        self._number = self._target = 0

    @Slot(CompanionSweep)
    def begin(self, wanted: CompanionSweep) -> None:
        from gradgui.engine.sweeps.companions import Companions  # noqa: PLC0415 - torch, which the window begins without

        self._companions = Companions(wanted.sweep, wanted.cells)
        self._number, self._target = wanted.number, 0

    @Slot(int)
    def train_to(self, epoch: int) -> None:
        self._target = max(self._target, epoch)
        if self._companions is not None and self._companions.epoch < self._target:
            self._timer.start(0)

    @Slot()
    def end(self) -> None:
        self._timer.stop()
        self._companions = None

    @Slot()
    def shut_down(self) -> None:
        self.end()
        QThread.currentThread().quit()

    @Slot()
    def _train(self) -> None:
        companions = self._companions
        if companions is None or companions.epoch >= self._target:
            self._timer.stop()
            return
        first = companions.epoch + 1
        epochs = range(min(SLICE_EPOCHS, self._target - companions.epoch))
        rows = np.stack([companions.train() for _ in epochs])
        self.trained.emit(CompanionRows(self._number, first, rows))


class CompanionTraining(OwnedThread):
    """Own the trainer and its thread.

    Signals
    -------
    trained(CompanionRows)
        What came to the companions.
    """

    trained = Signal(CompanionRows)
    _begin_requested = Signal(CompanionSweep)
    _train_requested = Signal(int)
    _end_requested = Signal()

    def __init__(self, parent: QObject) -> None:
        self._trainer = _Trainer()
        super().__init__("companions", parent, self._trainer)
        self._begin_requested.connect(self._trainer.begin)
        self._train_requested.connect(self._trainer.train_to)
        self._end_requested.connect(self._trainer.end)
        self._trainer.trained.connect(self.trained)

    def begin(self, wanted: CompanionSweep) -> None:
        """Train other companions from now on."""
        self._thread.start()
        self._begin_requested.emit(wanted)

    def train_to(self, epoch: int) -> None:
        """Train them up to this epoch, if they are not there yet."""
        self._train_requested.emit(epoch)

    def end(self) -> None:
        """Train none."""
        self._end_requested.emit()
