"""Every run kept as it trains, by a thread of its own."""

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QThread, QTimer, Signal, Slot

from gradgui.numbers import write_count
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import RunStore, RunSummary
from gradgui.worker.recording import Recording, Told
from gradgui.worker.status import Checkpoint, Status
from gradgui.worker.training_worker import TrainingWorker

logger = logging.getLogger(__name__)

MILLISECONDS = 300
"""Between two transactions: what is kept is hardly more than that behind."""


def run_store_path() -> Path:
    """Give where runs are kept: on Linux ``~/.local/share/GradGUI/runs.sqlite``."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation), "runs.sqlite")


def interruption_text(runs: list[RunSummary]) -> str:
    """Say which runs were interrupted, in one sentence; empty when none was."""
    if not runs:
        return ""
    newest = f"The run “{runs[0].title}” was interrupted at epoch {write_count(runs[0].epochs)}"
    return f"{newest}; it is kept." if len(runs) == 1 else f"{newest}, and {len(runs) - 1} before it; they are kept."


class _Writer(QObject):
    """Gather what the worker tells, and write it a few times a second.

    Signals
    -------
    kept(dict[int, int])
        Something was written; see `Recording.ids`.
    told(str)
        A sentence for the person.
    """

    kept = Signal(object)
    told = Signal(str)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._told = ""
        self._waiting: list[Told] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MILLISECONDS)
        self._timer.timeout.connect(self._write)

    @Slot()
    def open(self) -> None:
        self._store = RunStore(self._path)
        self._recording = Recording(self._store)
        interrupted = interruption_text(self._store.take_interrupted())
        logger.info("runs are kept in %s. %s", self._path, interrupted)
        self._told = self._store.problem
        if interrupted or self._told:
            self.told.emit(f"{interrupted} {self._told}".strip())

    @Slot(EpochBatch)
    def take_epochs(self, batch: EpochBatch) -> None:
        self._take(batch)

    @Slot(Status)
    def take_status(self, status: Status) -> None:
        self._take(status)

    @Slot(Checkpoint)
    def take_checkpoint(self, checkpoint: Checkpoint) -> None:
        self._take(checkpoint)

    @Slot()
    def shut_down(self) -> None:
        self._write()
        self._recording.end()
        self._store.close()
        QThread.currentThread().quit()

    def _take(self, told: Told) -> None:
        if self._store.is_open:
            self._waiting.append(told)
            if not self._timer.isActive():
                self._timer.start()

    @Slot()
    def _write(self) -> None:
        self._timer.stop()
        waiting, self._waiting = self._waiting, []
        self._recording.take(waiting)
        if self._store.problem != self._told:
            self._told = self._store.problem
            self.told.emit(self._told)
        if self._store.is_open and waiting:
            self.kept.emit(self._recording.ids)


class RunRecorder(QObject):
    """Own the writer and its thread, from now on until the window is closed.

    Parameters
    ----------
    worker
        Whose runs are kept.
    path
        The file of runs; see `run_store_path`.
    parent
        The window.

    Signals
    -------
    kept(dict[int, int])
        Something was written; see `Recording.ids`.
    told(str)
        A sentence for the person: which run was interrupted the last time, or that runs are not being kept.
    """

    kept = Signal(object)
    told = Signal(str)
    _shut_down_requested = Signal()

    def __init__(self, worker: TrainingWorker, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName("run recorder")
        self._writer = _Writer(path)
        self._writer.moveToThread(self._thread)
        self._thread.started.connect(self._writer.open)
        worker.status_changed.connect(self._writer.take_status)
        worker.epochs_finished.connect(self._writer.take_epochs)
        worker.checkpointed.connect(self._writer.take_checkpoint)
        self._shut_down_requested.connect(self._writer.shut_down)
        self._writer.kept.connect(self.kept)
        self._writer.told.connect(self.told)
        self._thread.start()

    @Slot()
    def shut_down(self) -> None:
        """Write what there is and wait for the thread; the training thread has ended before."""
        if self._thread.isRunning():
            self._shut_down_requested.emit()
            self._thread.wait()
