"""A node as a rounded box: its name, its value, and the gradient once it is there."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gradgui.record.trace import GraphNode
from gradgui.ui.app.theme import LIGHT, Theme
from gradgui.ui.graph.layout import NODE_HEIGHT
from gradgui.ui.graph.node_text import NOT_THERE_YET, NodeText, longest_brief

PADDING = 12.0
RADIUS = 7.0
BADGE = 16.0
"""Height of the badge with the visiting order, pixels."""

DIM = 0.45
"""Opacity of what the backward pass left out."""

DETAIL_FROM = 0.55
"""Zoom below which there is only the name."""

FAR_PIXELS = 11
"""Size of its letters on the screen then, whatever the zoom."""

FAR_MOST = 28
"""The largest letters that fit into the box."""

NAME_FROM = 0.15
"""Zoom below which not even that can be read."""


def _font(base: QFont, pixels: int, *, bold: bool = False, italic: bool = False) -> QFont:
    font = QFont(base)
    font.setPixelSize(pixels)
    font.setBold(bold)
    font.setItalic(italic)
    return font


class NodeItem(QGraphicsItem):
    """The box of one node; its own point (0, 0) is its middle.

    Parameters
    ----------
    node
        What it stands for at first; later texts come with `show_text`.
    name
        What is written large.
    font
        The window's font.

    Attributes
    ----------
    identifier
        The node's place in the graph.
    parameter
        The parameter's name for a leaf, else empty.
    text
        What it says.
    width
        Pixels; it stays, so that the layout can.
    """

    def __init__(self, node: GraphNode, name: str, font: QFont) -> None:
        super().__init__()
        self.identifier = node.identifier
        self.parameter = node.parameter or ""
        self.text = NodeText(name, "", "", "", has_gradient=False)
        self._fonts = {
            "name": _font(font, 14, bold=True),
            "line": _font(font, 11),
            "absent": _font(font, 11, italic=True),
            "badge": _font(font, 10, bold=True),
        }
        longest = "float32[1000] mean −0.000e+00" if node.value is None else longest_brief(node.value)
        self._name_width = QFontMetricsF(self._fonts["name"]).horizontalAdvance(name)
        lines = max(
            QFontMetricsF(self._fonts["line"]).horizontalAdvance(f"value {longest}"),
            QFontMetricsF(self._fonts["absent"]).horizontalAdvance(f"grad {NOT_THERE_YET}"),
        )
        self.width = self._name_width + lines + 3 * PADDING
        self._theme = LIGHT
        self._colour: str | None = None
        self._selected = False
        self.setZValue(1)

    def show_text(self, text: NodeText, full_name: str, *, dimmed: bool) -> None:
        """Say something else.

        Parameters
        ----------
        text
            What to say.
        full_name
            PyTorch's name, for the tooltip.
        dimmed
            Whether the backward pass has left the node out.
        """
        self.text = text
        self.setOpacity(DIM if dimmed else 1.0)
        self.setToolTip("\n".join((full_name, text.value, text.gradient)))
        self.update()

    def set_colours(self, theme: Theme, colour: str | None) -> None:
        """Take these colours.

        Parameters
        ----------
        theme
            The window's.
        colour
            Of the border, for a parameter or the loss; None for a plain operation.
        """
        self._theme = theme
        self._colour = colour
        self.update()

    def set_selected(self, selected: bool) -> None:
        """Mark it as the one whose details are shown."""
        self._selected = selected
        self.update()

    def boundingRect(self) -> QRectF:
        """Give the box with its badge and its mark."""
        return self.box().adjusted(-1.25 * BADGE, -4, 4, 4)

    def box(self) -> QRectF:
        """Give the box alone."""
        return QRectF(-self.width / 2, -NODE_HEIGHT / 2, self.width, NODE_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw it, in as much detail as can be read at this zoom."""
        theme = self._theme
        box = self.box()
        if self._selected:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), RADIUS + 3, RADIUS + 3)
        painter.setPen(QPen(QColor(self._colour or theme.muted), 2 if self._colour else 1))
        painter.setBrush(QColor(theme.field))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        painter.setPen(QColor(theme.text))
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        if zoom < NAME_FROM:
            return
        if zoom < DETAIL_FROM:
            far = _font(self._fonts["name"], min(FAR_MOST, round(FAR_PIXELS / zoom)), bold=True)
            _write(painter, far, box.adjusted(4, 0, -4, 0), self.text.name, Qt.AlignmentFlag.AlignCenter)
            return
        self._paint_lines(painter, box)
        if self.text.visited:
            self._paint_badge(painter, box)

    def _paint_lines(self, painter: QPainter, box: QRectF) -> None:
        theme = self._theme
        _write(painter, self._fonts["name"], box.adjusted(PADDING, 0, 0, 0), self.text.name)
        lines = box.adjusted(2 * PADDING + self._name_width, 3, -PADDING / 2, -3)
        middle = lines.center().y()
        upper, lower = QRectF(lines), QRectF(lines)
        upper.setBottom(middle)
        lower.setTop(middle)
        _write(painter, self._fonts["line"], upper, self.text.value)
        known = self.text.has_gradient
        painter.setPen(QColor(theme.accent if known else theme.muted))
        _write(painter, self._fonts["line" if known else "absent"], lower, self.text.gradient)

    def _paint_badge(self, painter: QPainter, box: QRectF) -> None:
        width = max(BADGE, QFontMetricsF(self._fonts["badge"]).horizontalAdvance(self.text.visited) + 7)
        badge = QRectF(box.left() - BADGE / 2, -BADGE / 2, width, BADGE)
        badge.moveRight(box.left() + BADGE / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.accent))
        painter.drawRoundedRect(badge, BADGE / 2, BADGE / 2)
        painter.setPen(QColor(self._theme.accent_text))
        _write(painter, self._fonts["badge"], badge, self.text.visited, Qt.AlignmentFlag.AlignCenter)


def _write(
    painter: QPainter,
    font: QFont,
    place: QRectF,
    text: str,
    alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
) -> None:
    painter.setFont(font)
    fitting = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, alignment, fitting)
