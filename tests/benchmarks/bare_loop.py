"""The notebook's loop without any window: what the window's speed is measured against."""

from time import perf_counter

import torch

LOOK_EVERY = 256
"""Epochs between two looks at the clock."""


def measure_bare_loop(seconds: float) -> float:
    """Train the lesson in plain PyTorch, with loss, ``w`` and ``w.grad`` of every epoch put into a list.

    Parameters
    ----------
    seconds
        How long.

    Returns
    -------
    float
        Epochs a second.
    """
    torch.set_num_threads(1)  # as the program does for a problem as small as this
    x = torch.tensor([1, 2, 3, 4], dtype=torch.float32)
    y = torch.tensor([2, 4, 6, 8], dtype=torch.float32)
    w = torch.tensor(0.0, dtype=torch.float32, requires_grad=True)
    learning_rate = 0.01
    rows: list[tuple[float, float, float]] = []

    def forward(x: torch.Tensor) -> torch.Tensor:
        return w * x

    def calculate_loss(y: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
        return ((y - y_pred) ** 2).mean()

    began = perf_counter()
    while perf_counter() - began < seconds:
        for _ in range(LOOK_EVERY):
            y_pred = forward(x)
            loss = calculate_loss(y, y_pred)
            loss.backward()  # type: ignore[no-untyped-call]
            gradient = w.grad
            assert gradient is not None
            with torch.no_grad():
                w -= learning_rate * gradient
            rows.append((loss.item(), w.item(), gradient.item()))
            gradient.zero_()
    return len(rows) / (perf_counter() - began)
