"""The training loop: the lines of its program, run on real tensors by the phase, by the epoch, or many at once."""

import math
from collections.abc import Callable
from time import perf_counter
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from gradgui.engine.compiled_program import Row, compiled
from gradgui.engine.model import DTYPES
from gradgui.engine.state import TrainerState, gradient_of, put_buffers_back, read_buffers
from gradgui.experiment.data import Data, Values
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.optimizers import GradientDescent, TorchOptimizer
from gradgui.experiment.program.program import make_program
from gradgui.experiment.training_loop import PHASES, Loop, Phase

FORWARD, LOSS, BACKWARD, UPDATE, ZERO_GRAD = PHASES


class Trainer:
    """Train one experiment.

    A row is laid out as the experiment's `Columns`: its loss and gradients are those of the parameters *before* the
    epoch's update, its parameters those *after* it, as the notebook prints them.

    Parameters
    ----------
    experiment
        What to train.

    Attributes
    ----------
    columns
        The layout of a row.
    epoch
        Epochs finished.
    next_phase
        The phase that runs next. When a phase raises, it stays at that phase.
    data
        The points in force.
    row
        The last epoch that went through its update, without the optimizer's buffers; empty before.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.columns = experiment.columns
        self.epoch = 0
        self.next_phase = FORWARD
        self.row: Row = ()
        self._buffers: Row = ()
        self._generator = torch.get_rng_state()
        self._generator_bytes = self._generator.numpy().tobytes()
        self._namespace: dict[str, Any] = {"torch": torch, "__nan": math.nan, "y_pred": None, "loss": None}
        self.set_data(experiment.data)
        self._write_loop(experiment.loop)
        self._set_up()

    @property
    def loop(self) -> Loop:
        """How the loop is written."""
        return self._loop

    @property
    def parameters(self) -> dict[str, Tensor]:
        """The model's parameters by name, in model order."""
        return {label: self._namespace[name] for label, name in self._names.items()}

    @property
    def values(self) -> tuple[float, ...]:
        """The parameters' values in model order."""
        return tuple(self._namespace[name].item() for name in self._names.values())

    @property
    def x(self) -> Tensor:
        """The inputs in force, shape ``(points,)``."""
        tensor: Tensor = self._namespace["x"]
        return tensor

    @property
    def y(self) -> Tensor:
        """The targets in force, shape ``(points,)``."""
        tensor: Tensor = self._namespace["y"]
        return tensor

    @property
    def y_pred(self) -> Tensor | None:
        """The prediction of the epoch in work, None before its forward phase."""
        tensor: Tensor | None = self._namespace["y_pred"]
        return tensor

    @property
    def loss(self) -> Tensor | None:
        """The loss of the epoch in work, None before it was measured."""
        tensor: Tensor | None = self._namespace["loss"]
        return tensor

    @property
    def learning_rate(self) -> float:
        """Step size of the next update."""
        if self.experiment.schedule is None:
            rate: float = self._namespace["learning_rate"]
            return rate
        return float(self._namespace["optimizer"].param_groups[0]["lr"])

    @learning_rate.setter
    def learning_rate(self, learning_rate: float) -> None:
        self._namespace["learning_rate"] = learning_rate
        if self._optimizer is not None:
            self._optimizer.param_groups[0]["lr"] = learning_rate

    @property
    def replaces_parameters(self) -> bool:
        """Whether the update is written out and not in place, so that PyTorch warns and soon raises."""
        return not self._loop.in_place and isinstance(self.experiment.optimizer, GradientDescent)

    @property
    def diverged(self) -> bool:
        """Whether the last row holds a number that is not finite."""
        return not all(map(math.isfinite, self.row))

    def run_phase(self) -> Phase:
        """Run the lines of the next phase.

        Returns
        -------
        Phase
            The one that was run.

        Raises
        ------
        RuntimeError, TypeError, AttributeError
            PyTorch's own error when the loop is broken; `next_phase` is then the phase that raised it, and
            `line_of` tells its line.
        """
        phase, namespace = self.next_phase, self._namespace
        self._program.run_phase(phase, namespace)
        if phase is UPDATE:
            self.row, self._buffers = namespace["__row"], namespace["__buffers"]
        elif phase is ZERO_GRAD:
            namespace["y_pred"] = namespace["loss"] = None
            self.epoch += 1
        self.next_phase = phase.following
        return phase

    def finish_epoch(self) -> Row:
        """Run what is left of the epoch in work, or a whole epoch, and give its row."""
        while self.run_phase() is not ZERO_GRAD:
            pass
        return self.row

    def train(
        self,
        rows: list[Row],
        epochs: int,
        deadline: float = math.inf,
        ends: Callable[[Row], bool] | None = None,
    ) -> None:
        """Train whole epochs until their number, the deadline or a number that is not finite is reached.

        Parameters
        ----------
        rows
            Each epoch's row is appended as it is finished, the optimizer's buffers behind it, so that none is lost
            when a later one raises.
        epochs
            How many rows there may be at the end; one epoch is trained in any case.
        deadline
            Reading of ``time.perf_counter()`` after which no further epoch begins.
        ends
            Tells of each row whether training ends with it.

        Raises
        ------
        RuntimeError, TypeError, AttributeError
            As `run_phase`.
        """
        while self.next_phase is not FORWARD or self.replaces_parameters:
            row = self.finish_epoch()
            rows.append(self.whole_row())
            over = self.diverged or (ends is not None and ends(row))
            if over or len(rows) >= epochs or perf_counter() >= deadline:
                return
        before = len(rows)
        try:
            self._program.train(self._namespace, rows, epochs, deadline, ends)
        except (RuntimeError, TypeError, AttributeError) as error:
            place = self.line_of(error)
            if place is not None:
                self.next_phase = self._program.program.lines[place].phase
            raise
        finally:
            self.epoch += len(rows) - before
            if len(rows) > before:
                width = len(self.columns.in_file)
                self.row, self._buffers = rows[-1][:width], rows[-1][width:]

    def whole_row(self) -> Row:
        """Give the last epoch's row with the optimizer's buffers behind it."""
        return self.row + self._buffers

    def line_of(self, error: BaseException) -> int | None:
        """Give the place among the loop's lines of the one that raised, None when none of them did."""
        return self._program.line_of(error)

    def set_parameter(self, name: str, value: float) -> None:
        """Set a parameter between two epochs; its gradient and the optimizer's buffers stay.

        Parameters
        ----------
        name
            Which parameter.
        value
            The new value, rounded to the run's dtype.
        """
        with torch.no_grad():
            self.parameters[name].copy_(self._tensor(value))  # fill_ would refuse to overflow

    def set_data(self, data: Data) -> None:
        """Fit to other points from the next epoch on."""
        self.data = data
        self._namespace["x"], self._namespace["y"] = self._tensor(data.x), self._tensor(data.y)

    def set_loop(self, loop: Loop) -> None:
        """Write the loop in another way from the next epoch on; the optimizer's buffers stay.

        Parameters that are no leaf of the graph become leaf tensors of the same value, without a gradient.
        """
        for label, tensor in self.parameters.items():
            if not tensor.is_leaf:  # what an update that is not in place has left behind
                self._namespace[self._names[label]] = tensor.detach().requires_grad_()
        self._write_loop(loop)

    def state(self) -> TrainerState:
        """Give the whole state between two epochs; the phases of an epoch in work are not in it."""
        generator = torch.get_rng_state()
        if not torch.equal(generator, self._generator):  # 5 kB: the states share it while nothing draws from it
            self._generator, self._generator_bytes = generator, generator.numpy().tobytes()
        return TrainerState(
            epoch=self.epoch,
            parameters=self.values,
            gradients=tuple(map(gradient_of, self.parameters.values())),
            buffers=read_buffers(self._optimizer, self.parameters),
            schedule=self._scheduler.state_dict() if self._scheduler is not None else {},
            generator=self._generator_bytes,
            learning_rate=self.learning_rate,
            loop=self._loop,
            data=self.data,
        )

    def restore(self, state: TrainerState) -> None:
        """Take back exactly what `state` gave, on fresh leaf tensors; an epoch in work is dropped."""
        if state.data is not self.data:
            self.set_data(state.data)
        if state.loop != self._loop:
            self._write_loop(state.loop)
        self._set_up()
        values = zip(self.parameters.items(), state.parameters, state.gradients, strict=True)
        for (label, tensor), value, gradient in values:
            self.set_parameter(label, value)
            tensor.grad = None if gradient is None else self._tensor(gradient)
        put_buffers_back(self._optimizer, self.parameters, state.buffers)
        if self._scheduler is not None:
            self._scheduler.load_state_dict(state.schedule)
        self.learning_rate = state.learning_rate
        self.epoch = state.epoch
        self.next_phase = FORWARD
        self._namespace["y_pred"] = self._namespace["loss"] = None
        self.row = self._buffers = ()
        if state.generator != self._generator_bytes:
            self._generator_bytes = state.generator
            self._generator = torch.frombuffer(bytearray(state.generator), dtype=torch.uint8)
        torch.set_rng_state(self._generator)

    def _write_loop(self, loop: Loop) -> None:
        self._loop = loop
        program = make_program(self.experiment, loop)
        self._names = program.names
        self._program = compiled(program, self.columns, scheduled=self.experiment.schedule is not None)
        self._program.show_source()

    def _set_up(self) -> None:
        """Run the set-up lines: fresh leaf tensors at their start values, and a fresh optimizer."""
        self._program.set_up(self._namespace)
        experiment, namespace = self.experiment, self._namespace
        has_optimizer = isinstance(experiment.optimizer, TorchOptimizer)
        self._optimizer: Optimizer | None = namespace["optimizer"] if has_optimizer else None
        self._scheduler: LRScheduler | None = namespace["scheduler"] if experiment.schedule is not None else None

    def _tensor(self, values: float | Values) -> Tensor:
        return torch.tensor(values, dtype=DTYPES[self.experiment.dtype])
