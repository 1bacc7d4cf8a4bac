"""Runs trained as one graph: the lines of a stacked program, compiled."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from gradgui.engine.model import DTYPES
from gradgui.experiment.program.stacked_program import HELPERS, StackedProgram, stacked_program
from gradgui.experiment.sweep.sweep import Sweep

_EPOCH = """
def __train_epoch(epoch, x, y, {names}):
    global loss, numbers, exact_rate, final, lowest_loss, ended
    {lines}
"""


class Stack:
    """Train some runs of a sweep as one graph.

    Parameters
    ----------
    sweep
        Whose runs.
    cells
        The varied values of each run.
    points
        As `points_of` gives them, where there are several stacks of the same points; None to make them.

    Attributes
    ----------
    epoch
        Epochs trained.
    """

    def __init__(
        self, sweep: Sweep, cells: Sequence[tuple[float, ...]], points: dict[str, Tensor] | None = None
    ) -> None:
        self.epoch = 0
        self._program = stacked_program(sweep)
        self._namespace: dict[str, Any] = {"torch": torch, "varied": list(cells), "runs": len(cells)}
        self._namespace |= {"dtype": DTYPES[sweep.experiment.dtype], **(points or points_of(sweep, cells))}
        exec(_compiled(HELPERS), self._namespace)  # noqa: S102 - lines of our own, written from checked trees
        exec(_compiled("\n".join(self._program.setup)), self._namespace)  # noqa: S102
        exec(_compiled(_epoch_text(self._program)), self._namespace)  # noqa: S102
        words = self._program.names.values()
        self._arguments = [self._namespace[word] for word in ("x", "y", *words)]
        self._train: Callable[..., None] = self._namespace["__train_epoch"]

    @property
    def loss(self) -> Tensor:
        """The loss of each run in the last epoch, shape ``(runs, 1)``, that of runs that ended included."""
        tensor: Tensor = self._namespace["loss"]
        return tensor.detach()

    @property
    def numbers(self) -> Tensor:
        """The last epoch of each run: its loss, its parameters after it and its gradients, ``(runs, 1 + 2 n)``."""
        tensor: Tensor = self._namespace["numbers"]
        return tensor

    @property
    def rates(self) -> Tensor:
        """The learning rate of each run in the last epoch, in float64, shape ``(runs, 1)``."""
        tensor: Tensor = self._namespace["exact_rate"]
        return tensor

    @property
    def all_ended(self) -> bool:
        """Whether no run has finite numbers any more."""
        return bool(self._namespace["ended"].all())

    def column(self, name: str) -> Tensor:
        """Give one of what the program keeps of each run, shape ``(runs, …)``."""
        tensor: Tensor = self._namespace[name]
        return tensor

    def train_epoch(self) -> None:
        """Train every run for one epoch more."""
        self.epoch += 1
        self._train(self.epoch, *self._arguments)


def points_of(sweep: Sweep, cells: Sequence[tuple[float, ...]]) -> dict[str, Tensor]:
    """Make the points: for all runs the same, shape ``(points,)``, or for each its own, ``(runs, points)``."""
    dtype = DTYPES[sweep.experiment.dtype]
    if not sweep.varies_data:
        data = sweep.data_of(cells[0])
        return {"x": torch.tensor(data.x, dtype=dtype), "y": torch.tensor(data.y, dtype=dtype)}
    made = [sweep.data_of(values) for values in cells]
    return {
        "x": torch.stack([torch.tensor(data.x, dtype=dtype) for data in made]),
        "y": torch.stack([torch.tensor(data.y, dtype=dtype) for data in made]),
    }


def _epoch_text(program: StackedProgram) -> str:
    """Put the lines of an epoch into a function; the parameters stay the same tensors all along."""
    return _EPOCH.format(names=", ".join(program.names.values()), lines="\n    ".join(program.lines))


@lru_cache(maxsize=32)
def _compiled(text: str) -> Any:
    return compile(text, "<loop of the stack>", "exec", dont_inherit=True)
