"""One run and its state machine, without Qt: what each command does in each state.

Imports the engine, and with it torch: only the worker's thread loads this module.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import reduce

from msgspec import structs

from gradgui.engine import run
from gradgui.engine.ending import Ending
from gradgui.experiment.changes import Intervention, with_change
from gradgui.experiment.early_stopping import EarlyStopping
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import PHASES, Phase
from gradgui.record.batch import EpochBatch
from gradgui.record.gradient_check import GradientChecks
from gradgui.record.point_shares import PointShares
from gradgui.record.trace import EpochTrace
from gradgui.record.views import Fit, Forecast, Landscape
from gradgui.worker import commands
from gradgui.worker.commands import Command, allowed_commands
from gradgui.worker.status import Checkpoint, FinishReason, State, Status
from gradgui.worker.views import Views, ViewsByData

logger = logging.getLogger(__name__)


class Session:
    """Drive a run.

    Parameters
    ----------
    run_spec
        What to train, with what was changed on the way when it is a run that was kept.
    number
        Of the command that loaded it; comes back in every status.
    kept, taken_up
        A run that was kept, by its number in the file of runs, and at its last epoch again.

    Attributes
    ----------
    number
        As given.
    """

    def __init__(self, run_spec: RunSpec, number: int = 0, kept: int = 0, taken_up: run.Run | None = None) -> None:
        self.number = number
        self._experiment = run_spec.experiment
        self._views_by_data = ViewsByData(run_spec.experiment)
        self._kept_interventions = run_spec.interventions
        self._status = Status(number=number, kept=kept)
        self._begin(run_spec.experiment)
        if taken_up is not None:
            self._run = taken_up
            self._aim(max(0, taken_up.horizon - run_spec.experiment.epochs))
            self._rest()

    @property
    def status(self) -> Status:
        """Everything the window needs to know, as of now."""
        trainer, began_in = self._run.trainer, self._run.began_in
        return structs.replace(
            self._status,
            experiment=self._experiment,
            epoch=trainer.epoch,
            next_phase=trainer.next_phase,
            horizon=self._run.horizon,
            learning_rate=trainer.learning_rate,
            parameters=trainer.values,
            began_with=(began_in.parameters, began_in.learning_rate),
            loop=trainer.loop,
            data=self._run.data_after(trainer.epoch),
            interventions=self._run.interventions,
        )

    @property
    def experiment(self) -> Experiment:
        """What is trained."""
        return self._experiment

    @property
    def running(self) -> bool:
        """Whether the loop is to go on by itself."""
        return self._status.state is State.RUNNING

    @property
    def epochs_left(self) -> int:
        """Epochs from here to the target."""
        return self._status.target - self._run.trainer.epoch

    def fit(self) -> Fit:
        """Give what the model predicts with the present parameters."""
        trainer = self._run.trainer
        return self._views.predictor.fit(trainer.epoch, trainer.values)

    def landscape(self, *parameters: str) -> Landscape:
        """Give the loss along one parameter or over two, with where the run is now."""
        return self._views.landscape.landscape(self._run.epoch_start(), *parameters)

    def trace(self) -> EpochTrace:
        """Give the epoch in work, or else the last one finished, opened up."""
        return self._run.trace()

    def gradient_checks(self, trace: EpochTrace) -> GradientChecks:
        """Give the gradient three ways, at the parameters that a trace's epoch began with and on its data."""
        views = self._views_by_data.of(self._run.data_after(trace.epoch - 1))
        return GradientChecks(trace.epoch, views.gradient_checker.check(trace.before))

    def point_shares(self) -> PointShares:
        """Give each point's share of the gradient that the next backward pass finds."""
        return self._views.point_sharer.share_out(self._run)

    def forecast(self, wanted_loss: float | None) -> Forecast:
        """Give what plain gradient descent would do from here."""
        trainer = self._run.trainer
        return self._views.forecaster.forecast(trainer.values, trainer.learning_rate, wanted_loss)

    def epochs_from(self, first: int) -> list[EpochBatch]:
        """Train again what was trained from an epoch on, for its rows; the run is where it was."""
        trainer = self._run.trainer
        epoch, phases, last = trainer.epoch, PHASES.index(trainer.next_phase), self._run.horizon
        self._run.go_to(min(first - 1, last))
        batches = []
        while trainer.epoch < last:
            batches.append(self._run.train(last - trainer.epoch))
        self._run.go_to(epoch, phases)
        return batches

    def branch(self, number: int) -> "Session":
        """Give a session with a run of its own, which has this one's past but not its future."""
        session = copy(self)
        session.number, session._run = number, self._run.branch()
        session._early_stopping = copy(self._early_stopping)
        epoch = self._run.trainer.epoch
        session._status = structs.replace(self._status, number=number, parent=self.number, branch_epoch=epoch, kept=0)
        return session

    def checkpoint(self) -> Checkpoint:
        """Give where the run is, or the beginning of the epoch in work, to be taken up from there."""
        return Checkpoint(self.number, self._run.trainer.epoch, self._run.began_in.to_bytes())

    def do(self, command: Command) -> EpochBatch | None:  # noqa: PLR0912 - the one match of all commands
        """Do what is asked; what means nothing in the present state does nothing.

        Returns
        -------
        EpochBatch or None
            The epoch that a step has finished.
        """
        if type(command) not in allowed_commands(self.status):
            return None
        trainer = self._run.trainer
        match command:
            case commands.Run():
                self._begin_to_run()
            case commands.Pause():
                self._set(State.READY, FinishReason.PAUSED)
            case commands.StepEpoch() | commands.StepPhase():
                return self._step(whole_epoch=isinstance(command, commands.StepEpoch))
            case commands.StepBack():
                self._go_to(trainer.epoch - (trainer.next_phase is Phase.FORWARD))
            case commands.StepBackPhase() if trainer.next_phase is Phase.FORWARD:
                self._go_to(trainer.epoch - 1, len(PHASES) - 1)
            case commands.StepBackPhase():
                self._go_to(trainer.epoch, PHASES.index(trainer.next_phase) - 1)
            case commands.GoTo(epoch=epoch, phases=phases) if 0 <= epoch <= self._run.horizon:
                self._go_to(epoch, phases)
            case commands.Change(change=change):
                self._change(structs.replace(change, epoch=trainer.epoch))
            case commands.SetEpochs(epochs=epochs):
                self._experiment = structs.replace(self._experiment, epochs=epochs)
                if self._status.state in {State.READY, State.RUNNING}:
                    self._aim(self._started)
                    if self.epochs_left <= 0:
                        self._rest()
            case commands.SetStopRules(rules=rules):
                self._experiment = structs.replace(self._experiment, stop=rules)
                if self._early_stopping is not None:
                    self._early_stopping.rules = rules
        return None

    def train(self, epochs: int, seconds: float, *, watched: bool = False) -> EpochBatch | None:
        """Train a slice of a Run.

        Parameters
        ----------
        epochs
            The most epochs to train, at least 1.
        seconds
            After this time no further epoch begins.
        watched
            Whether to train a single epoch so that it can be looked into.

        Returns
        -------
        EpochBatch or None
            What was trained; None when nothing runs, or the loop raised at once.
        """
        stopping = self._early_stopping
        if not self.running or stopping is None:
            return None
        with self._showing_errors():
            if watched:
                batch = self._run.train_watched()
                stopping.ends_with(self._run.trainer.row)
            else:
                batch = self._run.train(min(epochs, self.epochs_left), seconds, stopping)
            if self._run.diverged or stopping.reason or self.epochs_left <= 0:
                self._rest(stopping.reason)
            return batch
        return None

    @property
    def _views(self) -> Views:
        return self._views_by_data.of(self._run.data_after(self._run.trainer.epoch))

    def _begin(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._early_stopping: EarlyStopping | None = None
        self._run = run.Run(experiment, self._kept_interventions)
        if not self._views_by_data.serve(experiment):
            self._views_by_data = ViewsByData(experiment)
        before = self._status
        self._status = Status(
            State.READY, self.number, before.parent, branch_epoch=before.branch_epoch, kept=before.kept
        )
        self._aim(0)

    def _begin_to_run(self) -> None:
        if self.epochs_left <= 0:
            self._aim(self._run.trainer.epoch)
        self._early_stopping = EarlyStopping(self._experiment.stop, self._run.trainer.columns)
        self._set(State.RUNNING)

    def _step(self, *, whole_epoch: bool) -> EpochBatch | None:
        if self.epochs_left <= 0:
            self._status = structs.replace(self._status, target=self._run.trainer.epoch + 1)
        with self._showing_errors():
            batch = self._run.train_watched() if whole_epoch else self._run.run_phase()
            self._rest()
            return batch
        return None

    def _go_to(self, epoch: int, phases: int = 0) -> None:
        with self._showing_errors():
            self._run.go_to(epoch, phases)
            self._rest()

    def _change(self, change: Intervention) -> None:
        """Change the experiment itself before anything was trained, afterwards the run."""
        trainer = self._run.trainer
        if trainer.epoch == 0 and trainer.next_phase is Phase.FORWARD and not self.running:
            # What was changed in the midst of the first epoch belongs to its start as well.
            at_start = [kept for kept in self._run.interventions if kept.epoch == 0]
            self._kept_interventions = ()
            self._begin(reduce(with_change, [*at_start, change], self._experiment))
            return
        with self._showing_errors():  # a loop broken in the midst of an epoch raises at once
            self._run.intervene(change)
            if not self.running:
                self._rest()

    def _aim(self, started: int) -> None:
        self._started = started
        self._status = structs.replace(self._status, target=started + self._experiment.epochs)

    def _rest(self, stop_reason: str = "") -> None:
        """Settle on the state that belongs to where the run now is."""
        if self._run.diverged:
            ending = self._run.ending or Ending("")
            reason = FinishReason.UNDEFINED if ending.undefined else FinishReason.NOT_FINITE
            self._set(State.DIVERGED, reason, ending.text)
        elif stop_reason:
            self._set(State.FINISHED, FinishReason.STOP_RULE, stop_reason)
        elif self.epochs_left <= 0:
            self._set(State.FINISHED, FinishReason.TARGET_REACHED)
        else:
            self._set(State.READY, self._status.finish_reason)

    def _set(self, state: State, reason: FinishReason | None = None, message: str = "") -> None:
        self._status = structs.replace(
            self._status, state=state, finish_reason=reason, message=message, failed_line=None
        )

    @contextmanager
    def _showing_errors(self) -> Iterator[None]:
        """Show whatever the loop raises; the window lives."""
        try:
            yield
        except Exception as error:
            trainer = self._run.trainer
            logger.info("phase %s of epoch %d raised", trainer.next_phase.value, trainer.epoch + 1, exc_info=error)
            self._set(State.FAILED, FinishReason.ERROR, f"{type(error).__name__}: {error}")
            self._status = structs.replace(self._status, failed_line=trainer.line_of(error))
