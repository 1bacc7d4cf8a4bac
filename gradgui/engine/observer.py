"""An epoch under the microscope: the trainer's own phases, watched while they run."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec.structs import replace

from gradgui.engine.graph import LossGraph, OutputRecorder, copy_tensor
from gradgui.engine.trainer import Trainer
from gradgui.experiment.training_loop import PHASES, Phase
from gradgui.record.trace import EpochTrace


class EpochObserver:
    """Run a trainer's phases one by one and keep what there is to see, without changing a number.

    Parameters
    ----------
    trainer
        At the start of an epoch. Where it is taken back to one, the next phase begins a new trace.

    Raises
    ------
    ValueError
        When the trainer is in the middle of an epoch.
    """

    def __init__(self, trainer: Trainer) -> None:
        if trainer.next_phase is not Phase.FORWARD:
            raise ValueError(f"an epoch is observed from its start, but {trainer.next_phase.value} comes next")
        self._trainer = trainer
        self._x, self._y = copy_tensor(trainer.x), copy_tensor(trainer.y)
        with self._collecting_warnings():
            self._begin()

    def trace(self) -> EpochTrace:
        """Give the epoch so far; after its last phase the whole epoch, until the next one's first phase."""
        return self._trace

    def run_phase(self) -> Phase:
        """Run the trainer's next phase under observation.

        Returns
        -------
        Phase
            The one that was run.

        Raises
        ------
        RuntimeError, TypeError, AttributeError
            PyTorch's own error when the loop is broken; the trace shows everything up to there.
        """
        phase = self._trainer.next_phase
        with self._collecting_warnings():
            match phase:
                case Phase.FORWARD:
                    self._begin()
                    self._forward()
                case Phase.LOSS:
                    self._measure_loss()
                case Phase.BACKWARD:
                    self._backward()
                case Phase.UPDATE:
                    self._update()
                case Phase.ZERO_GRAD:
                    self._zero_grad()
        self._note(phases_done=PHASES.index(phase) + 1)
        return phase

    def _begin(self) -> None:
        state = self._trainer.state()
        self._graph: LossGraph | None = None
        self._outputs = OutputRecorder()
        # Where a broken update has put a new tensor in a parameter's place, that update is a node of the graph.
        self._outputs.record(self._trainer.parameters.values())
        self._trace = EpochTrace(
            epoch=state.epoch + 1,
            phases_done=0,
            learning_rate=state.learning_rate,
            x=self._x,
            y=self._y,
            y_pred=None,
            loss=None,
            before=state.parameters,
            after=None,
            gradients_found=state.gradients,
            gradients=None,
            gradients_left=None,
            buffers_before=state.buffers,
            buffers_after=None,
            graph=None,
            warnings=(),
        )

    def _forward(self) -> None:
        with self._outputs:
            self._trainer.run_phase()
        y_pred = self._trainer.y_pred
        self._note(y_pred=None if y_pred is None else copy_tensor(y_pred))

    def _measure_loss(self) -> None:
        with self._outputs:
            self._trainer.run_phase()
        loss = self._trainer.loss
        if loss is not None:
            self._graph = LossGraph(loss, self._trainer.parameters, self._outputs.values)
            self._note(loss=copy_tensor(loss), graph=self._graph.read())

    def _backward(self) -> None:
        graph = self._graph
        if graph is None:
            raise RuntimeError("the backward pass comes after the loss")
        try:
            with graph.watching_backward():
                self._trainer.run_phase()
        finally:
            # A second backward pass raises when the first has done its work.
            self._note(graph=graph.read(), gradients=self._trainer.state().gradients)

    def _update(self) -> None:
        self._trainer.run_phase()
        state = self._trainer.state()
        self._note(after=state.parameters, buffers_after=state.buffers)

    def _zero_grad(self) -> None:
        self._trainer.run_phase()
        self._note(gradients_left=self._trainer.state().gradients)

    def _note(self, **fields: Any) -> None:
        self._trace = replace(self._trace, **fields)

    @contextmanager
    def _collecting_warnings(self) -> Iterator[None]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                yield
            finally:
                texts = [*self._trace.warnings, *(str(warning.message) for warning in caught)]
                self._note(warnings=tuple(dict.fromkeys(texts)))
