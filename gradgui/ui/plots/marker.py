"""A single symbol that moves over a plot."""

import pyqtgraph as pg


class Marker(pg.ScatterPlotItem):  # type: ignore[misc]
    """One symbol, moved as a whole: to give a scatter plot new data at every frame costs ten times as much.

    Parameters
    ----------
    size
        In pixels.
    symbol
        As pyqtgraph names it.
    """

    def __init__(self, size: float, symbol: str) -> None:
        super().__init__(size=size, symbol=symbol)
        self.setData([0.0], [0.0])

    @property
    def place(self) -> tuple[float, float]:
        """Where it is, in the plot's coordinates."""
        return self.pos().x(), self.pos().y()
