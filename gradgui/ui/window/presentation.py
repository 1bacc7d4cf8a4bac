"""How large everything is, and Presentation: few panels, large type, and colours for the projector."""

from msgspec import Struct
from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMainWindow, QToolBar

from gradgui.ui.app.projection import projected
from gradgui.ui.app.settings import Settings
from gradgui.ui.app.theme import Theme, theme_for
from gradgui.ui.app.type_scale import SIZES
from gradgui.ui.epoch.loop_panel import LoopPanel
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.arrangement import Arrangement
from gradgui.ui.window.docks import Docks
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.step_board import StepBoard


class Ordinary(Struct, frozen=True):
    """The window as it was before Presentation.

    Attributes
    ----------
    geometry
        As Qt saves it.
    state
        Whether it was maximized.
    size
        Of the window.
    """

    geometry: QByteArray
    state: Qt.WindowState
    size: QSize


class Presentation(QObject):
    """Makes type larger and smaller, and the window one for a projector and back again.

    Parameters
    ----------
    window
        The window.
    settings
        Where the two sizes are remembered, the ordinary one and that of Presentation.
    actions
        The window's actions.
    docks
        Its panels.
    run
        What is shown in large letters.
    arrangement
        Which panels are in sight.

    Signals
    -------
    look_changed()
        There are another theme and another size of type.
    """

    look_changed = Signal()

    def __init__(
        self,
        window: QMainWindow,
        settings: Settings,
        actions: Actions,
        docks: Docks,
        run: LiveRun,
        *,
        arrangement: Arrangement,
    ) -> None:
        super().__init__(window)
        self._window, self._settings, self._actions, self._docks, self._run = window, settings, actions, docks, run
        self._arrangement = arrangement
        self._ordinary: Ordinary | None = None
        self._awaited: Ordinary | None = None  # until the desktop has given the window its size back
        self._board: StepBoard | None = None
        self._bar: QToolBar | None = None
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
        self._escape.activated.connect(self.leave)
        self._escape.setEnabled(False)
        actions["presentation"].setCheckable(True)
        actions["presentation"].triggered.connect(self._toggle)
        actions["larger"].triggered.connect(self._make_larger)
        actions["smaller"].triggered.connect(self._make_smaller)
        actions["usual_size"].triggered.connect(self._make_usual)
        window.installEventFilter(self)
        self._offer_sizes()

    @property
    def theme(self) -> Theme:
        """The colours to be shown."""
        theme = theme_for(self._settings.appearance)
        return theme if self._ordinary is None else projected(theme)

    @property
    def type_size(self) -> int:
        """The size of type to be shown, in per cent."""
        return self._settings.type_size if self._ordinary is None else self._settings.presentation_size

    @property
    def geometry(self) -> QByteArray:
        """Size and place of the window outside of Presentation, as Qt saves them."""
        ordinary = self._ordinary or self._awaited
        return self._window.saveGeometry() if ordinary is None else ordinary.geometry

    @Slot()
    def _toggle(self) -> None:
        if self._ordinary is None:
            self.enter()
        else:
            self.leave()

    def enter(self) -> None:
        """Show few things, large."""
        window = self._window
        now = Ordinary(window.saveGeometry(), window.windowState(), window.size())
        self._ordinary, self._awaited = self._awaited or now, None
        self._arrangement.present()
        self._board = StepBoard(self._run, self._docks.view(LoopPanel).code)
        self._bar = QToolBar("The present step", window)
        self._bar.setObjectName("step_bar")
        self._bar.setMovable(False)
        self._bar.toggleViewAction().setEnabled(False)
        self._bar.addWidget(self._board)
        window.addToolBarBreak()
        window.addToolBar(self._bar)
        self._run.figures.connect(self._show_lit)
        self._change_look()
        window.setWindowState(self._ordinary.state | Qt.WindowState.WindowFullScreen)
        self._arrangement.share_room()

    @Slot()
    def leave(self) -> None:
        """Show everything as it was."""
        ordinary, self._ordinary = self._ordinary, None
        if ordinary is None or self._bar is None:
            return
        window = self._window
        self._run.figures.disconnect(self._show_lit)
        window.removeToolBarBreak(self._bar)
        window.removeToolBar(self._bar)
        self._bar.deleteLater()
        self._bar = self._board = None
        self._change_look()
        window.setWindowState(ordinary.state)
        self._arrangement.end_presentation()
        self._awaited = ordinary
        QTimer.singleShot(0, self._put_back)  # when panels no longer ask for the room of large type

    @Slot()
    def _put_back(self) -> None:
        if self._awaited is not None and self._window.size() == self._awaited.size:
            self._arrangement.put_back()
            self._awaited = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Put the panels back once more when the window has its size, and share the room of a full screen."""
        if watched is self._window and isinstance(event, QResizeEvent):
            if self._ordinary is not None:
                self._arrangement.share_room()
            elif self._awaited is not None:
                QTimer.singleShot(0, self._put_back)
        return False

    @Slot()
    def _make_larger(self) -> None:
        self._take_size(next((size for size in SIZES if size > self.type_size), SIZES[-1]))

    @Slot()
    def _make_smaller(self) -> None:
        self._take_size(next((size for size in reversed(SIZES) if size < self.type_size), SIZES[0]))

    @Slot()
    def _make_usual(self) -> None:
        self._take_size(SIZES[0])

    def _take_size(self, size: int) -> None:
        if size == self.type_size:
            return
        if self._ordinary is None:
            self._settings.type_size = size
        else:
            self._settings.presentation_size = size
        widths = self._docks.side_widths
        self._change_look()
        if self._ordinary is None:
            self._docks.widen_sides(widths)
        else:
            self._arrangement.share_room()

    def _change_look(self) -> None:
        presents = self._ordinary is not None
        self._actions["presentation"].setChecked(presents)
        self._escape.setEnabled(presents)
        self._offer_sizes()
        self.look_changed.emit()
        if self._board is not None:
            self._board.set_theme(self.theme)

    def _offer_sizes(self) -> None:
        self._actions["larger"].setEnabled(self.type_size < SIZES[-1])
        self._actions["smaller"].setEnabled(self.type_size > SIZES[0])
        self._actions["usual_size"].setEnabled(self.type_size != SIZES[0])

    @Slot()
    def _show_lit(self) -> None:
        self._docks.view(LoopPanel).show_lit()
