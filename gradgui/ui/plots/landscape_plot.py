"""A cut through the loss: the curve, the ball on it, its slope, where it lands next, and where it has been."""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from gradgui.numbers import readable
from gradgui.record.training_log import TrainingLog
from gradgui.record.views import Landscape
from gradgui.ui.app.theme import Theme
from gradgui.ui.app.type_scale import scaled
from gradgui.ui.plots.axes import drawable
from gradgui.ui.plots.ball_plot import BallPlot, Place, ends
from gradgui.ui.plots.compared_paths import Path
from gradgui.ui.plots.items import Line
from gradgui.ui.plots.paths_plot import PATH_POINTS

TANGENT_SHARE = 0.22
"""Half the tangent's length, as a share of the axis."""


class LandscapePlot(BallPlot):
    """A cut through the loss along one parameter.

    Attributes
    ----------
    curve, tangent
        What is drawn of the loss, beside what every `BallPlot` has.
    """

    def __init__(self) -> None:
        super().__init__("landscape_plot", "loss")
        self.curve = Line(smooth=True)
        self.tangent = Line(smooth=True)
        self._add(
            self.curve, self.compared.item, self.path, self.dots, self.tangent, self.landing, self.ball, self.handle
        )
        self._add(self._reading, self._note, self.guess.marker)
        self.plot.setToolTip(
            "The loss for each value of the parameter. The dashed line's slope is the gradient, the ring is where\n"
            "the next update lands. Drag the ball, or move it with the arrow keys, to set the parameter."
        )

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self.curve.setPen(pg.mkPen(theme.loss, width=scaled(2)))
        self._colour_parameter(theme.parameter(0))

    def set_parameters(
        self, names: tuple[str, ...], colours: tuple[str, ...], starts: tuple[float, ...], theme: Theme
    ) -> None:
        """Show cuts along this one parameter from now on."""
        self._wait_for_landscape(starts)
        self.set_label("bottom", names[0], theme)
        self._colour_parameter(colours[0])

    def _colour_parameter(self, colour: str) -> None:
        self.tangent.setPen(pg.mkPen(colour, width=scaled(2), style=Qt.PenStyle.DashLine))
        self.landing.setPen(pg.mkPen(colour, width=scaled(2)))
        self.ball.setPen(pg.mkPen(colour, width=scaled(1)))
        self.ball.setBrush(pg.mkBrush(colour))
        faded = pg.mkColor(colour)
        faded.setAlpha(110)
        self.path.setPen(pg.mkPen(faded, width=scaled(1)))
        self.dots.set_colour(faded)

    def _show_losses(self, landscape: Landscape) -> None:
        self.curve.draw(landscape.grid[0], landscape.losses)
        self.curve.setVisible(True)
        losses = drawable(landscape.losses)
        finite = losses[np.isfinite(losses)]
        if not len(finite):
            return
        lowest, highest = float(finite.min()), float(finite.max())
        span = (highest - lowest) or 1.0
        (across,), upwards = ends(landscape), (lowest - 0.12 * span, highest + 0.05 * span)
        self.show_range(across, upwards)

    def _place_note(self, _landscape: Landscape) -> None:
        self.place_note(self._note)

    def _path(self, landscape: Landscape, log: TrainingLog, epoch: int, starts: tuple[float, ...]) -> Path:
        epochs, values = log.thin(landscape.parameters[0], 1, max(epoch - 1, 0), PATH_POINTS)
        # An epoch's loss is that of the value before its update: of the start, or of the epoch before.
        at = np.concatenate([starts, values])
        losses = log.values("loss", np.concatenate([[0], epochs]) + 1) if epoch else np.empty(0)
        return at[: len(losses)], losses

    def _places(self, landscape: Landscape) -> tuple[Place, Place]:
        return (landscape.values[0], landscape.loss), (landscape.next_values[0], landscape.next_loss)

    @property
    def _slope(self) -> pg.GraphicsObject:
        return self.tangent

    def _place_of(self, landscape: Landscape, values: Sequence[float]) -> Place:
        return values[0], float(np.interp(values[0], landscape.grid[0], landscape.losses))

    def _show_gradient(self, landscape: Landscape) -> None:
        (gradient,), (value,) = landscape.gradient, landscape.values
        self.tangent.setVisible(self.ball.isVisible() and math.isfinite(gradient))
        self._reading.setText(f"{landscape.gradient_name} = {readable(gradient)}")
        if not self.tangent.isVisible():
            return
        half = TANGENT_SHARE * (landscape.grid[0][-1] - landscape.grid[0][0])
        (left, right), (bottom, top) = self.plot.getViewBox().viewRange()
        if gradient:
            # A steep tangent is cut to the plot's height instead of leaving it.
            half = min(half, 0.45 * (top - bottom) / abs(gradient))
        along = np.array([-half, half])
        self.tangent.draw(value + along, landscape.loss + gradient * along)
        self.place_text(self._reading, (left + right) / 2, top)

    def _show_drag(self, landscape: Landscape, across: float, up: float) -> None:  # noqa: ARG002
        # The ball stays on the curve.
        self._put_ball(across, float(np.interp(across, landscape.grid[0], landscape.losses)))
        self._reading.setText(f"{landscape.parameters[0]} = {readable(across)}")
        self.tangent.setVisible(False)
