"""Where a prediction is asked for when other data take the place of those that it was asked beside."""

import math

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment


def probe_for(data: Data, before: Experiment) -> float:
    """Give the probe of an experiment whose data are replaced.

    One that somebody chose stays, and so does one that is no farther from the new data than these are wide.

    Parameters
    ----------
    data
        The new data.
    before
        The experiment with its old data.
    """
    was_chosen = before.probe not in {DEFAULT_EXPERIMENT.probe, beside(before.data)}
    return before.probe if was_chosen or _is_near(before.probe, data) else beside(data)


def beside(data: Data) -> float:
    """Give a round number just beyond the last x, as 5 is beyond the 1, 2, 3, 4 of the lesson."""
    highest, half = float(data.x.max()), _span(data) / 2.0
    if not (math.isfinite(half) and half > 0.0):
        return highest
    decade = 10.0 ** math.floor(math.log10(half))
    step = next((digit * decade for digit in (5.0, 2.0, 1.0) if digit * decade <= half), half)
    place = (math.floor(highest / step) + 1) * step
    return float(f"{place:.12g}") if math.isfinite(place) else highest


def _is_near(probe: float, data: Data) -> bool:
    span = _span(data)
    return float(data.x.min()) - span <= probe <= float(data.x.max()) + span


def _span(data: Data) -> float:
    """Give how wide the data are; of a single x, half as far as it is from 0."""
    lowest, highest = float(data.x.min()), float(data.x.max())
    return highest - lowest or abs(highest) / 2.0 or 1.0
