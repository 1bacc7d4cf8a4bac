"""What theory and the usual rules say of a sweep of one thing, as marks to be compared with what came out."""

import numpy as np

from gradgui.experiment.sweep.varied import LEARNING_RATE
from gradgui.record.rate_finder import FoundRate, steepest, valley
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.ui.sweeps.sweep_curve import Mark


def rate_marks(outcomes: SweepOutcomes, limit: float | None) -> list[Mark]:
    """Give the marks of a curve.

    Parameters
    ----------
    outcomes
        Of a sweep of one thing.
    limit
        The value at which runs end to be stable, None where that is not known.
    """
    varied, marks = outcomes.sweep.varied[0], list[Mark]()
    if limit is not None and min(varied.first, varied.last) <= limit <= max(varied.first, varied.last):
        label = "2/λ" if varied.name == LEARNING_RATE and not _has_memory(outcomes) else "border of stability"
        side = "Below" if varied.name == "momentum" else "Beyond"
        reason = (
            f"The loss is a parabola that curves by λ = {outcomes.curvature:.4g} at most. {side} this runs diverge."
        )
        marks.append(Mark(limit, label, reason))
    if varied.name != LEARNING_RATE:
        return marks
    values = varied.values
    rates = np.array(values)
    for label, rule in (("steepest", steepest), ("valley", valley)):
        found: FoundRate = rule(rates, outcomes.loss)
        if found.index is not None:
            marks.append(Mark(values[found.index], label, found.reason))
    return marks


def _has_memory(outcomes: SweepOutcomes) -> bool:
    optimizer = outcomes.sweep.experiment.optimizer
    return any(getattr(optimizer, name, 0.0) for name in ("momentum", "weight_decay"))
