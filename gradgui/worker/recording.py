"""What is a run of its own, and how it ended: what the training worker tells turned into runs, without Qt."""

import logging
from collections.abc import Iterable, Iterator

from msgspec import Struct

from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch, join_batches
from gradgui.record.run_store import Ended, RunStore, RunStoreError
from gradgui.worker.status import Checkpoint, FinishReason, State, Status

logger = logging.getLogger(__name__)

Told = Status | EpochBatch | Checkpoint


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
    checkpoint
        A state that waits for its epoch to be written.
    taken_up
        Whether it was kept and has not gone on yet: until then it is as it was.
    """

    spec: RunSpec
    parent: int | None = None
    branch_epoch: int = 0
    id: int = 0
    epochs: int = 0
    ended: Ended = Ended.PAUSED
    reason: str = ""
    checkpoint: Checkpoint | None = None
    taken_up: bool = False


class Recording:
    """Make runs in a store of what the training worker tells, in its order.

    A `Load` begins a run, or goes on with one that was kept. A `Branch`, and a change at an earlier epoch, begins a
    branch: the future that was left stays as the run that it was. A run without an epoch is not written, and one that
    was deleted is there again when it goes on.

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
        return self.ids.get(self._number, 0)

    @property
    def ids(self) -> dict[int, int]:
        """What is kept by now: the number in the file of each run, by its number in every status."""
        return {number: run.id for number, run in self._runs.items() if run.id}

    def take(self, told: Iterable[Told]) -> None:
        """Write what the worker told, all of it at once."""
        with self._store.transaction():
            for one in _joined(told):
                match one:
                    case Status():
                        self._take_status(one)
                    case EpochBatch():
                        self._take_epochs(one)
                    case Checkpoint():
                        self._take_checkpoint(one)

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
        run = self._runs.get(status.number)
        if run is None:
            run = self._runs[status.number] = self._first_told(status, spec)
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
        if run.ended is Ended.RUNNING and before[1] is not Ended.RUNNING:
            self._bring_back(run)
        if (run.spec, run.ended, run.reason) != before:
            self._write(run)

    def _first_told(self, status: Status, spec: RunSpec) -> _Growing:
        """Give the run that a status is of: one by itself, a branch, or one that was kept and goes on."""
        epochs, parent = status.branch_epoch, self._runs.get(status.parent)
        if parent is not None:
            return _Growing(spec, parent.id or parent.parent, min(epochs, parent.epochs), epochs=epochs)
        if status.kept:
            return _Growing(spec, id=status.kept, epochs=status.horizon, ended=how_it_ended(status), taken_up=True)
        return _Growing(spec, epochs=epochs)

    def _take_checkpoint(self, checkpoint: Checkpoint) -> None:
        run = self._runs.get(checkpoint.number)
        if run is not None:
            run.checkpoint = checkpoint
            self._keep_checkpoint(run)

    def _keep_checkpoint(self, run: _Growing) -> None:
        """Write it when its epoch is: after an interruption it must not be ahead of the log."""
        checkpoint = run.checkpoint
        if checkpoint is not None and run.id and checkpoint.epoch <= run.epochs:
            self._store.keep_checkpoint(run.id, checkpoint.epoch, checkpoint.state)
            run.checkpoint = None

    def _take_epochs(self, batch: EpochBatch) -> None:
        run = self._runs.get(self._number)
        new = None if run is None else batch.after(run.epochs)
        if run is None or new is None:
            return
        if new.first_epoch > run.epochs + 1:
            logger.warning("epochs %d to %d are not kept", run.epochs + 1, new.first_epoch - 1)
            return
        if run.id and (kept := self._store.epochs(run.id)) != run.epochs:
            if kept is None or kept < run.epochs:
                logger.warning("run %d is gone or was cut: what it trains on is not kept", run.id)
                return
            run.id, run.parent, run.branch_epoch = 0, run.id, run.epochs  # another window went on with it
        run.taken_up = False
        run.epochs = new.last_epoch
        try:
            if not run.id:
                run.id = self._store.begin(run.spec, run.parent, run.branch_epoch)
            if not run.id:
                return
            self._store.append(run.id, new)
        except RunStoreError as error:  # it was forgotten, here or by another window: what follows has no beginning
            logger.warning("epochs %d to %d are not kept: %s", new.first_epoch, new.last_epoch, error)
            return
        self._keep_checkpoint(run)
        if run.ended is not Ended.RUNNING:
            run.ended, run.reason = Ended.RUNNING, ""
            self._bring_back(run)
            self._write(run)

    def _leave(self) -> None:
        run = self._runs.get(self._number)
        if run is not None and run.ended is Ended.RUNNING:
            run.ended = Ended.PAUSED
            self._write(run)

    def _bring_back(self, run: _Growing) -> None:
        """List a run again that was deleted, as it goes on: what is trained from now on was not deleted."""
        if run.id:
            self._store.restore(run.id)

    def _write(self, run: _Growing) -> None:
        """Say what decides a run and how it ended, unless another window went on with it."""
        if run.id and not run.taken_up and self._store.epochs(run.id) == run.epochs:
            self._store.update(run.id, run.spec, run.ended, run.reason)


def _joined(told: Iterable[Told]) -> Iterator[Told]:
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
