"""The update phase: how the parameters follow their gradients, and how these are reset."""

import math
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.optim.lr_scheduler import LRScheduler

from gradgui.engine.scheduler import make_scheduler
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.optimizers import SGD, Adagrad, Adam, AdamW, GradientDescent, RMSprop, buffer_names
from gradgui.experiment.training_loop import Loop


class UpdateRule(Protocol):
    """What the trainer asks of an update rule."""

    def update(self, learning_rate: float) -> float:
        """Move every parameter along its gradient, and give the learning rate of the next update."""

    def zero_grad(self) -> None:
        """Reset the gradients, so that the next backward pass does not add to them."""

    def state(self) -> dict[str, Any]:
        """Give a copy of the buffers: what the next update depends on besides parameters and gradients."""

    def read_buffers(self) -> tuple[float, ...]:
        """Give the buffers' values in the order of ``Experiment.buffer_names``, nan for one that is not there yet."""

    def schedule_state(self) -> dict[str, Any]:
        """Give a copy of what the learning rates to come depend on besides the present one."""

    def restore(self, state: dict[str, Any], schedule_state: dict[str, Any]) -> None:
        """Take back what `state` and `schedule_state` gave."""


class WrittenOut:
    """The notebook's own update, ``w -= lr * w.grad``, in the way the loop is written.

    Parameters
    ----------
    parameters
        The trainer's parameters by name; without ``loop.in_place`` its tensors are replaced.
    loop
        Whether the update runs under ``torch.no_grad()`` and in place.
    """

    def __init__(self, parameters: dict[str, Tensor], loop: Loop) -> None:
        self._parameters = parameters
        # The same numbers outside of the graph: to change those needs no torch.no_grad(), a twentieth of an epoch.
        self._targets = [(tensor.detach() if loop.no_grad else tensor, tensor) for tensor in parameters.values()]
        self._in_place = loop.in_place

    def update(self, learning_rate: float) -> float:
        """Run the update as it is written, right or broken; the learning rate stays.

        Raises
        ------
        RuntimeError, TypeError
            PyTorch's own error, when the loop is broken.
        """
        if not self._in_place:
            for name, parameter in self._parameters.items():
                self._parameters[name] = parameter - learning_rate * parameter.grad  # type: ignore[operator]
            return learning_rate
        for target, parameter in self._targets:
            target -= learning_rate * parameter.grad  # type: ignore[operator]  # noqa: PLW2901
        return learning_rate

    def zero_grad(self) -> None:
        """Set the gradients to zero in place.

        Raises
        ------
        AttributeError
            Python's own error, when a parameter is no leaf any more and its ``.grad`` is None.
        """
        for parameter in self._parameters.values():
            parameter.grad.zero_()  # type: ignore[union-attr]

    def state(self) -> dict[str, Any]:
        """Give nothing: this rule remembers nothing."""
        return {}

    def read_buffers(self) -> tuple[float, ...]:
        """Give nothing: this rule remembers nothing."""
        return ()

    def schedule_state(self) -> dict[str, Any]:
        """Give nothing: the learning rate stays."""
        return {}

    def restore(self, state: dict[str, Any], schedule_state: dict[str, Any]) -> None:
        """Take nothing back: this rule remembers nothing."""


class TorchOptimizer:
    """A rule of ``torch.optim``, as it is.

    Parameters
    ----------
    optimizer
        Made for the trainer's parameters.
    scheduler
        Made for the optimizer; None for a learning rate that stays.
    buffers
        Names of the buffers that are read.
    """

    def __init__(
        self, optimizer: torch.optim.Optimizer, scheduler: LRScheduler | None, buffers: tuple[str, ...]
    ) -> None:
        self._optimizer = optimizer
        self._scheduler = scheduler
        self._buffers = buffers

    def update(self, learning_rate: float) -> float:
        """Run ``optimizer.step()`` with this learning rate, then ``scheduler.step()``, which gives the next one."""
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate
        self._optimizer.step()
        if self._scheduler is None:
            return learning_rate
        self._scheduler.step()
        following: float = self._optimizer.param_groups[0]["lr"]
        return following

    def zero_grad(self) -> None:
        """Run ``optimizer.zero_grad()``, which sets the gradients to None."""
        self._optimizer.zero_grad()

    def state(self) -> dict[str, Any]:
        """Give copies of the buffers, by the parameter's place in model order."""
        return {
            str(index): {key: _copy(value) for key, value in buffers.items()}
            for index, buffers in self._optimizer.state_dict()["state"].items()
        }

    def read_buffers(self) -> tuple[float, ...]:
        """Give the buffers' values, parameter by parameter; nan for one that is not there yet."""
        (group,) = self._optimizer.param_groups
        kept = [self._optimizer.state.get(tensor, {}) for tensor in group["params"]]
        return tuple(_number(buffers.get(name)) for buffers in kept for name in self._buffers)

    def schedule_state(self) -> dict[str, Any]:
        """Give the scheduler's state, nothing where there is none; what is in it is replaced, never changed."""
        return self._scheduler.state_dict() if self._scheduler else {}

    def restore(self, state: dict[str, Any], schedule_state: dict[str, Any]) -> None:
        """Put copies of the buffers back, and the scheduler where it was."""
        whole = self._optimizer.state_dict()
        whole["state"] = {
            int(index): {key: _copy(value) for key, value in buffers.items()} for index, buffers in state.items()
        }
        self._optimizer.load_state_dict(whole)
        if self._scheduler:
            self._scheduler.load_state_dict(schedule_state)


def make_update_rule(experiment: Experiment, parameters: dict[str, Tensor], loop: Loop) -> UpdateRule:
    """Make the update rule that an experiment asks for, as it is before the first update.

    Parameters
    ----------
    experiment
        Whose optimizer, schedule and first learning rate.
    parameters
        The trainer's parameters by name.
    loop
        How the loop is written.
    """
    if isinstance(experiment.optimizer, GradientDescent):
        return WrittenOut(parameters, loop)
    optimizer = make_torch_optimizer(experiment.optimizer, list(parameters.values()), experiment.learning_rate)
    schedule = experiment.schedule
    scheduler = make_scheduler(schedule, optimizer) if schedule else None
    return TorchOptimizer(optimizer, scheduler, buffer_names(experiment.optimizer))


def make_torch_optimizer(
    optimizer: SGD | RMSprop | Adagrad | Adam | AdamW, tensors: list[Tensor], learning_rate: float
) -> torch.optim.Optimizer:
    """Make the optimizer of ``torch.optim`` that has these settings."""
    decay = optimizer.weight_decay
    match optimizer:
        case SGD(momentum=momentum, nesterov=nesterov):
            return torch.optim.SGD(
                tensors, lr=learning_rate, momentum=momentum, nesterov=nesterov, weight_decay=decay
            )
        case RMSprop(alpha=alpha, epsilon=epsilon, momentum=momentum):
            return torch.optim.RMSprop(
                tensors, lr=learning_rate, alpha=alpha, eps=epsilon, momentum=momentum, weight_decay=decay
            )
        case Adagrad(epsilon=epsilon):
            return torch.optim.Adagrad(tensors, lr=learning_rate, eps=epsilon, weight_decay=decay)
        case Adam(beta1=beta1, beta2=beta2, epsilon=epsilon):
            return torch.optim.Adam(tensors, lr=learning_rate, betas=(beta1, beta2), eps=epsilon, weight_decay=decay)
        case AdamW(beta1=beta1, beta2=beta2, epsilon=epsilon):
            return torch.optim.AdamW(tensors, lr=learning_rate, betas=(beta1, beta2), eps=epsilon, weight_decay=decay)


def _copy(value: Any) -> Any:
    return value.clone() if isinstance(value, Tensor) else value


def _number(buffer: Tensor | None) -> float:
    return math.nan if buffer is None else buffer.item()
