"""A frame around the control or panel that a step is about."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from gradgui.ui.app.theme import theme_of

MARGIN = 3
LOOKS = 200
"""Pixels between a control and its frame, and milliseconds between two looks at where it is."""


class Spotlight(QWidget):
    """Lights up one widget of a window; it takes no clicks, and is gone when the widget is.

    Parameters
    ----------
    window
        Over what it is drawn.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("spotlight")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._target: QWidget | None = None
        self._looks = QTimer(self)  # what is around it moves as well, and tells nobody
        self._looks.setInterval(LOOKS)
        self._looks.timeout.connect(self._follow)
        self.hide()

    @property
    def target(self) -> QWidget | None:
        """What is lit."""
        return self._target

    def light(self, target: QWidget | None) -> None:
        """Light up another widget, or none."""
        if self._target is not None and isValid(self._target):
            self._target.removeEventFilter(self)
        self._target = target
        self._looks.stop()
        if target is not None:
            self._looks.start()
            target.installEventFilter(self)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what is lit, wherever the layout takes it."""
        if event.type() in {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide}:
            self._follow()
        return super().eventFilter(watched, event)

    @Slot()
    def _follow(self) -> None:
        if self._target is not None and not isValid(self._target):
            self._target = None
        target, window = self._target, self._window
        seen = target is not None and target.isVisible() and target.window() is window.window()
        if target is None or not seen:
            self.hide()
            return
        place = QRect(target.mapTo(window, QPoint()), target.size()).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        self.setGeometry(place.intersected(window.rect()))
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme_of(self.palette()).warning), 3))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 6, 6)
        painter.end()
