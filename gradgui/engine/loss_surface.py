"""The loss as a function of the parameters, aside from the run: what it is here, next, and all around."""

import math
import warnings

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradgui.engine.model import compile_model, compile_point_loss
from gradgui.engine.state import TrainerState
from gradgui.engine.trainer import Trainer
from gradgui.experiment.experiment import Experiment

MOST_PREDICTIONS = 4_000_000
"""Predictions made for a picture: of more data an evenly spaced choice has to do, or it would take seconds."""
MOST_AT_ONCE = 131_072
"""Predictions made at once: so many fit into a processor's cache."""

Values = NDArray[np.float64]


class LossSurface:
    """Measure an experiment's loss away from where its run is.

    Parameters
    ----------
    experiment
        Whose loss.
    places
        How many losses a picture of it asks for.

    Attributes
    ----------
    points, points_used
        Data points there are, and those that `losses` takes.
    """

    def __init__(self, experiment: Experiment, places: int) -> None:
        self._shadow = Trainer(experiment)
        self._model = compile_model(experiment)
        self._point_loss = compile_point_loss(experiment)
        self.points = len(experiment.data.x)
        step = math.ceil(self.points / max(1, MOST_PREDICTIONS // places))
        self._x = torch.tensor(experiment.data.x[::step], dtype=torch.float64)
        self._y = torch.tensor(experiment.data.y[::step], dtype=torch.float64)
        self.points_used = len(self._x)

    def present(self, state: TrainerState) -> tuple[float, tuple[float, ...]]:
        """Give loss and true gradient of all the data in the run's dtype, whatever the loop does with ``.grad``."""
        dtype = self._shadow.x.dtype
        leaves = [torch.tensor(value, dtype=dtype, requires_grad=True) for value in state.parameters]
        loss = self._point_loss(self._shadow.y, self._model(self._shadow.x, *leaves)).mean()
        return loss.item(), tuple(part.item() for part in torch.autograd.grad(loss, leaves))

    def after_next_update(self, state: TrainerState) -> tuple[float, ...]:
        """Give the parameters after the next update, run on a copy; nan where the loop would raise."""
        self._shadow.restore(state)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what PyTorch warns of is shown where the run itself does it
                self._shadow.finish_epoch()
        except (RuntimeError, TypeError, AttributeError):  # a loop that is broken on purpose has no next update
            return (math.nan,) * len(state.parameters)
        return tuple(tensor.item() for tensor in self._shadow.parameters.values())

    def losses(self, parameters: tuple[float, ...], varied: dict[int, Values]) -> Values:
        """Give the loss in float64 at many places.

        Parameters
        ----------
        parameters
            In model order: where those that do not vary are held.
        varied
            By place in model order the values of those that do, shape ``(n,)`` each.

        Returns
        -------
        ndarray
            Shape ``(n,)``.
        """
        places = len(next(iter(varied.values())))
        rows = max(1, MOST_AT_ONCE // self.points_used)
        parts = [
            self._mean_losses(parameters, {index: values[first : first + rows] for index, values in varied.items()})
            for first in range(0, places, rows)
        ]
        return torch.cat(parts).numpy()

    def _mean_losses(self, parameters: tuple[float, ...], varied: dict[int, Values]) -> Tensor:
        arguments = [torch.tensor(value, dtype=torch.float64) for value in parameters]
        for index, values in varied.items():
            arguments[index] = torch.from_numpy(values[:, None])
            places = len(values)
        with torch.no_grad():
            predictions = self._model(self._x, *arguments)
            losses: Tensor = self._point_loss(self._y, predictions).expand(places, self.points_used).mean(dim=1)
        return losses
