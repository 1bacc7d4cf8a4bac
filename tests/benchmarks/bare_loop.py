"""The notebook's loop without any window: what the window's speed is measured against."""

from collections.abc import Callable
from time import perf_counter

import torch

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT

LOOK_EVERY = 256
"""Epochs between two looks at the clock, where an epoch takes less than a millisecond."""

Log = Callable[[int, float, float], object]
"""Takes an epoch's number, its loss and its ``w``."""


def measure_bare_loop(
    seconds: float, data: Data = DEFAULT_EXPERIMENT.data, log: Log | None = None, look_every: int = LOOK_EVERY
) -> float:
    """Train the lesson in plain PyTorch, with loss, ``w`` and ``w.grad`` of every epoch put into a list.

    Parameters
    ----------
    seconds
        How long, to the next look at the clock.
    data
        The points.
    log
        What else is done with every epoch, None for nothing.
    look_every
        Epochs between two looks at the clock.

    Returns
    -------
    float
        Epochs a second.
    """
    torch.set_num_threads(1)  # as the program does
    x = torch.tensor(data.x, dtype=torch.float32)
    y = torch.tensor(data.y, dtype=torch.float32)
    w = torch.tensor(0.0, dtype=torch.float32, requires_grad=True)
    learning_rate = 0.01
    rows: list[tuple[float, float, float]] = []

    def forward(x: torch.Tensor) -> torch.Tensor:
        return w * x

    def calculate_loss(y: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
        return ((y - y_pred) ** 2).mean()

    began = perf_counter()
    while perf_counter() - began < seconds:
        for _ in range(look_every):
            y_pred = forward(x)
            loss = calculate_loss(y, y_pred)
            loss.backward()  # type: ignore[no-untyped-call]
            gradient = w.grad
            assert gradient is not None
            with torch.no_grad():
                w -= learning_rate * gradient
            rows.append((loss.item(), w.item(), gradient.item()))
            gradient.zero_()
            if log is not None:
                log(len(rows), *rows[-1][:2])
    return len(rows) / (perf_counter() - began)
