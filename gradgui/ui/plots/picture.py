"""Pictures of a plot: PNG at twice the screen's size, and SVG."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from gradgui.record.atomic_file import AtomicFile
from gradgui.ui.graph.graph_view import GraphView
from gradgui.ui.plots.canvas import Canvas

SCALE = 2.0
"""Pixels of a PNG for each one on the screen."""

MOST_PIXELS = 16_000
"""Of a PNG's side; a larger drawing is made smaller."""

Draw = Callable[[QPainter, QRectF], None]
"""Draws all of something into a rectangle."""


def save_picture(canvas: Canvas, path: Path) -> None:
    """Save a plot as it is on the screen, whole or not at all.

    Parameters
    ----------
    canvas
        Which plot.
    path
        Ends in ``.svg`` for a drawing; anything else becomes a PNG.

    Raises
    ------
    OSError
        When the file cannot be written; one that was there is as it was.
    """

    def draw(painter: QPainter, room: QRectF) -> None:
        canvas.plot.render(painter, room, canvas.plot.rect())

    with canvas.every_axis_named():
        save_drawing(draw, canvas.plot.size(), canvas.title, canvas.logicalDpiX(), path)


def save_drawing(draw: Draw, size: QSize, title: str, resolution: int, path: Path) -> None:
    """Save what a function draws, whole or not at all.

    Parameters
    ----------
    draw
        The function.
    size
        Size on the screen.
    title
        What it shows.
    resolution
        Dots per inch of the screen, without which an SVG's text is smaller than there.
    path
        Ends in ``.svg`` for a drawing; anything else becomes a PNG.

    Raises
    ------
    OSError
        When the file cannot be written; one that was there is as it was.
    """
    content = _svg(draw, size, title, resolution) if path.suffix.lower() == ".svg" else _png(draw, size)
    with AtomicFile(path) as file:
        file.write(content)


def _png(draw: Draw, size: QSize) -> bytes:
    scale = min(SCALE, MOST_PIXELS / max(size.width(), size.height(), 1))
    image = QImage(size * scale, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw(painter, QRectF(0, 0, size.width(), size.height()))  # as QImage gives its own size in pixels
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _svg(draw: Draw, size: QSize, title: str, resolution: int) -> bytes:
    room = QRectF(0, 0, size.width(), size.height())
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setResolution(resolution)
    generator.setViewBox(room)
    generator.setTitle(title)
    painter = QPainter(generator)
    draw(painter, room)
    painter.end()
    return bytes(buffer.data().data())


def save_graph_picture(view: GraphView, path: Path) -> None:
    """Save the whole graph at its own size, whole or not at all; without a graph, what the view says instead.

    Parameters
    ----------
    view
        Where the graph is.
    path
        Ends in ``.svg`` for a drawing; anything else becomes a PNG at twice its size.

    Raises
    ------
    OSError
        When the file cannot be written; one that was there is as it was.
    """
    drawing = view.scene.drawing.toAlignedRect()

    def draw_graph(painter: QPainter, room: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view.scene.render(painter, room, drawing)

    def draw_hint(painter: QPainter, _room: QRectF) -> None:
        view.render(painter, QPoint())

    title, resolution = view.view.accessibleName(), view.logicalDpiX()
    if view.shows_graph:
        save_drawing(draw_graph, drawing.size(), title, resolution, path)
    else:
        save_drawing(draw_hint, view.size(), title, resolution, path)
