"""What a measurement gives: figures, each with what is wanted of it."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number that was measured.

    Attributes
    ----------
    name
        What it is, with its unit.
    value
        The number; None when it could not be measured here, and the note says why.
    at_least, at_most
        What is wanted of it; None for a figure that is only told.
    note
        Spread, or what it was made of.
    """

    name: str
    value: float | None
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def wanted(self) -> str:
        """What is wanted, as text, empty when nothing is."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return "" if self.at_most is None else f"≤ {self.at_most:g}"

    @property
    def met(self) -> bool | None:
        """Whether it is as wanted; None when nothing is wanted or known."""
        if self.value is None:
            return None
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value below which a share of the values lies.

    Parameters
    ----------
    values
        At least one.
    share
        0 to 1; in between two values the higher one is taken, so that p99 of 30 values is the worst of them.
    """
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: Sequence[float], digits: int = 3) -> str:
    """Write median, lowest and highest of a few rounds."""
    median, lowest, highest = statistics.median(values), min(values), max(values)
    return f"median {median:.{digits}f}, {lowest:.{digits}f}–{highest:.{digits}f} in {len(values)} rounds"
