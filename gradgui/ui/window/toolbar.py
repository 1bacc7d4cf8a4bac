"""The bar above the panels: what trains, how fast, and the way out for the log."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QMainWindow, QSizePolicy, QToolBar, QWidget

from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.speed_slider import SpeedSlider
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker import commands


class Toolbar(QToolBar):
    """Buttons for the actions that train, and the speed.

    Parameters
    ----------
    window
        Where it is.
    actions
        The window's actions.
    run
        What the speed is for.

    Attributes
    ----------
    speed
        The speed slider with its reading.
    """

    def __init__(self, window: QMainWindow, actions: Actions, run: LiveRun) -> None:
        super().__init__("Training", window)
        self._run = run
        self.setObjectName("training_toolbar")
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name in ("run", "step_epoch", "step_phase", "step_back", "reset"):
            self._add_button(actions, name)
        run_button = self.widgetForAction(actions["run"])
        run_button.setObjectName("run_button")
        run_button.setMinimumWidth(run_button.fontMetrics().horizontalAdvance("Pause") + 6 * SPACING)
        self.addSeparator()
        self.speed = SpeedSlider()
        self.speed.speed_changed.connect(self._set_speed)
        self.addWidget(self.speed)
        room = QWidget()
        room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(room)
        self._add_button(actions, "export_csv")
        window.addToolBar(self)
        self.toggleViewAction().setEnabled(False)

    @Slot(float)
    def _set_speed(self, speed: float) -> None:
        self._run.do(commands.SetSpeed(speed))

    def _add_button(self, actions: Actions, name: str) -> None:
        action = actions[name]
        self.addAction(action)
        button = self.widgetForAction(action)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.text().replace("&", "").rstrip("…"))
