"""What both landscapes share: the ball, where it lands next, and how a person moves it."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from gradgui.record.training_log import TrainingLog
from gradgui.record.views import Landscape
from gradgui.ui.app.theme import Theme
from gradgui.ui.app.type_scale import scaled
from gradgui.ui.plots.axes import Range, is_drawable
from gradgui.ui.plots.ball_guess import BallGuess
from gradgui.ui.plots.items import Marker, disc
from gradgui.ui.plots.paths_plot import PathsPlot

HANDLE = 18
"""Pixels within which the mouse takes hold of the ball, at 100 %."""
NUDGE = 0.02
"""Share of the axis by which an arrow key moves the ball."""
DIRECTIONS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}

Place = tuple[float, float]


class BallPlot(PathsPlot):
    """A landscape with a ball on it that can be dragged, or moved with the arrow keys.

    Signals
    -------
    value_chosen(str, float)
        The person moved the ball: this parameter is to have this value. One signal for each that changed.

    Parameters
    ----------
    name
        ``objectName`` of the plot.
    y_label
        Name of the axis that goes up.

    Attributes
    ----------
    ball, landing
        What is drawn of the run, besides its path.
    handle
        What the mouse takes hold of.
    guess
        Where a learner expects the ball.
    """

    value_chosen = Signal(str, float)

    def __init__(self, name: str, y_label: str) -> None:
        super().__init__(name, y_label)
        self._starts: tuple[float, ...] = ()
        self._dragging = False
        self.guess = BallGuess()
        self.landing = Marker(disc(11))
        self.ball = Marker(disc(13))
        self.handle = pg.TargetItem(
            movable=True, size=HANDLE, symbol="o", pen=pg.mkPen(None), hoverPen=pg.mkPen(None)
        )
        self.handle.setBrush(pg.mkBrush(None))
        self.handle.setHoverBrush(pg.mkBrush(None))
        self._reading = pg.TextItem(anchor=(0.5, 0))
        self.plot.getViewBox().setMouseEnabled(x=False, y=False)
        self.handle.sigPositionChanged.connect(self._follow_drag)
        self.handle.sigPositionChangeFinished.connect(self._drop)

    @property
    def reading(self) -> str:
        """What is said of the gradient at the ball."""
        return str(self._reading.toPlainText())

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self.guess.set_theme(theme)
        self.handle.scale = scaled(HANDLE)
        self.handle.viewTransformChanged()
        self._reading.setColor(theme.text)

    def set_movable(self, movable: bool) -> None:
        """Let the ball be moved, or not."""
        self.handle.movable = movable

    def scene_position(self) -> QPointF:
        """Give the ball's place on the scene, for whoever wants to take hold of it."""
        position: QPointF = self.plot.getViewBox().mapViewToScene(self.handle.pos())
        return position

    def set_parameters(
        self, names: tuple[str, ...], colours: tuple[str, ...], starts: tuple[float, ...], theme: Theme
    ) -> None:
        """Show landscapes along these parameters from now on."""
        raise NotImplementedError

    def _wait_for_landscape(self, starts: tuple[float, ...]) -> None:
        """Forget the landscape of before: on that the ball would be moved to where nothing is."""
        self._starts, self._landscape = starts, None

    def show_landscape(self, landscape: Landscape, log: TrainingLog, epoch: int) -> None:
        """Draw where the run is.

        Parameters
        ----------
        landscape
            To be shown; it is along the parameters that were set.
        log
            For the path so far.
        epoch
            How far the path goes.
        """
        drawn = self._landscape
        if self._dragging or landscape is drawn:
            return
        self._landscape = landscape
        if drawn is not None and self._is_shown(log, epoch) and landscape.looks_like(drawn):
            return
        self._path_shown = (log, log.revision, epoch)
        if drawn is None or landscape.losses is not drawn.losses:
            self._show_losses(landscape)
            self._show_note(landscape)
        self._show_path(epoch, self._path(landscape, log, epoch, self._starts))
        self._show_place(landscape)

    def _show_place(self, landscape: Landscape) -> None:
        """Show where the ball is and lands next, unless that is to be predicted."""
        place, landing = self._places(landscape)
        here = is_drawable(*place)
        for item in (self.ball, self.handle, self._reading):
            item.setVisible(here)
        if here:
            self._put_ball(*place)
        self.landing.setVisible(here and is_drawable(*landing))
        if self.landing.isVisible():
            self.landing.setPos(*landing)
        self._show_gradient(landscape)
        if self.guess.hides_next:
            for item in (self.landing, self._reading, self._slope):
                item.setVisible(False)
        if self.guess.is_placed and here:
            self._show_guess(landscape, self.guess.values or landscape.values)

    def begin_guess(self, *, placed: bool) -> None:
        """Hide where the run goes next; see `BallGuess`."""
        self.guess.begin(placed=placed)
        if self._landscape is not None:
            self._show_place(self._landscape)

    def end_guess(self, *, stays: bool) -> None:
        """Show where the run goes next again; see `BallGuess`."""
        hid = self.guess.hides_next
        self.guess.end(stays=stays)
        if hid and self._landscape is not None:
            self._show_place(self._landscape)

    def _show_guess(self, landscape: Landscape, values: Sequence[float]) -> None:
        self.guess.move(values, ends(landscape))
        place = self._place_of(landscape, self.guess.values)
        self.guess.marker.setPos(*place)
        self.guess.marker.setVisible(True)
        if not self._dragging:
            with QSignalBlocker(self.handle):
                self.handle.setPos(*place)

    @property
    def _slope(self) -> pg.GraphicsObject:
        """What shows the slope at the ball."""
        raise NotImplementedError

    def _place_of(self, landscape: Landscape, values: Sequence[float]) -> Place:
        """Give where these values of the parameters are in the plot."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the ball with the arrow keys."""
        landscape, ways = self._landscape, DIRECTIONS.get(Qt.Key(event.key()), (0, 0))
        if landscape is None or not self.handle.movable or not any(ways[: len(landscape.grid)]):
            super().keyPressEvent(event)
            return
        steps = (NUDGE * (right - left) * way for (left, right), way in zip(ends(landscape), ways, strict=False))
        present = self.guess.values if self.guess.is_placed else landscape.values
        moved = [value + step for value, step in zip(present, steps, strict=True)]
        if self.guess.is_placed:
            self._show_guess(landscape, moved)
        else:
            self._choose(moved)

    def _show_losses(self, landscape: Landscape) -> None:
        """Draw the losses of the grid."""
        raise NotImplementedError

    def _places(self, landscape: Landscape) -> tuple[Place, Place]:
        """Give where the ball is, and where it lands next."""
        raise NotImplementedError

    def _show_gradient(self, landscape: Landscape) -> None:
        """Show the gradient at the ball, where there is one to be seen."""
        raise NotImplementedError

    def _show_drag(self, landscape: Landscape, across: float, up: float) -> None:
        """Show the ball where it is dragged to."""
        raise NotImplementedError

    def _choose(self, place: Sequence[float]) -> None:
        """Tell which parameters the ball's new place changes."""
        if self._landscape is None:
            return
        landscape = self._landscape
        for name, value, present in zip(landscape.parameters, place, landscape.values, strict=False):
            if value != present:
                self.value_chosen.emit(name, value)

    def _put_ball(self, across: float, up: float) -> None:
        self.ball.setPos(across, up)
        with QSignalBlocker(self.handle):
            self.handle.setPos(across, up)

    @Slot(object)
    def _follow_drag(self, _handle: object) -> None:
        self._dragging = True
        self.landing.setVisible(False)
        if self._landscape is not None and self.guess.is_placed:
            self._show_guess(self._landscape, (float(self.handle.pos().x()), float(self.handle.pos().y())))
        elif self._landscape is not None:
            self._show_drag(self._landscape, float(self.handle.pos().x()), float(self.handle.pos().y()))

    @Slot(object)
    def _drop(self, _handle: object) -> None:
        self._dragging = False
        if self.guess.is_placed and self._landscape is not None:
            self._show_guess(self._landscape, self.guess.values)
            return
        self._choose((float(self.handle.pos().x()), float(self.handle.pos().y())))


def ends(landscape: Landscape) -> tuple[Range, ...]:
    """Give the lowest and the highest value of each parameter that varies."""
    return tuple((float(values[0]), float(values[-1])) for values in landscape.grid)
