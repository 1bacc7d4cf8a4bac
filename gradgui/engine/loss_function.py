"""The loss as a function of the parameters alone."""

import torch
from torch import Tensor

from gradgui.engine.model import DTYPES, compile_loss, compile_model
from gradgui.experiment.experiment import Experiment


class LossFunction:
    """Measure an experiment's loss for any parameters, with the operations of the training loop.

    Parameters
    ----------
    experiment
        Whose model, loss and data.
    dtype
        In which it is computed. The data is what the run has of it: rounded to the run's dtype before it is
        widened, so that two dtypes give the same function up to the rounding on the way.

    Attributes
    ----------
    x, y
        The data, shape ``(points,)``.
    """

    def __init__(self, experiment: Experiment, dtype: torch.dtype) -> None:
        self._dtype = dtype
        self._run_dtype = DTYPES[experiment.dtype]
        self._model = compile_model(experiment)
        self._calculate_loss = compile_loss(experiment)
        self.x = self.tensor(experiment.data.x)
        self.y = self.tensor(experiment.data.y)

    def __call__(self, *parameters: Tensor) -> Tensor:
        """Give the loss at these values, in model order, as a tensor without a shape."""
        return self._calculate_loss(self.y, self._model(self.x, *parameters))

    def tensor(self, values: float | tuple[float, ...]) -> Tensor:
        """Make a tensor of what the run would have of these values."""
        return torch.tensor(values, dtype=self._run_dtype).to(self._dtype)
