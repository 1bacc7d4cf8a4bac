"""The data, the fitted curve, the residuals between them, and the probe."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.numbers import readable, significant
from gradgui.record.views import Fit
from gradgui.ui.app.theme import Theme
from gradgui.ui.app.type_scale import scaled
from gradgui.ui.data.data_editor import DataEditor
from gradgui.ui.plots.axes import FURTHEST, PADDING, Range, drawable, is_drawable, value_range
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.data_points import DataPoints
from gradgui.ui.plots.items import Line, Marker, diamond
from gradgui.ui.plots.who_pulls import WhoPulls
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands
from gradgui.worker.status import Status

MOST_POINTS = 2_000
"""Points drawn; of more data an evenly spaced choice is shown, and the plot says so."""
MOST_INK = 40.0
"""So many residuals are drawn in full colour."""
OUT_OF_SIGHT = 4.0
"""The values' range reaches at most so many times the data's own: a diverging fit leaves it."""


class FitPlot(Canvas, View):
    """Data points with the model through them; the points can be dragged, added and removed.

    Parameters
    ----------
    editor
        Whose points.
    who_pulls
        The action that shows each point's share of the gradient.

    Attributes
    ----------
    curve, residuals
        What is drawn of the model.
    points
        The points.
    pulls
        The points' shares of the gradient.
    """

    name = "fit_panel"
    heading = "Data and fit"
    buttons = ("who_pulls",)
    guide = "data-and-fit"
    pictures = (("fit_plot", heading),)

    def __init__(self, editor: DataEditor, who_pulls: QAction) -> None:
        super().__init__("fit_plot", self.heading, "x", "y")
        self._editor = editor
        self._x, self._y = np.zeros(1), np.zeros(1)
        self._step = 1
        self._theme: Theme | None = None
        self._fit: Fit | None = None
        self._range: Range | None = None
        self.curve = Line(smooth=True)
        self.residuals = Line(connect="pairs")
        self.points = DataPoints()
        self._probe = Marker(diamond(12))
        self._reading = pg.TextItem(anchor=(1, 0))
        self._note = pg.TextItem(anchor=(1, 1))
        for item in (self.residuals, self.curve, self.points, self._probe, self._reading, self._note):
            self.plot.getViewBox().addItem(item, ignoreBounds=True)
        self._note.setVisible(False)
        self.pulls = WhoPulls(self, who_pulls)
        self.plot.setToolTip(
            "The data and the model's fit to it, the residuals dashed. Drag a point to move it, double-click to add\n"
            "one, right-click a point to remove it; the table of the data does the same by keys."
        )
        self.plot.getViewBox().setMouseEnabled(x=False, y=False)
        self.points.dragged.connect(self._drag)
        self.points.dropped.connect(self._drop)
        self.points.removed.connect(self._remove)
        self.plot.scene().sigMouseClicked.connect(self._click)
        editor.changed.connect(self._follow)
        self._follow()

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self._theme = theme
        self._labels = dict(zip(("bottom", "left"), self._editor.data.names, strict=True))
        super().set_theme(theme)
        self.curve.setPen(pg.mkPen(theme.fit, width=scaled(2)))
        self._show_residuals()
        self._size_points()
        self.points.setBrush(pg.mkBrush(theme.data))
        self._probe.setPen(pg.mkPen(theme.fit, width=scaled(2)))
        self._probe.setBrush(pg.mkBrush(theme.surface))
        self._reading.setColor(theme.text)
        self._note.setColor(theme.muted)
        self.pulls.set_theme(theme)

    @property
    def note(self) -> str:
        """What is said of points that are not drawn, empty when all are."""
        return self._note.toPlainText() if self._note.isVisible() else ""

    @property
    def pictured(self) -> tuple[QWidget, ...]:
        """The plot."""
        return (self,)

    @property
    def tools(self) -> QWidget:
        """The choice of the parameter that is pulled."""
        return self.pulls.tools

    def needs(self) -> dict[str, Any]:
        """Ask for the shares of the gradient while they are shown."""
        return {"point_shares": self.pulls.is_shown}

    def show_experiment(self, experiment: Experiment) -> None:
        """Forget the range: another experiment is shown."""
        self._fit = self._range = None
        self.pulls.show_experiment(experiment)

    def show_status(self, status: Status) -> None:
        """Let points be changed, or not."""
        self.points.editable = commands.Change in allowed_commands(status)

    def draw(self, run: LiveRun) -> None:
        """Draw the model as it is now."""
        fit = run.view(Fit)
        if fit is not None:
            self.show_fit(fit)
        self.pulls.draw(run)

    def scene_position(self, place: int) -> QPointF:
        """Give a drawn point's place on the scene, for whoever wants to take hold of it."""
        x, y = self.points.getData()
        position: QPointF = self.plot.getViewBox().mapViewToScene(QPointF(x[place], y[place]))
        return position

    @Slot()
    def _follow(self) -> None:
        """Show the editor's points."""
        data = self._editor.data
        self._x, self._y = data.x, data.y
        for side, name in zip(("bottom", "left"), data.names, strict=True):
            if self._theme is not None:
                self.set_label(side, name, self._theme)
        self._fit = None
        self._step = -(-len(data.x) // MOST_POINTS)
        x, y = (np.clip(values[:: self._step], -FURTHEST, FURTHEST) for values in (self._x, self._y))
        self.points.setData(x, y)
        self._size_points()
        self._show_residuals()
        self._note.setVisible(self._step > 1)
        self._note.setText(f"1 of {self._step} points shown")

    @Slot(int, float, float)
    def _drag(self, place: int, x: float, y: float) -> None:
        row, data = place * self._step, self._editor.data
        self._editor.preview(data.with_value(row, 0, _rounded(x)).with_value(row, 1, _rounded(y)))

    @Slot()
    def _drop(self) -> None:
        self._editor.settle("dragging of a point")
        if self._fit is not None:
            self._show_range(self._fit, self._y)

    @Slot(int)
    def _remove(self, place: int) -> None:
        row, data = place * self._step, self._editor.data
        if len(data.x) > 1:
            self._editor.change(data.without([row]), "removal of a point")

    @Slot(object)
    def _click(self, event: Any) -> None:
        """Add a point where it was double-clicked."""
        box = self.plot.getViewBox()
        if not (event.double() and self.points.editable and box.sceneBoundingRect().contains(event.scenePos())):
            return
        position, data = box.mapSceneToView(event.scenePos()), self._editor.data
        x, y = _rounded(position.x()), _rounded(position.y())
        self._editor.change(data.with_point(x, y), "new point")

    def show_fit(self, fit: Fit) -> None:
        """Draw the model as it is after an epoch; a run that has settled gives the same fit again and again."""
        drawn, self._fit = self._fit, fit
        if drawn is not None and drawn.looks_like(fit):
            return
        self.curve.draw(fit.curve_x, fit.curve_y)
        x, y = self._x, self._y
        if len(fit.predictions) == len(y):
            self.residuals.draw(np.repeat(x, 2), np.stack([y, fit.predictions], axis=1).ravel())
        else:
            self.residuals.draw([], [])
        left, right = float(fit.curve_x[0]), float(fit.curve_x[-1])
        shown = is_drawable(fit.probe_x, fit.probe_prediction) and left <= fit.probe_x <= right
        if shown:
            self._probe.setPos(fit.probe_x, fit.probe_prediction)
        self._probe.setVisible(shown)
        self._show_range(fit, y)
        self._reading.setText(f"f({significant(fit.probe_x, 15)}) = {readable(fit.probe_prediction)}")
        low, high = self._range or (0.0, 1.0)
        height = min(max(fit.probe_prediction, low), high) if shown else high
        # Towards the middle, on the side the curve does not go to.
        at_right = fit.probe_x > left / 2 + right / 2
        rising = fit.curve_y[-1] >= fit.curve_y[0]
        self._reading.setAnchor((1.1, 0.9 if rising else 0.1) if at_right else (-0.1, 0.1 if rising else 0.9))
        self.place_text(self._reading, min(max(fit.probe_x, left), right), height)

    def _size_points(self) -> None:
        self.points.setSize(scaled(8 if len(self._x) <= 200 else 3))

    def _show_residuals(self) -> None:
        """Draw residuals the fainter the more there are: together they must not bury the points and the curve."""
        colour = QColor((self._theme or self.theme).loss)
        colour.setAlphaF(min(1.0, MOST_INK / max(1, len(self._x))))
        self.residuals.setPen(pg.mkPen(colour, width=scaled(1), style=Qt.PenStyle.DashLine))

    def _show_range(self, fit: Fit, y: np.ndarray) -> None:
        if self.points.is_held:  # else it would move under the mouse, and the point with it
            return
        left, right = float(fit.curve_x[0]), float(fit.curve_x[-1])
        y, curve = np.clip(y, -FURTHEST, FURTHEST), drawable(fit.curve_y)
        lowest, highest = float(y.min()), float(y.max())
        room = OUT_OF_SIGHT * ((highest - lowest) or 1.0)
        shown = curve[np.isfinite(curve)]
        if len(shown):
            lowest = min(lowest, max(float(shown.min()), lowest - room))
            highest = max(highest, min(float(shown.max()), highest + room))
        wanted = value_range(lowest, highest, self._range)
        if wanted != self._range:
            self._range = wanted
            self.show_range((left, right), wanted, PADDING / 2)
        self.place_note(self._note)


def _rounded(value: float) -> float:
    """Give four digits of a place that the mouse chose; a pixel is no finer."""
    return float(f"{value:.4g}")
