"""The program's own line icons, in the colour of the text."""

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
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
    drawing = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    pixmap = QPixmap(2 * SIZE, 2 * SIZE)  # twice the size, for screens with two pixels a point
    pixmap.fill(Qt.GlobalColor.transparent)
    pixmap.setDevicePixelRatio(2.0)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, SIZE, SIZE))
    painter.end()
    return pixmap
