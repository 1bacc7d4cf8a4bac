"""The loss around the present parameters, and where the next update will land."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gradgui.engine.model import compile_model, compile_point_loss
from gradgui.engine.trainer import Trainer, TrainerState
from gradgui.experiment.experiment import Experiment
from gradgui.record.landscape import Landscape

CURVE_POINTS = 201
MOST_ELEMENTS = 4_000_000
"""Predictions made at once; more would take too much memory."""
FARTHEST = 100.0
"""The farthest bottom that is looked for, in units of the start value or of 1."""
ROOM = 1.25
"""The curve reaches this far beyond what must be seen."""

Values = NDArray[np.float64]


class LandscapeView:
    """Make cuts through an experiment's loss.

    A cut shows the start, the present value and the next one, centred on the bottom of the parabola that touches
    the loss at the start. It is kept while it serves, so that the ground does not move under the ball.

    Parameters
    ----------
    experiment
        Whose loss.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._shadow = Trainer(experiment)
        self._model = compile_model(experiment)
        self._point_loss = compile_point_loss(experiment)
        self._x = torch.tensor(experiment.data.x, dtype=torch.float64)
        self._y = torch.tensor(experiment.data.y, dtype=torch.float64)
        self._ranges: dict[str, tuple[float, float]] = {}
        self._curve: tuple[object, Values, Values] | None = None
        self._last: tuple[object, Landscape] | None = None

    def cut(self, state: TrainerState, parameter: str) -> Landscape:
        """Cut along a parameter at a state between two epochs.

        Parameters
        ----------
        state
            Of a trainer of this experiment.
        parameter
            Name of the one that varies.
        """
        # Most phases of an epoch change nothing of this.
        key = (parameter, state.epoch, state.parameters, state.gradients, state.learning_rate, state.loop)
        if self._last is None or self._last[0] != key or state.buffers:
            self._last = (key, self._make_cut(state, parameter))
        return self._last[1]

    def _make_cut(self, state: TrainerState, parameter: str) -> Landscape:
        index = self._experiment.parameter_names.index(parameter)
        value = state.parameters[index]
        loss, gradient = self._present(state, index)
        after = self._after_next_update(state)[index]
        low, high = self._range(parameter, index, value, after)
        values, losses = self._draw(state.parameters, index, low, high)
        return Landscape(
            epoch=state.epoch,
            parameter=parameter,
            values=values,
            losses=losses,
            value=value,
            loss=loss,
            gradient=gradient,
            next_value=after,
            next_loss=float(self._losses(state.parameters, index, np.array([after]))[0]),
        )

    def _present(self, state: TrainerState, index: int) -> tuple[float, float]:
        """Give loss and true gradient, whatever the loop does with ``.grad``."""
        dtype = self._shadow.x.dtype
        leaves = [torch.tensor(value, dtype=dtype, requires_grad=True) for value in state.parameters]
        loss = self._point_loss(self._shadow.y, self._model(self._shadow.x, *leaves)).mean()
        return loss.item(), torch.autograd.grad(loss, leaves)[index].item()

    def _after_next_update(self, state: TrainerState) -> tuple[float, ...]:
        self._shadow.restore(state)
        try:
            self._shadow.finish_epoch()
        except (RuntimeError, TypeError, AttributeError):  # a loop that is broken on purpose has no next update
            return (math.nan,) * len(state.parameters)
        return tuple(tensor.item() for tensor in self._shadow.parameters.values())

    def _range(self, parameter: str, index: int, value: float, after: float) -> tuple[float, float]:
        start = self._experiment.parameters[index].start
        seen = [number for number in (start, value, after) if math.isfinite(number)] or [0.0]
        present = self._ranges.get(parameter)
        if present is not None and present[0] <= min(seen) and max(seen) <= present[1]:
            return present
        middle = self._bottom(index)
        reach = ROOM * max([abs(number - middle) for number in seen] + [1e-6 * abs(middle), 1e-3])
        self._ranges[parameter] = (middle - reach, middle + reach)
        return self._ranges[parameter]

    def _bottom(self, index: int) -> float:
        """Give the bottom of the parabola through three points around the start, or the start where it has none."""
        start = tuple(parameter.start for parameter in self._experiment.parameters)
        step = 1e-2 * max(1.0, abs(start[index]))
        around = start[index] + step * np.array([-1.0, 0.0, 1.0])
        left, middle, right = self._losses(start, index, around)
        slope, curvature = (right - left) / (2 * step), (right - 2 * middle + left) / step**2
        if not (math.isfinite(slope) and math.isfinite(curvature)) or curvature <= 0:
            return start[index]
        bottom = float(start[index] - slope / curvature)
        # Where the loss hardly curves, as a straight slope does, that is no bottom but a place far out of sight.
        far = abs(bottom - start[index]) > FARTHEST * max(1.0, abs(start[index]))
        return start[index] if far else bottom

    def _draw(self, parameters: tuple[float, ...], index: int, low: float, high: float) -> tuple[Values, Values]:
        others = parameters[:index] + parameters[index + 1 :]
        key = (index, low, high, others)
        if self._curve is None or self._curve[0] != key:
            values = np.linspace(low, high, CURVE_POINTS)
            self._curve = (key, values, self._losses(parameters, index, values))
        return self._curve[1], self._curve[2]

    def _losses(self, parameters: tuple[float, ...], index: int, values: Values) -> Values:
        """Give the loss in float64 at each value of one parameter, the others held."""
        rows = max(1, MOST_ELEMENTS // len(self._x))
        parts = [
            self._mean_losses(parameters, index, torch.from_numpy(values[first : first + rows, None]))
            for first in range(0, len(values), rows)
        ]
        return torch.cat(parts).numpy()

    def _mean_losses(self, parameters: tuple[float, ...], index: int, column: Tensor) -> Tensor:
        arguments = [torch.tensor(value, dtype=torch.float64) for value in parameters]
        arguments[index] = column
        with torch.no_grad():
            predictions = self._model(self._x, *arguments)
            losses: Tensor = self._point_loss(self._y, predictions).expand(len(column), len(self._y)).mean(dim=1)
        return losses
