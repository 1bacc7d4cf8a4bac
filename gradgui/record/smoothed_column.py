"""A column of a log, smoothed: a mean over the epochs so far in which the older ones weigh less."""

import math

import numpy as np
from numpy.typing import NDArray

from gradgui.record.series import Series
from gradgui.record.training_log import TrainingLog

Values = NDArray[np.float64]

BLOCK = 1 << 16
"""Epochs that are smoothed together: as many as the processor has at hand."""
MOST_SCALED = 1e3
"""By so much values of a block are scaled at most, which costs three of their sixteen digits."""
SHORTEST_BLOCK = 16
SMALLEST = 1e-18
"""Weights below this share change no sum."""


class SmoothedColumn:
    """The exponential moving average of a column, which grows with its log.

    An epoch's value is the mean of its own and all before it, each weighing ``decay`` times as much as the next one;
    those that are not finite weigh nothing.

    Parameters
    ----------
    log
        Whose column.
    name
        Any column but ``epoch``, or a buffer.
    decay
        From 0, which changes nothing, to below 1.
    """

    def __init__(self, log: TrainingLog, name: str, decay: float) -> None:
        self._log, self._name, self._decay = log, name, decay
        self._begin()

    def _begin(self) -> None:
        self._series = Series(np.dtype(np.float64))
        self._truncations = self._log.truncations
        self._sum = self._weight = 0.0

    def thin(
        self, first_epoch: int, last_epoch: int, max_points: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Find the few points that draw the same picture as these epochs; see `TrainingLog.thin`."""
        self._follow()
        stop = max(min(last_epoch, len(self._series)), 0)
        start = min(max(first_epoch - 1, 0), stop)
        rows, values = self._series.thin(start, stop, max_points)
        return rows + 1, values

    def value(self, epoch: int) -> float:
        """Give the value of an epoch that is in the log."""
        self._follow()
        return float(self._series[epoch - 1])

    def _follow(self) -> None:
        """Smooth what was added to the log."""
        if self._truncations != self._log.truncations:
            self._begin()
        while (done := len(self._series)) < len(self._log):
            stop = min(done + BLOCK, len(self._log))
            values = self._log.values(self._name, np.arange(done + 1, stop + 1))
            finite = np.isfinite(values)
            sums = decayed_sums(np.where(finite, values, 0.0), self._decay, self._sum)
            weights = decayed_sums(finite.astype(np.float64), self._decay, self._weight)
            self._sum, self._weight = float(sums[-1]), float(weights[-1])
            with np.errstate(divide="ignore", invalid="ignore"):
                self._series.append(np.where(finite, sums / weights, np.nan))


def decayed_sums(values: Values, decay: float, before: float = 0.0) -> Values:
    """Give for each place the sum of all values up to there, each weighing ``decay`` times as much as the next.

    Parameters
    ----------
    values
        Of shape (n,).
    decay
        From 0 to below 1.
    before
        The sum before the first value.

    Returns
    -------
    ndarray
        Of shape (n,).
    """
    length = 0 if decay == 0.0 else int(math.log(MOST_SCALED) / -math.log(decay))
    if length < SHORTEST_BLOCK:
        return _doubled(values, decay, before)
    # In a block, values divided by their weights can simply be added up.
    blocks = -(-len(values) // length)
    weights = decay ** np.arange(length)
    padded = np.zeros(blocks * length)
    padded[: len(values)] = values
    with np.errstate(over="ignore", invalid="ignore"):
        sums = np.cumsum(padded.reshape(blocks, length) / weights, axis=1) * weights
        ends = _doubled(sums[:, -1], decay**length, before)
        sums += np.concatenate([[before], ends[:-1]])[:, None] * (weights * decay)
    flat: Values = sums.reshape(-1)[: len(values)]
    return flat


def _doubled(values: Values, decay: float, before: float) -> Values:
    """Give the same sums, each pass reaching twice as far back as the one before."""
    sums = values.copy()
    if len(sums):
        sums[0] += decay * before
    reach, factor = 1, decay
    with np.errstate(over="ignore", invalid="ignore"):
        while reach < len(sums) and factor > SMALLEST:
            longer = sums.copy()
            longer[reach:] += factor * sums[:-reach]
            sums, reach, factor = longer, 2 * reach, factor * factor
    return sums
