"""Hundreds of runs trained in a thread of their own, beside the window and its loop."""

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from gradgui.experiment.sweep.sweep import Sweep
from gradgui.record.loss_density import MOST_LINES, loss_density
from gradgui.record.sweep_file import SUFFIX, kept_sweeps, write_sweep
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.worker.owned_thread import OwnedThread

if TYPE_CHECKING:
    from gradgui.engine.sweeps.stacks import Stacks

logger = logging.getLogger(__name__)

MOST_KEPT = 50
"""Sweeps whose files stay; the oldest goes when there is one more."""
PROGRESS_SECONDS = 1 / 10
SLICE_SECONDS = 0.01
"""How long is trained before the thread listens again."""


class SweepProgress(Struct, frozen=True):
    """How far a sweep is.

    Attributes
    ----------
    share
        What is done of it, 0 to 1.
    epoch
        The epoch that was trained last; of runs that are trained one after another, of the present one.
    seconds_left
        As it goes until now.
    """

    share: float
    epoch: int
    seconds_left: float


class _Trainer(QObject):
    """Train a slice a turn of its thread's event loop, so that a cancel is heard in between.

    Signals
    -------
    progressed(SweepProgress)
        At most ten times a second.
    ended(SweepOutcomes, bool)
        What became of the runs, and whether all was trained that was asked for.
    failed(str)
        It could not be trained: one sentence.
    kept(str)
        The outcomes were written to a file; or why they could not be, in a sentence.
    """

    progressed = Signal(SweepProgress)
    ended = Signal(SweepOutcomes, bool)
    failed = Signal(str)
    kept = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._train)
        self._training: Stacks | None = None
        self._steps: Iterator[int] = iter(())
        self._began = self._told = 0.0

    @Slot(Sweep)
    def begin(self, sweep: Sweep) -> None:
        from gradgui.engine.sweeps.stacks import Stacks  # noqa: PLC0415 - torch, which the window begins without

        self._began = self._told = perf_counter()
        self._sweep = sweep
        try:
            self._training = Stacks(sweep)
        except (RuntimeError, MemoryError):
            logger.exception("a sweep could not be begun")
            self._fail()
            return
        self._steps = self._training.train()
        self._timer.start(0)

    @Slot()
    def cancel(self) -> None:
        if self._timer.isActive():
            self._end(whole=False)

    @Slot()
    def shut_down(self) -> None:
        if self._timer.isActive() and self._training is not None:
            self._keep(self._training.outcomes())
        self._timer.stop()
        self._training, self._steps = None, iter(())
        QThread.currentThread().quit()

    @Slot()
    def _train(self) -> None:
        deadline = perf_counter() + SLICE_SECONDS
        try:
            for done in self._steps:
                if perf_counter() >= deadline:
                    self._tell(done)
                    return
        except (RuntimeError, MemoryError):  # as where there is no memory for it
            logger.exception("a sweep could not be trained")
            self._fail()
            return
        self._end(whole=True)

    def _tell(self, done: int) -> None:
        now = perf_counter()
        if self._training is None or now - self._told < PROGRESS_SECONDS:
            return
        self._told = now
        share = done / self._training.total
        left = (now - self._began) * (1.0 - share) / share
        self.progressed.emit(SweepProgress(share, (done - 1) % self._sweep.epochs + 1, left))

    def _end(self, *, whole: bool) -> None:
        self._timer.stop()
        training, self._training, self._steps = self._training, None, iter(())
        if training is None:
            return
        outcomes = training.outcomes()
        are_many = outcomes.sweep.runs > MOST_LINES
        outcomes = replace(outcomes, density=loss_density(outcomes.curves.losses, pictured=are_many))
        self.ended.emit(outcomes, whole)
        self.kept.emit(self._keep(outcomes))

    def _keep(self, outcomes: SweepOutcomes) -> str:
        if not outcomes.trained:
            return ""
        path = self._folder / f"{datetime.now().astimezone():%Y-%m-%d-%H%M%S-%f}{SUFFIX}"
        try:
            write_sweep(outcomes, path)
            for old in kept_sweeps(self._folder)[MOST_KEPT:]:
                old.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("a sweep could not be kept", exc_info=True)
            return f"The sweep is shown, but could not be kept: {error.strerror or error}."
        return ""

    def _fail(self) -> None:
        self._timer.stop()
        self._training, self._steps = None, iter(())
        self.failed.emit("The sweep could not be trained; ask for fewer runs.")


class SweepTraining(OwnedThread):
    """Own the trainer and its thread, which is started by the first sweep.

    Parameters
    ----------
    folder
        Where sweeps are kept.
    parent
        The window's side.

    Signals
    -------
    progressed(SweepProgress)
        How far it is.
    ended(SweepOutcomes, bool)
        What became of the runs, and whether all was trained; also after a cancel.
    failed(str)
        It could not be trained: one sentence.
    kept(str)
        What is shown was written to a file; or why it could not be, in a sentence.

    Attributes
    ----------
    busy
        Whether a sweep is being trained.
    folder
        As given.
    """

    progressed = Signal(SweepProgress)
    ended = Signal(SweepOutcomes, bool)
    failed = Signal(str)
    kept = Signal(str)
    _begin_requested = Signal(Sweep)
    _cancel_requested = Signal()

    def __init__(self, folder: Path, parent: QObject) -> None:
        self._trainer = _Trainer(folder)
        super().__init__("sweep", parent, self._trainer)
        self.folder = folder
        self.busy = False
        self._begin_requested.connect(self._trainer.begin)
        self._cancel_requested.connect(self._trainer.cancel)
        self._trainer.progressed.connect(self.progressed)
        self._trainer.ended.connect(self._finish)
        self._trainer.failed.connect(self._give_up)
        self._trainer.kept.connect(self.kept)

    def begin(self, sweep: Sweep) -> None:
        """Begin to train a sweep, unless another one is being trained."""
        if not self.busy:
            self.busy = True
            logger.info("sweep of %d runs, %d epochs: %s", sweep.runs, sweep.epochs, sweep.varied)
            self._thread.start()
            self._begin_requested.emit(sweep)

    @Slot()
    def cancel(self) -> None:
        """Stop training; what is there is kept."""
        self._cancel_requested.emit()

    @Slot(SweepOutcomes, bool)
    def _finish(self, outcomes: SweepOutcomes, whole: bool) -> None:
        self.busy = False
        self.ended.emit(outcomes, whole)

    @Slot(str)
    def _give_up(self, sentence: str) -> None:
        self.busy = False
        self.failed.emit(sentence)
