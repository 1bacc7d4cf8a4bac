"""The training loop: five phases, always in the same order, on real tensors."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import torch
from torch import Tensor

from gradgui.engine.early_stopping import EarlyStopping
from gradgui.engine.model import DTYPES, compile_loss, compile_model, leaf_tensors
from gradgui.engine.update import make_update_rule
from gradgui.experiment.experiment import Data, Experiment
from gradgui.experiment.optimizers import GradientDescent
from gradgui.experiment.training_loop import CORRECT_LOOP, PHASES, Loop, Phase

FORWARD, LOSS, BACKWARD, UPDATE, ZERO_GRAD = PHASES

Row = tuple[float, ...]
"""One epoch as the log keeps it: ``loss, <p>, <p>_grad, …, lr``, and behind these the optimizer's buffers."""


@dataclass(frozen=True)
class TrainerState:
    """Everything the next epoch depends on, between two epochs.

    Thousands are cheap: it holds plain numbers, and the data by reference.

    Attributes
    ----------
    epoch
        Epochs finished.
    parameters, gradients
        In model order; a gradient is None where ``.grad`` is None.
    buffers
        What the update rule remembers.
    schedule
        What the schedule of the learning rate remembers, as the scheduler's ``state_dict()`` has it.
    generator
        State of PyTorch's random generator.
    learning_rate
        Step size of the next update.
    loop
        How the loop is written.
    x, y
        The data in force, which nobody writes into.
    """

    epoch: int
    parameters: tuple[float, ...]
    gradients: tuple[float | None, ...]
    buffers: dict[str, Any]
    schedule: dict[str, Any]
    generator: Tensor
    learning_rate: float
    loop: Loop
    x: Tensor
    y: Tensor


class Trainer:
    """Train one experiment, by the phase, by the epoch, or many epochs at once.

    A row's loss and gradients are those of the parameters *before* the epoch's update, its parameters those
    *after* it, as the notebook prints them.

    Parameters
    ----------
    experiment
        What to train.

    Attributes
    ----------
    epoch
        Epochs finished.
    learning_rate
        Step size of the next update.
    next_phase
        The phase that runs next. When a phase raises, it stays at that phase.
    parameters
        The model's parameters by name, in model order.
    x, y
        The data in force, shape ``(points,)``.
    y_pred, loss
        Of the epoch in work, None before its forward and loss phases.
    row
        The last epoch that went through its update, without the optimizer's buffers; empty before.
    stop_watch
        What may end training before its last epoch; None for nothing.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.learning_rate = experiment.learning_rate
        self.epoch = 0
        self.next_phase = FORWARD
        self.set_data(experiment.data)
        self.parameters = leaf_tensors(experiment)
        self.y_pred: Tensor | None = None
        self.loss: Tensor | None = None
        self.row: Row = ()
        self.stop_watch: EarlyStopping | None = None
        self._has_buffers = bool(experiment.buffer_names)
        self._generator = torch.get_rng_state()
        self._model = compile_model(experiment)
        self._calculate_loss = compile_loss(experiment)
        self._phases: dict[Phase, Callable[[], None]] = {
            FORWARD: self._forward,
            LOSS: self._measure_loss,
            BACKWARD: self._backward,
            UPDATE: self._update,
            ZERO_GRAD: self._zero_grad,
        }
        self._write_loop(experiment.loop)

    @property
    def loop(self) -> Loop:
        """How the loop is written."""
        return self._loop

    @property
    def replaces_parameters(self) -> bool:
        """Whether the update is written out and not in place, so that PyTorch warns and soon raises."""
        return not self._loop.in_place and isinstance(self.experiment.optimizer, GradientDescent)

    @property
    def diverged(self) -> bool:
        """Whether the last row holds a number that is not finite."""
        return not _is_finite(self.row)

    def run_phase(self) -> Phase:
        """Run the next phase.

        Returns
        -------
        Phase
            The one that was run.

        Raises
        ------
        RuntimeError, TypeError, AttributeError
            PyTorch's own error when the loop is broken; `next_phase` is then the phase that raised it.
        """
        phase = self.next_phase
        self._phases[phase]()
        return phase

    def finish_epoch(self) -> Row:
        """Run what is left of the epoch in work, or a whole epoch, and give its row."""
        self.train([], 1)
        return self.row

    def train(self, rows: list[Row], epochs: int, deadline: float = math.inf) -> None:
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

        Raises
        ------
        RuntimeError, TypeError, AttributeError
            As `run_phase`.
        """
        while self.next_phase is not FORWARD or self._loop != CORRECT_LOOP:
            while self.run_phase() is not ZERO_GRAD:
                pass
            rows.append(self.whole_row())
            if self._ends_with(self.row) or len(rows) >= epochs or perf_counter() >= deadline:
                return
        self._train_straight(rows, epochs, deadline)

    def _train_straight(self, rows: list[Row], epochs: int, deadline: float) -> None:
        """Train on as `train` does, with the five phases written in one piece.

        What the phases below keep in attributes is kept in local names here, and written back at the end: that,
        and the calls that are spared, is a twelfth of an epoch.
        """
        model, calculate_loss, x, y = self._model, self._calculate_loss, self.x, self.y
        update, zero_grad = self._rule.update, self._rule.zero_grad
        tensors, has_buffers = tuple(self.parameters.values()), self._has_buffers
        watched, isfinite = self.stop_watch is not None, math.isfinite
        phase, y_pred, loss, row = FORWARD, None, None, self.row
        learning_rate, epoch = self.learning_rate, self.epoch
        try:
            while True:
                y_pred = model(x, *tensors)
                phase = LOSS
                loss = calculate_loss(y, y_pred)
                phase = BACKWARD
                loss.backward()  # type: ignore[no-untyped-call]
                phase = UPDATE
                following = update(learning_rate)
                values = [loss.item()]
                for tensor in tensors:
                    values.append(tensor.item())
                    gradient = tensor.grad
                    values.append(math.nan if gradient is None else gradient.item())
                values.append(learning_rate)
                row = tuple(values)
                learning_rate = following
                phase = ZERO_GRAD
                zero_grad()
                phase, y_pred, loss = FORWARD, None, None
                epoch += 1
                rows.append(row + self._rule.read_buffers() if has_buffers else row)
                if (watched or not isfinite(sum(row))) and self._ends_with(row):
                    return
                if len(rows) >= epochs or perf_counter() >= deadline:
                    return
        finally:
            self.next_phase, self.y_pred, self.loss, self.row = phase, y_pred, loss, row
            self.learning_rate, self.epoch = learning_rate, epoch

    def _ends_with(self, row: Row) -> bool:
        """Tell whether an epoch is the last one, by a stop rule or by a number that is not finite."""
        watch = self.stop_watch
        return (watch is not None and watch.ends_with(row)) or not _is_finite(row)

    def whole_row(self) -> Row:
        """Give the last epoch's row with the optimizer's buffers behind it, nan for one that is not there yet."""
        return self.row + self._rule.read_buffers()

    def set_parameter(self, name: str, value: float) -> None:
        """Set a parameter between two epochs; its gradient and the rule's buffers stay.

        Parameters
        ----------
        name
            Which parameter.
        value
            The new value, rounded to the run's dtype.
        """
        with torch.no_grad():
            self.parameters[name].copy_(torch.tensor(value, dtype=self.x.dtype))  # fill_ would refuse to overflow

    def set_data(self, data: Data) -> None:
        """Fit to other points from the next epoch on."""
        dtype = DTYPES[self.experiment.dtype]
        self.x = torch.tensor(data.x, dtype=dtype)
        self.y = torch.tensor(data.y, dtype=dtype)

    def set_loop(self, loop: Loop) -> None:
        """Write the loop in another way from the next epoch on; the rule's buffers stay.

        Parameters that are no leaf of the graph become leaf tensors of the same value, without a gradient.
        """
        for name, tensor in self.parameters.items():
            if not tensor.is_leaf:  # what an update that is not in place has left behind
                self.parameters[name] = tensor.detach().requires_grad_()
        remembered = self._rule.state(), self._rule.schedule_state()
        self._write_loop(loop)
        self._rule.restore(*remembered)

    def state(self) -> TrainerState:
        """Give the whole state between two epochs; the phases of an epoch in work are not in it."""
        tensors = self.parameters.values()
        generator = torch.get_rng_state()
        if not torch.equal(generator, self._generator):  # 5 kB: the states share it while nothing draws from it
            self._generator = generator
        return TrainerState(
            epoch=self.epoch,
            parameters=tuple(tensor.item() for tensor in tensors),
            gradients=tuple(map(_gradient, tensors)),
            buffers=self._rule.state(),
            schedule=self._rule.schedule_state(),
            generator=self._generator,
            learning_rate=self.learning_rate,
            loop=self._loop,
            x=self.x,
            y=self.y,
        )

    def restore(self, state: TrainerState) -> None:
        """Take a state back exactly, on fresh leaf tensors; an epoch in work is dropped.

        Parameters
        ----------
        state
            What `state` gave, of this experiment.
        """
        self.x, self.y = state.x, state.y
        for name, value, gradient in zip(self.parameters, state.parameters, state.gradients, strict=True):
            tensor = torch.tensor(value, dtype=self.x.dtype, requires_grad=True)
            tensor.grad = None if gradient is None else torch.tensor(gradient, dtype=self.x.dtype)
            self.parameters[name] = tensor
        self.learning_rate = state.learning_rate
        self.epoch = state.epoch
        self.next_phase = FORWARD
        self.y_pred = self.loss = None
        self.row = ()
        self._write_loop(state.loop)
        self._rule.restore(state.buffers, state.schedule)
        torch.set_rng_state(state.generator)

    def _write_loop(self, loop: Loop) -> None:
        self._loop = loop
        self._rule = make_update_rule(self.experiment, self.parameters, loop)

    def _forward(self) -> None:
        self.y_pred = self._model(self.x, *self.parameters.values())
        self.next_phase = LOSS

    def _measure_loss(self) -> None:
        self.loss = self._calculate_loss(self.y, self.y_pred)  # type: ignore[arg-type]
        self.next_phase = BACKWARD

    def _backward(self) -> None:
        self.loss.backward()  # type: ignore[union-attr]
        if not self._loop.backward_once:
            self.loss.backward()  # type: ignore[union-attr]
        self.next_phase = UPDATE

    def _update(self) -> None:
        # The gradients are read here: the update leaves them, and zero_grad wipes them.
        gradients = [_gradient(parameter) for parameter in self.parameters.values()]
        used = self.learning_rate
        self.learning_rate = self._rule.update(used)
        self.row = self._make_row(self.loss, gradients, used)  # type: ignore[arg-type]
        self.next_phase = ZERO_GRAD

    def _make_row(self, loss: Tensor, gradients: list[float | None], learning_rate: float) -> Row:
        row = [loss.item()]
        for parameter, gradient in zip(self.parameters.values(), gradients):  # noqa: B905 - each has one
            row.append(parameter.item())
            row.append(math.nan if gradient is None else gradient)
        row.append(learning_rate)
        return tuple(row)

    def _zero_grad(self) -> None:
        if self._loop.zero_grad:
            self._rule.zero_grad()
        self.y_pred = self.loss = None
        self.epoch += 1
        self.next_phase = FORWARD


def _gradient(tensor: Tensor) -> float | None:
    """Read ``.grad`` where PyTorch keeps one: asking a tensor that is no leaf makes it warn."""
    gradient = tensor.grad if tensor.is_leaf else None
    return None if gradient is None else gradient.item()


def _is_finite(row: Row) -> bool:
    # The sum is finite unless a number is not, or they overflow together.
    return math.isfinite(sum(row)) or all(map(math.isfinite, row))
