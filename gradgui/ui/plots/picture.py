"""Pictures of a plot: PNG at twice the screen's size, and SVG."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from gradgui.record.atomic_file import AtomicFile
from gradgui.ui.plots.canvas import Canvas

SCALE = 2
"""Pixels of a PNG for each one on the screen."""


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
    content = _svg(canvas) if path.suffix.lower() == ".svg" else _png(canvas)
    with AtomicFile(path) as file:
        file.write(content)


def _png(canvas: Canvas) -> bytes:
    image = QImage(canvas.plot.size() * SCALE, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(SCALE)
    painter = QPainter(image)
    canvas.plot.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _svg(canvas: Canvas) -> bytes:
    size: QSize = canvas.plot.size()
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setResolution(canvas.logicalDpiX())  # else its text is smaller than on the screen
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(canvas.title)
    painter = QPainter(generator)
    canvas.plot.render(painter, QRectF(0, 0, size.width(), size.height()), canvas.plot.rect())
    painter.end()
    return bytes(buffer.data().data())
