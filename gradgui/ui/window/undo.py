"""The way back from whatever was done to the experiment."""

from collections.abc import Callable, Hashable, Mapping

from msgspec.structs import replace
from PySide6.QtGui import QUndoCommand

from gradgui.experiment.changes import (
    DataChange,
    ExperimentEdit,
    Intervention,
    LearningRateChange,
    LoopChange,
    ParameterChange,
)
from gradgui.worker.commands import Command
from gradgui.worker.status import Status

MOST_UNDOS = 50
"""Each may keep a run with its log, or a list of all points."""

_SUBJECTS = {"parameters": "start values", "dtype": "floating-point type"}


class Step(QUndoCommand):
    """Something that a person did to the experiment, with the way back.

    Parameters
    ----------
    text
        What was done, as in “Undo …”.
    command
        What the loop is asked for: where it would not take it, there is no way back and none forth. None for another
        run, which can be asked for at any time.
    forth, back
        Do it, and take it back.
    same
        Steps that have this in common and follow each other are one: a ball that is dragged, a field that is stepped.
    runs
        The numbers of the runs that it leads between; empty when it stays in the present one.

    Attributes
    ----------
    command, runs
        As given.
    """

    def __init__(
        self,
        text: str,
        command: type[Command] | None,
        forth: Callable[[], None],
        back: Callable[[], None],
        *,
        same: Hashable = None,
        runs: tuple[int, ...] = (),
    ) -> None:
        super().__init__(text)
        self.command, self.runs = command, runs
        self._forth, self._back, self._same = forth, back, same

    def redo(self) -> None:
        """Do it."""
        self._forth()

    def undo(self) -> None:
        """Take it back."""
        self._back()

    def id(self) -> int:
        """Give what Qt compares before it asks whether two steps are one."""
        return -1 if self._same is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        """Do what the next step does, if both are one."""
        if not isinstance(other, Step) or other._same != self._same:
            return False
        self._forth = other._forth
        return True


def change_before(change: Intervention, parameters: Mapping[str, float], status: Status) -> Intervention:
    """Give the change that takes a change back."""
    match change:
        case ParameterChange(name=name):
            return replace(change, value=parameters[name])
        case LearningRateChange():
            return replace(change, learning_rate=status.learning_rate)
        case LoopChange():
            return replace(change, loop=status.loop)
        case DataChange():
            return replace(change, data=status.data)


def change_text(change: Intervention) -> str:
    """Say what is changed, as in “Undo …”."""
    match change:
        case ParameterChange(name=name):
            return f"change of {name}"
        case LearningRateChange():
            return "change of the learning rate"
        case LoopChange():
            return "change of the loop"
        case DataChange():
            return "change of the data"


def edit_text(edit: ExperimentEdit) -> str:
    """Say what is edited, as in “Undo …”."""
    field = next(iter(edit.fields))
    return f"change of the {_SUBJECTS.get(field, field.replace('_', ' '))}"


def has_taken(status: Status, change: Intervention) -> bool:
    """Whether the loop has taken a change; a rate that a schedule goes on to change is not looked for."""
    match change:
        case DataChange(data=data):
            return status.data is data
        case LoopChange(loop=loop):
            return status.loop == loop
        case LearningRateChange(learning_rate=rate):
            scheduled = status.experiment is not None and status.experiment.schedule is not None
            return scheduled or status.learning_rate == rate
        case ParameterChange():
            return True
