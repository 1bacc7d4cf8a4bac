"""What the plots' own items draw: lines with gaps, dots, and where they are."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from gradgui.experiment.columns import Columns
from gradgui.record.batch import EpochBatch
from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import Appearance, theme_for
from gradgui.ui.plots.axes import SteadyAxis
from gradgui.ui.plots.curves import Curve
from gradgui.ui.plots.epoch_plot import EpochPlot
from gradgui.ui.plots.items import Dots, Line

RED = QColor("#ff0000")


@pytest.fixture
def plot(qtbot: QtBot) -> pg.PlotWidget:
    """A plot from 0 to 10 both ways, as wide as high."""
    widget = pg.PlotWidget(enableMenu=False, background="w")
    qtbot.addWidget(widget)
    widget.setViewportUpdateMode(pg.PlotWidget.ViewportUpdateMode.FullViewportUpdate)
    for side in ("left", "bottom"):
        widget.hideAxis(side)
    widget.hideButtons()
    widget.resize(300, 300)
    widget.setRange(xRange=(0, 10), yRange=(0, 10), padding=0)
    widget.show()
    return widget


def is_red(plot: pg.PlotWidget, x: float, y: float) -> bool:
    """Tell whether there is red within two pixels of a place."""
    image: QImage = plot.grab().toImage()
    place = plot.mapFromScene(plot.getViewBox().mapViewToScene(pg.Point(x, y)))
    ratio = image.devicePixelRatio()
    colours = [
        image.pixelColor(round((place.x() + across) * ratio), round((place.y() + up) * ratio))
        for across in range(-2, 3)
        for up in range(-2, 3)
    ]
    return any(colour.red() > 200 and colour.green() < 120 for colour in colours)


@pytest.mark.parametrize("smooth", [True, False])
def test_a_line_joins_its_points_but_for_what_is_not_finite(plot: pg.PlotWidget, smooth: bool) -> None:
    line = Line(smooth=smooth)
    line.setPen(pg.mkPen(RED, width=2 if smooth else 1))
    plot.addItem(line, ignoreBounds=True)
    line.draw([1, 3, 5, 7, 9], [5, 5, np.nan, 5, 5])
    assert is_red(plot, 2, 5)
    assert is_red(plot, 8, 5)
    assert not is_red(plot, 4, 5)
    assert not is_red(plot, 6, 5)
    line.draw([1, 9], [2, 2])
    assert is_red(plot, 5, 2)
    assert not is_red(plot, 2, 5)
    line.draw([], [])
    assert not is_red(plot, 5, 2)


def test_a_line_of_pairs_joins_them_by_twos(plot: pg.PlotWidget) -> None:
    line = Line(connect="pairs")
    line.setPen(pg.mkPen(RED))
    plot.addItem(line, ignoreBounds=True)
    line.draw([1, 3, 6, 8], [5, 5, 5, 5])
    assert is_red(plot, 2, 5)
    assert is_red(plot, 7, 5)
    assert not is_red(plot, 4.5, 5)


def test_dots_are_where_their_points_are(plot: pg.PlotWidget) -> None:
    dots = Dots(5)
    dots.set_colour(RED)
    plot.addItem(dots, ignoreBounds=True)
    dots.draw([5], [5])
    assert is_red(plot, 5, 5), "one alone has no room of its own"
    dots.draw([2, np.nan, 8], [2, 5, np.inf])
    assert dots.boundingRect() == QRectF(2, 2, 0, 0)
    assert is_red(plot, 2, 2)
    assert not is_red(plot, 5, 5)
    dots.draw([], [])
    assert not is_red(plot, 2, 2)


def test_an_axis_has_the_room_that_pyqtgraph_gives_it_whatever_its_plots_size(qtbot: QtBot) -> None:
    ours = pg.PlotWidget(axisItems={side: SteadyAxis(side) for side in ("left", "bottom")}, enableMenu=False)
    theirs = pg.PlotWidget(enableMenu=False)
    for widget in (ours, theirs):
        qtbot.addWidget(widget)
        widget.show()
    for size, grid in (((300, 200), False), ((300, 200), True), ((500, 150), True), ((200, 400), False)):
        rooms = []
        for widget in (ours, theirs):
            widget.resize(*size)
            widget.showGrid(x=grid, y=grid)
            widget.grab()
            rooms.append([widget.getAxis(side).boundingRect() for side in ("left", "bottom")])
        assert rooms[0] == rooms[1]


@pytest.mark.parametrize(("size", "drawn"), [(4e153, True), (4e307, False)])
def test_a_curve_at_the_end_of_a_divergence_is_drawn_without_a_warning(
    qtbot: QtBot, size: float, drawn: bool
) -> None:
    log = TrainingLog(Columns({"w": ()}), "float64")
    values = [(-1.0) ** epoch * size for epoch in range(20)]
    log.append(EpochBatch(1, np.array([[1.0, value, 1.0, 0.01] for value in values])))
    plot = EpochPlot("plot", "Plot", "w")
    qtbot.addWidget(plot)
    plot.set_curves((Curve("w", "w", "#ff0000"),), theme_for(Appearance.LIGHT))
    plot.show_log(log, 20, 20)
    np.testing.assert_array_equal(plot.lines[0].points[1], values if drawn else np.full(20, np.nan))
    assert plot.lines[0].smooth is not drawn


@pytest.mark.parametrize("width", [0.01, 1.0, 1e6])
def test_dots_are_round_however_narrow_the_range(plot: pg.PlotWidget, width: float) -> None:
    dots = Dots(9)
    dots.set_colour(RED)
    plot.addItem(dots)
    dots.draw([width / 2], [5.0])
    plot.setRange(xRange=(0, width), yRange=(0, 10), padding=0)
    image = plot.grab().toImage()
    colours = ((x, y, QColor(image.pixel(x, y))) for x in range(image.width()) for y in range(image.height()))
    red = [(x, y) for x, y, colour in colours if colour.red() > 200 and max(colour.green(), colour.blue()) < 150]
    across, up = ([place[side] for place in red] for side in (0, 1))
    assert 8 <= max(across) - min(across) + 1 <= 11
    assert 8 <= max(up) - min(up) + 1 <= 11
