"""The points' shares of the gradient in words."""

import numpy as np

from gradgui.numbers import shown, significant, write_count, write_number
from gradgui.record.csv_file import shortest
from gradgui.record.point_shares import MOST_SHARED, PointShares
from gradgui.record.views import Values

NAMED = 3
"""So many points whose share is not finite are named; more are counted."""


class PullText:
    """Say who pulls one parameter.

    Parameters
    ----------
    shares
        Of all parameters.
    parameter
        Which one.
    dtype
        That of the run, in whose digits numbers are written.

    Attributes
    ----------
    strongest
        Places of the points in the data, those that pull most first; without those whose share is not finite.
    """

    def __init__(self, shares: PointShares, parameter: str, dtype: str) -> None:
        self._shares, self._parameter, self._dtype = shares, parameter, dtype
        self._place = shares.parameters.index(parameter)
        self._values = shares.of(parameter)
        finite = np.flatnonzero(np.isfinite(self._values))
        sizes = np.abs(self._values[finite])
        self.strongest = finite[np.argsort(-sizes, kind="stable")]
        self._percents = _percents(self._values)

    @property
    def sum(self) -> str:
        """What the shares add up to, and how that compares with ``.grad``."""
        shares, name = self._shares, self._parameter
        gradient, found = shares.gradients[self._place], shares.found[self._place]
        if shares.are_left_out:
            return f"Of more than {write_count(MOST_SHARED)} points no shares are worked out."
        total, start = shares.sums[self._place], f"Epoch {shares.epoch}: "
        if gradient is None:
            return (
                f"{start}the shares add up to {self._number(total)}, but {name}.grad is None: "
                f"{name} is no leaf of the graph."
            )
        if not np.isfinite(total) or not np.isfinite(gradient):
            return f"{start}{name}.grad = {self._number(gradient)}{self._not_finite()}"
        if found or shares.passes > 1:
            twice = " twice" if shares.passes > 1 else ""
            return (
                f"{start}the shares add up to {self._number(total)}, which backward() adds{twice} to "
                f"{self._number(found or 0.0)}: {name}.grad = {self._number(gradient)}"
                f"{self._agreement(total * shares.passes + (found or 0.0), gradient)}"
            )
        return f"{start}shares add up to {name}.grad = {self._number(gradient)}{self._agreement(total, gradient)}"

    @property
    def first(self) -> str:
        """Which point pulls most."""
        if not len(self.strongest):
            return ""
        place = self.strongest[0]
        if self._values[place] == 0.0:
            return "No point pulls: every share is 0."
        return f"{self._name(place)} pulls with {self.percent(place)}"

    def of_point(self, place: int) -> str:
        """Say all of one point's share, in full digits."""
        share = float(self._values[place])
        if not np.isfinite(share):
            return f"{self._name(place)}: its share is {self._number(share)}"
        way = "does not push" if share == 0.0 else "lowers" if share > 0.0 else "raises"
        percent = f", {self.percent(place)}" if share else ""
        return f"{self._name(place)}: share {self._number(share)}{percent}, {way} {self._parameter}"

    def percent(self, place: int) -> str:
        """Give a point's part of the sum of all shares' sizes."""
        percent = self._percents[place]
        return f"{significant(percent, 2) if percent < 1.0 else round(percent)} %"

    def list_of(self, most: int) -> list[str]:
        """Say the shares of those that pull most, one a line."""
        return [self.of_point(place) for place in self.strongest[:most]]

    def _name(self, place: int) -> str:
        return f"Point {place + 1} (x = {shown(write_number(float(f'{self._shares.x[place]:.6g}')))})"

    def _number(self, value: float) -> str:
        single = self._dtype == "float32" and float(np.float32(np.clip(value, -3e38, 3e38))) == value
        text = shortest(value, "float32" if single else "float64")
        return shown(text.removesuffix(".0"))

    def _agreement(self, total: float, gradient: float) -> str:
        if self._shares.agrees[self._place]:
            return " (to the last bit)"
        apart = abs(total - gradient)
        return f" (up to rounding, {significant(apart, 2)})" if apart else " (up to the sign of 0)"

    def _not_finite(self) -> str:
        places = np.flatnonzero(~np.isfinite(self._values))
        if not len(places):
            return ": the shares add up to more than can be written"
        named = ", ".join(str(place + 1) for place in places[:NAMED])
        more = f" and {write_count(len(places) - NAMED)} more" if len(places) > NAMED else ""
        return f": no number is the share of point{'s' if len(places) > 1 else ''} {named}{more}"


def _percents(values: Values) -> Values:
    """Give each share's size in per cent of all sizes together; those that are not finite count as none."""
    sizes = np.where(np.isfinite(values), np.abs(values), 0.0)
    largest = sizes.max(initial=0.0)
    if largest == 0.0:
        return np.zeros(len(values))
    parts = sizes / largest
    percents: Values = 100.0 * parts / parts.sum()
    return percents
