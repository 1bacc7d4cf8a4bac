"""The data, the fitted curve, the residuals between them, and the probe."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from gradgui.experiment.experiment import Data
from gradgui.record.fit import Fit
from gradgui.ui.number_text import readable
from gradgui.ui.plots.axis_range import PADDING, Range, value_range
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.marker import Marker, diamond
from gradgui.ui.theme import Theme

MOST_POINTS = 2_000
"""Points drawn; of more data an evenly spaced choice is shown, and the plot says so."""
OUT_OF_SIGHT = 4.0
"""The values' range reaches at most so many times the data's own: a diverging fit leaves it."""


class FitPlot(Canvas):
    """Data points with the model through them.

    Attributes
    ----------
    curve, residuals
        What is drawn of the model.
    """

    def __init__(self) -> None:
        super().__init__("fit_plot", "Data and fit", "x", "y")
        self._x, self._y = np.zeros(1), np.zeros(1)
        self._fit: Fit | None = None
        self._range: Range | None = None
        self.curve = pg.PlotCurveItem()
        self.residuals = pg.PlotCurveItem(connect="pairs")
        self._points = pg.ScatterPlotItem(size=8, pen=None)
        self._probe = Marker(diamond(12))
        self._reading = pg.TextItem(anchor=(1, 0))
        self._note = pg.TextItem(anchor=(1, 1))
        for item in (self.residuals, self.curve, self._points, self._probe, self._reading, self._note):
            self.plot.addItem(item, ignoreBounds=True)
        self._note.setVisible(False)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self.curve.setPen(pg.mkPen(theme.fit, width=2))
        self.curve.opts["antialias"] = True
        self.residuals.setPen(pg.mkPen(theme.loss, width=1, style=Qt.PenStyle.DashLine))
        self._points.setBrush(pg.mkBrush(theme.data))
        self._probe.setPen(pg.mkPen(theme.fit, width=2))
        self._probe.setBrush(pg.mkBrush(theme.surface))
        self._reading.setColor(theme.text)
        self._note.setColor(theme.muted)

    def set_data(self, data: Data) -> None:
        """Show these points."""
        self._x, self._y = np.array(data.x), np.array(data.y)
        self._fit = None
        self._range = None
        step = -(-len(data.x) // MOST_POINTS)
        self._points.setData(np.array(data.x[::step]), np.array(data.y[::step]))
        self._points.setSize(8 if len(data.x) <= 200 else 3)
        self._note.setVisible(step > 1)
        self._note.setText(f"1 of {step} points shown")

    def show_fit(self, fit: Fit) -> None:
        """Draw the model as it is after an epoch; a run that has settled gives the same fit again and again."""
        drawn, self._fit = self._fit, fit
        if drawn is not None and drawn.looks_like(fit):
            return
        self.curve.setData(fit.curve_x, fit.curve_y)
        x, y = self._x, self._y
        if len(fit.predictions):
            self.residuals.setData(np.repeat(x, 2), np.stack([y, fit.predictions], axis=1).ravel())
        else:
            self.residuals.setData([], [])
        finite = bool(np.isfinite(fit.probe_prediction))
        if finite:
            self._probe.setPos(fit.probe_x, fit.probe_prediction)
        self._probe.setVisible(finite)
        self._show_range(fit, y)
        self._reading.setText(f"f({fit.probe_x:g}) = {readable(fit.probe_prediction)}")
        low, high = self._range or (0.0, 1.0)
        height = min(max(fit.probe_prediction, low), high) if finite else high
        # Left of the probe, on the side the curve does not come from.
        rising = fit.curve_y[-1] >= fit.curve_y[0]
        self._reading.setAnchor((1.1, 0.9 if rising else 0.1))
        self._reading.setPos(fit.probe_x, height)

    def _show_range(self, fit: Fit, y: np.ndarray) -> None:
        left, right = float(fit.curve_x[0]), float(fit.curve_x[-1])
        lowest, highest = float(y.min()), float(y.max())
        room = OUT_OF_SIGHT * ((highest - lowest) or 1.0)
        shown = fit.curve_y[np.isfinite(fit.curve_y)]
        if len(shown):
            lowest = min(lowest, max(float(shown.min()), lowest - room))
            highest = max(highest, min(float(shown.max()), highest + room))
        wanted = value_range(lowest, highest, self._range)
        box = self.plot.getViewBox()
        if wanted != self._range:
            self._range = wanted
            box.setRange(xRange=(left, right), yRange=wanted, padding=PADDING / 2)
