"""What both landscapes share: the ball, where it lands next, where it has been, and how a person moves it."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QKeyEvent

from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.items import Dots, Line, Marker, disc

PATH_POINTS = 600
DOTS = 100
"""Up to so many epochs of the path have a dot each."""
NUDGE = 0.02
"""Share of the axis by which an arrow key moves the ball."""
DIRECTIONS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}


class BallPlot(Canvas):
    """A landscape with a ball on it that can be dragged, or moved with the arrow keys.

    Parameters
    ----------
    name
        ``objectName`` of the plot.
    y_label
        Name of the axis that goes up.

    Attributes
    ----------
    ball, landing, path, dots
        What is drawn of the run.
    handle
        What the mouse takes hold of.
    """

    def __init__(self, name: str, y_label: str) -> None:
        super().__init__(name, "Loss landscape", "w", y_label)
        self._path_shown: tuple[TrainingLog | None, int, int] = (None, 0, 0)
        self._dragging = False
        self.path = Line()
        self.dots = Dots(4)
        self.landing = Marker(disc(11))
        self.ball = Marker(disc(13))
        self.handle = pg.TargetItem(movable=True, size=18, symbol="o", pen=pg.mkPen(None), hoverPen=pg.mkPen(None))
        self.handle.setBrush(pg.mkBrush(None))
        self.handle.setHoverBrush(pg.mkBrush(None))
        self._reading = pg.TextItem(anchor=(0.5, 0))
        self._note = pg.TextItem(anchor=(1, 1))
        self.plot.setMouseEnabled(x=False, y=False)
        self.handle.sigPositionChanged.connect(self._follow_drag)
        self.handle.sigPositionChangeFinished.connect(self._drop)

    def _add(self, *items: pg.GraphicsObject) -> None:
        """Put items into the plot, each over the one before, and nothing to be seen of them yet."""
        for item in items:
            self.plot.addItem(item, ignoreBounds=True)
            item.setVisible(False)

    @property
    def reading(self) -> str:
        """What is said of the gradient at the ball."""
        return str(self._reading.toPlainText())

    @property
    def note(self) -> str:
        """What is said of the data that the ground is made from; empty when these are all."""
        return str(self._note.toPlainText())

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self._reading.setColor(theme.text)
        self._note.setColor(theme.muted)

    def set_movable(self, movable: bool) -> None:
        """Let the ball be moved, or not."""
        self.handle.movable = movable

    def scene_position(self) -> QPointF:
        """Give the ball's place on the scene, for whoever wants to take hold of it."""
        position: QPointF = self.plot.getViewBox().mapViewToScene(self.handle.pos())
        return position

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the ball with the arrow keys."""
        direction = DIRECTIONS.get(Qt.Key(event.key()))
        if direction is None or not self.handle.movable or not self._nudge(*direction):
            super().keyPressEvent(event)

    def _nudge(self, across: int, up: int) -> bool:
        """Move the ball a little; gives whether it can go that way."""
        raise NotImplementedError

    def _show_drag(self, across: float, up: float) -> None:
        """Show the ball where it is dragged to."""
        raise NotImplementedError

    def _choose(self, across: float, up: float) -> None:
        """Tell where the ball was dropped."""
        raise NotImplementedError

    def _is_shown(self, log: TrainingLog, epoch: int) -> bool:
        """Tell whether the path up to an epoch looks as the one that is drawn, if nothing else has changed."""
        # A run that has settled stays where it is.
        return (log, log.revision, epoch) == self._path_shown or epoch > self._path_shown[2] > DOTS

    def _show_note(self, points: int, used: int) -> None:
        self._note.setVisible(used < points)
        self._note.setText(f"from {used:,} of {points:,} points" if used < points else "")

    def _put_ball(self, across: float, up: float) -> None:
        self.ball.setPos(across, up)
        with QSignalBlocker(self.handle):
            self.handle.setPos(across, up)

    @Slot(object)
    def _follow_drag(self, _handle: object) -> None:
        self._dragging = True
        self._show_drag(float(self.handle.pos().x()), float(self.handle.pos().y()))

    @Slot(object)
    def _drop(self, _handle: object) -> None:
        self._dragging = False
        self._choose(float(self.handle.pos().x()), float(self.handle.pos().y()))
