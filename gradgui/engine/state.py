"""Everything that the next epoch of a run depends on, as plain numbers that can be stored."""

from typing import Any

import msgspec
from msgspec import Struct

from gradgui.experiment.experiment import Data
from gradgui.experiment.training_loop import Loop


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
        """Write the state so that `from_bytes` gives it back to the last bit."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def from_bytes(cls, content: bytes) -> "TrainerState":
        """Read what `to_bytes` wrote.

        Raises
        ------
        msgspec.DecodeError
            When it is no state.
        """
        return msgspec.msgpack.decode(content, type=cls)
