"""One run and its state machine, without Qt: what each action does in each state.

Imports the engine, and with it torch: only the worker's thread loads this module.
"""

import logging
from dataclasses import replace

import msgspec

from gradgui.engine.prediction import Predictor
from gradgui.engine.run import Run
from gradgui.experiment.experiment import Experiment, Parameter
from gradgui.experiment.intervention import Intervention, LearningRateChange, ParameterChange
from gradgui.experiment.loop import Phase
from gradgui.record.batch import EpochBatch
from gradgui.record.fit import Fit
from gradgui.worker.status import Action, Ending, State, Status, allowed_actions

logger = logging.getLogger(__name__)


class Session:
    """Drive a run. Every method that its state does not allow does nothing.

    Parameters
    ----------
    experiment
        What to train.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._epochs = experiment.epochs
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
            interventions=self._run.interventions,
        )

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
        return self._predictor.fit(status.epoch, status.parameters)

    def allows(self, action: Action) -> bool:
        """Tell whether an action means anything now."""
        return action in allowed_actions(self.status)

    def run(self) -> None:
        """Train on to the target; from the target on, as many epochs more."""
        if not self.allows(Action.RUN):
            return
        if self.epochs_left <= 0:
            self._aim(self._run.trainer.epoch)
        self._set(State.RUNNING)

    def pause(self) -> None:
        """Stop before the next epoch."""
        if self.allows(Action.PAUSE):
            self._set(State.READY, Ending.PAUSED)

    def set_epochs(self, epochs: int) -> None:
        """Set how many epochs a Run trains; a Run that is under way or paused gets its new target at once."""
        self._epochs = epochs
        if self._status.state in {State.READY, State.RUNNING}:
            self._aim(self._started)
            if self.epochs_left <= 0:
                self._rest()

    def train(self, epochs: int, seconds: float) -> EpochBatch | None:
        """Train a slice of a Run.

        Parameters
        ----------
        epochs
            The most epochs to train, at least 1.
        seconds
            After this time no further epoch begins.

        Returns
        -------
        EpochBatch or None
            What was trained; None when nothing runs, or the loop raised at once.
        """
        if not self.running:
            return None
        try:
            batch = self._run.train(min(epochs, self.epochs_left), seconds)
        except Exception as error:  # noqa: BLE001 - whatever the loop raises is shown, and the window lives
            self._fail(error)
            return None
        if self._run.diverged or self.epochs_left <= 0:
            self._rest()
        return batch

    def step_epoch(self) -> EpochBatch | None:
        """Train one epoch, or what is left of the one in work."""
        if not self.allows(Action.STEP_EPOCH):
            return None
        self._reach_for_next()
        try:
            batch = self._run.train(1)
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

    def reset(self) -> None:
        """Go back to the very same start, without interventions."""
        if self.allows(Action.RESET):
            self._begin(self._experiment)

    def set_learning_rate(self, learning_rate: float) -> None:
        """Set the learning rate from the next epoch on."""
        self._change(
            msgspec.structs.replace(self._experiment, learning_rate=learning_rate),
            LearningRateChange(self._run.trainer.epoch, learning_rate),
        )

    def set_parameter(self, name: str, value: float) -> None:
        """Set a parameter to a value of the person's choice."""
        start = tuple(Parameter(name, value) if p.name == name else p for p in self._experiment.parameters)
        self._change(
            msgspec.structs.replace(self._experiment, parameters=start),
            ParameterChange(self._run.trainer.epoch, name, value),
        )

    def _begin(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._run = Run(experiment)
        self._predictor = Predictor(experiment)
        self._status = Status(state=State.READY, experiment=experiment)
        self._aim(0)

    def _change(self, edited: Experiment, intervention: Intervention) -> None:
        """Change the experiment itself before anything was trained, afterwards the run."""
        if not self.allows(Action.INTERVENE):
            return
        trainer = self._run.trainer
        if trainer.epoch == 0 and trainer.next_phase is Phase.FORWARD and not self.running:
            self._begin(edited)
        else:
            self._run.intervene(intervention)
            if not self.running:
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
            self._set(State.DIVERGED, Ending.NOT_FINITE, self._run.divergence)
        elif self.epochs_left <= 0:
            self._set(State.FINISHED, Ending.TARGET_REACHED)
        else:
            self._set(State.READY, self._status.ending)

    def _set(self, state: State, ending: Ending | None = None, message: str = "") -> None:
        self._status = replace(self._status, state=state, ending=ending, message=message)

    def _fail(self, error: Exception) -> None:
        phase = self._run.trainer.next_phase
        logger.exception("phase %s of epoch %d raised", phase.value, self._run.trainer.epoch + 1)
        self._set(State.FAILED, Ending.ERROR, f"{type(error).__name__}: {error}")
