"""What a panel is, and what it can do."""

from typing import Any, ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.ui.app.theme import LIGHT, Theme
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker.status import Status


class View:
    """The content of a panel, which is a widget as well. What it does not override, does nothing.

    Attributes
    ----------
    name
        ``objectName`` of its dock, by which its place is remembered.
    heading
        What the dock's title says.
    buttons
        Names of the actions that have a button in the dock's title.
    pictures
        Object names and titles of what of it can be saved as a picture, in the order of `pictured`.
    theme
        The colours in force.
    """

    name: ClassVar[str]
    heading: ClassVar[str]
    buttons: ClassVar[tuple[str, ...]] = ()
    pictures: ClassVar[tuple[tuple[str, str], ...]] = ()
    theme: Theme = LIGHT

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


def stacked(*widgets: QWidget, into: QWidget) -> None:
    """Lay widgets out above each other, without gaps."""
    layout = QVBoxLayout(into)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
