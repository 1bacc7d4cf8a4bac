"""The losses that have a name, as formulas of one point."""

from types import MappingProxyType

from gradgui.experiment.experiment import MEAN_SQUARED_ERROR

LOSSES = MappingProxyType(
    {
        "MSE": MEAN_SQUARED_ERROR,
        "MAE": "abs(y - y_pred)",
        # Half the square up to a residual of 1, then a straight line.
        "Huber": "min(abs(y - y_pred), 1)*(abs(y - y_pred) - 0.5*min(abs(y - y_pred), 1))",
        # log(cosh(u)), written so that it does not overflow.
        "log-cosh": "abs(y - y_pred) + softplus(-2*abs(y - y_pred)) - log(2)",
    }
)
"""Formulas in ``y`` and ``y_pred`` by name; the loss of an epoch is the mean over the points."""

MEANINGS = MappingProxyType(
    {
        "MSE": "Mean squared error: large residuals count most.",
        "MAE": "Mean absolute error: every residual counts by its size, outliers no more than that.",
        "Huber": "Squared for residuals up to 1, absolute beyond: smooth at the bottom, calm about outliers.",
        "log-cosh": "Like Huber, without a seam.",
    }
)
