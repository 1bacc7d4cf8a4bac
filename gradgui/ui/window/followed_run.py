"""The run as the window follows it: its experiment, log, state and fit, always up to date."""

import logging
from itertools import compress
from typing import TypeVar

import numpy as np
from msgspec import structs
from PySide6.QtCore import QObject, Signal, Slot

from gradgui.experiment.changes import Intervention, ParameterChange
from gradgui.experiment.columns import Role
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.training_log import TrainingLog
from gradgui.record.views import RunView
from gradgui.ui.window.frame_clock import FrameClock
from gradgui.ui.window.undo import has_taken
from gradgui.worker import commands
from gradgui.worker.commands import Command
from gradgui.worker.status import State, Status
from gradgui.worker.training_thread import TrainingThread

logger = logging.getLogger(__name__)

Kind = TypeVar("Kind", bound=RunView)

_ENDED = (State.FINISHED, State.DIVERGED, State.FAILED)


class FollowedRun(QObject):
    """Gather what the loop sends; the panels read it at every frame.

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
    branched(int)
        The run of this number was left with its future, for one that has its past in common with it.
    asked(Command)
        This is asked of the loop.
    told(str)
        One sentence for the person.

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
    branched = Signal(int)
    asked = Signal(Command)
    told = Signal(str)

    def __init__(self, thread: TrainingThread, experiment: Experiment, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = thread
        self.status = Status()
        self.clock = FrameClock(self)
        self._number = self._last_number = self._sender = 0
        self._left: dict[int, tuple[RunSpec, TrainingLog]] = {}
        self._asked: dict[type[Intervention], Intervention] = {}
        self._awaits_lost = False
        self._views: dict[type[RunView], RunView] = {}
        self._kept: tuple[float, ...] | None = None  # parameters that a kept run has when the loop has taken it up
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
    def is_awaited(self) -> bool:
        """Whether the loop has not begun yet with what was asked for last."""
        return self.status.number != self._number

    @property
    def is_taken_up(self) -> bool:
        """Whether the loop is on its way to the last epoch of a run that was kept."""
        return self._kept is not None

    @property
    def training(self) -> TrainingThread:
        """Where the loop runs."""
        return self._thread

    def view(self, kind: type[Kind]) -> Kind | None:
        """Give a view as it was last worked out, None until then; all but the fit only while somebody looks."""
        view = self._views.get(kind)
        return view if isinstance(view, kind) else None

    def do(self, command: Command) -> None:
        """Ask something of the loop."""
        self.asked.emit(command)
        self._thread.do(command)

    @Slot(EpochBatch)
    def take_epochs(self, batch: EpochBatch) -> None:
        """Add epochs to the log; they are shown at the next frame.

        After going back the first ones may be in the log already: the same epochs have the same numbers.
        """
        is_present = self._sender == self._number
        if not is_present and self._sender not in self._left:
            return
        log = self.log if is_present else self._left[self._sender][1]  # under way when that run was left
        if batch.first_epoch > len(log) + 1:  # one was lost on its way
            if is_present and not self._awaits_lost:
                logger.warning("epochs %d to %d were lost on their way", len(log) + 1, batch.first_epoch - 1)
                self.do(commands.SendAgain(len(log) + 1))
                self._awaits_lost = True
            return
        if (new := batch.after(len(log))) is not None:
            log.append(new)
        if not is_present:
            return
        self._awaits_lost = False
        self.clock.batched = len(batch) > 1
        self.epoch = batch.last_epoch
        self.parameters = tuple(batch.rows[-1][self._parameter_places].tolist())

    @Slot(RunView)
    def _take_view(self, view: RunView) -> None:
        if self._sender == self._number:  # and not of a run that was left for this one again
            self._views[type(view)] = view

    @Slot(Status)
    def _take_status(self, status: Status) -> None:
        self._sender = status.number
        if status.number != self._number or status.experiment is None:  # of what was trained before
            return
        before, self.status = self.status, status
        if self._kept is not None:
            self._compare_with_kept(self._kept, status)
            self._kept = None
        self.clock.yields_to_training = status.state is State.RUNNING
        known = self.experiment
        # Quick when it is the very object, however many points it has; where a Run ends is no other experiment.
        if structs.replace(status.experiment, epochs=known.epochs, stop=known.stop) != known:
            self._begin_log(status.experiment)
            self.experiment_changed.emit(self.experiment)
        self.experiment = status.experiment
        self.epoch, self.parameters = status.epoch, status.parameters
        asked = {} if status.state is State.DIVERGED else self._asked  # which takes no change
        self._asked = {kind: one for kind, one in asked.items() if not has_taken(status, one)}
        if status.horizon < len(self.log):
            self.log.truncate(status.horizon)
        self.status_changed.emit(status)
        if before.number != status.number or before.state is State.LOADING:
            logger.info("ready: %s", self.experiment.model)
        elif before.state is State.RUNNING and status.state in _ENDED:
            logger.info("the run ended at epoch %d: %s", status.epoch, status.state.value)

    def _compare_with_kept(self, parameters: tuple[float, ...], status: Status) -> None:
        """See that what was trained again is what was kept, to the last bit."""
        changes = [one for one in status.interventions if isinstance(one, ParameterChange)]
        changed = {one.name for one in changes if one.epoch == status.epoch}  # since that epoch, which the log has
        compared = [name not in changed for name in self.experiment.parameter_names]
        kept, again = (tuple(compress(values, compared)) for values in (parameters, status.parameters))
        if status.horizon != len(self.log) or np.array(kept).tobytes() != np.array(again).tobytes():
            logger.warning("kept: epoch %d, %s; now: epoch %d, %s", len(self.log), kept, status.horizon, again)
            self.told.emit("Trained again here, this run has other numbers than those that were kept.")

    @Slot()
    def _train_on(self) -> None:
        self.do(commands.TrainOn())

    @Slot()
    def _send_next(self) -> None:
        self.do(commands.SendNext())

    def _begin_log(self, experiment: Experiment, log: TrainingLog | None = None) -> None:
        self.experiment = experiment
        self.log = TrainingLog(experiment.columns, experiment.dtype) if log is None else log
        self._parameter_places = experiment.columns.places(Role.PARAMETER)
        self.epoch = 0
        self.parameters = tuple(parameter.start for parameter in experiment.parameters)
        self._kept = None
        self._views = {}

    def _stand_at(self, epoch: int) -> None:
        """Show an epoch of the log of a run that was kept before the loop is there."""
        self.epoch = epoch
        if epoch:
            row = (self.log.value(column.name, epoch) for column in self.experiment.columns.of(Role.PARAMETER))
            self.parameters = tuple(row)
        self._kept = self.parameters
