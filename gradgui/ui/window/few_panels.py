"""What stays in sight in Presentation, and where: what a room full of people looks at."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from gradgui.ui.window.view import Dock, is_placed

FEW = ("loss_panel", "fit_panel", "inside_panel")
"""The loss, the fit and the loop."""


def show_few(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """Show those of the docks, named as they are remembered, and no other."""
    for dock in docks.values():
        dock.setFloating(False)
        window.removeDockWidget(dock)
    loss, fit, inside = (docks[name] for name in FEW)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, loss)
    window.splitDockWidget(loss, inside, Qt.Orientation.Horizontal)
    window.splitDockWidget(loss, fit, Qt.Orientation.Vertical)
    for dock in (loss, fit, inside):
        dock.show()


def share_few(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """Give them the room there is: half of the width to the loop."""
    loss, fit, inside = (docks[name] for name in FEW)
    for pair, room, direction in (
        ((loss, inside), window.width(), Qt.Orientation.Horizontal),
        ((loss, fit), window.height(), Qt.Orientation.Vertical),
    ):
        if all(is_placed(dock, window) for dock in pair):
            window.resizeDocks(pair, [room // 2] * 2, direction)
