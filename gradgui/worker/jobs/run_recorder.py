"""Every run kept as it trains, by a thread of its own."""

import logging
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, QStandardPaths, QThread, QTimer, Signal, Slot

from gradgui.numbers import write_count
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import RunStore, RunSummary
from gradgui.worker.owned_thread import OwnedThread
from gradgui.worker.recording import Recording, Told
from gradgui.worker.status import Checkpoint, Status
from gradgui.worker.training_worker import TrainingWorker

logger = logging.getLogger(__name__)

LIMIT_SECONDS = 10.0
"""Between two looks whether the runs take more room than they may."""
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


def room_text(gone: list[RunSummary], limit: int) -> str:
    """Say which runs went for want of room, in one sentence; empty when none did."""
    if not gone:
        return ""
    allowed = f"as kept runs may take {limit / 1e9:g} GB"
    if len(gone) == 1:
        return f"The oldest run “{gone[0].title}” without a star was forgotten, {allowed}."
    return f"The {write_count(len(gone))} oldest runs without a star were forgotten, {allowed}."


class _Writer(QObject):
    """Gather what the worker tells, and write it a few times a second.

    Signals
    -------
    kept(dict[int, int])
        Something was written; see `Recording.ids`.
    told(str)
        A sentence for the person.
    interrupted(int, str)
        The newest run whose process died while it trained, and a sentence on it.
    room_changed(object)
        How many bytes the runs take, asked for or after some went.
    """

    kept = Signal(object)
    told = Signal(str)
    interrupted = Signal(int, str)
    room_changed = Signal(object)  # an int of Qt's ends at 2 GB

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._limit: int | None = None
        self._looked = 0.0
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
        dead = self._store.take_interrupted()
        interrupted = interruption_text(dead)
        self._store.purge()
        logger.info("runs are kept in %s. %s", self._path, interrupted)
        self._told = self._store.problem
        if self._told:
            self.told.emit(self._told)
        if dead:
            self.interrupted.emit(dead[0].id, interrupted)

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
        self._store.purge()
        self._store.close()
        QThread.currentThread().quit()

    @Slot(object)
    def keep_at_most(self, limit: int | None) -> None:
        self._limit = limit
        self._write()
        self._keep_at_most()

    @Slot()
    def forget_all(self) -> None:
        self._write()
        gone = self._store.forget_all([self._recording.run])
        logger.info("all runs but the present one were forgotten: %d", len(gone))
        self.kept.emit(self._recording.ids)
        self.tell_room()

    @Slot()
    def tell_room(self) -> None:
        self.room_changed.emit(self._store.room())

    def _keep_at_most(self) -> None:
        self._looked = monotonic()
        if self._limit is None:
            return
        gone = room_text(self._store.keep_at_most(self._limit, [self._recording.run]), self._limit)
        if gone:
            logger.info("%s", gone)
            self.told.emit(gone)
            self.kept.emit(self._recording.ids)
            self.tell_room()

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
            if monotonic() - self._looked > LIMIT_SECONDS:
                self._keep_at_most()


class RunRecorder(OwnedThread):
    """Own the writer and its thread, from now on until the window is closed and the training thread has ended.

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
        A sentence for the person: that runs are not being kept, or which were forgotten for want of room.
    interrupted(int, str)
        The newest run whose process died while it trained, and a sentence on it.
    room_changed(object)
        How many bytes the runs take on the disk, after `ask_room`, or after some were forgotten.
    """

    kept = Signal(object)
    told = Signal(str)
    interrupted = Signal(int, str)
    room_changed = Signal(object)
    _limit_changed = Signal(object)
    _forgetting_requested = Signal()
    _room_requested = Signal()

    def __init__(self, worker: TrainingWorker, path: Path, parent: QObject) -> None:
        self._writer = _Writer(path)
        super().__init__("run recorder", parent, self._writer)
        self._thread.started.connect(self._writer.open)
        worker.status_changed.connect(self._writer.take_status)
        worker.epochs_finished.connect(self._writer.take_epochs)
        worker.checkpointed.connect(self._writer.take_checkpoint)
        self._writer.kept.connect(self.kept)
        self._writer.told.connect(self.told)
        self._writer.interrupted.connect(self.interrupted)
        self._writer.room_changed.connect(self.room_changed)
        self._limit_changed.connect(self._writer.keep_at_most)
        self._forgetting_requested.connect(self._writer.forget_all)
        self._room_requested.connect(self._writer.tell_room)
        self._thread.start()

    def keep_at_most(self, limit: int | None) -> None:
        """Have the oldest runs without a star go, now and later, whenever runs take more than so many bytes.

        Parameters
        ----------
        limit
            None for as much as there is.
        """
        self._limit_changed.emit(limit)

    @Slot()
    def forget_all(self) -> None:
        """Have all runs go for good, but what windows have open."""
        self._forgetting_requested.emit()

    @Slot()
    def ask_room(self) -> None:
        """Have `room_changed` tell how much room the runs take."""
        self._room_requested.emit()
