"""Ranges that change seldom: an axis that moves on every frame cannot be read, and costs its time."""

import math

PADDING = 0.06
FILLED_ENOUGH = 0.5
"""A range is kept while the data fill at least this share of it."""

ROOM_TO_STEP = 1.25
"""How far beyond the last epoch the axis reaches when somebody steps there."""
HEADROOM = 0.3
"""Share of the data's span left free on the side where they grow."""
FAR_OUT = 3.0
"""Data so many times wider than the range are other data, not the same ones grown."""

Range = tuple[float, float]


def epoch_range(epoch: int, target: int, last_epochs: int | None, present: Range | None) -> Range:
    """Give the epochs to show.

    Parameters
    ----------
    epoch
        Epochs finished.
    target
        Where the present Run ends.
    last_epochs
        How many epochs to follow, None for all.
    present
        The range as it is, None for the first time.
    """
    if last_epochs is not None and epoch > last_epochs:
        return float(epoch - last_epochs), float(epoch)
    if (
        present is not None
        and present[0] == 0.0
        and epoch <= target <= epoch + 1
        and target <= ROOM_TO_STEP * present[1]
    ):
        # Somebody steps beyond the end of the Run: not a new range with every step.
        return present if target <= present[1] else (0.0, float(math.ceil(ROOM_TO_STEP * target)))
    end = target if target <= 200 or epoch >= target / 5 else _round_up(epoch)
    end = max(end, _round_up(epoch) if epoch > end else end, 1)
    return 0.0, float(end)


def value_range(lowest: float, highest: float, present: Range | None) -> Range:
    """Give a range for the values, the present one as long as it serves.

    Parameters
    ----------
    lowest, highest
        Extremes of the finite data.
    present
        The range as it is, None for the first time.
    """
    span = highest - lowest
    if present is not None:
        low, high = present
        if low <= lowest and highest <= high and span >= FILLED_ENOUGH * (high - low):
            return present
    if span <= 1e-12 * max(abs(lowest), abs(highest)):
        span = max(abs(highest), 1.0)
        return lowest - 0.5 * span, highest + 0.5 * span
    # Where the data have just left the range they may go on: the next frames are to fit in as well.
    below, above = PADDING, PADDING
    if present is not None and span < FAR_OUT * (present[1] - present[0]):
        below = HEADROOM if lowest < present[0] else PADDING
        above = HEADROOM if highest > present[1] else PADDING
    return lowest - below * span, highest + above * span


def _round_up(epoch: int) -> int:
    """Give the next of 10, 20, 50, 100, 200, 500 and so on."""
    decade: int = 10 ** max(1, math.floor(math.log10(max(epoch, 1))))
    return next(step * decade for step in (1, 2, 5, 10) if step * decade >= epoch)
