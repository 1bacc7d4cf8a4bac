"""Points that the mouse can take hold of."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal


class DataPoints(pg.ScatterPlotItem):  # type: ignore[misc]
    """Points that the mouse can take hold of.

    Signals
    -------
    dragged(int, float, float)
        A point, by its place among those that are drawn, is being dragged there: x and y.
    dropped()
        It was let go.
    removed(int)
        A point was clicked with the right button.

    Attributes
    ----------
    editable
        Whether points can be changed now.
    """

    dragged = Signal(int, float, float)
    dropped = Signal()
    removed = Signal(int)

    def __init__(self) -> None:
        super().__init__(size=8, pen=None)
        self.editable = False
        self._held: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether the mouse has hold of a point."""
        return self._held is not None

    def mouseDragEvent(self, event: Any) -> None:
        """Drag the point under the mouse."""
        if event.button() != Qt.MouseButton.LeftButton or not self.editable:
            event.ignore()
            return
        if event.isStart():
            self._held = self._place_at(event.buttonDownPos())
        if self._held is None:
            event.ignore()
            return
        event.accept()
        position = event.pos()
        self.dragged.emit(self._held, position.x(), position.y())
        if event.isFinish():
            self._held = None
            self.dropped.emit()

    def mouseClickEvent(self, event: Any) -> None:
        """Remove the point under the mouse."""
        place = self._place_at(event.pos())
        if event.button() != Qt.MouseButton.RightButton or not self.editable or place is None:
            event.ignore()
            return
        event.accept()
        self.removed.emit(place)

    def _place_at(self, position: Any) -> int | None:
        under = self.pointsAt(position)
        return int(under[0].index()) if len(under) else None
