"""The loss over two parameters, and where the next update will land."""

from dataclasses import replace

import numpy as np

from gradgui.engine.loss_surface import LossSurface, Values
from gradgui.engine.state import TrainerState
from gradgui.engine.view_range import Range, ViewRange
from gradgui.experiment.experiment import Experiment
from gradgui.record.contour import Contour

GRID_POINTS = 97
"""Along each side; odd, so that the middle, often the very bottom, is one of them."""


class ContourView:
    """Make maps of an experiment's loss over two of its parameters.

    A map shows the start, the present values and the next ones. Its ranges are kept while they serve.

    Parameters
    ----------
    experiment
        Whose loss; it must have two parameters at least.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._names = experiment.parameter_names
        self._start = tuple(parameter.start for parameter in experiment.parameters)
        self._surface = LossSurface(experiment, GRID_POINTS**2)
        self._ranges: dict[tuple[int, int], ViewRange] = {}
        self._ground: tuple[object, Values, Values, Values] | None = None
        self._last: tuple[object, Contour] | None = None

    def contour(self, state: TrainerState, across: str, up: str) -> Contour:
        """Make a map at a state between two epochs.

        Parameters
        ----------
        state
            Of a trainer of this experiment.
        across, up
            Names of the two that vary.
        """
        # Most phases of an epoch change nothing of this, and where a run has settled no epoch does.
        key = (across, up, state.parameters, state.gradients, state.learning_rate, state.loop)
        last = self._last
        if last is None or last[0] != key or state.buffers or state.epoch < last[1].epoch:
            contour = self._make_contour(state, across, up)
        else:
            contour = last[1] if last[1].epoch == state.epoch else replace(last[1], epoch=state.epoch)
        self._last = (key, contour)
        return contour

    def _make_contour(self, state: TrainerState, across: str, up: str) -> Contour:
        pair = self._names.index(across), self._names.index(up)
        loss, gradient = self._surface.present(state)
        values = _both(state.parameters, pair)
        after = _both(self._surface.after_next_update(state), pair)
        if pair not in self._ranges:
            self._ranges[pair] = ViewRange(self._surface, self._start, pair)
        ranges = self._ranges[pair].around(state.epoch, values, after)
        across_values, up_values, losses = self._draw(state.parameters, pair, ranges)
        return Contour(
            epoch=state.epoch,
            parameters=(across, up),
            across=across_values,
            up=up_values,
            losses=losses,
            values=values,
            loss=loss,
            gradient=_both(gradient, pair),
            next_values=after,
            points=self._surface.points,
            points_used=self._surface.points_used,
        )

    def _draw(
        self, parameters: tuple[float, ...], pair: tuple[int, int], ranges: tuple[Range, ...]
    ) -> tuple[Values, Values, Values]:
        held = tuple(value for index, value in enumerate(parameters) if index not in pair)
        key = (pair, ranges, held)
        if self._ground is None or self._ground[0] != key:
            across, up = (np.linspace(low, high, GRID_POINTS) for low, high in ranges)
            varied = {pair[0]: np.tile(across, GRID_POINTS), pair[1]: np.repeat(up, GRID_POINTS)}
            losses = self._surface.losses(parameters, varied).reshape(GRID_POINTS, GRID_POINTS)
            self._ground = (key, across, up, losses)
        return self._ground[1:]


def _both(numbers: tuple[float, ...], pair: tuple[int, int]) -> tuple[float, float]:
    return numbers[pair[0]], numbers[pair[1]]
