"""A frame around the control or panel that a step is about."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import isValid

from gradgui.ui.app.theme import theme_of

MARGIN = 3
"""Pixels between a control and its frame."""
LOOKS = 200
"""Milliseconds between two looks at where it is."""
SETTLING = 5
"""Looks until the panels of a step have their final heights."""


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
        self._looks.timeout.connect(self._look)
        self._settling = 0
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
            self._settling = SETTLING
            QTimer.singleShot(0, self._bring_up)  # when the layout has given it its place
        self._follow()

    @Slot()
    def _look(self) -> None:
        """Follow; at first scroll there as well, as what stands above it may still become longer."""
        if self._settling:
            self._settling -= 1
            self._bring_up()
        else:
            self._follow()

    @Slot()
    def _bring_up(self) -> None:
        """Scroll to what is lit."""
        around = None if self._target is None or not isValid(self._target) else self._target.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None and self._target is not None and around.widget() is not self._target:
            around.ensureWidgetVisible(self._target, MARGIN, MARGIN)
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
        in_sight = target.visibleRegion().boundingRect()
        if in_sight.isEmpty():
            self.hide()
            return
        place = in_sight.translated(target.mapTo(window, QPoint())).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
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
