"""What is a run of its own, and how it ended: what the training worker tells turned into runs, without Qt."""

import logging
from collections.abc import Iterable, Iterator

from msgspec import Struct

from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch, join_batches
from gradgui.record.run_store import Ended, RunStore
from gradgui.worker.status import FinishReason, State, Status

logger = logging.getLogger(__name__)


def how_it_ended(status: Status) -> Ended:
    """Tell how the run ended that rests in this state at its last epoch."""
    match status.state:
        case State.RUNNING:
            return Ended.RUNNING
        case State.FAILED:
            return Ended.FAILED
        case State.DIVERGED if status.finish_reason is FinishReason.UNDEFINED:
            return Ended.UNDEFINED
        case State.DIVERGED:
            return Ended.DIVERGED
        case State.FINISHED if status.finish_reason is FinishReason.STOP_RULE:
            return Ended.STOPPED_EARLY
        case State.FINISHED:
            return Ended.FINISHED
    return Ended.PAUSED


class _Growing(Struct):
    """A run as it grows.

    Attributes
    ----------
    spec
        What decides it.
    parent, branch_epoch
        Where it left another one.
    id
        In the store; 0 until its first own epoch.
    epochs
        How many it has.
    ended, reason
        How it ended, as far as it has come.
    """

    spec: RunSpec
    parent: int | None = None
    branch_epoch: int = 0
    id: int = 0
    epochs: int = 0
    ended: Ended = Ended.PAUSED
    reason: str = ""


class Recording:
    """Make runs in a store of what the training worker tells, in its order.

    A `Load` begins a run. A change at an earlier epoch begins a branch: the future that was left stays as the
    run that it was. A run without an epoch is not written.

    Parameters
    ----------
    store
        Where they are kept.
    """

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._runs: dict[int, _Growing] = {}
        self._number = 0

    @property
    def run(self) -> int:
        """The run that is written at present, 0 for none."""
        run = self._runs.get(self._number)
        return 0 if run is None else run.id

    def take(self, told: Iterable[Status | EpochBatch]) -> None:
        """Write what the worker told, all of it at once."""
        with self._store.transaction():
            for one in _joined(told):
                if isinstance(one, Status):
                    self._take_status(one)
                else:
                    self._take_epochs(one)

    def end(self) -> None:
        """Let the present run end here: whoever closes the window while it runs pauses it."""
        self._leave()

    def _take_status(self, status: Status) -> None:
        if status.experiment is None:
            return
        spec = RunSpec(status.experiment, status.interventions)
        if status.number != self._number:
            self._leave()
            self._number = status.number
        run = self._runs.setdefault(status.number, _Growing(spec))
        if status.horizon < run.epochs:
            self._leave()
            run = self._runs[status.number] = _Growing(
                spec, run.id or run.parent, status.horizon, epochs=status.horizon
            )
        before = (run.spec, run.ended, run.reason)
        run.spec = spec
        # To go back to an earlier epoch, or forth to the last one again, is no other end.
        if status.epoch == run.epochs and (status.state is not State.READY or run.ended is Ended.RUNNING):
            run.ended, run.reason = how_it_ended(status), status.message
        if (run.spec, run.ended, run.reason) != before:
            self._write(run)

    def _take_epochs(self, batch: EpochBatch) -> None:
        run = self._runs.get(self._number)
        new = None if run is None else batch.after(run.epochs)
        if run is None or new is None:
            return
        if new.first_epoch > run.epochs + 1:
            logger.warning("epochs %d to %d are not kept", run.epochs + 1, new.first_epoch - 1)
            return
        if not run.id:
            run.id = self._store.begin(run.spec, run.parent, run.branch_epoch)
        run.epochs = new.last_epoch
        if not run.id:
            return
        self._store.append(run.id, new)
        if run.ended is not Ended.RUNNING:
            run.ended, run.reason = Ended.RUNNING, ""
            self._write(run)

    def _leave(self) -> None:
        run = self._runs.get(self._number)
        if run is not None and run.ended is Ended.RUNNING:
            run.ended = Ended.PAUSED
            self._write(run)

    def _write(self, run: _Growing) -> None:
        if run.id:
            self._store.update(run.id, run.spec, run.ended, run.reason)


def _joined(told: Iterable[Status | EpochBatch]) -> Iterator[Status | EpochBatch]:
    """Join batches that follow each other."""
    batches: list[EpochBatch] = []
    for one in told:
        if batches and not (isinstance(one, EpochBatch) and one.first_epoch == batches[-1].last_epoch + 1):
            yield join_batches(batches)
            batches = []
        if isinstance(one, EpochBatch):
            batches.append(one)
        else:
            yield one
    if batches:
        yield join_batches(batches)
