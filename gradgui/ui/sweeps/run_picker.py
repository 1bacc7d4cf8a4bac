"""The mouse and the keys over a plot whose places are runs: to look at one, to choose it, to mark a range."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QRubberBand

from gradgui.ui.plots.canvas import Plot

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}
LEAP = 10
"""Runs that an arrow goes with Ctrl."""


class RunPicker(QObject):
    """What a person points at.

    Parameters
    ----------
    plot
        Which takes no other notice of the left mouse button from now on.
    across_only
        Whether a range is marked along the horizontal axis only.
    """

    pointed = Signal(QPointF)
    """A place under the mouse, in the plot's coordinates."""
    left = Signal()
    """The mouse is elsewhere."""
    clicked = Signal(QPointF)
    marked = Signal(QRectF)
    """A range, in the plot's coordinates; its top is the lower value."""
    stepped = Signal(int, int)
    """By so many runs to the right and up."""
    confirmed = Signal()
    magnified = Signal()

    def __init__(self, plot: Plot, *, across_only: bool = False) -> None:
        super().__init__(plot)
        self._plot, self._across_only = plot, across_only
        self._pressed = QPoint()  # while the button is down
        self._is_pressed = False
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, plot.viewport())
        plot.viewport().setMouseTracking(True)
        plot.viewport().installEventFilter(self)
        plot.installEventFilter(self)
        plot.getViewBox().setMouseEnabled(False, False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is meant for runs."""
        if isinstance(event, QMouseEvent) and watched is self._plot.viewport():
            return self._take_mouse(event)
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and watched is self._plot:
            return self._take_key(event)
        if event.type() is QEvent.Type.Leave and watched is self._plot.viewport():
            self.left.emit()
        return False

    def _take_mouse(self, event: QMouseEvent) -> bool:
        place = event.position().toPoint()
        room = self._room
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() is Qt.MouseButton.LeftButton and room.contains(place):
                self._pressed, self._is_pressed = place, True
            case QEvent.Type.MouseMove if self._is_pressed:
                if self._band.isVisible() or self._is_far(place):
                    self._band.setGeometry(self._marked(place))
                    self._band.show()
            case QEvent.Type.MouseMove if room.contains(place):
                self.pointed.emit(self._in_plot(place))
            case QEvent.Type.MouseMove:
                self.left.emit()
            case QEvent.Type.MouseButtonRelease if self._is_pressed:
                self._let_go(place)
            case _:
                return False
        return True

    def _let_go(self, place: QPoint) -> None:
        is_range = self._band.isVisible() or self._is_far(place)
        marked = self._marked(place)
        self._forget()
        if not is_range:
            self.clicked.emit(self._in_plot(place))
        elif marked.width() > 1 and marked.height() > 1:
            corners = QRectF(self._in_plot(marked.topLeft()), self._in_plot(marked.bottomRight()))
            self.marked.emit(corners.normalized())

    def _take_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in ARROWS:
            far = LEAP if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 1
            self.stepped.emit(*(far * part for part in ARROWS[key]))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.confirmed.emit()
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.magnified.emit()
        elif key is Qt.Key.Key_Escape and self._is_pressed:
            self._forget()
        else:
            return False
        return True

    def _forget(self) -> None:
        self._is_pressed = False
        self._band.hide()

    def _is_far(self, place: QPoint) -> bool:
        return (place - self._pressed).manhattanLength() >= QApplication.startDragDistance()

    def _marked(self, place: QPoint) -> QRect:
        """Give what is marked, in pixels."""
        room = self._room
        marked = QRect(self._pressed, place).normalized()
        if self._across_only:
            marked.setTop(room.top())
            marked.setBottom(room.bottom())
        return marked & room

    @property
    def _room(self) -> QRect:
        """Where the data are, in pixels."""
        box = self._plot.getViewBox()
        room: QRect = self._plot.mapFromScene(box.sceneBoundingRect()).boundingRect()
        return room

    def _in_plot(self, place: QPoint) -> QPointF:
        point: QPointF = self._plot.getViewBox().mapSceneToView(self._plot.mapToScene(place))
        return point
