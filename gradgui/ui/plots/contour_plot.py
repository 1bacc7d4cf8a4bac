"""The loss over two parameters as a map: the ball on it, where the gradient points, and where the run has been."""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Slot
from PySide6.QtGui import QPainter

from gradgui.numbers import readable
from gradgui.record.training_log import TrainingLog
from gradgui.record.views import Landscape
from gradgui.ui.app.theme import Theme
from gradgui.ui.app.type_scale import scaled
from gradgui.ui.plots.ball_plot import BallPlot, Place, ends
from gradgui.ui.plots.compared_paths import Path
from gradgui.ui.plots.contour_image import contour_image
from gradgui.ui.plots.items import Marker, arrow
from gradgui.ui.plots.paths_plot import PATH_POINTS

ARROW_LENGTH = 48
"""Pixels from the ball's middle to the tip."""
HIGH_UP = 0.8
"""Share of the height above which the ball would be behind the reading."""


class ContourPlot(BallPlot):
    """A map of the loss over two parameters.

    Attributes
    ----------
    image, arrow
        What is drawn of the loss, beside what every `BallPlot` has.
    """

    def __init__(self) -> None:
        super().__init__("contour_plot", "b")
        self._theme: Theme | None = None
        self.image = pg.ImageItem(axisOrder="row-major")
        self.image.setCacheMode(pg.ImageItem.CacheMode.DeviceCoordinateCache)
        self.arrow = Marker(arrow(ARROW_LENGTH))
        self._add(
            self.image, self.compared.item, self.path, self.dots, self.arrow, self.landing, self.ball, self.handle
        )
        self._add(self._reading, self._note, self.guess.marker)
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
        self.ball.setPen(pg.mkPen(theme.surface, width=scaled(1.5)))
        self.ball.setBrush(pg.mkBrush(theme.loss))
        self.landing.setPen(pg.mkPen(theme.loss, width=scaled(2)))
        self.arrow.setPen(pg.mkPen(theme.text, width=scaled(2)))
        self.arrow.setBrush(pg.mkBrush(theme.text))
        faded = pg.mkColor(theme.text)
        faded.setAlpha(150)
        self.path.setPen(pg.mkPen(faded, width=scaled(1)))
        self.dots.set_colour(theme.text)
        ground = pg.mkColor(theme.surface)
        ground.setAlpha(200)
        self._reading.fill = self._note.fill = pg.mkBrush(ground)
        if self._landscape is not None:
            self._show_losses(self._landscape)

    def set_parameters(
        self, names: tuple[str, ...], colours: tuple[str, ...], starts: tuple[float, ...], theme: Theme
    ) -> None:
        """Show maps over these parameters from now on: the first goes across, the second up."""
        self._wait_for_landscape(starts)
        for side, name, colour in zip(("bottom", "left"), names, colours, strict=True):
            self.set_label(side, name, theme, colour)

    def _show_losses(self, landscape: Landscape) -> None:
        if self._theme is None:
            return
        across, up = ends(landscape)
        picture = contour_image(landscape.losses, self._theme)
        self.image.setImage(picture, levels=None, autoLevels=False)
        # The middles of the outermost pixels are the ends of the grid.
        wide, high = (
            (highest - lowest) / (pixels - 1)
            for (lowest, highest), pixels in zip((across, up), picture.shape[1::-1], strict=True)
        )
        low = across[0] - wide / 2, up[0] - high / 2
        self.image.setRect(QRectF(*low, wide * picture.shape[1], high * picture.shape[0]))
        self.image.setVisible(True)
        self.show_range(across, up)

    def _path(self, landscape: Landscape, log: TrainingLog, epoch: int, starts: tuple[float, ...]) -> Path:
        # What is an extreme of either has to be in the path.
        epochs = np.union1d(*(log.thin(name, 1, epoch, PATH_POINTS)[0] for name in landscape.parameters))
        across, up = (
            np.concatenate([[start], log.values(name, epochs)])
            for name, start in zip(landscape.parameters, starts, strict=True)
        )
        return across, up

    def _places(self, landscape: Landscape) -> tuple[Place, Place]:
        (across, up), (next_across, next_up) = landscape.values, landscape.next_values
        return (across, up), (next_across, next_up)

    @property
    def _slope(self) -> pg.GraphicsObject:
        return self.arrow

    def _place_of(self, _landscape: Landscape, values: Sequence[float]) -> Place:
        return values[0], values[1]

    def _show_gradient(self, landscape: Landscape) -> None:
        first, second = (readable(part + 0.0) for part in landscape.gradient)  # 0.0 takes the sign from a -0.0
        self._reading.setText(f"{landscape.gradient_name} ({first}, {second})")
        self._place_texts(landscape)
        self._turn_arrow()

    def _place_texts(self, landscape: Landscape) -> None:
        """Put the reading at the top, or at the bottom while the ball is up there, and the note at the other end."""
        (left, right), (bottom, top) = ends(landscape)
        high = self._is_high(landscape)
        self._reading.setAnchor((0.5, 1.0 if high else 0.0))
        self.place_text(self._reading, (left + right) / 2, bottom if high else top)
        self._place_note(landscape)

    def _place_note(self, landscape: Landscape) -> None:
        (_, right), (bottom, top) = ends(landscape)
        high = self._is_high(landscape)
        self._note.setAnchor((1.0, 0.0 if high else 1.0))
        self.place_text(self._note, right, top if high else bottom)

    def _is_high(self, landscape: Landscape) -> bool:
        _, (bottom, top) = ends(landscape)
        return (landscape.values[1] - bottom) > HIGH_UP * (top - bottom)

    @Slot()
    def _turn_arrow(self) -> None:
        """Let the arrow point along the negative gradient, whatever the axes' scales are at the moment."""
        landscape = self._landscape
        if landscape is None or self._dragging:
            return
        box = self.plot.getViewBox()
        (left, right), (bottom, top) = ends(landscape)
        across = -landscape.gradient[0] / (right - left) * box.width()
        upwards = -landscape.gradient[1] / (top - bottom) * box.height()
        points = math.isfinite(across) and math.isfinite(upwards) and (across, upwards) != (0.0, 0.0)
        self.arrow.setVisible(points and self.ball.isVisible())
        if self.arrow.isVisible():
            self.arrow.setPos(*landscape.values)
            self.arrow.setRotation(-math.degrees(math.atan2(upwards, across)))

    def _show_drag(self, landscape: Landscape, across: float, up: float) -> None:
        self._put_ball(across, up)
        moved = zip(landscape.parameters, (across, up), strict=True)
        self._reading.setText(", ".join(f"{name} = {readable(value)}" for name, value in moved))
        self.arrow.setVisible(False)
