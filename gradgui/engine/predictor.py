"""What the model predicts, apart from training: the fitted curve, the residuals and the probe."""

import sys

import numpy as np
import torch
from msgspec.structs import replace
from torch import Tensor

from gradgui.engine.model import DTYPES, compile_model
from gradgui.experiment.experiment import Experiment
from gradgui.record.views import Fit

MOST_RESIDUALS = 500
"""With more points than this the residuals are a grey mass, and are left out."""

CURVE_POINTS = 200
FARTHEST_PROBE = 3.0
"""So many widths of the data away a probe is drawn; farther out it would squeeze the data into a strip."""
LARGEST = sys.float_info.max
MARGIN = 0.08
"""Share of the data's width by which the curve reaches over it on both sides."""


class Predictor:
    """Evaluate an experiment's model without a graph, in the run's dtype.

    Parameters
    ----------
    experiment
        Whose model and data.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._model = compile_model(experiment)
        self._dtype = DTYPES[experiment.dtype]
        self._probe_x = experiment.probe
        x = experiment.data.x
        lowest, highest = float(x.min()), float(x.max())
        half = highest / 2 - lowest / 2  # as the whole width may overflow
        near = lowest / 2 - FARTHEST_PROBE * half <= experiment.probe / 2 <= highest / 2 + FARTHEST_PROBE * half
        if near or lowest == highest:  # a single point has no width to compare with
            lowest, highest = min(lowest, experiment.probe), max(highest, experiment.probe)
        margin = MARGIN * (highest / 2 - lowest / 2) * 2 or 0.1 * abs(lowest) or 1.0
        left, right = max(lowest - margin, -LARGEST), min(highest + margin, LARGEST)
        share = np.linspace(0.0, 1.0, CURVE_POINTS)
        self._curve_x = left * (1.0 - share) + right * share  # whose width may be more than a float can hold
        points = x if len(x) <= MOST_RESIDUALS else ()
        # One call for all three: at full speed this runs on every frame.
        self._inputs = torch.tensor([*self._curve_x, *points, experiment.probe], dtype=self._dtype)
        self._last: tuple[tuple[float, ...], Fit] | None = None

    def predict(self, parameters: tuple[float, ...], x: float) -> float:
        """Give the prediction for one input.

        Parameters
        ----------
        parameters
            Values in model order.
        x
            The input.
        """
        return self._evaluate(parameters, torch.tensor([x], dtype=self._dtype)).item()

    def fit(self, epoch: int, parameters: tuple[float, ...]) -> Fit:
        """Give curve, residuals' ends and probe for these values of the parameters, in model order."""
        if self._last is not None and self._last[0] == parameters:  # a run that has settled
            return replace(self._last[1], epoch=epoch)
        predictions = self._evaluate(parameters, self._inputs).numpy().astype(np.float64)
        fit = Fit(
            epoch=epoch,
            curve_x=self._curve_x,
            curve_y=predictions[:CURVE_POINTS],
            predictions=predictions[CURVE_POINTS:-1],
            probe_x=self._probe_x,
            probe_prediction=float(predictions[-1]),
        )
        self._last = parameters, fit
        return fit

    def _evaluate(self, parameters: tuple[float, ...], inputs: Tensor) -> Tensor:
        with torch.no_grad():
            values = [torch.tensor(value, dtype=self._dtype) for value in parameters]
            return self._model(inputs, *values).expand_as(inputs)
