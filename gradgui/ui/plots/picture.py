"""Pictures of a plot: PNG at twice the screen's size, and SVG."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from gradgui.ui.graph.graph_view import GraphView
from gradgui.ui.plots.canvas import Canvas

SCALE = 2.0
"""Pixels of a PNG for each one on the screen."""

MOST_PIXELS = 16_000
"""Of a PNG's side; a larger drawing is made smaller."""

Draw = Callable[[QPainter, QRectF], None]
"""Draws all of something into a rectangle."""


Content = Callable[[], bytes]
"""Packs what was drawn; may be called in any thread."""


def plot_picture(canvas: Canvas, ending: str) -> Content:
    """Draw a plot as it is on the screen, with all of its legend.

    Parameters
    ----------
    canvas
        Which plot.
    ending
        ``.svg`` for a drawing; anything else is a PNG.

    Returns
    -------
    Callable
        Gives the file's content.
    """
    with _plot_drawing(canvas) as (draw, size):
        return drawn(draw, size, canvas.title, canvas.logicalDpiX(), ending)


def plot_image(canvas: Canvas, scale: float) -> QImage:
    """Draw a plot, with all of its legend, at so many pixels for each one on the screen."""
    with _plot_drawing(canvas) as (draw, size):
        return _image(draw, size, scale)


@contextmanager
def _plot_drawing(canvas: Canvas) -> Iterator[tuple[Draw, QSize]]:
    """Give what draws a plot that stands alone, and the size of the drawing."""
    legend, size = canvas.legend, canvas.plot.size()
    below = 0 if legend is None else legend.whole_height

    def draw(painter: QPainter, room: QRectF) -> None:
        canvas.plot.render(painter, room.adjusted(0, 0, 0, -below), canvas.plot.rect())
        if legend is not None:
            legend.draw_whole(painter, room.bottom() - below)

    with canvas.every_axis_named():
        yield draw, size + QSize(0, below)


def drawn(draw: Draw, size: QSize, title: str, resolution: int, ending: str) -> Content:
    """Draw with a function.

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
    ending
        ``.svg`` for a drawing; anything else is a PNG.

    Returns
    -------
    Callable
        Gives the file's content; packing a large PNG takes more than a second.
    """
    if ending.lower() == ".svg":
        svg = _svg(draw, size, title, resolution)
        return lambda: svg
    return partial(_packed, _image(draw, size))


def _image(draw: Draw, size: QSize, wanted: float = SCALE) -> QImage:
    scale = min(wanted, MOST_PIXELS / max(size.width(), size.height(), 1))
    image = QImage(size * scale, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw(painter, QRectF(0, 0, size.width(), size.height()))  # as QImage gives its own size in pixels
    painter.end()
    return image


def _packed(image: QImage) -> bytes:
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


def graph_picture(view: GraphView, ending: str) -> Content:
    """Draw the whole graph at its own size; without a graph, what the view says instead.

    Parameters
    ----------
    view
        Where the graph is.
    ending
        ``.svg`` for a drawing; anything else is a PNG at twice its size.

    Returns
    -------
    Callable
        Gives the file's content.
    """
    drawing = view.scene.drawing.toAlignedRect()

    def draw_graph(painter: QPainter, room: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view.scene.render(painter, room, drawing)

    def draw_hint(painter: QPainter, _room: QRectF) -> None:
        view.render(painter, QPoint())

    title, resolution = view.view.accessibleName(), view.logicalDpiX()
    if view.shows_graph:
        return drawn(draw_graph, drawing.size(), title, resolution, ending)
    return drawn(draw_hint, view.size(), title, resolution, ending)
