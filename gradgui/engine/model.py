"""The model and the loss of an experiment as functions of tensors."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import compile_formula, parse_formula

# One thread: more would add up the points in another order, and equal experiments would differ by the machine.
torch.set_num_threads(1)
# The first time that torch.clamp is given a float, it imports something, and compiled formulas have no __import__.
torch.clamp(torch.zeros(1), min=0.5)

LOSS_VARIABLES = ("y", "y_pred")

MOST_AT_ONCE = 131_072
"""Predictions made at once: so many fit into a processor's cache."""

Values = NDArray[np.float64]

DTYPES: dict[str, torch.dtype] = {"float32": torch.float32, "float64": torch.float64}


def compile_model(experiment: Experiment) -> Callable[..., Tensor]:
    """Compile the model's formula.

    Returns
    -------
    Callable
        ``model(x, *parameters) -> y_pred``; ``y_pred`` has the shape of ``x``, or no shape at all when the
        formula does not name ``x``.
    """
    formula = parse_formula(experiment.model)
    return compile_formula(formula, ("x", *formula.parameters), torch)


def compile_point_loss(experiment: Experiment) -> Callable[[Tensor, Tensor], Tensor]:
    """Compile the loss of single points: ``point_loss(y, y_pred)``, element by element."""
    return compile_formula(parse_formula(experiment.loss, LOSS_VARIABLES), LOSS_VARIABLES, torch)


def compile_loss(experiment: Experiment) -> Callable[[Tensor, Tensor], Tensor]:
    """Compile the loss: the mean over the points of the formula in ``y`` and ``y_pred``.

    Returns
    -------
    Callable
        ``calculate_loss(y, y_pred) -> loss``, a tensor with a single value.
    """
    return compile_formula(parse_formula(experiment.loss, LOSS_VARIABLES), LOSS_VARIABLES, torch, mean=True)


def leaf_tensors(experiment: Experiment) -> dict[str, Tensor]:
    """Make the model's parameters at their start values: leaf tensors without a shape, in model order."""
    dtype = DTYPES[experiment.dtype]
    return {
        parameter.name: torch.tensor(parameter.start, dtype=dtype, requires_grad=True)
        for parameter in experiment.parameters
    }


class LossFunction:
    """Measure an experiment's loss for any parameters, with the operations of the training loop.

    Parameters
    ----------
    experiment
        Whose model, loss and data.
    dtype
        In which it is computed. The data is what the run has of it: rounded to the run's dtype before it is
        widened, so that two dtypes give the same function up to the rounding on the way.
    step
        Every so many of the data points are taken.

    Attributes
    ----------
    x, y
        The data, shape ``(points,)``.
    """

    def __init__(self, experiment: Experiment, dtype: torch.dtype, step: int = 1) -> None:
        self._dtype = dtype
        self._run_dtype = DTYPES[experiment.dtype]
        self._model = compile_model(experiment)
        self._calculate_loss = compile_loss(experiment)
        self._point_loss = compile_point_loss(experiment)
        self.x = self.tensor(experiment.data.x[::step])
        self.y = self.tensor(experiment.data.y[::step])

    def __call__(self, *parameters: Tensor) -> Tensor:
        """Give the loss at these values, in model order, as a tensor without a shape."""
        return self._calculate_loss(self.y, self._model(self.x, *parameters))

    def of_points(self, *parameters: Tensor) -> Tensor:
        """Give the loss of each point; the parameters' shapes are broadcast with ``(points,)``."""
        return self._point_loss(self.y, self._model(self.x, *parameters))

    @torch.no_grad()
    def at_places(self, parameters: Sequence[float | Values]) -> Values:
        """Give the loss at many places.

        Parameters
        ----------
        parameters
            In model order: of one that varies its value at each place, shape ``(places,)``, of another one number.

        Returns
        -------
        ndarray
            Shape ``(places,)``.
        """
        columns = [torch.as_tensor(values, dtype=self._dtype)[..., None] for values in parameters]
        places, points = max(map(len, columns)), len(self.x)
        rows = max(1, MOST_AT_ONCE // points)
        parts = []
        for first in range(0, places, rows):
            part = [column[first : first + rows] if len(column) > 1 else column for column in columns]
            parts.append(self.of_points(*part).expand(min(rows, places - first), points).mean(dim=1))
        return torch.cat(parts).numpy().astype(np.float64, copy=False)

    def tensor(self, values: float | tuple[float, ...] | Values) -> Tensor:
        """Make a tensor of what the run would have of these values."""
        return torch.tensor(values, dtype=self._run_dtype).to(self._dtype)
