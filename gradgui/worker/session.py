"""One run and its state machine, without Qt: what each action does in each state.

Imports the engine, and with it torch: only the worker's thread loads this module.
"""

import logging
from dataclasses import replace
from functools import reduce

from msgspec import structs

from gradgui.engine.run import Run
from gradgui.experiment.changes import (
    DataChange,
    Intervention,
    LearningRateChange,
    LoopChange,
    ParameterChange,
    with_change,
)
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import Data, Experiment
from gradgui.experiment.training_loop import PHASES, Loop, Phase
from gradgui.record.batch import EpochBatch
from gradgui.record.fit import Fit
from gradgui.record.forecast import Forecast
from gradgui.record.gradient_check import GradientChecks
from gradgui.record.landscape import Landscape
from gradgui.record.trace import EpochTrace
from gradgui.worker.status import Action, FinishReason, State, Status, allowed_actions
from gradgui.worker.views import Views, ViewsByData

logger = logging.getLogger(__name__)


class Session:
    """Drive a run. Every method that its state does not allow does nothing.

    Parameters
    ----------
    experiment
        What to train.
    interventions
        What was changed on the way, when it is a run that was kept.
    """

    def __init__(self, experiment: Experiment, interventions: tuple[Intervention, ...] = ()) -> None:
        self._epochs = experiment.epochs
        self._rules = experiment.stop
        self._views_by_data = ViewsByData(experiment)
        self._recorded = interventions
        self._begin(experiment)

    @property
    def status(self) -> Status:
        """Everything the window needs to know, as of now."""
        trainer = self._run.trainer
        return replace(
            self._status,
            epoch=trainer.epoch,
            next_phase=trainer.next_phase,
            horizon=self._run.horizon,
            learning_rate=trainer.learning_rate,
            parameters=tuple(tensor.item() for tensor in trainer.parameters.values()),
            loop=trainer.loop,
            data=self._data,
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
        status = self.status
        return self._views.predictor.fit(status.epoch, status.parameters)

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

    def forecast(self, wanted_loss: float | None) -> Forecast:
        """Give what plain gradient descent would do from here."""
        status = self.status
        return self._views.forecaster.forecast(status.parameters, status.learning_rate, wanted_loss)

    def allows(self, action: Action) -> bool:
        """Tell whether an action means anything now."""
        return action in allowed_actions(self.status)

    def run(self) -> None:
        """Train on to the target; from the target on, as many epochs more."""
        if not self.allows(Action.RUN):
            return
        if self.epochs_left <= 0:
            self._aim(self._run.trainer.epoch)
        self._run.watch_for(self._rules)
        self._set(State.RUNNING)

    def pause(self) -> None:
        """Stop before the next epoch."""
        if self.allows(Action.PAUSE):
            self._set(State.READY, FinishReason.PAUSED)

    def set_epochs(self, epochs: int) -> None:
        """Set how many epochs a Run trains; a Run that is under way or paused gets its new target at once."""
        self._epochs = epochs
        if self._status.state in {State.READY, State.RUNNING}:
            self._aim(self._started)
            if self.epochs_left <= 0:
                self._rest()

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
        if not self.running:
            return None
        try:
            run = self._run
            batch = run.train_watched() if watched else run.train(min(epochs, self.epochs_left), seconds)
        except Exception as error:  # noqa: BLE001 - whatever the loop raises is shown, and the window lives
            self._fail(error)
            return None
        if self._run.diverged or self._run.stop_reason or self.epochs_left <= 0:
            self._rest()
        return batch

    def step_epoch(self) -> EpochBatch | None:
        """Train one epoch, or what is left of the one in work."""
        if not self.allows(Action.STEP_EPOCH):
            return None
        self._reach_for_next()
        try:
            batch = self._run.train_watched()
        except Exception as error:  # noqa: BLE001
            self._fail(error)
            return None
        self._rest()
        return batch

    def step_phase(self) -> EpochBatch | None:
        """Run one phase; the last one of an epoch gives that epoch."""
        if not self.allows(Action.STEP_PHASE):
            return None
        self._reach_for_next()
        try:
            batch = self._run.run_phase()
        except Exception as error:  # noqa: BLE001
            self._fail(error)
            return None
        self._rest()
        return batch

    def step_back(self) -> None:
        """Go back to the beginning of the epoch in work, or else of the one before."""
        if self.allows(Action.STEP_BACK):
            trainer = self._run.trainer
            self.go_to(trainer.epoch - (trainer.next_phase is Phase.FORWARD))

    def go_to(self, epoch: int, phases: int = 0) -> None:
        """Go to an epoch trained before, as `gradgui.engine.run.Run.go_to`; outside of those nothing happens."""
        if self.allows(Action.GO_TO) and 0 <= epoch <= self._run.horizon:
            self._run.go_to(epoch, phases)
            self._rest()

    def step_back_phase(self) -> None:
        """Go back by one phase; from the beginning of an epoch to the last phase of the one before."""
        if not self.allows(Action.STEP_BACK):
            return
        trainer = self._run.trainer
        phases = PHASES.index(trainer.next_phase)
        if phases:
            self.go_to(trainer.epoch, phases - 1)
        else:
            self.go_to(trainer.epoch - 1, len(PHASES) - 1)

    def reset(self) -> None:
        """Go back to the very same start, with no interventions but those that the run was opened with."""
        if self.allows(Action.RESET):
            self._begin(self._experiment)

    def set_learning_rate(self, learning_rate: float) -> None:
        """Set the learning rate from the next epoch on."""
        self._change(LearningRateChange(self._run.trainer.epoch, learning_rate))

    def set_parameter(self, name: str, value: float) -> None:
        """Set a parameter to a value of the person's choice."""
        self._change(ParameterChange(self._run.trainer.epoch, name, value))

    def set_data(self, data: Data) -> None:
        """Fit to other points from the next epoch on."""
        self._change(DataChange(self._run.trainer.epoch, data))

    def set_stop_rules(self, rules: StopRules) -> None:
        """Choose when a Run ends before its last epoch; acts from now on."""
        self._rules = rules
        if self.running:
            self._run.watch_for(rules)

    def set_loop(self, loop: Loop) -> None:
        """Write the loop in another way: break it on purpose, or mend it."""
        self._change(LoopChange(self._run.trainer.epoch, loop))

    @property
    def _data(self) -> Data:
        return self._run.data_after(self._run.trainer.epoch)

    @property
    def _views(self) -> Views:
        return self._views_by_data.of(self._data)

    def _begin(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._run = Run(experiment, self._recorded)
        if not self._views_by_data.serve(experiment):
            self._views_by_data = ViewsByData(experiment)
        self._status = Status(state=State.READY, experiment=experiment)
        self._aim(0)

    def _change(self, intervention: Intervention) -> None:
        """Change the experiment itself before anything was trained, afterwards the run."""
        if not self.allows(Action.INTERVENE):
            return
        trainer = self._run.trainer
        if trainer.epoch == 0 and trainer.next_phase is Phase.FORWARD and not self.running:
            # What was changed in the midst of the first epoch belongs to its start as well.
            at_start = [change for change in self._run.interventions if change.epoch == 0]
            self._recorded = ()
            entered = structs.replace(self._experiment, epochs=self._epochs, stop=self._rules)
            self._begin(reduce(with_change, [*at_start, intervention], entered))
        else:
            try:
                self._run.intervene(intervention)
            except Exception as error:  # noqa: BLE001 - a loop broken in the midst of an epoch raises at once
                self._fail(error)
                return
            if self.running:
                self._run.watch_for(self._rules)
            else:
                self._rest()

    def _aim(self, started: int) -> None:
        self._started = started
        self._status = replace(self._status, target=started + self._epochs)

    def _reach_for_next(self) -> None:
        if self.epochs_left <= 0:
            self._status = replace(self._status, target=self._run.trainer.epoch + 1)

    def _rest(self) -> None:
        """Settle on the state that belongs to where the run now is."""
        if self._run.diverged:
            self._set(State.DIVERGED, FinishReason.NOT_FINITE, self._run.divergence)
        elif self._run.stop_reason:
            self._set(State.FINISHED, FinishReason.STOP_RULE, self._run.stop_reason)
        elif self.epochs_left <= 0:
            self._set(State.FINISHED, FinishReason.TARGET_REACHED)
        else:
            self._set(State.READY, self._status.ending)

    def _set(self, state: State, ending: FinishReason | None = None, message: str = "") -> None:
        self._status = replace(self._status, state=state, ending=ending, message=message)

    def _fail(self, error: Exception) -> None:
        phase = self._run.trainer.next_phase
        logger.info("phase %s of epoch %d raised", phase.value, self._run.trainer.epoch + 1, exc_info=error)
        self._set(State.FAILED, FinishReason.ERROR, f"{type(error).__name__}: {error}")
