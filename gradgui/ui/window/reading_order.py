"""Where Tab goes: through what is in sight, as it is read, round after round."""

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QScrollArea, QStatusBar, QTabBar, QToolBar, QWidget

PARTS = (QToolBar, QTabBar, QDockWidget, QStatusBar)


def move_focus(window: QMainWindow, *, forward: bool) -> bool:
    """Give the focus to what comes next in reading order, and scroll to it; False where there is nothing."""
    widget = following(window, forward=forward)
    if widget is None:
        return False
    widget.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    show_focus(widget)
    return True


def following(window: QMainWindow, *, forward: bool) -> QWidget | None:
    """Give what has the focus after Tab, or Shift+Tab: of each part of the window all, before the next part.

    Parameters
    ----------
    window
        The window.
    forward
        Tab; otherwise Shift+Tab.
    """
    order = reading_order(window)
    if not order:
        return None
    present = window.focusWidget()
    if present not in order:
        return order[0 if forward else -1]
    return order[(order.index(present) + (1 if forward else -1)) % len(order)]


def reading_order(window: QMainWindow) -> list[QWidget]:
    """Give what takes the focus by Tab, from left to right in rows from top to bottom."""
    parts = [
        part
        for part in window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if isinstance(part, PARTS) and not part.isWindow() and not part.visibleRegion().isEmpty()
    ]
    order: list[QWidget] = []
    for part in _read(window, parts):
        title = part.titleBarWidget() if isinstance(part, QDockWidget) else None
        inside = [widget for widget in (part, *part.findChildren(QWidget)) if _takes_tab(widget, part)]
        for in_title in (True, False):  # what is scrolled out above is not before the title
            order += _read(part, [one for one in inside if (one.parentWidget() is title is not None) is in_title])
    return order


def _takes_tab(widget: QWidget, part: QWidget) -> bool:
    return (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.focusProxy() is None
        and widget.isEnabled()
        and widget.isVisibleTo(part)
        and widget.window() is part.window()
    )


def _read(ground: QWidget, widgets: Iterable[QWidget]) -> list[QWidget]:
    """Put widgets into rows, and rows below each other; what begins above the middle of a row is in it."""
    places = sorted(((QRect(one.mapTo(ground, QPoint()), one.size()), one) for one in widgets), key=_top)
    rows: list[list[tuple[QRect, QWidget]]] = []
    for place, widget in places:
        if rows and place.top() < rows[-1][0][0].center().y() and place.height() < 2 * rows[-1][0][0].height():
            rows[-1].append((place, widget))
        else:
            rows.append([(place, widget)])
    return [widget for row in rows for _, widget in sorted(row, key=_left)]


def _top(placed: tuple[QRect, QWidget]) -> tuple[int, int]:
    return placed[0].top(), placed[0].left()


def _left(placed: tuple[QRect, QWidget]) -> int:
    return placed[0].left()


def show_focus(widget: QWidget) -> None:
    """Scroll to what got the focus, where it is in something that scrolls."""
    above = widget.parentWidget()
    while above is not None and not above.isWindow():
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
