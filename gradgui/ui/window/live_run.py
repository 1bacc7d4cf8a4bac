"""The run as the window knows it: its one owner of the experiment, its log, state and fit, always up to date."""

import logging
from typing import TypeVar

from msgspec import structs
from PySide6.QtCore import QObject, Signal, Slot

from gradgui.experiment.changes import DataChange, ExperimentEdit, Intervention
from gradgui.experiment.columns import Role
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Data, Experiment
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.training_log import TrainingLog
from gradgui.record.views import RunView
from gradgui.ui.window.frame_clock import FrameClock
from gradgui.worker import commands
from gradgui.worker.commands import Command
from gradgui.worker.status import State, Status
from gradgui.worker.training_thread import TrainingThread

logger = logging.getLogger(__name__)

Kind = TypeVar("Kind", bound=RunView)

_ENDED = (State.FINISHED, State.DIVERGED, State.FAILED)


class LiveRun(QObject):
    """Ask the loop for what a person wants, and gather what it sends; the panels read it at every frame.

    Parameters
    ----------
    thread
        Where the loop runs.
    experiment
        What it trains first.
    parent
        The window.

    Signals
    -------
    figures()
        Figures changed: write them.
    frame()
        Something changed: draw it. Comes after `figures`, and more often while epochs are trained at full speed.
    status_changed(Status)
        The loop's state changed.
    experiment_changed(Experiment)
        Another experiment is trained, or the same one in an edited form.

    Attributes
    ----------
    experiment, status, log
        As of now. After going back the log is longer than the run is far: its end is the future that was left.
    epoch
        Epochs finished; at full speed ahead of the last status.
    parameters
        Their values after that epoch, in model order.
    clock
        Decides when frames come.
    """

    figures = Signal()
    frame = Signal()
    status_changed = Signal(Status)
    experiment_changed = Signal(Experiment)

    def __init__(self, thread: TrainingThread, experiment: Experiment, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = thread
        self.status = Status()
        self.clock = FrameClock(self)
        self._number = 0
        self._asked_data: Data | None = None
        self._begun = RunSpec(experiment)
        self._views: dict[type[RunView], RunView] = {}
        self.experiment = experiment
        self._begin_log(experiment)
        self.clock.figures.connect(self.figures)
        self.clock.frame.connect(self.frame)
        self.clock.painted.connect(self._train_on)
        self.clock.rested.connect(self._send_next)
        worker = thread.worker
        worker.status_changed.connect(self._take_status)
        worker.epochs_finished.connect(self.take_epochs)
        worker.view_changed.connect(self._take_view)
        worker.updated.connect(self.clock.request)

    @property
    def run_spec(self) -> RunSpec:
        """The run as it can be kept: the experiment, what was changed on the way, and how far it was trained."""
        if self._is_awaited:
            return structs.replace(self._begun, experiment=self.experiment)
        return RunSpec(self.experiment, self.status.interventions, len(self.log))

    def view(self, kind: type[Kind]) -> Kind | None:
        """Give a view as it was last worked out, None until then; all but the fit only while somebody looks."""
        view = self._views.get(kind)
        return view if isinstance(view, kind) else None

    def do(self, command: Command) -> None:
        """Ask something of the loop."""
        self._thread.do(command)

    def change(self, change: Intervention) -> None:
        """Change something from the next epoch on; the change's own epoch is that at which the loop takes it."""
        if isinstance(change, DataChange):
            self._asked_data = change.data
        self.do(commands.Change(change))

    def set_epochs(self, epochs: int) -> None:
        """Set how many epochs a Run trains."""
        self.experiment = structs.replace(self.experiment, epochs=epochs)
        self.do(commands.SetEpochs(epochs))

    def set_stop_rules(self, rules: StopRules) -> None:
        """Choose when a Run ends before its last epoch."""
        self.experiment = structs.replace(self.experiment, stop=rules)
        self.do(commands.SetStopRules(rules))

    def begin(self, run_spec: RunSpec) -> None:
        """Train another experiment, or a run that was kept; it is shown at once, before the loop is ready for it."""
        self._number += 1
        self._begun = run_spec
        self._asked_data = None
        self._begin_log(run_spec.experiment)
        self.experiment_changed.emit(run_spec.experiment)
        self.do(commands.Load(run_spec, self._number))

    def edit(self, edit: ExperimentEdit) -> None:
        """Begin anew with an edited problem: what was changed on the way stays as it is seen."""
        status, present = self.status, self.experiment
        if not self._is_awaited:
            rate = status.learning_rate if present.schedule is None else present.learning_rate
            data = self._asked_data or status.data or present.data
            present = structs.replace(present, data=data, loop=status.loop, learning_rate=rate)
        self.begin(RunSpec(edit.applied_to(present)))

    @Slot(EpochBatch)
    def take_epochs(self, batch: EpochBatch) -> None:
        """Add epochs to the log; they are shown at the next frame.

        After going back the first ones may be in the log already: the same epochs have the same numbers.
        """
        if self._is_awaited:
            return
        new = batch.after(len(self.log))
        if new is not None:
            self.log.append(new)
        self.clock.batched = len(batch) > 1
        self.epoch = batch.last_epoch
        self.parameters = tuple(batch.rows[-1][self._parameter_places].tolist())

    @Slot(RunView)
    def _take_view(self, view: RunView) -> None:
        if not self._is_awaited:
            self._views[type(view)] = view

    @Slot(Status)
    def _take_status(self, status: Status) -> None:
        if status.number != self._number or status.experiment is None:  # of what was trained before
            return
        before, self.status = self.status, status
        self.clock.yields_to_training = status.state is State.RUNNING
        known = self.experiment
        # Quick when it is the very object, however many points it has.
        if _without_ends(status.experiment) != _without_ends(known):
            self._begin_log(status.experiment)
            self.experiment_changed.emit(self.experiment)
        self.experiment = status.experiment
        self.epoch, self.parameters = status.epoch, status.parameters
        if status.data is self._asked_data or status.state is State.DIVERGED:
            self._asked_data = None
        if status.horizon < len(self.log):
            self.log.truncate(status.horizon)
        self.status_changed.emit(status)
        if before.number != status.number or before.state is State.LOADING:
            logger.info("ready: %s", self.experiment.model)
        elif before.state is State.RUNNING and status.state in _ENDED:
            logger.info("the run ended at epoch %d: %s", status.epoch, status.state.value)

    @Slot()
    def _train_on(self) -> None:
        self.do(commands.TrainOn())

    @Slot()
    def _send_next(self) -> None:
        self.do(commands.SendNext())

    @property
    def _is_awaited(self) -> bool:
        """Whether the loop has not begun yet with what was asked for last."""
        return self.status.number != self._number

    def _begin_log(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.log = TrainingLog(experiment.columns, experiment.dtype)
        self._parameter_places = experiment.columns.places(Role.PARAMETER)
        self.epoch = 0
        self.parameters = tuple(parameter.start for parameter in experiment.parameters)
        self._views = {}


def _without_ends(experiment: Experiment) -> Experiment:
    """Give an experiment without what only decides where a Run ends."""
    return structs.replace(experiment, epochs=DEFAULT_EXPERIMENT.epochs, stop=DEFAULT_EXPERIMENT.stop)
