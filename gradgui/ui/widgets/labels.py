"""Labels, and numbers and tensors as they stand in them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from gradgui.numbers import MINUS, readable, significant
from gradgui.ui.app.type_scale import SIZES, type_size
from gradgui.ui.help.glossary import linked_html


class LinkedLabel(QLabel):
    """A label in which words of the glossary are links; what it says is read without them.

    Parameters
    ----------
    text
        What it says first.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._said = ""
        self.setOpenExternalLinks(True)  # ``glossary:`` is known to Qt: it opens the help
        self.setText(text)

    def text(self) -> str:
        """Give what it says, without links."""
        return self._said

    def setText(self, text: str) -> None:  # noqa: N802
        """Show a text; nothing happens when it is there already."""
        if text == self._said:
            return
        self._said = text
        rich = linked_html(text)
        super().setText(f'<div style="white-space:pre-wrap">{rich}</div>' if "<a " in rich else text)

    def changeEvent(self, event: QEvent) -> None:
        """Give links the colour of another theme, which they take only when they are set."""
        super().changeEvent(event)
        shown = super().text()
        if event.type() == QEvent.Type.PaletteChange and "<a " in shown:
            super().setText("")
            super().setText(shown)

    def clear(self) -> None:
        """Say nothing."""
        self.setText("")


def wrapping_label(name: str, text: str = "", *, linked: bool = True) -> QLabel:
    """Make a label that breaks its lines where its place ends, and asks for the height it then needs.

    Parameters
    ----------
    name
        Its ``objectName``.
    text
        What it says first.
    linked
        Whether words of the glossary are links in it; not in code and legends.
    """
    label = LinkedLabel(text) if linked else QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    flags = Qt.TextInteractionFlag.TextSelectableByMouse
    label.setTextInteractionFlags(flags | Qt.TextInteractionFlag.LinksAccessibleByMouse if linked else flags)
    return label


class SteadyLabel(QLabel):
    """A label whose size only grows: a new text at every frame does not move, or lay out, the rest of the window."""

    _type_size = SIZES[0]

    def setText(self, text: str) -> None:  # noqa: N802
        """Show a text; nothing happens when it is there already."""
        if text == self.text():
            return
        super().setText(text)
        wanted = self.sizeHint()
        if (
            wanted.width() > self.width()
            or wanted.height() > self.height()
            or self.minimumSize() != self.maximumSize()
        ):
            self._type_size = type_size()
            self.setFixedSize(wanted)

    def changeEvent(self, event: QEvent) -> None:
        """Take the size that the text has in larger or smaller type."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self._type_size != type_size():
            self._type_size = type_size()
            self.setFixedSize(self.sizeHint())


class ElidedLabel(QLabel):
    """A label that takes the room there is and shows as much of its text as fits in one line.

    Parameters
    ----------
    elided
        Where it is cut.
    """

    def __init__(self, elided: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__()
        self._elided = elided
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text, cut where it does not fit."""
        painter = QPainter(self)
        fitting = self.fontMetrics().elidedText(self.text(), self._elided, self.width())
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), self.alignment(), fitting)
        painter.end()


SHOWN = 4
"""Elements of a long tensor that are shown."""


def in_formula(value: float) -> str:
    """Write a number among others in a formula: in parentheses where it is negative."""
    text = readable(value)
    return f"({text})" if text.startswith(MINUS) else text


def tensor_text(values: NDArray[np.floating]) -> str:
    """Write a tensor: a number, a short list, or the first few of a long one.

    Examples
    --------
    ``30.000``, ``[2, 4, 6, 8]``, ``[0.3, 0.6, 0.9, … 1 000 values]``.
    """
    if values.ndim == 0:
        return readable(float(values))
    flat = values.ravel()
    shown = [significant(value) for value in flat[:SHOWN].tolist()]
    if len(flat) > SHOWN:
        shown.append(f"… {len(flat)} values")
    return f"[{', '.join(shown)}]"
