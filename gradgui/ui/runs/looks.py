"""How the curves of compared runs look: a colour and a dash each, so that either alone tells neighbours apart."""

from msgspec import Struct
from PySide6.QtGui import QColor, QPen

from gradgui.ui.app.theme import Theme
from gradgui.ui.app.type_scale import scaled

DASHES: tuple[tuple[float, ...], ...] = (
    (6, 3),
    (2, 2),
    (8, 3, 2, 3),
    (14, 4),
    (8, 3, 2, 3, 2, 3),
    (1, 4),
    (14, 3, 5, 3),
    (3, 6),
)
"""Lengths of dash and gap in turns, in widths of the line; the present run's own lines have no gaps."""
COLOURS = 5
"""The colours of the parameters but the last one, which is that of the present run's loss."""


def solid_pen(colour: str) -> QPen:
    """Give what the present run's lines are shown with."""
    pen = QPen(QColor(colour), scaled(2))
    pen.setCosmetic(True)
    return pen


class Look(Struct, frozen=True):
    """One look; the first 40 are all different.

    Attributes
    ----------
    place
        Which one, from 0.
    """

    place: int

    @property
    def dashes(self) -> tuple[float, ...]:
        """Lengths of dash and gap in turns, in widths of the line."""
        return DASHES[self.place % len(DASHES)]

    def colour(self, theme: Theme) -> str:
        """Give its colour as ``#rrggbb``."""
        return theme.parameter(self.place % COLOURS)

    def pen(self, theme: Theme, colour: str = "", opacity: float = 1.0) -> QPen:
        """Give what its lines are drawn with, one pixel wide at 100 %; in another colour where one is named."""
        shade = QColor(colour or self.colour(theme))
        shade.setAlphaF(opacity)
        pen = QPen(shade)
        pen.setWidthF(scaled(1))
        pen.setCosmetic(True)
        pen.setDashPattern(self.dashes)
        return pen
