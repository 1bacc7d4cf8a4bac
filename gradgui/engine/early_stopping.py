"""Watching for the epoch at which a stop rule ends a Run."""

import math
from collections.abc import Sequence

from gradgui.experiment.early_stopping import StopRules
from gradgui.numbers import write_number


class EarlyStopping:
    """Judge epoch after epoch of one Run.

    Parameters
    ----------
    rules
        When to stop.

    Attributes
    ----------
    reason
        Why the Run ended, in a few words; empty while it goes on.
    """

    def __init__(self, rules: StopRules) -> None:
        self._rules = rules
        self._lowest = math.inf
        self._epochs_since_lowest = 0
        self.reason = ""

    def ends_with(self, row: Sequence[float]) -> bool:
        """Tell whether the Run ends with this epoch; every epoch of it must be shown once, in order.

        Parameters
        ----------
        row
            The epoch as the log keeps it: ``loss, <p>, <p>_grad, …, lr``.
        """
        self.reason = self._judge(row)
        return bool(self.reason)

    def _judge(self, row: Sequence[float]) -> str:
        rules, loss = self._rules, row[0]
        if rules.loss_below is not None and loss < rules.loss_below:
            return f"the loss is below {write_number(rules.loss_below)}"
        if rules.gradient_below is not None and all(abs(g) < rules.gradient_below for g in row[2:-1:2]):
            return f"every gradient is nearer to 0 than {write_number(rules.gradient_below)}"
        if loss < self._lowest:
            self._lowest, self._epochs_since_lowest = loss, 0
        else:
            self._epochs_since_lowest += 1
        if rules.patience is not None and self._epochs_since_lowest >= rules.patience:
            return f"the loss has not fallen for {rules.patience} epochs"
        return ""
