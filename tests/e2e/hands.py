"""What a hand does with a mouse, as events; QTest's own moves forget which button is held."""

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

NO_BUTTON, NO_KEY = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier


def drag(widget: QWidget, places: list[QPoint], button: Qt.MouseButton) -> None:
    """Move the mouse from place to place, with a button held or none."""
    steps = [QEvent.Type.MouseMove] * len(places)
    if button != NO_BUTTON:
        steps[0], steps[-1] = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease
    for step, place in zip(steps, places, strict=True):
        held = NO_BUTTON if step == QEvent.Type.MouseButtonRelease else button
        which = NO_BUTTON if step == QEvent.Type.MouseMove else button
        spot = QPointF(place)
        event = QMouseEvent(step, spot, QPointF(widget.mapToGlobal(place)), which, held, NO_KEY)
        QApplication.sendEvent(widget, event)


def turn_wheel(widget: QWidget, place: QPoint, angle: int) -> None:
    """Turn the wheel over a place."""
    spot, phase = QPointF(place), Qt.ScrollPhase.NoScrollPhase
    turn = QWheelEvent(
        spot, QPointF(widget.mapToGlobal(place)), QPoint(), QPoint(0, angle), NO_BUTTON, NO_KEY, phase, False
    )
    QApplication.sendEvent(widget, turn)


def drop_file(widget: QWidget, path: str) -> None:
    """Drop a file into the middle."""
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(path)])
    place, action = QPointF(widget.rect().center()), Qt.DropAction.CopyAction
    QApplication.sendEvent(widget, QDropEvent(place, action, files, Qt.MouseButton.LeftButton, NO_KEY))
