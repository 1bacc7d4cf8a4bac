"""The loss around the present values of one or two parameters, and where the next update will land."""

import math
import warnings

import numpy as np
import torch
from msgspec.structs import replace

from gradgui.engine.model import DTYPES, LossFunction, Values
from gradgui.engine.state import TrainerState
from gradgui.engine.trainer import Trainer
from gradgui.engine.view_range import Range, ViewRange
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.training_loop import CORRECT_LOOP
from gradgui.record.views import Landscape

CUT_POINTS = 201
MAP_POINTS = 97
"""Along each side; odd, so that the middle, often the very bottom, is one of them."""

MOST_PREDICTIONS = 4_000_000
"""Predictions made for a picture: of more data an evenly spaced choice has to do, or it would take seconds."""


class LandscapeView:
    """Make landscapes of an experiment's loss along any one or two of its parameters.

    A landscape shows the start, the present values and the next ones. Its ranges are kept while they serve, and
    its grid of losses while that and what is held stay.

    Parameters
    ----------
    experiment
        Whose loss.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._start = tuple(parameter.start for parameter in experiment.parameters)
        self._copy = Trainer(experiment)
        self._loss = LossFunction(experiment, DTYPES[experiment.dtype])
        self._chosen_losses: dict[int, LossFunction] = {}
        self._ranges: dict[tuple[int, ...], ViewRange] = {}
        self._drawn: tuple[object, tuple[Values, ...], Values] | None = None
        self._last: tuple[object, Landscape] | None = None

    def landscape(self, state: TrainerState, *parameters: str) -> Landscape:
        """Make a landscape at a state between two epochs.

        Parameters
        ----------
        state
            Of a trainer of this experiment.
        parameters
            Names of the one or two that vary: first across, then up.
        """
        # Most phases of an epoch change nothing of this, and where a run has settled no epoch does.
        key = (parameters, state.parameters, state.gradients, state.learning_rate, state.loop)
        last = self._last
        if last is None or last[0] != key or state.buffers or state.epoch < last[1].epoch:
            landscape = self._make(state, parameters)
        else:
            landscape = last[1] if last[1].epoch == state.epoch else replace(last[1], epoch=state.epoch)
        self._last = (key, landscape)
        return landscape

    def _make(self, state: TrainerState, parameters: tuple[str, ...]) -> Landscape:
        indices = tuple(map(self._experiment.parameter_names.index, parameters))
        of_grid = self._loss_of_grid(len(indices))
        loss, gradient = self._present(state)
        values, after = state.parameters, self._after_next_update(state)
        landing = [after[index] if index in indices else value for index, value in enumerate(values)]
        if indices not in self._ranges:
            self._ranges[indices] = ViewRange(of_grid, self._start, indices)
        ranges = self._ranges[indices].around(state.epoch, _along(values, indices), _along(after, indices))
        grid, losses = self._draw(of_grid, values, indices, ranges)
        return Landscape(
            epoch=state.epoch,
            parameters=parameters,
            grid=grid,
            losses=losses,
            values=_along(values, indices),
            loss=loss,
            gradient=_along(gradient, indices),
            next_values=_along(after, indices),
            next_loss=float(of_grid.at_places(landing)[0]),
            points=len(self._loss.x),
            points_used=len(of_grid.x),
            broken=state.loop != CORRECT_LOOP,
        )

    def _loss_of_grid(self, directions: int) -> LossFunction:
        """Give the loss in float64, of so many of the data that a whole grid of it is soon worked out."""
        if directions not in self._chosen_losses:
            places = CUT_POINTS if directions == 1 else MAP_POINTS**2
            step = math.ceil(len(self._loss.x) / max(1, MOST_PREDICTIONS // places))
            self._chosen_losses[directions] = LossFunction(self._experiment, torch.float64, step)
        return self._chosen_losses[directions]

    def _present(self, state: TrainerState) -> tuple[float, tuple[float, ...]]:
        """Give loss and true gradient of all the data in the run's dtype, whatever the loop does with ``.grad``."""
        leaves = [self._loss.tensor(value).requires_grad_() for value in state.parameters]
        loss = self._loss(*leaves)
        return loss.item(), tuple(part.item() for part in torch.autograd.grad(loss, leaves))

    def _after_next_update(self, state: TrainerState) -> tuple[float, ...]:
        """Give the parameters after the next update, run on a copy; nan where the loop would raise."""
        self._copy.restore(state)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what PyTorch warns of is shown where the run itself does it
                self._copy.finish_epoch()
        except (RuntimeError, TypeError, AttributeError):  # a loop that is broken on purpose has no next update
            return (math.nan,) * len(state.parameters)
        return tuple(tensor.item() for tensor in self._copy.parameters.values())

    def _draw(
        self, loss: LossFunction, values: tuple[float, ...], indices: tuple[int, ...], ranges: tuple[Range, ...]
    ) -> tuple[tuple[Values, ...], Values]:
        held = tuple(value for index, value in enumerate(values) if index not in indices)
        key = (indices, ranges, held)
        if self._drawn is None or self._drawn[0] != key:
            points = CUT_POINTS if len(indices) == 1 else MAP_POINTS
            grid = tuple(np.linspace(low, high, points) for low, high in ranges)
            places: list[float | Values] = list(values)
            for index, axis in zip(indices, np.meshgrid(*grid), strict=True):
                places[index] = axis.ravel()
            self._drawn = (key, grid, loss.at_places(places).reshape((points,) * len(indices)))
        return self._drawn[1:]


def _along(numbers: tuple[float, ...], indices: tuple[int, ...]) -> tuple[float, ...]:
    return tuple(numbers[index] for index in indices)
