"""How large type and lines are: one scale for the whole window, in per cent, chosen by the person."""

import re

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

SIZES = (100, 110, 125, 150, 175, 200, 225, 250)
"""Per cent of the desktop's own size; the steps from one to the next."""

PADDING_SHARE = 0.4
"""So much of the growth do distances take part in: at large type the room is for what is read."""

ICON = 16
"""Pixels of an icon beside a text at 100 %."""

TITLE = 24
"""Pixels of what a panel's title says, as high as a button beside it."""

_SIZE, _BASE = "type_size", "desktop_font"


def type_size() -> int:
    """Give the size in force, in per cent."""
    application = QApplication.instance()
    size = None if application is None else application.property(_SIZE)
    return size if isinstance(size, int) else SIZES[0]


def scaled(length: float) -> float:
    """Give a length that is right at 100 %, such as a line's width or a font's points, at the present size."""
    return length * type_size() / 100


def scaled_pixels(pixels: int) -> int:
    """Give whole pixels that are right at 100 % at the present size."""
    return round(scaled(pixels))


def fixed_font(smaller: float = 0.0) -> QFont:
    """Give the desktop's font for code at the present size.

    Parameters
    ----------
    smaller
        Points by which it is smaller at 100 %.
    """
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if smaller:
        font.setPointSizeF(font.pointSizeF() - smaller)
    return _grown(font)


def apply_type_size(application: QApplication, size: int) -> None:
    """Write everything at this size from now on; views that have a font or a length of their own ask for it anew."""
    if size == type_size():
        return
    base = application.property(_BASE)
    if not isinstance(base, QFont):
        base = QFont(application.font())
        application.setProperty(_BASE, base)
    application.setProperty(_SIZE, size)
    application.setFont(_grown(base))


def _grown(font: QFont) -> QFont:
    grown = QFont(font)
    if type_size() == SIZES[0]:
        return grown
    if font.pointSizeF() > 0:
        grown.setPointSizeF(scaled(font.pointSizeF()))
    else:  # a desktop may say it in pixels
        grown.setPixelSize(scaled_pixels(font.pixelSize()))
    return grown


def scaled_style(style: str) -> str:
    """Give a style sheet that is right at 100 % at the present size; distances grow less than the rest."""
    size = type_size()
    if size == SIZES[0]:
        return style
    icons = f"QToolBar, QToolButton, QPushButton, QMenu, QTabBar {{ icon-size: {scaled_pixels(ICON)}px; }}"
    titles = f"QLabel#panel_name {{ min-height: {scaled_pixels(TITLE)}px; }}"
    return "\n".join([_DECLARATION.sub(_scale_declaration, style), icons, titles])


_DECLARATION = re.compile(r"([a-z-]+):([^;{}]*\d(?:px|pt)[^;{}]*)")
_LENGTH = re.compile(r"(-?)(\d+)(px|pt)")


def _scale_declaration(declaration: re.Match[str]) -> str:
    name, value = declaration.groups()
    factor = type_size() / 100
    if name.startswith(("padding", "margin", "spacing")):
        factor = 1 + PADDING_SHARE * (factor - 1)

    def grown(length: re.Match[str]) -> str:
        sign, number, unit = length.groups()
        share = (
            type_size() / 100 if sign else factor
        )  # what is pulled outwards belongs to the length of what it is around
        return f"{sign}{int(int(number) * share + 0.5)}{unit}"

    return f"{name}:{_LENGTH.sub(grown, value)}"
