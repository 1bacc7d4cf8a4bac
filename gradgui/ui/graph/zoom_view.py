"""A view of a drawing that can be zoomed, pushed about and fitted."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QToolButton,
    QWidget,
)

from gradgui.ui.app.icons import line_icon
from gradgui.ui.app.theme import Theme
from gradgui.ui.app.type_scale import scaled

STEP = 1.2
"""Zoom of one press of a key, and of one notch of the wheel."""

LEAST, MOST = 0.02, 4.0
"""Bounds of the zoom."""

FITTED_MOST = 1.25
"""To which a small drawing is enlarged at most when it is fitted."""

LEGIBLE = 0.28
"""A drawing that would have to be smaller than this is first shown in part."""

READING = 0.8
"""Zoom of that part."""

SURROUNDINGS = 4000.0
"""Pixels around the drawing into which it can be pushed."""

COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
"""With these a key is a menu's."""


class ZoomView(QGraphicsView):
    """Shows a scene, whole where that can be read.

    It fits the drawing into itself until the person zooms or pushes it.

    Parameters
    ----------
    scene
        What is shown.

    Signals
    -------
    clicked(QPointF)
        Where in the scene the person clicked.
    """

    clicked = Signal(QPointF)

    def __init__(self, scene: QGraphicsScene) -> None:
        super().__init__(scene)
        self._drawing = QRectF()
        self._beginning = QRectF()
        self._watched: QGraphicsItem | None = None
        self._frame = self._show_beginning
        self._by_hand = False
        self._pressed_at = QPoint()
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # which Qt passes on to the view
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setInteractive(False)  # so that a drag pushes the drawing wherever it begins
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._keys: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_F: self.fit,
        }

    @property
    def zoom(self) -> float:
        """Pixels on the screen for each of the drawing."""
        return self.transform().m11()

    def show_drawing(self, drawing: QRectF, beginning: QRectF) -> None:
        """Frame a new drawing.

        Parameters
        ----------
        drawing
            Where it is.
        beginning
            The part of it to begin with where the whole could not be read.
        """
        self._drawing, self._beginning = drawing, beginning
        self._watched = None
        self._by_hand = False
        self._frame = self._show_beginning
        self.setSceneRect(drawing.adjusted(-SURROUNDINGS, -SURROUNDINGS, SURROUNDINGS, SURROUNDINGS))
        self._frame()

    def watch(self, item: QGraphicsItem | None) -> None:
        """Keep an item in sight, also when the view becomes smaller."""
        self._watched = item
        self._keep_watched()

    @Slot()
    def fit(self) -> None:
        """Show the whole drawing."""
        self._by_hand = False
        self._frame = self._show_all
        self._frame()

    @Slot()
    def zoom_in(self) -> None:
        """Enlarge about the middle."""
        self._zoom(STEP, self.viewport().rect().center())

    @Slot()
    def zoom_out(self) -> None:
        """Make smaller about the middle."""
        self._zoom(1 / STEP, self.viewport().rect().center())

    def _zoom(self, factor: float, about: QPoint) -> None:
        zoom = max(LEAST, min(MOST, self.zoom * factor))
        point = self.mapToScene(about)
        self._by_hand = True
        self.setTransform(QTransform.fromScale(zoom, zoom))
        strayed = self.mapFromScene(point) - about
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + strayed.x())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + strayed.y())

    def _fitting_zoom(self) -> float:
        room, drawing = self.viewport().rect(), self._drawing
        if drawing.isEmpty():
            return 1.0
        return max(LEAST, min(scaled(FITTED_MOST), room.width() / drawing.width(), room.height() / drawing.height()))

    def take_type_size(self) -> None:
        """Show the drawing at the size in force, where the person has not zoomed it."""
        if not self._by_hand:
            self._frame()

    def _show_all(self) -> None:
        zoom = self._fitting_zoom()
        self.setTransform(QTransform.fromScale(zoom, zoom))
        self.centerOn(self._drawing.center())

    def _show_beginning(self) -> None:
        if self._fitting_zoom() >= scaled(LEGIBLE):
            self._show_all()
            return
        zoom = scaled(READING)
        self.setTransform(QTransform.fromScale(zoom, zoom))
        width, height = self.viewport().width() / zoom, self.viewport().height() / zoom
        rightmost = self._drawing.right() - width / 2
        x = max(self._drawing.left() + width / 2, min(rightmost, self._beginning.center().x()))
        self.centerOn(x, self._drawing.bottom() - height / 2)

    def _keep_watched(self) -> None:
        if self._watched is not None:
            self.ensureVisible(self._watched, 0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom and fit; every other key is the parent's."""
        answer = self._keys.get(event.key())
        if answer is None or event.modifiers() & COMMANDS:
            event.ignore()
        else:
            answer()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the mouse."""
        self._zoom(STEP ** (event.angleDelta().y() / 120), event.position().toPoint())
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the drawing again."""
        super().resizeEvent(event)
        if not self._by_hand:
            self._frame()
        self._keep_watched()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to push, or to click."""
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell a click from a push."""
        super().mouseReleaseEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        place = event.position().toPoint()
        if (place - self._pressed_at).manhattanLength() < QApplication.startDragDistance():
            self.clicked.emit(self.mapToScene(place))
        else:
            self._by_hand = True


CORNER = 4
"""Pixels from the edge of the view."""


class ZoomButtons(QWidget):
    """Zoom in, zoom out, fit: above the drawing, on the right.

    Parameters
    ----------
    view
        What they zoom.
    """

    def __init__(self, view: ZoomView) -> None:
        super().__init__(view)
        self.setObjectName("zoom_buttons")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._view = view
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
        self._view.setViewportMargins(0, self.sizeHint().height(), 0, 0)  # no node lies under them

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.adjustSize()
            self.move(watched.width() - self.width() - CORNER, 0)
        return False
