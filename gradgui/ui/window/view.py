"""What a panel is: a view, which shows something of a run, and the dock that it stands in."""

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QToolButton, QVBoxLayout, QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.ui.app.theme import LIGHT, SPACING, Theme
from gradgui.ui.widgets.labels import ElidedLabel
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker.status import Status

TITLE_HEIGHT = 32
LEAST_NAME = 60


class View:
    """The content of a panel, which is a widget as well. What it does not override, does nothing.

    Attributes
    ----------
    name
        ``objectName`` of its dock, by which its place is remembered.
    heading
        What the dock's title says.
    guide
        The guide's section about it, as in a link to it: what its title's *?* opens.
    buttons
        Names of the actions that have a button in the dock's title.
    pictures
        Object names and titles of what of it can be saved as a picture, in the order of `pictured`.
    theme
        The colours in force.
    """

    name: ClassVar[str]
    heading: ClassVar[str]
    guide: ClassVar[str]
    buttons: ClassVar[tuple[str, ...]] = ()
    pictures: ClassVar[tuple[tuple[str, str], ...]] = ()
    theme: Theme = LIGHT

    @property
    def tools(self) -> QWidget | None:
        """What stands in its title besides its buttons, None for nothing."""
        return None

    @property
    def pictured(self) -> tuple[QWidget, ...]:
        """What of it can be saved as a picture."""
        return ()

    def set_theme(self, theme: Theme) -> None:
        """Take these colours; `show_experiment` comes after it."""
        self.theme = theme

    def show_experiment(self, experiment: Experiment) -> None:
        """Show another experiment, or the same one in an edited form."""

    def show_status(self, status: Status) -> None:
        """Follow the loop's state, when something was done."""

    def show_figures(self, run: LiveRun) -> None:
        """Write what is to be read, as often as it can be read."""

    def draw(self, run: LiveRun) -> None:
        """Draw what has changed, with every frame; only while it is visible."""

    def needs(self) -> dict[str, Any]:
        """Give the fields of `commands.Look` that it wants to be worked out; asked only while it is in sight."""
        return {}


class Dock(QDockWidget):
    """A part of the window that can be hidden, moved and floated, with a title bar of the program's own.

    What is in it is made when it is first in sight, or asked for.

    Parameters
    ----------
    kind
        What will be in it.
    make
        Makes it.
    window
        Where it is docked.

    Signals
    -------
    filled(View)
        What is in it was made.

    Attributes
    ----------
    view
        What is in it, None until it was wanted.
    """

    filled = Signal(View)

    def __init__(self, kind: type[View], make: Callable[[], View], window: QMainWindow) -> None:
        super().__init__(kind.heading, window)
        self._make = make
        self.view: View | None = None
        self.setObjectName(kind.name)
        self.toggleViewAction().setWhatsThis(f"{kind.heading}\nShows this panel, or hides it.")
        self.setAccessibleName(kind.heading)
        self.setProperty("guide_section", kind.guide)
        title = QWidget()
        title.setObjectName("panel_title")
        title.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._bar = QHBoxLayout(title)
        self._bar.setContentsMargins(SPACING + 2, 3, 4, 3)
        self._bar.addStrut(TITLE_HEIGHT - 6)  # a dock asks for its title's size hint, whatever its minimum height
        self._bar.setSpacing(2)
        self._label = ElidedLabel()  # in large type there may be no room for all of it
        self._label.setText(kind.heading)
        self._label.setToolTip(kind.heading)
        self._label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._label.setObjectName("panel_name")
        self._label.setMinimumWidth(LEAST_NAME)  # a narrow panel cuts its name, not the window's own width
        self._bar.addWidget(self._label, 1)
        self.setTitleBarWidget(title)
        body = QWidget()
        body.setObjectName("panel")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._content = QVBoxLayout(body)
        self._content.setContentsMargins(1, 0, 1, 1)
        self.setWidget(body)
        self.visibilityChanged.connect(self._fill_when_seen)

    @property
    def in_sight(self) -> bool:
        """Whether any of it is; a panel behind another tab counts as visible for Qt."""
        return not self.widget().visibleRegion().isEmpty()

    def fill(self) -> View:
        """Give what is in it, made now if it was not wanted before."""
        if self.view is None:
            self.view = self._make()
            self._content.addWidget(as_widget(self.view))
            if (tools := self.view.tools) is not None:
                self._bar.insertWidget(self._bar.indexOf(self._label) + 1, tools, 4)
            self.filled.emit(self.view)
        return self.view

    @Slot(bool)
    def _fill_when_seen(self, seen: bool) -> None:
        if seen:
            self.fill()

    def add_button(self, action: QAction) -> QToolButton:
        """Put a button for an action into the title bar.

        Parameters
        ----------
        action
            Its icon, tooltip and menu, if it has one, are the button's.
        """
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setAccessibleName(action.text().replace("&", "").rstrip("…"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if action.menu() is not None:
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._bar.addWidget(button)
        return button


def is_placed(dock: QDockWidget, window: QMainWindow) -> bool:
    """Whether a dock is in sight within its window, and can be given another size there."""
    in_window = window.dockWidgetArea(dock) is not Qt.DockWidgetArea.NoDockWidgetArea
    return dock.isVisible() and not dock.isFloating() and in_window


def as_widget(view: View) -> QWidget:
    """Give a view as the widget that it is."""
    if not isinstance(view, QWidget):
        raise TypeError(f"{view.name} is no widget")
    return view


def stacked(*widgets: QWidget, into: QWidget) -> None:
    """Lay widgets out above each other, without gaps."""
    layout = QVBoxLayout(into)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
