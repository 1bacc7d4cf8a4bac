"""The way back from whatever was done to the experiment."""

from collections.abc import Callable, Hashable, Mapping
from typing import Protocol

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


class Runs(Protocol):
    """The runs of the window, of which one is the present one."""

    @property
    def number(self) -> int:
        """Of the present run."""
        ...

    def return_to(self, number: int) -> None:
        """Take up a run that was left."""
        ...


class Step(QUndoCommand):
    """Something that a person did to the experiment, with the way back.

    Where it led to another run, to take it back is to take the run up that was left, as it was.

    Parameters
    ----------
    runs
        The window's runs.
    text
        What was done, as in “Undo …”.
    command
        What the loop is asked for: where it would not take it, there is no way back and none forth.
    forth, back
        Do it, and take it back.
    same
        Steps that have this in common and follow each other are one: a ball that is dragged, a field that is stepped.
    since
        The number of the run in which it was begun, when that was before; None for the present one.

    Attributes
    ----------
    between
        The numbers of the runs that it leads between; empty when it stays in one.
    """

    def __init__(
        self,
        runs: Runs,
        text: str,
        command: type[Command] | None,
        forth: Callable[[], None],
        back: Callable[[], None],
        *,
        same: Hashable = None,
        since: int | None = None,
    ) -> None:
        super().__init__(text)
        self.between: tuple[int, ...] = ()
        self._runs, self._command = runs, command
        self._forth, self._back, self._same = forth, back, same
        self._began = self._ended = runs.number if since is None else since

    @property
    def command(self) -> type[Command] | None:
        """What the loop must take for it; None for another run, which can be taken up at any time."""
        return None if self.between else self._command

    def redo(self) -> None:
        """Do it."""
        if self.between:
            self._runs.return_to(self._ended)
            return
        self._forth()
        self._ended = self._runs.number
        if self._ended != self._began:
            self.between = (self._began, self._ended)

    def undo(self) -> None:
        """Take it back."""
        if self.between:
            self._runs.return_to(self._began)
        else:
            self._back()

    def id(self) -> int:
        """Give what Qt compares before it asks whether two steps are one."""
        return -1 if self._same is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        """Do what the next step does, if both are one and were done in one run."""
        if not isinstance(other, Step) or other._same != self._same or other._began != self._ended or other.between:
            return False
        self._forth = other._forth
        return True


def change_before(change: Intervention, parameters: Mapping[str, float], status: Status) -> Intervention:
    """Give the change that takes a change back."""
    match change:
        case ParameterChange(name=name):
            return replace(change, value=parameters[name])
        case LearningRateChange():
            return replace(change, learning_rate=status.began_with[1])
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
