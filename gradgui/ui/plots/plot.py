"""A pyqtgraph view with one view box and its two axes."""

import pyqtgraph as pg
from PySide6.QtCore import Qt

from gradgui.ui.plots.axes import SteadyAxis, ValueAxis


class Plot(pg.GraphicsView):  # type: ignore[misc]
    """What pyqtgraph's PlotWidget is for this program.

    That one makes the sixty widgets of its options menu as well, two more axes, a title and a button; eight of them
    cost a tenth of the time to the first frame.

    Parameters
    ----------
    name
        ``objectName``.
    title
        Accessible name.
    """

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        # A frame changes curves that reach through all of the plot: to find out which parts of it costs more.
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # which Qt passes on to the plot
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scene().contextMenu = []  # pyqtgraph's export dialog outlives its plot and crashes
        self._box = pg.ViewBox(enableMenu=False)
        self._box.disableAutoRange()
        self._axes = {"left": ValueAxis("left"), "bottom": SteadyAxis("bottom")}
        self.centralLayout.setContentsMargins(1, 1, 1, 1)
        self.centralLayout.setSpacing(0)
        for item, row, column in ((self._box, 0, 1), (self._axes["left"], 0, 0), (self._axes["bottom"], 1, 1)):
            self.centralLayout.addItem(item, row, column)
        for axis in self._axes.values():
            axis.linkToView(self._box)
        self.centralLayout.activate()

    def getViewBox(self) -> pg.ViewBox:  # noqa: N802 - as pyqtgraph calls it
        """Give what the data are in."""
        return self._box

    def getAxis(self, side: str) -> pg.AxisItem:  # noqa: N802
        """Give the axis at the ``left`` or the ``bottom``."""
        return self._axes[side]
