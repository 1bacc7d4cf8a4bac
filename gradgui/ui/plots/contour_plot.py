"""The loss over two parameters as a map: the ball on it, where the gradient points, and where the run has been."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Signal, Slot
from PySide6.QtGui import QPainter

from gradgui.record.contour import Contour
from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.axes import Range
from gradgui.ui.plots.ball_plot import DOTS, NUDGE, PATH_POINTS, BallPlot
from gradgui.ui.plots.contour_image import contour_image
from gradgui.ui.plots.items import Marker, arrow
from gradgui.ui.widgets.number_text import as_result

ARROW_LENGTH = 48
"""Pixels from the ball's middle to the tip."""
HIGH_UP = 0.8
"""Share of the height above which the ball would be behind the reading."""


class ContourPlot(BallPlot):
    """A map of the loss over two parameters.

    Signals
    -------
    value_chosen(str, float)
        The person moved the ball: this parameter is to have this value. One signal for each that changed.

    Attributes
    ----------
    image, arrow
        What is drawn of the loss, beside what every `BallPlot` has.
    """

    value_chosen = Signal(str, float)

    def __init__(self) -> None:
        super().__init__("contour_plot", "b")
        self._contour: Contour | None = None
        self._theme: Theme | None = None
        self._starts = (0.0, 0.0)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.image.setCacheMode(pg.ImageItem.CacheMode.DeviceCoordinateCache)
        self.arrow = Marker(arrow(ARROW_LENGTH))
        self._add(self.image, self.path, self.dots, self.arrow, self.landing, self.ball, self.handle)
        self._add(self._reading, self._note)
        self.plot.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.plot.getViewBox().sigResized.connect(self._turn_arrow)
        self.plot.setToolTip(
            "The loss over two parameters, from its valleys in the colour of the ground to its heights in blue.\n"
            "Lines join places of equal loss; from one to the next, the height above the lowest is multiplied.\n"
            "The arrow points along −gradient, the ring is where the next update lands. Each axis has its own\n"
            "scale, so the arrow need not cross the lines at a right angle. Drag the ball, or move it with the\n"
            "arrow keys, to set the parameters."
        )

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self._theme = theme
        self.ball.setPen(pg.mkPen(theme.surface, width=1.5))
        self.ball.setBrush(pg.mkBrush(theme.loss))
        self.landing.setPen(pg.mkPen(theme.loss, width=2))
        self.arrow.setPen(pg.mkPen(theme.text, width=2))
        self.arrow.setBrush(pg.mkBrush(theme.text))
        faded = pg.mkColor(theme.text)
        faded.setAlpha(150)
        self.path.setPen(pg.mkPen(faded, width=1))
        self.dots.set_colour(theme.text)
        ground = pg.mkColor(theme.surface)
        ground.setAlpha(200)
        self._reading.fill = self._note.fill = pg.mkBrush(ground)
        if self._contour is not None:
            self._show_ground(self._contour)

    def set_parameters(
        self, names: tuple[str, str], colours: tuple[str, str], starts: tuple[float, float], theme: Theme
    ) -> None:
        """Show maps over these parameters from now on: the first goes across, the second up."""
        self._starts = starts
        for side, name, colour in zip(("bottom", "left"), names, colours, strict=True):
            self.set_label(side, name, theme, colour)

    def show_contour(self, contour: Contour, log: TrainingLog, epoch: int) -> None:
        """Draw where the run is.

        Parameters
        ----------
        contour
            The map to show.
        log
            For the path so far.
        epoch
            How far the path goes.
        """
        drawn = self._contour
        if self._dragging or contour is drawn:
            return
        self._contour = contour
        if drawn is not None and self._is_shown(log, epoch) and contour.looks_like(drawn):
            return
        self._path_shown = (log, log.revision, epoch)
        if drawn is None or contour.losses is not drawn.losses:
            self._show_ground(contour)
        self._show_path(contour, log, epoch)
        here = all(map(math.isfinite, contour.values))
        for item in (self.ball, self.handle, self._reading):
            item.setVisible(here)
        if here:
            self._put_ball(*contour.values)
            first, second = (as_result(part + 0.0) for part in contour.gradient)  # 0.0 takes the sign from a -0.0
            self._reading.setText(f"gradient ({first}, {second})")
            self._place_texts(contour)
        self.landing.setVisible(here and all(map(math.isfinite, contour.next_values)))
        if self.landing.isVisible():
            self.landing.setPos(*contour.next_values)
        self._turn_arrow()

    def _show_ground(self, contour: Contour) -> None:
        if self._theme is None:
            return
        across, up = _ends(contour)
        picture = contour_image(contour.losses, self._theme)
        self.image.setImage(picture, levels=None, autoLevels=False)
        # The middles of the outermost pixels are the ends of the grid.
        wide, high = (span / (pixels - 1) for span, pixels in zip(_spans(contour), picture.shape[1::-1], strict=True))
        low = across[0] - wide / 2, up[0] - high / 2
        self.image.setRect(QRectF(*low, wide * picture.shape[1], high * picture.shape[0]))
        self.image.setVisible(True)
        self.plot.getViewBox().setRange(xRange=across, yRange=up, padding=0)
        self._show_note(contour.points, contour.points_used)

    def _place_texts(self, contour: Contour) -> None:
        """Put the reading at the top, or at the bottom while the ball is up there, and the note at the other end."""
        (left, right), (bottom, top) = _ends(contour)
        high = (contour.values[1] - bottom) > HIGH_UP * (top - bottom)
        self._reading.setAnchor((0.5, 1.0 if high else 0.0))
        self._reading.setPos((left + right) / 2, bottom if high else top)
        self._note.setAnchor((1.0, 0.0 if high else 1.0))
        self._note.setPos(right, top if high else bottom)

    def _show_path(self, contour: Contour, log: TrainingLog, epoch: int) -> None:
        first, second = contour.parameters
        # What is an extreme of either has to be in the path.
        epochs = np.union1d(*(log.thin(name, 1, epoch, PATH_POINTS)[0] for name in (first, second)))
        across, up = (
            np.concatenate([[start], log.values(name, epochs)])
            for name, start in zip((first, second), self._starts, strict=True)
        )
        self.path.setVisible(epoch > 0)
        self.path.draw(across, up)
        self.dots.setVisible(0 < epoch <= DOTS)
        if epoch <= DOTS:
            self.dots.draw(across, up)

    @Slot()
    def _turn_arrow(self) -> None:
        """Let the arrow point along the negative gradient, whatever the axes' scales are at the moment."""
        contour = self._contour
        if contour is None or self._dragging:
            return
        box = self.plot.getViewBox()
        spans = _spans(contour)
        right = -contour.gradient[0] / spans[0] * box.width()
        upwards = -contour.gradient[1] / spans[1] * box.height()
        points = math.isfinite(right) and math.isfinite(upwards) and (right, upwards) != (0.0, 0.0)
        self.arrow.setVisible(points and self.ball.isVisible())
        if self.arrow.isVisible():
            self.arrow.setPos(*contour.values)
            self.arrow.setRotation(-math.degrees(math.atan2(upwards, right)))

    def _show_drag(self, across: float, up: float) -> None:
        if self._contour is None:
            return
        self._put_ball(across, up)
        moved = zip(self._contour.parameters, (across, up), strict=True)
        self._reading.setText(", ".join(f"{name} = {as_result(value)}" for name, value in moved))
        self.arrow.setVisible(False)
        self.landing.setVisible(False)

    def _choose(self, across: float, up: float) -> None:
        if self._contour is None:
            return
        for name, value, present in zip(self._contour.parameters, (across, up), self._contour.values, strict=True):
            if value != present:
                self.value_chosen.emit(name, value)

    def _nudge(self, across: int, up: int) -> bool:
        if self._contour is None:
            return False
        steps = [NUDGE * span * way for span, way in zip(_spans(self._contour), (across, up), strict=True)]
        self._choose(self._contour.values[0] + steps[0], self._contour.values[1] + steps[1])
        return True


def _ends(contour: Contour) -> tuple[Range, Range]:
    return (
        (float(contour.across[0]), float(contour.across[-1])),
        (float(contour.up[0]), float(contour.up[-1])),
    )


def _spans(contour: Contour) -> tuple[float, float]:
    (left, right), (bottom, top) = _ends(contour)
    return right - left, top - bottom
