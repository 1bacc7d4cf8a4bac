"""When a Run ends before its last epoch: the rules, and the watch for the epoch at which one of them does."""

import math
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from gradgui.experiment.columns import Columns, Role
from gradgui.numbers import write_number


class StopRules(Struct, frozen=True, forbid_unknown_fields=True):
    """Rules that end a Run; None for those that are off. They change no number, only where it stops.

    Attributes
    ----------
    loss_below
        Stop after the first epoch whose loss is below this.
    gradient_below
        Stop after the first epoch in which every gradient is nearer to 0 than this.
    patience
        Stop when the lowest loss so far is this many epochs old.
    """

    loss_below: Annotated[float, Meta(ge=0.0)] | None = None
    gradient_below: Annotated[float, Meta(gt=0.0)] | None = None
    patience: Annotated[int, Meta(ge=1)] | None = None


NO_STOP_RULES = StopRules()


class EarlyStopping:
    """Judge epoch after epoch of one Run, whatever is changed while it runs.

    Parameters
    ----------
    rules
        When to stop.
    columns
        The layout of a row.

    Attributes
    ----------
    rules
        When to stop; other rules judge from the next epoch on, by the lowest loss so far.
    reason
        Why the Run ended, in a few words; empty while it goes on.
    """

    def __init__(self, rules: StopRules, columns: Columns) -> None:
        self.rules = rules
        self.reason = ""
        (self._loss,) = columns.places(Role.LOSS)
        self._gradients = columns.places(Role.GRADIENT)
        self._lowest = math.inf
        self._epochs_since_lowest = 0

    def ends_with(self, row: Sequence[float]) -> bool:
        """Tell whether the Run ends with this epoch; every epoch of it must be shown once, in order."""
        loss = row[self._loss]
        if loss < self._lowest:
            self._lowest, self._epochs_since_lowest = loss, 0
        else:
            self._epochs_since_lowest += 1
        self.reason = self._judge(loss, [row[place] for place in self._gradients])
        return bool(self.reason)

    def _judge(self, loss: float, gradients: list[float]) -> str:
        rules = self.rules
        if rules.loss_below is not None and loss < rules.loss_below:
            return f"the loss is below {write_number(rules.loss_below)}"
        if rules.gradient_below is not None and all(abs(one) < rules.gradient_below for one in gradients):
            return f"every gradient is nearer to 0 than {write_number(rules.gradient_below)}"
        if rules.patience is not None and self._epochs_since_lowest >= rules.patience:
            return f"the loss has not fallen for {rules.patience} epochs"
        return ""
