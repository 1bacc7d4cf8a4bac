"""Which panels a lesson or Presentation shows, and where all of them go back to afterwards."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QMainWindow

from gradgui.ui.lessons.lesson_panel import LessonPanel
from gradgui.ui.window.docks import Docks
from gradgui.ui.window.view import is_placed

FEW = ("loss_panel", "fit_panel", "inside_panel")
"""What a room full of people looks at: the loss, the fit and the loop."""


SHARES = (0.27, 0.27, 0.46)
"""Of the width, to each of them."""


class Arrangement(QObject):
    """Show few panels, for a lesson, for Presentation or for both, and put all of them back.

    Parameters
    ----------
    window
        What is arranged.
    docks
        Its panels.
    """

    def __init__(self, window: QMainWindow, docks: Docks) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._step: tuple[str, ...] | None = None
        self._presents = False
        self._before: QByteArray | None = None

    def restore(self, layout: tuple[QByteArray, QByteArray] | None) -> None:
        """Give window and panels the size and the places that they had, as Qt saves them, or those of the first time.

        What share of the room each panel then gets is only known when the window is shown.
        """
        geometry, panels = layout or (QByteArray(), QByteArray())
        if not (self._window.restoreGeometry(geometry) and self._window.restoreState(panels)):
            self._window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share the room among the panels when the window's size is known for the first time."""
        if watched is self._window and event.type() is QEvent.Type.Show:
            self._window.removeEventFilter(self)
            self._docks.share_room()
        return False

    @property
    def places(self) -> QByteArray:
        """The places of the panels outside of lessons and Presentation, as Qt saves them."""
        return self._window.saveState() if self._before is None else self._before

    def show_step(self, panels: Sequence[str] | None) -> None:
        """Show the panels of a lesson's step beside its text.

        Parameters
        ----------
        panels
            Their names, of those behind each other first the one in front; none where the step leaves that to the
            person; None when the lesson is over.
        """
        self._step, was_open = None if panels is None else tuple(panels), self._step is not None
        if self._step is not None or self._presents:
            self._show()
        elif was_open:
            self.put_back()
            self._docks.bring_up(LessonPanel)

    def present(self) -> None:
        """Show few panels, each at its first place."""
        if self._before is None:
            self._before = self._window.saveState()
        self._presents = True
        self._docks.put_in_place()
        loss, fit = (self._docks.by_name[name] for name in FEW[:2])
        self._window.splitDockWidget(
            loss, fit, Qt.Orientation.Horizontal
        )  # the step in large letters takes the height
        self._show()

    def end_presentation(self) -> None:
        """Show what was shown before it, or the step of the lesson that is open; `put_back` ends it."""
        self._presents = False
        self._restore()

    def put_back(self) -> None:
        """Put the panels where they were; beside a lesson only those of its step are in sight."""
        self._restore()
        if self._step is None:
            self._before = None

    def _restore(self) -> None:
        if self._before is not None:
            self._window.restoreState(self._before)
        if self._step is not None:
            self._show()

    def _show(self) -> None:
        if self._before is None:
            self._before = self._window.saveState()
        wanted = self._step or (FEW if self._presents else ())
        for kind, dock in self._docks.by_kind.items():
            is_text = kind is LessonPanel and self._step is not None
            dock.setVisible(is_text or dock.objectName() in wanted or not wanted)
        for name in reversed(wanted):
            self._docks.by_name[name].raise_()
        QTimer.singleShot(0, self.share_room)  # when those that were shown have a place

    @Slot()
    def share_room(self) -> None:
        """Give the panels the room there is: in Presentation nearly half of the width to the loop."""
        if self._step is not None:
            self._docks.share_lesson_room()
            return
        if not self._presents:
            return
        docks = [self._docks.by_name[name] for name in FEW]
        if all(is_placed(dock, self._window) for dock in docks):
            widths = [round(share * self._window.width()) for share in SHARES]
            self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)
