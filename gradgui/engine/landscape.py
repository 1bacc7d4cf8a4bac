"""The loss around the present value of a parameter, and where the next update will land."""

from dataclasses import replace

import numpy as np

from gradgui.engine.loss_surface import LossSurface, Values
from gradgui.engine.state import TrainerState
from gradgui.engine.view_range import ViewRange
from gradgui.experiment.experiment import Experiment
from gradgui.record.landscape import Landscape

CURVE_POINTS = 201


class LandscapeView:
    """Make cuts through an experiment's loss.

    A cut shows the start, the present value and the next one. Its range is kept while it serves.

    Parameters
    ----------
    experiment
        Whose loss.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._names = experiment.parameter_names
        self._start = tuple(parameter.start for parameter in experiment.parameters)
        self._surface = LossSurface(experiment, CURVE_POINTS)
        self._ranges: dict[str, ViewRange] = {}
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
        # Most phases of an epoch change nothing of this, and where a run has settled no epoch does.
        key = (parameter, state.parameters, state.gradients, state.learning_rate, state.loop)
        last = self._last
        if last is None or last[0] != key or state.buffers or state.epoch < last[1].epoch:
            cut = self._make_cut(state, parameter)
        else:
            cut = last[1] if last[1].epoch == state.epoch else replace(last[1], epoch=state.epoch)
        self._last = (key, cut)
        return cut

    def _make_cut(self, state: TrainerState, parameter: str) -> Landscape:
        index = self._names.index(parameter)
        value = state.parameters[index]
        loss, gradient = self._surface.present(state)
        after = self._surface.after_next_update(state)[index]
        if parameter not in self._ranges:
            self._ranges[parameter] = ViewRange(self._surface, self._start, (index,))
        ((low, high),) = self._ranges[parameter].around(state.epoch, (value,), (after,))
        values, losses = self._draw(state.parameters, index, low, high)
        return Landscape(
            epoch=state.epoch,
            parameter=parameter,
            values=values,
            losses=losses,
            value=value,
            loss=loss,
            gradient=gradient[index],
            next_value=after,
            next_loss=float(self._surface.losses(state.parameters, {index: np.array([after])})[0]),
            points=self._surface.points,
            points_used=self._surface.points_used,
        )

    def _draw(self, parameters: tuple[float, ...], index: int, low: float, high: float) -> tuple[Values, Values]:
        others = parameters[:index] + parameters[index + 1 :]
        key = (index, low, high, others)
        if self._curve is None or self._curve[0] != key:
            values = np.linspace(low, high, CURVE_POINTS)
            self._curve = (key, values, self._surface.losses(parameters, {index: values}))
        return self._curve[1], self._curve[2]
