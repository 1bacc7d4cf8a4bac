"""The kept runs that are compared with the present one."""

import logging
from collections import deque
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gradgui.experiment.differences import differences
from gradgui.experiment.run_spec import RunSpec, with_loop
from gradgui.numbers import write_count
from gradgui.record.loss_reached import LossReached
from gradgui.record.run_store import RunStore, RunStoreError
from gradgui.record.training_log import TrainingLog
from gradgui.ui.runs.looks import Look
from gradgui.ui.window.live_run import LiveRun

logger = logging.getLogger(__name__)

PIECE = 100_000
"""Epochs that are read in a turn of the event loop."""


class ComparedRun(Struct, frozen=True, eq=False):
    """A kept run, read from the store.

    Attributes
    ----------
    id
        Its number in the store; below 0 where it is trained beside the present run.
    spec
        What decides it.
    log
        All its epochs; it changes no more.
    label
        What tells it from the others, in a few words.
    look
        How its curves look.
    """

    id: int
    spec: RunSpec
    log: TrainingLog
    label: str
    look: Look


class _Read(Struct, frozen=True, eq=False):
    """What was read of a run, and how many epochs it was said to have then."""

    spec: RunSpec
    log: TrainingLog
    epochs: int


class ComparedRuns(QObject):
    """Know which runs are ticked, and have their logs; they are read piece by piece, as the event loop has time.

    Parameters
    ----------
    store
        Gives the store, None where runs are not kept.
    run
        The present run, which has a label as well.
    parent
        The window.

    Signals
    -------
    changed()
        Other runs are compared, or their labels or logs are others.
    told(str)
        One sentence for the person.

    Attributes
    ----------
    revision
        Another number after every `changed`.
    smoothing
        How much curves are smoothed, from 0 to below 1: see `SmoothedColumn`.
    reached
        The loss at whose first epoch the curves are aligned, None when they are aligned by epoch.
    present_label
        What tells the present run from the compared ones.
    runs
        What is compared, in the order in which it was ticked, without the present run and what is not read yet.
    """

    changed = Signal()
    told = Signal(str)

    def __init__(self, store: Callable[[], RunStore | None], run: LiveRun, parent: QObject) -> None:
        super().__init__(parent)
        self._store, self._run = store, run
        self._present = 0
        self._present_spec = RunSpec(run.experiment)
        self._looks: dict[int, Look] = {}
        self._read: dict[int, _Read] = {}
        self._beside: dict[int, _Read] = {}
        self._waiting: deque[int] = deque()
        self._begun: tuple[RunSpec, TrainingLog] | None = None  # what is read of the first of them
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._read_next)
        self.revision = 0
        self.smoothing = 0.0
        self.reached: LossReached | None = None
        self.present_label = ""
        self.runs: tuple[ComparedRun, ...] = ()
        run.status_changed.connect(self._follow_present)
        run.experiment_changed.connect(self._follow_present)

    @property
    def ticked(self) -> tuple[int, ...]:
        """Numbers of all ticked runs, in the order in which they were ticked."""
        return tuple(self._looks)

    @property
    def reading(self) -> bool:
        """Whether some of them are still to be read."""
        return bool(self._waiting)

    @property
    def present(self) -> int:
        """The present run's number in the store, 0 while it has none: its kept form is not drawn beside it."""
        return self._present

    @present.setter
    def present(self, run: int) -> None:
        if run == self._present:
            return
        before, self._present = self._present, run
        if before in self._looks:  # read again, as it has grown since it was ticked
            self._ask_for(before)
        self._label()

    def look(self, run: int) -> Look | None:
        """Give how the curves of a run look, None when it is not ticked."""
        return self._looks.get(run)

    def tick(self, run: int, ticked: bool) -> None:
        """Compare a run, or compare it no more."""
        if run in self._beside and not ticked:
            del self._beside[run]
            self._label()
        if ticked == (run in self._looks):
            return
        if ticked:
            taken = {look.place for look in self._looks.values()}
            self._looks[run] = Look(next(place for place in range(len(taken) + 1) if place not in taken))
            self._ask_for(run)
        else:
            self._forget(run)
        self._label()

    def accompany(self, runs: Sequence[tuple[RunSpec, TrainingLog]]) -> None:
        """Compare these as well, which are trained beside the present run; their numbers are below 0."""
        self._beside = {-place: _Read(spec, log, 0) for place, (spec, log) in enumerate(runs, 1)}
        self._label()

    def replace_beside(self, logs: Sequence[TrainingLog]) -> None:
        """Draw these logs, which have grown, of the runs that are trained beside the present one."""
        by_run = {-place: log for place, log in enumerate(logs, 1)}
        self._beside = {run: replace(one, log=by_run[run]) for run, one in self._beside.items()}
        self.runs = tuple(replace(one, log=by_run[one.id]) if one.id in by_run else one for one in self.runs)
        self.revision += 1

    @Slot()
    def clear(self) -> None:
        """Compare nothing."""
        for run in self.ticked:
            self._forget(run)
        self._beside = {}
        self._label()

    def smooth(self, smoothing: float) -> None:
        """Smooth curves so much, from 0 to below 1."""
        if smoothing != self.smoothing:
            self.smoothing = smoothing
            self._tell()

    def align(self, loss: float | None) -> None:
        """Move the curves of compared runs to where the present one first had a loss this low; None moves nothing."""
        if loss != (self.reached and self.reached.loss):
            self.reached = None if loss is None else LossReached(loss)
            self._tell()

    @Slot()
    def refresh(self) -> None:
        """Drop what was deleted since, and read again what has grown; to be called when the store was written to."""
        store = self._store() if self._looks else None
        if store is None:
            return
        epochs = store.epochs_of(self.ticked)
        if not store.is_open:  # which says nothing of what was deleted
            return
        gone = [run for run in self.ticked if run not in epochs and run in self._read]
        for run in gone:
            self._forget(run)
        for run, read in self._read.items():
            if run != self._present and epochs[run] != read.epochs:
                self._ask_for(run)
        if gone:
            named = ", ".join(map(str, gone))
            self.told.emit(
                f"Run {named} was deleted and is not compared any more."
                if len(gone) == 1
                else f"Runs {named} were deleted and are not compared any more."
            )
            self._label()

    def _ask_for(self, run: int) -> None:
        if run not in self._waiting:
            self._waiting.append(run)
        self._timer.start()

    def _forget(self, run: int) -> None:
        self._looks.pop(run, None)
        self._read.pop(run, None)
        if run in self._waiting:
            if run == self._waiting[0]:
                self._begun = None
            self._waiting.remove(run)

    @Slot()
    def _read_next(self) -> None:
        """Read a piece of the run that comes next."""
        if not self._waiting:
            self._timer.stop()
            return
        run, store = self._waiting[0], self._store()
        try:
            if store is None:
                raise RunStoreError("Runs are not being kept.")
            if self._begun is None:
                spec = store.spec(run)
                self._begun = spec, TrainingLog(spec.experiment.columns, spec.experiment.dtype)
            if not store.read_more(run, *self._begun, PIECE):
                self._finish(run, *self._begun, store)
        except RunStoreError as error:
            logger.warning("run %d cannot be compared", run, exc_info=error)
            self._forget(run)
            self.told.emit(f"{error} It is not compared.")
            self._label()

    def _finish(self, run: int, spec: RunSpec, log: TrainingLog, store: RunStore) -> None:
        self._waiting.popleft()
        self._begun = None
        if len(log) < spec.trained:
            if store.epochs_of([run]).get(run, spec.trained) != spec.trained:  # it was cut meanwhile
                self._ask_for(run)
                return
            self.told.emit(
                f"Run {run} is damaged after epoch {write_count(len(log))}; only what comes before is compared."
            )
        self._read[run] = _Read(spec, log, spec.trained)
        self._label()

    @Slot()
    def _follow_present(self) -> None:
        spec = RunSpec(self._run.experiment, () if self._run.is_awaited else self._run.status.interventions)
        if spec != self._present_spec:
            self._present_spec = spec
            if self._looks or self._beside:
                self._label()

    def _shown(self, *specs: RunSpec) -> list[RunSpec]:
        """Give the runs as they may be told apart: without their loops while a bug is hunted."""
        return list(specs) if self._run.meant is None else [with_loop(spec, self._run.meant) for spec in specs]

    def _label(self) -> None:
        """Say anew what tells the runs apart."""
        read: Sequence[tuple[int, _Read]] = [
            *((run, self._read[run]) for run in self.ticked if run in self._read and run != self._present),
            *self._beside.items(),
        ]
        looks = {run: Look(len(self._looks) - run - 1) for run in self._beside} | self._looks
        self.present_label, *labels = differences(self._shown(self._present_spec, *(one.spec for _, one in read)))
        self.runs = tuple(
            ComparedRun(run, one.spec, one.log, label, looks[run])
            for (run, one), label in zip(read, labels, strict=True)
        )
        self._tell()

    def _tell(self) -> None:
        self.revision += 1
        self.changed.emit()
