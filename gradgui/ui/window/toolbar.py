"""The bar above the panels: what trains, how fast, and the way out for the log."""

import math

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QSlider,
    QToolBar,
    QToolButton,
    QWidget,
)

from gradgui.ui.app.theme import SPACING
from gradgui.ui.app.type_scale import SIZES, type_size
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker import commands

MOST = 100
SLIDER_WIDTH = 150
DECADES = 4.0
DEFAULT = 25
"""Ten epochs a second: the lesson's 20 epochs take two seconds."""


def speed_at(position: int) -> float:
    """Give the speed in epochs a second at a place of the slider, infinite at its end."""
    if position >= MOST:
        return math.inf
    return float(round(10 ** (DECADES * position / MOST)))


class SpeedSlider(QWidget):
    """A slider with a logarithmic scale, and what it is set to.

    Signals
    -------
    speed_changed(float)
        Epochs a second, infinite at the slider's end.

    Attributes
    ----------
    slider
        The slider itself, 0 to `MOST`.
    """

    speed_changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("speed")
        self.slider.setAccessibleName("Speed")
        self.slider.setRange(0, MOST)
        self.slider.setPageStep(MOST // 8)
        self.slider.setToolTip(
            "Speed: how many epochs are trained a second. It changes nothing in the mathematics.\n"
            "Slower: Ctrl+[   Faster: Ctrl+]"
        )
        self._reading = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        caption = QLabel("Speed")
        caption.setObjectName("hint")
        caption.setBuddy(self.slider)
        for widget in (caption, self.slider, self._reading):
            layout.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.slider.valueChanged.connect(self._tell)
        self.take_type_size()

    @property
    def speed(self) -> float:
        """Epochs a second, infinite at the slider's end."""
        return speed_at(self.slider.value())

    def take_type_size(self) -> None:
        """Keep the room for the longest reading at the size of type in force."""
        self.slider.setFixedWidth(SLIDER_WIDTH)
        self._reading.setMinimumWidth(QFontMetrics(QApplication.font()).horizontalAdvance("9999 epochs/s "))

    def set_position(self, position: int) -> None:
        """Put the slider to a place, and tell its speed."""
        if self.slider.value() == position:
            self._tell(position)
        self.slider.setValue(position)

    @Slot()
    def slower(self) -> None:
        """Go one page down."""
        self.slider.triggerAction(QSlider.SliderAction.SliderPageStepSub)

    @Slot()
    def faster(self) -> None:
        """Go one page up."""
        self.slider.triggerAction(QSlider.SliderAction.SliderPageStepAdd)

    @Slot(int)
    def _tell(self, position: int) -> None:
        speed = speed_at(position)
        text = "max" if speed == math.inf else f"{speed:.0f} epoch{'s' if speed > 1 else ''}/s"
        self._reading.setText(text)
        self.slider.setAccessibleDescription(text)
        self.speed_changed.emit(speed)


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
        self._wanted = 0
        self._run = run
        self.setObjectName("training_toolbar")
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name in ("run", "step_epoch", "step_phase", "back", "reset"):
            self._add_button(actions, name)
        self._run_button = self.widgetForAction(actions["run"])
        self._run_button.setObjectName("run_button")
        self.addSeparator()
        self.speed = SpeedSlider()
        self.speed.speed_changed.connect(self._set_speed)
        actions["slower"].triggered.connect(self.speed.slower)
        actions["faster"].triggered.connect(self.speed.faster)
        self.addWidget(self.speed)
        room = QWidget()
        room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(room)
        self._add_button(actions, "export_csv")
        window.addToolBar(self)
        self.toggleViewAction().setEnabled(False)
        self._keep_room()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the room for what a button says, and for the speed, in another font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._keep_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what the buttons say where larger type has no room for it."""
        super().resizeEvent(event)
        self._choose_style()

    def _keep_room(self) -> None:
        button = self._run_button
        button.setMinimumWidth(button.fontMetrics().horizontalAdvance("Pause") + 6 * SPACING)
        self.speed.take_type_size()
        self._style_buttons(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._wanted = self.sizeHint().width()
        self._choose_style()

    def _choose_style(self) -> None:
        fits = type_size() == SIZES[0] or self._wanted <= self.width()
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if fits else Qt.ToolButtonStyle.ToolButtonIconOnly
        if style != self.toolButtonStyle():
            self._style_buttons(style)

    def _style_buttons(self, style: Qt.ToolButtonStyle) -> None:
        self.setToolButtonStyle(style)
        if isinstance(self._run_button, QToolButton):
            self._run_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    @Slot(float)
    def _set_speed(self, speed: float) -> None:
        self._run.do(commands.SetSpeed(speed))

    def _add_button(self, actions: Actions, name: str) -> None:
        action = actions[name]
        self.addAction(action)
        button = self.widgetForAction(action)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.text().replace("&", "").rstrip("…"))
