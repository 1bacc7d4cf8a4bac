"""A run: an experiment, what a person changed on the way, and the way back to every epoch of it."""

import math
from collections.abc import Sequence
from time import perf_counter

import numpy as np

from gradgui.engine.checkpoints import Checkpoints
from gradgui.engine.trainer import Row, Trainer
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.intervention import Intervention, LearningRateChange, LoopChange, ParameterChange
from gradgui.experiment.loop import PHASES, Phase
from gradgui.record.batch import EpochBatch


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
        self._interventions = list(interventions)
        self._diverged_at: int | None = None
        self._divergence = ""
        self._checkpoints = Checkpoints(self.trainer.state())
        self._apply_due()

    @property
    def interventions(self) -> tuple[Intervention, ...]:
        """What was changed on the way, in the order of their epochs."""
        return tuple(self._interventions)

    @property
    def diverged(self) -> bool:
        """Whether the run is at the epoch at which it left the finite numbers."""
        return self.trainer.epoch == self._diverged_at

    @property
    def divergence(self) -> str:
        """One sentence on what is not finite at the present epoch, for a person."""
        return self._divergence if self.diverged else ""

    def train(self, epochs: int, seconds: float = math.inf) -> EpochBatch:
        """Train until the number of epochs, the time, or a number that is not finite is reached.

        Parameters
        ----------
        epochs
            The most epochs to train, at least 1. An epoch in work is finished as the first.
        seconds
            After this time no further epoch begins.

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
        rows: list[Row] = []
        while not rows or (len(rows) < epochs and not trainer.diverged and perf_counter() < deadline):
            try:
                trainer.train(rows, min(epochs - len(rows), self._epochs_to_next_stop()), deadline)
            except (RuntimeError, TypeError, AttributeError):
                if rows:
                    break
                raise
            self._arrive()
        return self._batch(rows)

    def run_phase(self) -> EpochBatch | None:
        """Run one phase; the last of an epoch gives that epoch as a batch.

        Raises
        ------
        RuntimeError, TypeError, AttributeError
            PyTorch's own error when the loop is broken.
        """
        if self.trainer.run_phase() is not Phase.ZERO_GRAD:
            return None
        self._arrive()
        return self._batch([self.trainer.row])

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
        self.trainer.restore(self._checkpoints.latest(epoch))
        self._apply_due()
        while self.trainer.epoch < epoch:
            self.trainer.train([], min(epoch - self.trainer.epoch, self._epochs_to_next_stop()))
            self._apply_due()
        for _ in range(phases):
            self.trainer.run_phase()

    def intervene(self, intervention: Intervention) -> None:
        """Change something now; the future that was trained from here is dropped.

        An epoch in work is taken back to its beginning first, so that every intervention acts between two epochs,
        and its phases are run again with the change.

        Parameters
        ----------
        intervention
            Its epoch must be the present one.

        Raises
        ------
        ValueError
            When it is not.
        """
        epoch = self.trainer.epoch
        if intervention.epoch != epoch:
            raise ValueError(f"an intervention at epoch {epoch} was expected, not at {intervention.epoch}")
        self._interventions = [old for old in self._interventions if not _overruled(old, intervention)]
        self._interventions.append(intervention)
        self._checkpoints.forget_after(epoch)
        self.horizon = epoch
        self._diverged_at = None
        phases = PHASES.index(self.trainer.next_phase)
        self.go_to(epoch, phases)

    def _epochs_to_next_stop(self) -> int:
        epoch = self.trainer.epoch
        stop = epoch + self._checkpoints.epochs_until_next(epoch)
        return min([stop] + [change.epoch for change in self._interventions if change.epoch > epoch]) - epoch

    def _arrive(self) -> None:
        self.horizon = max(self.horizon, self.trainer.epoch)
        if self.trainer.diverged:
            self._diverged_at = self.trainer.epoch
            self._divergence = self._describe_divergence()
        if not self.trainer.epoch % self._checkpoints.spacing:
            self._checkpoints.keep(self.trainer.state())
        self._apply_due()

    def _apply_due(self) -> None:
        trainer = self.trainer
        for change in self._interventions:
            if change.epoch != trainer.epoch:
                continue
            match change:
                case LearningRateChange():
                    trainer.learning_rate = change.learning_rate
                case ParameterChange():
                    trainer.set_parameter(change.name, change.value)
                case LoopChange():
                    trainer.set_loop(change.loop)

    def _describe_divergence(self) -> str:
        names = ["loss"]
        for name in self.experiment.parameter_names:
            names += (name, f"{name}.grad")
        first = next(i for i, value in enumerate(self.trainer.row[:-1]) if not math.isfinite(value))
        return f"{names[first]} is {self.trainer.row[first]} at epoch {self.trainer.epoch}"

    def _batch(self, rows: list[Row]) -> EpochBatch:
        table = np.array(rows, dtype=np.float64)
        with np.errstate(over="ignore"):
            values = table[:, :-1].astype(self.experiment.dtype)
        return EpochBatch(
            first_epoch=self.trainer.epoch - len(rows) + 1, values=values, learning_rates=table[:, -1].copy()
        )


def _overruled(old: Intervention, new: Intervention) -> bool:
    """Whether a new intervention drops an earlier one: it lay in the future, or set the same thing just now."""
    if old.epoch != new.epoch:
        return old.epoch > new.epoch
    return type(old) is type(new) and getattr(old, "name", None) == getattr(new, "name", None)
