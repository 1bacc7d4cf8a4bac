"""The program's own line icons, in the colour of the text."""

from functools import cached_property

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gradgui.resources import resource_path

SIZE = 20


def line_icon(name: str, colour: str, disabled: str | None = None) -> QIcon:
    """Give one of the icons in ``resources/icons``; it is drawn when it is first seen.

    Parameters
    ----------
    name
        File name without its ending.
    colour
        ``#rrggbb`` in place of the drawing's ``currentColor``.
    disabled
        The same for the disabled state; Qt fades the icon where it is not given.
    """
    return QIcon(_LineIcon(name, colour, disabled))


class _LineIcon(QIconEngine):
    """Most icons are in menus that nobody has opened yet."""

    def __init__(self, name: str, colour: str, disabled: str | None) -> None:
        super().__init__()
        self._name, self._colour, self._disabled = name, colour, disabled

    @cached_property
    def _icon(self) -> QIcon:
        icon = QIcon()
        icon.addPixmap(_draw(self._name, self._colour))
        if self._disabled:
            icon.addPixmap(_draw(self._name, self._disabled), QIcon.Mode.Disabled)
        return icon

    def clone(self) -> QIconEngine:
        """Give another one of the same icon."""
        return _LineIcon(self._name, self._colour, self._disabled)

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:  # noqa: N802
        """Give the size that it has in this room."""
        return self._icon.actualSize(size, mode, state)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint it into a rectangle."""
        self._icon.paint(painter, rect, Qt.AlignmentFlag.AlignCenter, mode, state)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Give it in pixels of the screen."""
        return self._icon.pixmap(size, 1.0, mode, state)


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
