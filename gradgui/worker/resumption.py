"""A run that was kept, on its way to its last epoch: trained again from its last checkpoint, bit for bit."""

from collections.abc import Iterator
from contextlib import suppress

import msgspec
from msgspec import structs

from gradgui.engine.run import Run
from gradgui.engine.state import TrainerState
from gradgui.worker.commands import Command, Load
from gradgui.worker.session import Session


class Resumption:
    """Take a run up in slices, so that meanwhile something else can be asked for.

    Parameters
    ----------
    load
        What is to be taken up, as far as it says that it was trained.

    Attributes
    ----------
    number
        Of the command.
    run
        The run as far as it has come.
    waiting
        What was asked for meanwhile, in order.
    """

    def __init__(self, load: Load) -> None:
        self.number = load.number
        self.waiting: list[Command] = []
        self._load = load
        self.run = Run(load.run_spec.experiment, load.run_spec.interventions)
        self.run.take_up(list(self._states()))

    def _states(self) -> Iterator[TrainerState]:
        """Give the states before the last epoch; what is none is left out.

        So is one of epoch 0: the experiment tells how that begins, and may have been changed since.
        """
        spec = self._load.run_spec
        for checkpoint in self._load.checkpoints:
            with suppress(msgspec.DecodeError):
                state = TrainerState.from_bytes(checkpoint, spec.experiment.data)
                if 0 < state.epoch < spec.trained:
                    yield structs.replace(state, data=self.run.data_after(state.epoch))

    @property
    def epochs_left(self) -> int:
        """Epochs to the last one; 0 also where the numbers are no longer finite."""
        return 0 if self.run.diverged else self._load.run_spec.trained - self.run.trainer.epoch

    def go_on(self, seconds: float) -> None:
        """Train for a while.

        Raises
        ------
        RuntimeError, TypeError, AttributeError
            PyTorch's own error, where it did not raise when the run was kept.
        """
        self.run.train(self.epochs_left, seconds)

    def session(self) -> Session:
        """Give the session that goes on from the last epoch."""
        load = self._load
        return Session(load.run_spec, load.number, load.kept, self.run)
