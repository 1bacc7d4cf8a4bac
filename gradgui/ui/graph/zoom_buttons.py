"""The buttons in the corner of a view that can be zoomed."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gradgui.ui.graph.zoom_view import ZoomView
from gradgui.ui.icons import line_icon
from gradgui.ui.theme import Theme

CORNER = 4
"""Pixels from the edge of the view."""


class ZoomButtons(QWidget):
    """Zoom in, zoom out, fit: in the upper right corner.

    Parameters
    ----------
    view
        What they zoom.
    """

    def __init__(self, view: ZoomView) -> None:
        super().__init__(view)
        self.setObjectName("zoom_buttons")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._buttons: dict[str, QToolButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for icon, name, key, slot in (
            ("zoom_in", "Zoom in", "+", view.zoom_in),
            ("zoom_out", "Zoom out", "−", view.zoom_out),
            ("fit", "Show the whole graph", "0 or F", view.fit),
        ):
            button = QToolButton()
            button.setAutoRaise(True)
            button.setAccessibleName(name)
            button.setToolTip(f"{name} ({key})")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the view has keys for them
            button.setCursor(Qt.CursorShape.ArrowCursor)
            button.clicked.connect(slot)
            layout.addWidget(button)
            self._buttons[icon] = button
        view.installEventFilter(self)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        for icon, button in self._buttons.items():
            button.setIcon(line_icon(icon, theme.muted))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.adjustSize()
            self.move(watched.width() - self.width() - CORNER, CORNER)
        return False
