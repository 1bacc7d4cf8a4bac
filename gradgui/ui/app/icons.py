"""The program's own line icons, in the colour of the text."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gradgui.resources import resource_path

SIZE = 20


def line_icon(name: str, colour: str, disabled: str | None = None) -> QIcon:
    """Draw one of the icons in ``resources/icons``.

    Parameters
    ----------
    name
        File name without its ending.
    colour
        ``#rrggbb`` in place of the drawing's ``currentColor``.
    disabled
        The same for the disabled state; Qt fades the icon where it is not given.
    """
    icon = QIcon()
    icon.addPixmap(_draw(name, colour))
    if disabled:
        icon.addPixmap(_draw(name, disabled), QIcon.Mode.Disabled)
    return icon


def _draw(name: str, colour: str) -> QPixmap:
    coloured = QImage(_drawing(name))
    painter = QPainter(coloured)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(coloured.rect(), QColor(colour))
    painter.end()
    return QPixmap.fromImage(coloured)


@lru_cache
def _drawing(name: str) -> QImage:
    """Draw an icon in black, once for all its colours: its SVG takes longer to read than to fill."""
    image = QImage(2 * SIZE, 2 * SIZE, QImage.Format.Format_ARGB32_Premultiplied)  # for two pixels a point
    image.setDevicePixelRatio(2.0)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(resource_path("icons", f"{name}.svg"))).render(painter, QRectF(0, 0, SIZE, SIZE))
    painter.end()
    return image
