"""A run: an experiment, what a person changed on the way, and the way back to every epoch of it."""

import math
from collections.abc import Sequence
from time import perf_counter

import numpy as np
from msgspec.structs import replace

from gradgui.engine.compiled_program import Row
from gradgui.engine.ending import Ending, find_ending, not_finite
from gradgui.engine.interventions import apply_change, check_change
from gradgui.engine.observer import EpochObserver
from gradgui.engine.state import Checkpoints, TrainerState
from gradgui.engine.trainer import Trainer
from gradgui.experiment.changes import Intervention, Interventions
from gradgui.experiment.data import Data
from gradgui.experiment.early_stopping import EarlyStopping
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.training_loop import PHASES, Phase
from gradgui.record.batch import EpochBatch
from gradgui.record.trace import EpochTrace


class Run:
    """Train an experiment with its interventions, forwards and back.

    Going on from an earlier epoch gives the same future again, interventions and all, until a new intervention
    is made there: then that future is dropped.

    Parameters
    ----------
    experiment
        What to train.
    interventions
        What was changed on the way, in the order of their epochs.

    Attributes
    ----------
    trainer
        The loop itself.
    horizon
        The furthest epoch trained on this way.
    """

    def __init__(self, experiment: Experiment, interventions: Sequence[Intervention] = ()) -> None:
        self.experiment = experiment
        self.trainer = Trainer(experiment)
        self.horizon = 0
        self._interventions = Interventions(interventions)
        self._diverged_at: int | None = None
        self._divergence = ""
        self._ending: Ending | None = None
        self._start = self.trainer.state()
        self._observer: EpochObserver | None = None
        self._checkpoints = Checkpoints(self.trainer.state())
        self._apply_due()

    @property
    def interventions(self) -> tuple[Intervention, ...]:
        """What was changed on the way, in the order of their epochs."""
        return tuple(self._interventions)

    def data_after(self, epoch: int) -> Data:
        """Give the data that the epoch after this one is trained on: the very object that was set."""
        return self._interventions.data_after(epoch, self.experiment.data)

    @property
    def began_in(self) -> TrainerState:
        """Give the state in which the epoch in work began, or else the next one will."""
        return self.trainer.state() if self.trainer.next_phase is Phase.FORWARD else self._start

    @property
    def diverged(self) -> bool:
        """Whether the run is at the epoch at which it left the finite numbers."""
        return self.trainer.epoch == self._diverged_at

    @property
    def divergence(self) -> str:
        """One sentence on what is not finite at the present epoch, for a person."""
        return self._divergence if self.diverged else ""

    @property
    def ending(self) -> Ending | None:
        """Why the run left the finite numbers, None where it has not; looked for when it is asked for."""
        if self.diverged and self._ending is None:
            epoch = self.trainer.epoch
            self._replay_to(epoch - 1)  # to the parameters that its last epoch began with
            trainer, data = self.trainer, self.data_after(epoch - 1)
            experiment = replace(self.experiment, data=data, loop=trainer.loop)
            self._ending = find_ending(self._divergence, experiment, trainer.values, trainer.learning_rate)
            self.go_to(epoch)
        return self._ending if self.diverged else None

    def train_watched(self) -> EpochBatch:
        """Train one epoch, or what is left of the one in work, phase by phase and watched.

        Raises
        ------
        RuntimeError, TypeError, AttributeError
            PyTorch's own error when the loop is broken.
        """
        while (batch := self.run_phase()) is None:
            pass
        return batch

    def train(
        self, epochs: int, seconds: float = math.inf, early_stopping: EarlyStopping | None = None
    ) -> EpochBatch:
        """Train until the number of epochs, the time, or a number that is not finite is reached.

        Parameters
        ----------
        epochs
            The most epochs to train, at least 1. An epoch in work is finished as the first.
        seconds
            After this time no further epoch begins.
        early_stopping
            What may end training before its last epoch.

        Returns
        -------
        EpochBatch
            The epochs trained, at least one.

        Raises
        ------
        RuntimeError, TypeError, AttributeError
            PyTorch's own error when the loop is broken and no epoch could be finished; when some were, they are
            returned, and the next call raises.
        """
        deadline = perf_counter() + seconds
        trainer = self.trainer
        ends = early_stopping.ends_with if early_stopping is not None else None
        if trainer.replaces_parameters:  # PyTorch warns, and soon raises: that is to be seen
            batch = self.train_watched()
            if ends is not None:
                ends(trainer.row)
            return batch
        self._observer = None
        rows: list[Row] = []
        while True:
            try:
                trainer.train(rows, min(epochs, len(rows) + self._epochs_to_next_stop()), deadline, ends)
            except (RuntimeError, TypeError, AttributeError):
                if rows:
                    break
                raise
            self._arrive()
            stopped = early_stopping is not None and early_stopping.reason
            if trainer.diverged or stopped or len(rows) >= epochs or perf_counter() >= deadline:
                break
        return self._batch(rows)

    def run_phase(self) -> EpochBatch | None:
        """Run one phase, watched; the last of an epoch gives that epoch as a batch.

        Raises
        ------
        RuntimeError, TypeError, AttributeError
            PyTorch's own error when the loop is broken.
        """
        if self._watched_phase() is not Phase.ZERO_GRAD:
            return None
        batch = self._batch([self.trainer.whole_row()])
        self._arrive()
        return batch

    def go_to(self, epoch: int, phases: int = 0) -> None:
        """Go to any epoch trained so far, bit for bit as it was.

        Parameters
        ----------
        epoch
            Epochs finished there, 0 to `horizon`.
        phases
            How many phases of the epoch after it are run as well, 0 to 4.

        Raises
        ------
        ValueError
            When this run never reached that epoch.
        """
        if not 0 <= epoch <= self.horizon:
            raise ValueError(f"epoch {epoch} is outside of what was trained, 0 to {self.horizon}")
        # The last epoch is run watched, so that it can be looked into.
        unwatched = epoch if phases else max(epoch - 1, 0)
        self._replay_to(unwatched)
        while self.trainer.epoch < epoch:
            self._watched_phase()
        self._apply_due()
        for _ in range(phases):
            self._watched_phase()

    def take_up(self, states: Sequence[TrainerState]) -> None:
        """Go to the last of some states that this run had before; it is trained as far as there."""
        for state in states:
            self._checkpoints.insert(state)
            self.horizon = max(self.horizon, state.epoch)
        self._replay_to(self.horizon)

    def branch(self) -> "Run":
        """Give a run of its own with the past of this one, at the epoch and phase of this one, without a future."""
        epoch, phases = self.trainer.epoch, PHASES.index(self.trainer.next_phase)
        run = Run(self.experiment, self._interventions.until(epoch))
        run._checkpoints = self._checkpoints.until(epoch)
        run.horizon = epoch
        run.go_to(epoch, phases)
        return run

    def trace(self) -> EpochTrace:
        """Give the epoch in work, or else the last one finished, opened up.

        An epoch that was trained at speed is gone back to and run again, watched: its numbers are the same.
        """
        if self._observer is None:
            self.go_to(self.trainer.epoch, PHASES.index(self.trainer.next_phase))
        if self._observer is None:  # nothing has run yet
            self._observer = EpochObserver(self.trainer)
        return self._observer.trace()

    def epoch_start(self) -> TrainerState:
        """Give the state that the next epoch starts from.

        In the midst of an epoch this is the present epoch's start, until its update has run: then it is the next
        one's, with the parameters and the learning rate as they are now.
        """
        if PHASES.index(self.trainer.next_phase) <= PHASES.index(Phase.UPDATE):
            return self.began_in
        now = self.trainer.state()
        left = (None,) * len(now.gradients) if now.loop.zero_grad else now.gradients
        return replace(now, epoch=self._start.epoch + 1, gradients=left)

    def _replay_to(self, epoch: int) -> None:
        self._observer = None
        self.trainer.restore(self._checkpoints.latest(epoch))
        self._apply_due()
        while self.trainer.epoch < epoch:
            if not self.trainer.replaces_parameters:
                self.trainer.train([], min(epoch - self.trainer.epoch, self._epochs_to_next_stop()))
            else:
                while self._watched_phase() is not Phase.ZERO_GRAD:
                    pass
            self._apply_due()

    def _watched_phase(self) -> Phase:
        if self.trainer.next_phase is Phase.FORWARD:
            self._start = self.trainer.state()
            self._observer = EpochObserver(self.trainer)
        if self._observer is None:  # this epoch was begun unwatched
            return self.trainer.run_phase()
        return self._observer.run_phase()

    def intervene(self, intervention: Intervention) -> None:
        """Change something now; the future that was trained from here is dropped.

        Every intervention acts between two epochs: an epoch in work is taken back to its beginning first, and its
        phases are run again with the change.

        Raises
        ------
        ValueError
            When its epoch is not the present one, or it names a parameter that the model does not have.
        """
        check_change(self.trainer, intervention)
        epoch = self.trainer.epoch
        self._interventions.add(intervention)
        self._checkpoints.forget_after(epoch)
        self.horizon = epoch
        self._diverged_at = None
        phases = PHASES.index(self.trainer.next_phase)
        if phases:
            self.go_to(epoch, phases)
        else:
            apply_change(self.trainer, intervention)

    def _epochs_to_next_stop(self) -> int:
        epoch = self.trainer.epoch
        stop = epoch + self._checkpoints.epochs_until_next(epoch)
        return int(min(stop, self._interventions.epoch_of_next(epoch))) - epoch

    def _arrive(self) -> None:
        self.horizon = max(self.horizon, self.trainer.epoch)
        if self.trainer.diverged and self._diverged_at is None:
            self._diverged_at = self.trainer.epoch
            self._divergence = not_finite(self.trainer.columns, self.trainer.row, self._diverged_at)
            self._ending = None
        if not self.trainer.epoch % self._checkpoints.spacing and not self.trainer.replaces_parameters:
            self._checkpoints.keep(self.trainer.state())
        self._apply_due()

    def _apply_due(self) -> None:
        for change in self._interventions.due(self.trainer.epoch):
            apply_change(self.trainer, change)

    def _batch(self, rows: list[Row]) -> EpochBatch:
        return EpochBatch(self.trainer.epoch - len(rows) + 1, np.array(rows, dtype=np.float64))
