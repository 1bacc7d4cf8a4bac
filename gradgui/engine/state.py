"""Everything that the next epoch of a run depends on, as plain numbers to be stored; and the states kept of a run."""

from bisect import bisect_right, insort
from collections.abc import Mapping
from copy import copy
from typing import Any

import msgspec
import torch
from msgspec import Struct
from msgspec.structs import replace
from torch import Tensor
from torch.optim import Optimizer

from gradgui.experiment.data import Data, decode_values, encode_values
from gradgui.experiment.training_loop import Loop

_ONE_POINT = Data((0.0,), (0.0,))


class TrainerState(Struct, frozen=True):
    """A run between two epochs; thousands are cheap, as they share data and generator.

    Attributes
    ----------
    epoch
        Epochs finished.
    parameters, gradients
        Element by element in model order; a gradient is None where ``.grad`` is None.
    buffers
        What the optimizer remembers, by names such as ``w.exp_avg`` and ``w.step``; without those that are not there
        yet.
    schedule
        What the schedule of the learning rate remembers, as the scheduler's ``state_dict()`` has it.
    generator
        State of PyTorch's random generator.
    learning_rate
        Step size of the next update.
    loop
        How the loop is written.
    data
        The points in force.
    """

    epoch: int
    parameters: tuple[float, ...]
    gradients: tuple[float | None, ...]
    buffers: dict[str, float]
    schedule: dict[str, Any]
    generator: bytes
    learning_rate: float
    loop: Loop
    data: Data

    def to_bytes(self) -> bytes:
        """Write the state without its points, so that `from_bytes` gives it back to the last bit."""
        return msgspec.msgpack.encode(replace(self, data=_ONE_POINT), enc_hook=encode_values)

    @classmethod
    def from_bytes(cls, content: bytes, data: Data) -> "TrainerState":
        """Read what `to_bytes` wrote; the points in force are told apart, as they can be many.

        Raises
        ------
        msgspec.DecodeError
            When it is no state.
        """
        state = msgspec.msgpack.decode(content, type=cls, dec_hook=decode_values)
        return replace(state, data=data)


def gradient_of(tensor: Tensor) -> float | None:
    """Read ``.grad`` where PyTorch keeps one: asking a tensor that is no leaf makes it warn."""
    gradient = tensor.grad if tensor.is_leaf else None
    return None if gradient is None else gradient.item()


def read_buffers(optimizer: Optimizer | None, parameters: Mapping[str, Tensor]) -> dict[str, float]:
    """Give what an optimizer remembers of its parameters, by names such as ``w.exp_avg`` and ``w.step``."""
    if optimizer is None:
        return {}
    return {
        f"{label}.{key}": value.item()
        for label, tensor in parameters.items()
        for key, value in optimizer.state.get(tensor, {}).items()
        if value is not None
    }


def put_buffers_back(
    optimizer: Optimizer | None, parameters: Mapping[str, Tensor], buffers: Mapping[str, float]
) -> None:
    """Have an optimizer remember what `read_buffers` gave; its count of steps is a float32, whatever the dtype."""
    if optimizer is None:
        return
    labels, state = list(parameters), dict[int, dict[str, Tensor]]()
    for name, value in buffers.items():
        label, key = name.rsplit(".", 1)
        dtype = torch.float32 if key == "step" else parameters[label].dtype
        state.setdefault(labels.index(label), {})[key] = torch.tensor(value, dtype=dtype)
    optimizer.load_state_dict(optimizer.state_dict() | {"state": state})


MOST_CHECKPOINTS = 16_384
FIRST_SPACING = 64
"""Epochs between two checkpoints to begin with: some two milliseconds of replay for the lesson."""


class Checkpoints:
    """The states of a run at evenly spaced epochs; the spacing doubles whenever there are too many.

    Parameters
    ----------
    start
        The state before the first epoch, always kept.

    Attributes
    ----------
    spacing
        Epochs between two checkpoints.
    """

    def __init__(self, start: TrainerState) -> None:
        self.spacing = FIRST_SPACING
        self._states = [start]

    def __len__(self) -> int:
        return len(self._states)

    def epochs_until_next(self, epoch: int) -> int:
        """Give the number of epochs from this one to the next that is due to be kept, at least 1."""
        return self.spacing - epoch % self.spacing

    def keep(self, state: TrainerState) -> None:
        """Keep a state if it is due and new."""
        if state.epoch % self.spacing or state.epoch <= self._states[-1].epoch:
            return
        self._states.append(state)
        if len(self._states) > MOST_CHECKPOINTS:
            self.spacing *= 2
            self._states = [kept for kept in self._states if kept.epoch % self.spacing == 0]

    def insert(self, state: TrainerState) -> None:
        """Keep a state that comes from elsewhere, at whatever epoch."""
        insort(self._states, state, key=_epoch)

    def until(self, epoch: int) -> "Checkpoints":
        """Give the states up to an epoch, for a run that has only these in common with this one."""
        others = copy(self)
        others._states = self._states[: bisect_right(self._states, epoch, key=_epoch)]
        return others

    def latest(self, epoch: int) -> TrainerState:
        """Give the kept state nearest to an epoch that is not after it."""
        return self._states[bisect_right(self._states, epoch, key=_epoch) - 1]

    def forget_after(self, epoch: int) -> None:
        """Drop the states after an epoch: they belong to a future that no longer comes."""
        del self._states[bisect_right(self._states, epoch, key=_epoch) :]


def _epoch(state: TrainerState) -> int:
    return state.epoch
