"""A cut through the loss: the curve, the ball on it, its slope, where it lands next, and where it has been."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal

from gradgui.record.landscape import Landscape
from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.axes import Range
from gradgui.ui.plots.ball_plot import DOTS, NUDGE, PATH_POINTS, BallPlot
from gradgui.ui.plots.items import Line
from gradgui.ui.widgets.number_text import readable

TANGENT_SHARE = 0.22
"""Half the tangent's length, as a share of the axis."""


class LandscapePlot(BallPlot):
    """A cut through the loss along one parameter.

    Signals
    -------
    value_chosen(float)
        The person dragged the ball there, or moved it with the arrow keys.

    Attributes
    ----------
    curve, tangent
        What is drawn of the loss, beside what every `BallPlot` has.
    """

    value_chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__("landscape_plot", "loss")
        self._landscape: Landscape | None = None
        self._range: tuple[Range, Range] | None = None
        self._start = 0.0
        self.curve = Line(smooth=True)
        self.tangent = Line(smooth=True)
        self._add(self.curve, self.path, self.dots, self.tangent, self.landing, self.ball, self.handle)
        self._add(self._reading, self._note)
        self.plot.setToolTip(
            "The loss for each value of the parameter. The dashed line's slope is the gradient, the ring is where\n"
            "the next update lands. Drag the ball, or move it with the arrow keys, to set the parameter."
        )

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self.curve.setPen(pg.mkPen(theme.loss, width=2))
        self._colour_parameter(theme.parameter(0))

    def set_parameter(self, name: str, colour: str, start: float, theme: Theme) -> None:
        """Show cuts along this parameter from now on."""
        self._start = start
        self.set_label("bottom", name, theme)
        self._colour_parameter(colour)

    def _colour_parameter(self, colour: str) -> None:
        self.tangent.setPen(pg.mkPen(colour, width=2, style=Qt.PenStyle.DashLine))
        self.landing.setPen(pg.mkPen(colour, width=2))
        self.ball.setPen(pg.mkPen(colour, width=1))
        self.ball.setBrush(pg.mkBrush(colour))
        faded = pg.mkColor(colour)
        faded.setAlpha(110)
        self.path.setPen(pg.mkPen(faded, width=1))
        self.dots.set_colour(faded)

    def show_landscape(self, landscape: Landscape, log: TrainingLog, epoch: int) -> None:
        """Draw where the run is.

        Parameters
        ----------
        landscape
            The cut to show.
        log
            For the path so far: each epoch's loss over the value that it was measured at.
        epoch
            How far the path goes.
        """
        drawn = self._landscape
        if self._dragging or landscape is drawn:
            return
        self._landscape = landscape
        if drawn is not None and self._is_shown(log, epoch) and landscape.looks_like(drawn):
            return
        moved_ground = drawn is None or landscape.values is not drawn.values
        self._path_shown = (log, log.revision, epoch)
        if moved_ground:
            self.curve.draw(landscape.values, landscape.losses)
            self.curve.setVisible(True)
            self._show_note(landscape.points, landscape.points_used)
        self._show_range(landscape)
        self._show_path(landscape.parameter, log, epoch)
        finite = math.isfinite(landscape.value) and math.isfinite(landscape.loss)
        for item in (self.ball, self.handle, self.tangent, self._reading):
            item.setVisible(finite)
        if finite:
            self._put_ball(landscape.value, landscape.loss)
            self._show_slope(landscape)
        lands = math.isfinite(landscape.next_value) and math.isfinite(landscape.next_loss)
        self.landing.setVisible(finite and lands)
        if lands:
            self.landing.setPos(landscape.next_value, landscape.next_loss)

    def _show_range(self, landscape: Landscape) -> None:
        finite = landscape.losses[np.isfinite(landscape.losses)]
        if not len(finite):
            return
        lowest, highest = float(finite.min()), float(finite.max())
        span = (highest - lowest) or 1.0
        across = float(landscape.values[0]), float(landscape.values[-1])
        upwards = lowest - 0.12 * span, highest + 0.05 * span
        if (across, upwards) != self._range:
            self._range = across, upwards
            self.plot.getViewBox().setRange(xRange=across, yRange=upwards, padding=0)
            self._note.setPos(across[1], upwards[0])

    def _show_path(self, parameter: str, log: TrainingLog, epoch: int) -> None:
        epochs, values = log.thin(parameter, 1, max(epoch - 1, 0), PATH_POINTS)
        # An epoch's loss is that of the value before its update: of the start, or of the epoch before.
        at = np.concatenate([[self._start], values])
        losses = log.values("loss", np.concatenate([[0], epochs]) + 1) if epoch else np.empty(0)
        at = at[: len(losses)]
        self.path.setVisible(epoch > 0)
        self.path.draw(at, losses)
        self.dots.setVisible(0 < epoch <= DOTS)
        if epoch <= DOTS:
            self.dots.draw(at, losses)

    def _show_slope(self, landscape: Landscape) -> None:
        self.tangent.setVisible(math.isfinite(landscape.gradient))
        if not math.isfinite(landscape.gradient):
            self._reading.setText(f"gradient = {readable(landscape.gradient)}")
            return
        half = TANGENT_SHARE * (landscape.values[-1] - landscape.values[0])
        (left, right), (bottom, top) = self.plot.getViewBox().viewRange()
        if landscape.gradient:
            # A steep tangent is cut to the plot's height instead of leaving it.
            half = min(half, 0.45 * (top - bottom) / abs(landscape.gradient))
        ends = np.array([-half, half])
        self.tangent.draw(landscape.value + ends, landscape.loss + landscape.gradient * ends)
        self._reading.setText(f"slope = gradient = {readable(landscape.gradient)}")
        self._reading.setPos((left + right) / 2, top)

    def _show_drag(self, across: float, up: float) -> None:  # noqa: ARG002
        if self._landscape is None:
            return
        # The ball stays on the curve.
        self._put_ball(across, float(np.interp(across, self._landscape.values, self._landscape.losses)))
        self._reading.setText(f"{self._landscape.parameter} = {readable(across)}")
        self.tangent.setVisible(False)
        self.landing.setVisible(False)

    def _choose(self, across: float, up: float) -> None:  # noqa: ARG002
        self.value_chosen.emit(across)

    def _nudge(self, across: int, up: int) -> bool:
        if self._landscape is None or up:
            return False
        step = NUDGE * float(self._landscape.values[-1] - self._landscape.values[0])
        self.value_chosen.emit(self._landscape.value + across * step)
        return True
