"""Sweeps of the lesson, trained, and where their runs are on the screen."""

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor, QImage

from gradgui.engine.sweeps.stacks import Stacks
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.experiment.sweep.varied import Varied
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.ui.plots.canvas import Canvas


def trained(
    *varied: Varied, epochs: int = 100, wanted: float | None = None, experiment: Experiment = DEFAULT_EXPERIMENT
) -> SweepOutcomes:
    """Train a sweep to its end."""
    stacks = Stacks(Sweep(experiment, varied, epochs, wanted))
    for _ in stacks.train():
        pass
    return stacks.outcomes()


def pixel(canvas: Canvas, x: float, y: float) -> QPoint:
    """Give the pixel of the plot's viewport at a place in its coordinates."""
    box = canvas.plot.getViewBox()
    point: QPoint = canvas.plot.mapFromScene(box.mapViewToScene(QPointF(x, y)))
    return point


def screen(canvas: Canvas) -> QImage:
    """Give what the plot's viewport shows."""
    image: QImage = canvas.plot.viewport().grab().toImage()
    return image


def colour_at(canvas: Canvas, x: float, y: float) -> QColor:
    """Give the colour on the screen at a place in the plot's coordinates."""
    return screen(canvas).pixelColor(pixel(canvas, x, y))
