"""The usual rules of a learning-rate finder: which of many rates they would take, and why."""

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Numbers = NDArray[np.floating[Any]]


class FoundRate(Struct, frozen=True):
    """What a rule says.

    Attributes
    ----------
    index
        Which of the rates it takes, None where it takes none.
    reason
        Why, in a sentence.
    """

    index: int | None
    reason: str


def steepest(rates: Numbers, losses: Numbers) -> FoundRate:
    """Take the rate from which the loss falls most steeply, over the logarithm of the rate, to the next one.

    Parameters
    ----------
    rates
        Above 0, each another one, in any order, shape ``(n,)``.
    losses
        Of the run with each rate; those that are not finite are left out.

    References
    ----------
    L. N. Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3.3, for the test itself;
    fastai, ``fastai.callback.schedule.steep``, for the slope.
    """
    places, logarithms, kept = _in_order(rates, losses)
    if len(places) < 2:
        return FoundRate(None, "Fewer than two rates have a finite loss, so there is no slope.")
    slopes = np.diff(kept) / np.diff(logarithms)
    best = int(slopes.argmin())
    if not slopes[best] < 0.0:
        return FoundRate(None, "The loss falls nowhere as the rate grows.")
    return FoundRate(
        int(places[best]),
        "From here on the loss itself, not its logarithm, falls most steeply over the logarithm of the rate.",
    )


def valley(rates: Numbers, losses: Numbers) -> FoundRate:
    """Take the rate two thirds into the longest stretch over which the loss falls from rate to rate.

    It is fastai's rule as that describes it. Its code tolerates single losses that rise in between, which noise of
    mini-batches makes; the losses here have none.

    Parameters
    ----------
    rates
        Above 0, each another one, in any order, shape ``(n,)``.
    losses
        Of the run with each rate; those that are not finite are left out.

    References
    ----------
    fastai, ``fastai.callback.schedule.valley``: "steepest gradient roughly 2/3 through the longest valley".
    """
    places, _, kept = _in_order(rates, losses)
    falls = np.concatenate([[False], np.diff(kept) < 0.0, [False]]) if len(kept) else np.zeros(2, bool)
    turns = np.flatnonzero(falls[1:] != falls[:-1])
    if not len(turns):
        return FoundRate(None, "The loss falls nowhere as the rate grows.")
    starts, ends = turns[::2], turns[1::2]
    longest = int((ends - starts).argmax())
    start, end = int(starts[longest]), int(ends[longest])
    index = int(places[start + round(2 * (end - start) / 3)])
    return FoundRate(
        index, f"Two thirds into the longest fall of the loss, over {end - start + 1} neighbouring rates."
    )


def _in_order(rates: Numbers, losses: Numbers) -> tuple[NDArray[np.int64], Numbers, Numbers]:
    """Give the indices of the rates with a finite loss, ascending, with their logarithms and losses."""
    places = np.flatnonzero(np.isfinite(losses) & (rates > 0.0))
    places = places[np.argsort(rates[places], kind="stable")]
    return places, np.log(rates[places].astype(np.float64)), losses[places].astype(np.float64)
