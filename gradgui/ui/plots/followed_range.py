"""The ranges of a plot over epochs: they follow the run, until a person zooms."""

import numpy as np
import pyqtgraph as pg

from gradgui.ui.plots.axes import Range, drawable_range, epoch_range, value_range
from gradgui.ui.plots.curves import Values


class FollowedRange:
    """Show what there is to be seen, and keep a range as long as it serves.

    Parameters
    ----------
    box
        Whose ranges.

    Attributes
    ----------
    by_hand
        Whether a person chose the ranges, which then stay.
    """

    def __init__(self, box: pg.ViewBox) -> None:
        self._box = box
        self._values: Range | None = None
        self._epochs: Range | None = None
        self._compared = (0, 0)
        self.by_hand = False

    def forget(self, *, epochs: bool = True) -> None:
        """Choose the range of values anew the next time, and that of the epochs as well."""
        self._values = None
        if epochs:
            self._epochs = None

    def show_epochs(
        self, epoch: int, length: int, target: int, last_epochs: int | None, compared: tuple[int, int]
    ) -> None:
        """Show the epochs of the present run and, where all are shown, those of compared ones.

        Parameters
        ----------
        epoch, length
            Where the run is, and how many epochs its log has.
        target
            Where the present Run ends.
        last_epochs
            How many epochs to follow, None for all.
        compared
            The first and the last epoch of compared runs.
        """
        if self.by_hand:
            return
        every = last_epochs is None
        present = self._epochs if compared == self._compared else None
        first, last = epoch_range(max(epoch, length) if every else epoch, target, last_epochs, present)
        if (first, last) != self._epochs or compared != self._compared:
            self._epochs, self._compared = (first, last), compared
            low, high = (min(first, compared[0]), max(last, compared[1])) if every else (first, last)
            self._box.setXRange(low - 0.01 * (high - low), high + 0.03 * (high - low), padding=0)

    def show_values(self, shown: Values, *, logarithmic: bool) -> None:
        """Show values as they stand on the axis."""
        if self.by_hand or not len(shown):
            return
        lowest, highest = float(shown.min()), float(shown.max())
        if logarithmic and highest - lowest < 1.0:  # a tick needs a whole decade
            lowest, highest = float(np.floor(lowest)), float(np.ceil(highest))
        wanted = value_range(lowest, highest, self._values)
        if wanted != self._values:
            self._values = wanted
            self._box.setYRange(*drawable_range(*wanted), padding=0.02)

    def show_nothing(self) -> None:
        """Show a range for a log without epochs."""
        if not self.by_hand:
            self.forget()
            self._box.setYRange(0.0, 1.0, padding=0)
