"""What all plots of a sweep share: its outcomes, a legend that pictures have below, and items that begin unseen."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

import pyqtgraph as pg

from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.ui.app.theme import LIGHT, Theme
from gradgui.ui.plots.axes import SteadyAxis
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.run_legend import RunLegend
from gradgui.ui.sweeps.sweep_axis import SweepAxis


class SweepCanvas(Canvas):
    """A plot of a sweep.

    Parameters
    ----------
    name, title, x_label, y_label
        As in `Canvas`.
    bottom
        The horizontal axis.
    """

    def __init__(self, name: str, title: str, x_label: str, y_label: str, bottom: SteadyAxis) -> None:
        super().__init__(name, title, x_label, y_label, {"left": SweepAxis("left"), "bottom": bottom})
        self._theme = LIGHT
        self._outcomes: SweepOutcomes | None = None
        self._legend = RunLegend(self.plot)

    @property
    def legend(self) -> RunLegend:
        """What the lines, colours and signs mean."""
        return self._legend

    @contextmanager
    def every_axis_named(self) -> Iterator[None]:
        """Leave the legend to a picture."""
        with self._legend.left_to_picture():
            yield

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self._theme = theme
        self._legend.show_entries((), theme)  # those that follow take the new colours
        self._take_colours()
        self._show()

    @abstractmethod
    def _take_colours(self) -> None:
        """Take the theme's colours and the type's size."""

    @abstractmethod
    def _show(self) -> None:
        """Draw the outcomes, if there are any."""

    def _add(self, *items: pg.GraphicsObject) -> None:
        """Put items into the plot, each over the one before, and nothing to be seen of them yet."""
        for item in items:
            self.plot.getViewBox().addItem(item, ignoreBounds=True)
            item.setVisible(False)
