"""The loop of the notebook in plain PyTorch, written apart from the program, and what the course tells of it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

X, Y = (1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 8.0)

Model = Callable[..., Tensor]


class Row(NamedTuple):
    """An epoch: the loss and the gradients before its update, the parameters after it."""

    loss: float
    parameters: tuple[float, ...]
    gradients: tuple[float, ...]


def line_through_zero(x: Tensor, w: Tensor) -> Tensor:
    return w * x


def line(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return w * x + b


def neuron(x: Tensor, v: Tensor, w: Tensor, b: Tensor, c: Tensor) -> Tensor:
    return v * torch.tanh(w * x + b) + c


def mse(residual: Tensor) -> Tensor:
    return (residual**2).mean()


def mae(residual: Tensor) -> Tensor:
    return residual.abs().mean()


def huber(residual: Tensor) -> Tensor:
    return torch.nn.functional.huber_loss(residual, torch.zeros_like(residual))


def backward(loss: Tensor) -> None:
    loss.backward()  # type: ignore[no-untyped-call]


def gradient(tensor: Tensor) -> Tensor:
    assert tensor.grad is not None
    return tensor.grad


def train(
    epochs: int,
    rate: float = 0.01,
    start: Sequence[float] = (0.0,),
    *,
    points: tuple[Sequence[float], Sequence[float]] = (X, Y),
    model: Model = line_through_zero,
    loss: Callable[[Tensor], Tensor] = mse,
    optimizer: Callable[[list[Tensor]], torch.optim.Optimizer] | None = None,
    dtype: torch.dtype = torch.float32,
    zero_grad: bool = True,
) -> list[Row]:
    """Train, up to the first number that is not finite."""
    x, y = (torch.tensor(values, dtype=dtype) for values in points)
    parameters = [torch.tensor(float(value), dtype=dtype, requires_grad=True) for value in start]
    steps = optimizer(parameters) if optimizer else None
    rows = []
    for _ in range(epochs):
        value = loss(y - model(x, *parameters))
        backward(value)
        gradients = tuple(gradient(one).item() for one in parameters)
        if steps is not None:
            steps.step()
        else:
            with torch.no_grad():
                for one in parameters:
                    one.sub_(rate * gradient(one))
        if zero_grad:
            for one in parameters:
                gradient(one).zero_()
        rows.append(Row(value.item(), tuple(one.item() for one in parameters), gradients))
        if not torch.isfinite(value):
            break
    return rows


def first_below(rows: Sequence[Row], bound: float) -> int:
    """Give the first epoch with a loss below a bound."""
    return next(epoch for epoch, row in enumerate(rows, 1) if row.loss < bound)


def still_from(rows: Sequence[Row]) -> int:
    """Give the epoch after which no parameter changes any more."""
    moved = [epoch for epoch, row in enumerate(rows, 1) if row.parameters != rows[-1].parameters]
    return max(moved) + 1


def momentum(share: float, rate: float) -> Callable[[list[Tensor]], torch.optim.Optimizer]:
    return lambda parameters: torch.optim.SGD(parameters, lr=rate, momentum=share)


def adam(rate: float) -> Callable[[list[Tensor]], torch.optim.Optimizer]:
    return lambda parameters: torch.optim.Adam(parameters, lr=rate)
