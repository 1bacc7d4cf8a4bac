"""What a learner did since a step of a lesson began: the commands, and what they left in the record."""

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from gradgui.experiment.changes import DataChange, ParameterChange
from gradgui.experiment.columns import Role
from gradgui.experiment.experiment import Experiment
from gradgui.record.training_log import TrainingLog
from gradgui.worker.commands import Command
from gradgui.worker.status import State, Status


class Evidence(Struct, frozen=True, eq=False):
    """What is known of a step at one moment; checks are functions of it alone.

    Attributes
    ----------
    start
        The experiment as the step found it.
    status
        The loop's state.
    log
        Of the present run, the future that was left by going back included.
    known
        So many of its epochs the step found trained.
    commands
        What was asked of the loop since, and meant something, in order.
    """

    start: Experiment
    status: Status
    log: TrainingLog
    known: int = 0
    commands: tuple[Command, ...] = ()

    @property
    def experiment(self) -> Experiment:
        """What is trained now."""
        return self.status.experiment or self.start

    @property
    def trained(self) -> int:
        """Epochs of the present run that were trained since the step began."""
        return max(0, len(self.log) - self.known)

    @property
    def is_same_problem(self) -> bool:
        """Whether model, points, loss and start values are the step's own, and no parameter was set by hand."""
        now, start = self.experiment, self.start
        same = (now.model, now.loss, now.parameters) == (start.model, start.loss, start.parameters)
        by_hand = any(isinstance(one, ParameterChange | DataChange) for one in self.status.interventions)
        return same and now.data == start.data and not by_hand

    def count(self, kind: type[Command]) -> int:
        """Tell how often a command was asked."""
        return sum(isinstance(command, kind) for command in self.commands)

    def column(self, role: Role, parameter: str = "") -> NDArray[np.floating[Any]]:
        """Give a column of the log, row 0 being epoch 1.

        Raises
        ------
        KeyError
            When the model has no such parameter.
        """
        for column in self.log.columns.of(role, parameter=parameter):
            return self.log.column(column.name)
        raise KeyError(parameter)


def evidence_at_start(start: Experiment) -> Evidence:
    """Give what is known before anything was done."""
    status = Status(
        state=State.READY,
        experiment=start,
        target=start.epochs,
        learning_rate=start.learning_rate,
        parameters=tuple(parameter.start for parameter in start.parameters),
        loop=start.loop,
        data=start.data,
    )
    return Evidence(start, status, TrainingLog(start.columns, start.dtype))
