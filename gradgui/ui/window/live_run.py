"""What a person does to the run: all of it can be undone, and nothing that was trained is lost by it."""

from collections.abc import Callable, Hashable
from functools import partial, reduce
from typing import Any

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
from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import Loop, Phase
from gradgui.record.training_log import TrainingLog
from gradgui.ui.window.followed_run import FollowedRun
from gradgui.ui.window.undo import MOST_UNDOS, Step, change_before, change_text, edit_text
from gradgui.worker import commands
from gradgui.worker.commands import Command
from gradgui.worker.status import State, Status
from gradgui.worker.training_thread import TrainingThread

TRAINING = commands.Run | commands.StepEpoch | commands.StepPhase
"""What trains."""

_CHANGED = {LearningRateChange: "learning_rate", ParameterChange: "parameter", LoopChange: "loop"}


class LiveRun(FollowedRun):
    """Ask the loop for what a person wants, and know the way back.

    Parameters
    ----------
    thread, experiment, parent
        As in `FollowedRun`.

    Signals
    -------
    undo_changed()
        Something else can be undone or redone.

    Attributes
    ----------
    undo_stack
        The way back from what was done to the experiment, and forth again.
    gate
        Why nothing can be trained now, as a sentence; empty when it can.
    locked
        Fields of the experiment that keep their value, as a lesson wants it.
    meant
        How the loop is shown and kept while its bug is hunted; None when there is nothing to hide.
    """

    undo_changed = Signal()

    def __init__(self, thread: TrainingThread, experiment: Experiment, parent: QObject) -> None:
        super().__init__(thread, experiment, parent)
        self._begun = self._opened = RunSpec(experiment)
        self.meant: Loop | None = None
        self._first_hidden = 0
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(MOST_UNDOS)
        self.undo_stack.indexChanged.connect(self.undo_changed)
        self.gate = ""
        self.locked: frozenset[str] = frozenset()

    @property
    def run_spec(self) -> RunSpec:
        """The run as it can be kept: the experiment, what was changed on the way, and how far it was trained.

        While a bug is hunted it is the experiment as it is meant, at its start.
        """
        if self.meant is not None:
            return RunSpec(structs.replace(self.as_seen, loop=self.meant))
        return self._present

    @property
    def _present(self) -> RunSpec:
        if self.is_awaited:
            return structs.replace(self._begun, experiment=self.experiment)
        return RunSpec(self.experiment, self.status.interventions, len(self.log))

    @property
    def first_hidden(self) -> int | None:
        """Of the runs whose loop is hidden the first one's number; None when there is nothing to hide."""
        return None if self.meant is None else self._first_hidden

    def hide_loop(self, meant: Loop) -> None:
        """Show and keep the loop as it is meant from the next run on."""
        self.meant, self._first_hidden = meant, self._last_number + 1

    @property
    def number(self) -> int:
        """Of the present run: another one after every run that is begun."""
        return self._number

    def do(self, command: Command) -> None:
        """Ask something of the loop; what trains only when nothing stands in its way."""
        if self.gate and isinstance(command, TRAINING):
            self.told.emit(self.gate)
        else:
            super().do(command)

    def refuses(self, *fields: str) -> bool:
        """Tell whether a lesson keeps one of these fields as it is; if so that is said, and shown."""
        if self.locked.isdisjoint(fields):
            return False
        names = ", ".join(sorted(field.replace("_", " ") for field in self.locked.intersection(fields)))
        self.told.emit(f"This step of the lesson keeps as it is: {names}.")
        self.experiment_changed.emit(self.experiment)
        self.status_changed.emit(self.status)
        self.clock.request()
        return True

    def push(
        self,
        text: str,
        command: type[Command] | None,
        forth: Callable[[], None],
        back: Callable[[], None],
        *,
        same: Hashable = None,
        since: int | None = None,
    ) -> None:
        """Do something that can be undone; see `Step`."""
        left = self._number
        self.undo_stack.push(Step(self, text, command, forth, back, same=same, since=since))
        if self._number != left:
            self._forget_runs()

    def ask(self, change: Intervention) -> None:
        """Change something from the next epoch on; the change's own epoch is that at which the loop takes it.

        At an epoch that others were trained after, this begins a branch.
        """
        if self.epoch < len(self.log):
            self._branch(change)
        else:
            self.do(commands.Change(change))
        if not isinstance(change, ParameterChange):
            self._asked[type(change)] = change

    def change(self, change: LearningRateChange | ParameterChange | LoopChange) -> None:
        """Change something from the next epoch on; it can be undone, and after a divergence it begins anew."""
        if self.refuses(_CHANGED[type(change)]):
            return
        begins_anew = self.status.state is State.DIVERGED or self.is_awaited  # of which no status is known yet
        if begins_anew and not isinstance(change, ParameterChange):
            fields = {field: getattr(change, field) for field in change.__struct_fields__ if field != "epoch"}
            self.edit(ExperimentEdit(fields))
            return
        # A change acts from the beginning of the epoch in work on, and so does the one that takes it back.
        at_start = self.is_awaited or self.status.next_phase is Phase.FORWARD
        began_with = self.parameters if at_start else self.status.began_with[0]
        now = dict(zip(self.experiment.parameter_names, began_with, strict=True))
        before = change_before(change, now, self.status)
        same = (type(change), getattr(change, "name", ""), self.epoch)
        forth, back = partial(self.ask, change), partial(self.ask, before)
        self.push(change_text(change), commands.Change, forth, back, same=same)

    def set_epochs(self, epochs: int) -> None:
        """Set how many epochs a Run trains."""
        if self.refuses("epochs"):
            return
        same = (commands.SetEpochs, self.epoch)
        self._change_end("change of the epochs", commands.SetEpochs, "epochs", epochs, same)

    def set_stop_rules(self, rules: StopRules) -> None:
        """Choose when a Run ends before its last epoch."""
        if self.refuses("stop"):
            return
        self._change_end("change of the stop rules", commands.SetStopRules, "stop", rules)

    @Slot(RunSpec)
    def open(self, run_spec: RunSpec) -> None:
        """Train another experiment, or a run that was kept; there is no way back to what was trained before."""
        self.undo_stack.clear()
        self.meant = None
        self._opened = run_spec
        self._begin(run_spec)
        self._forget_runs()

    def open_kept(self, run_spec: RunSpec, log: TrainingLog, kept: int, checkpoints: tuple[bytes, ...]) -> None:
        """Take up a run that was kept, at its last epoch and with all of its past.

        Parameters
        ----------
        run_spec, log
            What decides it, and what it trained.
        kept
            Its number in the file of runs.
        checkpoints
            States of it, in the order of their epochs.
        """
        self.undo_stack.clear()
        self.meant = None
        self._opened = structs.replace(run_spec, trained=0)
        self._last_number += 1
        self._show(self._last_number, run_spec, log)
        self._stand_at(len(log))
        self.status = Status()  # nothing that is known of the run before holds, and this one may take a while
        self.status_changed.emit(self.status)
        self.do(commands.Load(run_spec, self._number, kept, checkpoints))
        self._forget_runs()

    def edit(self, edit: ExperimentEdit, text: str = "") -> None:
        """Begin anew with an edited problem, as it is seen; ``text`` says what was done where no field does."""
        if self.refuses(*edit.fields):
            return
        self._begin_anew(RunSpec(edit.applied_to(self.as_seen)), text or edit_text(edit))

    @Slot()
    def reset(self) -> None:
        """Go back to epoch 0 with the experiment as it is seen."""
        self._begin_anew(RunSpec(self.as_seen), "reset")

    @Slot()
    def begin_again(self) -> None:
        """Begin with what was opened, whatever was changed since."""
        self._begin_anew(self._opened, "beginning again")

    @property
    def as_seen(self) -> Experiment:
        """The experiment with all that was changed on the way but the parameters."""
        status, present = self.status, self.experiment
        if self.is_awaited:
            return present
        rate = status.learning_rate if present.schedule is None else present.learning_rate
        seen = structs.replace(present, data=status.data or present.data, loop=status.loop, learning_rate=rate)
        return reduce(with_change, self._asked.values(), seen)

    def _change_end(self, text: str, kind: Any, field: str, value: object, same: object = None) -> None:
        forth, back = (partial(self._set_end, kind, field, one) for one in (value, getattr(self.experiment, field)))
        self.push(text, kind, forth, back, same=same)

    def _set_end(self, kind: Any, field: str, value: object) -> None:
        self.experiment = structs.replace(self.experiment, **{field: value})
        self.do(kind(value))

    def _begin_anew(self, run_spec: RunSpec, text: str) -> None:
        """Leave the present run for another one; it can be gone back to."""
        self.push(text, None, partial(self._begin, run_spec), partial(self.return_to, self._number))

    def return_to(self, number: int) -> None:
        """Take up a run that was left, as it was then."""
        left = self._left.get(number)
        if left is not None:
            self._show(number, *left)
            # What was never trained may not have come as far as the loop.
            self.do(commands.Return(number) if len(self.log) else commands.Load(left[0], number))

    def _branch(self, change: Intervention) -> None:
        """Leave the present run with its future, for one that has the past of it in common."""
        epoch, left = self.epoch, self._number
        self._left[left] = self._present, self.log
        self._last_number += 1
        past = tuple(one for one in self.status.interventions if one.epoch <= epoch)
        self._begun = RunSpec(self.experiment, past, epoch)
        self._number, self._asked = self._last_number, {}
        self.log = self.log.until(epoch)
        self.do(commands.Branch(self._number, change, epoch))
        self.branched.emit(left)
        self.clock.request()

    def _begin(self, run_spec: RunSpec) -> None:
        """Show a new run at once, before the loop is ready for it."""
        self._last_number += 1
        self._show(self._last_number, run_spec)
        self.do(commands.Load(run_spec, self._number))

    def _show(self, number: int, run_spec: RunSpec, log: TrainingLog | None = None) -> None:
        self._left[self._number] = self._present, self.log
        self._number, self._begun, self._asked = number, run_spec, {}
        self._begin_log(run_spec.experiment, log)
        self.experiment_changed.emit(run_spec.experiment)
        self.clock.request()

    def _forget_runs(self) -> None:
        """Forget the runs to which no way leads back."""
        steps = [self.undo_stack.command(place) for place in range(self.undo_stack.count())]
        numbers = {number for step in steps if isinstance(step, Step) for number in step.between}
        self._left = {number: left for number, left in self._left.items() if number in numbers}
        self.do(commands.Keep(frozenset(numbers)))
