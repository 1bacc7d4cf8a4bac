"""Each data point's share of the gradient."""

import numpy as np
from numpy.typing import NDArray

from gradgui.record.views import RunView, Values

MOST_SHARED = 100_000
"""Points among which a gradient is shared out; of more nothing is worked out, as it would hold the loop up."""


class PointShares(RunView, frozen=True, eq=False):
    """What each data point adds to the gradient that the next backward pass finds at the present parameters.

    Attributes
    ----------
    epoch
        The epoch of that backward pass, counted from 1; in the midst of an epoch, until its update, this epoch.
    parameters
        Their names in model order.
    x, y_pred
        The points' inputs, and what the model predicts there; of shape ``(points,)``.
    shares
        Of each point, of each parameter's gradient: shape ``(points, parameters)``. What a point adds at several
        places of the formula is added up.
    sums
        The shares of each parameter, added up as PyTorch adds them: place by place of the formula.
    found
        ``.grad`` of each parameter before the backward pass; None where there is none.
    gradients
        ``.grad`` of each parameter after it; None where PyTorch gives none.
    agrees
        Of each parameter, whether ``sums``, added to ``found``, is its ``.grad`` to the last bit: compared, not
        supposed.
    passes
        How often the loop calls ``backward()`` without an error: a second time adds everything once more.
    """

    epoch: int
    parameters: tuple[str, ...]
    x: Values
    y_pred: Values
    shares: NDArray[np.float64]
    sums: tuple[float, ...]
    found: tuple[float | None, ...]
    gradients: tuple[float | None, ...]
    agrees: tuple[bool, ...]
    passes: int = 1

    @property
    def are_left_out(self) -> bool:
        """Whether there are too many points to share the gradient out among them."""
        return len(self.shares) == 0

    def of(self, parameter: str) -> Values:
        """Give the points' shares of one parameter's gradient, in the data's order."""
        column: Values = self.shares[:, self.parameters.index(parameter)]
        return column
