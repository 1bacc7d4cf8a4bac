"""The run as the window knows it: its one owner of the experiment, its log, state and fit, always up to date."""

import logging
from functools import partial, reduce
from typing import Any, TypeVar

from msgspec import structs
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from gradgui.experiment.changes import (
    ExperimentEdit,
    Intervention,
    LearningRateChange,
    LoopChange,
    ParameterChange,
    with_change,
)
from gradgui.experiment.columns import Role
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.training_log import TrainingLog
from gradgui.record.views import RunView
from gradgui.ui.window.frame_clock import FrameClock
from gradgui.ui.window.undo import MOST_UNDOS, Step, change_before, change_text, edit_text, has_taken
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
    undo_stack
        The way back from what was done to the experiment, and forth again.
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
        self._number = self._last_number = self._sender = 0
        self._left: dict[int, tuple[RunSpec, TrainingLog]] = {}
        self._asked: dict[type[Intervention], Intervention] = {}
        self._awaits_lost = False
        self._begun = self._opened = RunSpec(experiment)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(MOST_UNDOS)
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
        if self.is_awaited:
            return structs.replace(self._begun, experiment=self.experiment)
        return RunSpec(self.experiment, self.status.interventions, len(self.log))

    def view(self, kind: type[Kind]) -> Kind | None:
        """Give a view as it was last worked out, None until then; all but the fit only while somebody looks."""
        view = self._views.get(kind)
        return view if isinstance(view, kind) else None

    def do(self, command: Command) -> None:
        """Ask something of the loop."""
        self._thread.do(command)

    def ask(self, change: Intervention) -> None:
        """Change something from the next epoch on; the change's own epoch is that at which the loop takes it."""
        if not isinstance(change, ParameterChange):
            self._asked[type(change)] = change
        self.do(commands.Change(change))

    def change(self, change: LearningRateChange | ParameterChange | LoopChange) -> None:
        """Change something from the next epoch on; it can be undone, and after a divergence it begins anew."""
        if self.status.state is State.DIVERGED and not isinstance(change, ParameterChange):
            fields = {field: getattr(change, field) for field in change.__struct_fields__ if field != "epoch"}
            self.edit(ExperimentEdit(fields))
            return
        now = dict(zip(self.experiment.parameter_names, self.parameters, strict=True))
        before = change_before(change, now, self.status)
        same = (type(change), getattr(change, "name", ""), self._number, self.epoch)
        forth, back = partial(self.ask, change), partial(self.ask, before)
        self.undo_stack.push(Step(change_text(change), commands.Change, forth, back, same=same))

    def set_epochs(self, epochs: int) -> None:
        """Set how many epochs a Run trains."""
        same = (commands.SetEpochs, self._number, self.epoch)
        self._change_end("change of the epochs", commands.SetEpochs, "epochs", epochs, same)

    def set_stop_rules(self, rules: StopRules) -> None:
        """Choose when a Run ends before its last epoch."""
        self._change_end("change of the stop rules", commands.SetStopRules, "stop", rules)

    @Slot(RunSpec)
    def open(self, run_spec: RunSpec) -> None:
        """Train another experiment, or a run that was kept; there is no way back to what was trained before."""
        self.undo_stack.clear()
        self._opened = run_spec
        self._begin(run_spec)
        self._forget_runs()

    def edit(self, edit: ExperimentEdit, text: str = "") -> None:
        """Begin anew with an edited problem, as it is seen; ``text`` says what was done where no field does."""
        self._begin_anew(RunSpec(edit.applied_to(self._as_seen)), text or edit_text(edit))

    @Slot()
    def reset(self) -> None:
        """Go back to epoch 0 with the experiment as it is seen."""
        self._begin_anew(RunSpec(self._as_seen), "reset")

    @Slot()
    def begin_again(self) -> None:
        """Begin with what was opened, whatever was changed since."""
        self._begin_anew(self._opened, "beginning again")

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

    @Slot()
    def _train_on(self) -> None:
        self.do(commands.TrainOn())

    @Slot()
    def _send_next(self) -> None:
        self.do(commands.SendNext())

    @property
    def _as_seen(self) -> Experiment:
        """The experiment with all that was changed on the way but the parameters."""
        status, present = self.status, self.experiment
        if self.is_awaited:
            return present
        rate = status.learning_rate if present.schedule is None else present.learning_rate
        seen = structs.replace(present, data=status.data or present.data, loop=status.loop, learning_rate=rate)
        return reduce(with_change, self._asked.values(), seen)

    def _change_end(self, text: str, kind: Any, field: str, value: object, same: object = None) -> None:
        forth, back = (partial(self._set_end, kind, field, one) for one in (value, getattr(self.experiment, field)))
        self.undo_stack.push(Step(text, kind, forth, back, same=same))

    def _set_end(self, kind: Any, field: str, value: object) -> None:
        self.experiment = structs.replace(self.experiment, **{field: value})
        self.do(kind(value))

    def _begin_anew(self, run_spec: RunSpec, text: str) -> None:
        """Leave the present run for another one; it can be gone back to."""
        left, new = self._number, self._last_number + 1
        forth, back = partial(self._take_up, new, run_spec), partial(self._take_up, left)
        self.undo_stack.push(Step(text, None, forth, back, runs=(left, new)))
        self._forget_runs()

    def _take_up(self, number: int, run_spec: RunSpec | None = None) -> None:
        """Go back to a run that was left, or begin it when it is new."""
        left = self._left.get(number)
        if left is not None:
            self._show(number, *left)
            # What was never trained may not have come as far as the loop.
            self.do(commands.Return(number) if len(self.log) else commands.Load(left[0], number))
        elif run_spec is not None:
            self._begin(run_spec)

    def _begin(self, run_spec: RunSpec) -> None:
        """Show a new run at once, before the loop is ready for it."""
        self._last_number += 1
        self._show(self._last_number, run_spec)
        self.do(commands.Load(run_spec, self._number))

    def _show(self, number: int, run_spec: RunSpec, log: TrainingLog | None = None) -> None:
        self._left[self._number] = self.run_spec, self.log
        self._number, self._begun, self._asked = number, run_spec, {}
        self._begin_log(run_spec.experiment, log)
        self.experiment_changed.emit(run_spec.experiment)
        self.clock.request()

    def _forget_runs(self) -> None:
        """Forget the runs to which no way leads back."""
        steps = [self.undo_stack.command(place) for place in range(self.undo_stack.count())]
        numbers = {number for step in steps if isinstance(step, Step) for number in step.runs}
        self._left = {number: left for number, left in self._left.items() if number in numbers}
        self.do(commands.Keep(frozenset(numbers)))

    @property
    def is_awaited(self) -> bool:
        """Whether the loop has not begun yet with what was asked for last."""
        return self.status.number != self._number

    def _begin_log(self, experiment: Experiment, log: TrainingLog | None = None) -> None:
        self.experiment = experiment
        self.log = TrainingLog(experiment.columns, experiment.dtype) if log is None else log
        self._parameter_places = experiment.columns.places(Role.PARAMETER)
        self.epoch = 0
        self.parameters = tuple(parameter.start for parameter in experiment.parameters)
        self._views = {}
