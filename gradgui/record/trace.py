"""One epoch opened up: its graph as PyTorch built it, as plain values."""

from typing import Any

from msgspec import Struct
from numpy.typing import NDArray

from gradgui.record.views import RunView


class TensorValue(Struct, frozen=True, eq=False):
    """What a tensor held at one moment.

    Attributes
    ----------
    values
        A copy of all of it, in its own shape.
    dtype
        PyTorch's name of its type, as in ``float32``.
    """

    values: NDArray[Any]
    dtype: str

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape, empty for a single number."""
        return self.values.shape

    @property
    def number(self) -> float:
        """The value of a tensor with a single element.

        Raises
        ------
        ValueError
            When there are more elements.
        """
        return float(self.values.item())


class SavedValue(Struct, frozen=True):
    """Something a node keeps from the forward pass for its backward rule.

    Attributes
    ----------
    name
        PyTorch's name without its ``_saved_``.
    value
        A tensor, or the text of anything else (an exponent, a list of sizes); the text says so where the backward
        pass has freed it.
    """

    name: str
    value: TensorValue | str


class GraphNode(Struct, frozen=True):
    """One node of the graph behind ``loss.grad_fn``.

    Attributes
    ----------
    identifier
        Its place in the graph's list of nodes.
    name
        The operation under PyTorch's name, as in ``MulBackward0``; of a leaf the parameter's name.
    parameter
        Name of the parameter for a leaf, else None.
    inputs
        For each input of the operation the node that made it, None where no gradient is needed.
    value
        What the operation gave in the forward pass; None when it could not be seen.
    gradient
        The gradient of the loss by `value`; None before the backward pass has been here.
    passed_on
        The gradients that the operation passed on to `inputs`; empty before the backward pass.
    order
        Place in which the backward pass visited it, counted from 1; None before.
    saved
        What it keeps from the forward pass.
    """

    identifier: int
    name: str
    parameter: str | None
    inputs: tuple[int | None, ...]
    value: TensorValue | None
    gradient: TensorValue | None
    passed_on: tuple[TensorValue | None, ...]
    order: int | None
    saved: tuple[SavedValue, ...]


class Graph(Struct, frozen=True):
    """The graph behind a loss.

    Attributes
    ----------
    nodes
        Each once; ``nodes[0]`` is ``loss.grad_fn``, and ``nodes[i].identifier == i``.
    """

    nodes: tuple[GraphNode, ...]


class EpochTrace(RunView, frozen=True):
    """One epoch as far as it has been run, phase by phase.

    Attributes
    ----------
    epoch
        Its number, counted from 1.
    phases_done
        How many of its five phases have run, 0 to 5.
    learning_rate
        Step size of its update.
    x, y
        The data.
    y_pred, loss
        None before their phases.
    before
        The parameters before the update, in model order.
    after
        The parameters after it, None before the update phase.
    gradients_found
        ``.grad`` of each parameter as the epoch found it; None where there was no gradient yet.
    gradients
        ``.grad`` of each parameter after the backward pass and before ``zero_grad``; None before that, or where
        PyTorch gave none.
    gradients_left
        ``.grad`` of each parameter after ``zero_grad``; None before that phase, or where it is None.
    buffers_before, buffers_after
        What the optimizer remembers, by names such as ``w.exp_avg``, before and after the update.
    graph
        The graph; None before the loss phase.
    warnings
        What PyTorch warned of meanwhile, in its own words.
    """

    epoch: int
    phases_done: int
    learning_rate: float
    x: TensorValue
    y: TensorValue
    y_pred: TensorValue | None
    loss: TensorValue | None
    before: tuple[float, ...]
    after: tuple[float, ...] | None
    gradients_found: tuple[float | None, ...]
    gradients: tuple[float | None, ...] | None
    gradients_left: tuple[float | None, ...] | None
    buffers_before: dict[str, float]
    buffers_after: dict[str, float] | None
    graph: Graph | None
    warnings: tuple[str, ...]
