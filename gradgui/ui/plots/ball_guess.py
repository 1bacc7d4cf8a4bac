"""The place on a landscape where a learner expects the ball, before it is shown."""

from collections.abc import Sequence

import pyqtgraph as pg

from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.axes import Range
from gradgui.ui.plots.items import Marker, diamond

SIZE = 21
ABOVE = 20


class BallGuess:
    """A second ball.

    Attributes
    ----------
    marker
        What is drawn.
    hides_next
        Whether nothing may give away where the run goes next.
    is_placed
        Whether mouse and keys move the guess and not the ball.
    is_moved
        Whether it is anywhere else than where it began.
    values
        Where it is, one number for each parameter that varies; empty before it was anywhere.
    """

    def __init__(self) -> None:
        self.marker = Marker(diamond(SIZE))
        self.marker.setZValue(ABOVE)
        self.hides_next = self.is_placed = self.is_moved = False
        self.values: tuple[float, ...] = ()

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self.marker.setPen(pg.mkPen(theme.warning, width=2))
        self.marker.setBrush(pg.mkBrush(None))  # the ball may lie under it

    def begin(self, *, placed: bool) -> None:
        """Hide what comes next; with a ball to be placed, if one is wanted."""
        if not self.hides_next or placed != self.is_placed:
            self.values, self.is_moved = (), False
            self.marker.setVisible(False)  # until it is placed
        self.hides_next, self.is_placed = True, placed

    def end(self, *, stays: bool) -> None:
        """Show what comes next again; the ball that was placed stays beside it, or is gone."""
        self.hides_next = self.is_placed = False
        if not stays:
            self.values = ()
        self.marker.setVisible(bool(self.values))

    def move(self, values: Sequence[float], ends: Sequence[Range]) -> None:
        """Go to another place within the landscape."""
        before = self.values
        self.values = tuple(min(max(one, low), high) for one, (low, high) in zip(values, ends, strict=False))
        self.is_moved = self.is_moved or (bool(before) and self.values != before)
