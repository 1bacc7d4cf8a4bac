"""The panel with the log: the timeline above the table of epochs."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.log.go_back_dialog import GoBackDialog
from gradgui.ui.log.log_table import LogTable
from gradgui.ui.widgets.labels import SteadyLabel
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View, stacked
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands


class Timeline(QWidget):
    """A slider over the epochs, from the start to the furthest one trained.

    Signals
    -------
    epoch_chosen(int)
        The person wants to be there.

    Attributes
    ----------
    slider
        The slider itself.
    """

    epoch_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("timeline")
        self.slider.setAccessibleName("Timeline")
        self.slider.setRange(0, 0)
        self.slider.setToolTip(
            "Timeline: go to any epoch trained so far. Everything is as it was then, to the last bit.\n"
            "Arrow keys go one epoch, Page keys ten; Home is the start."
        )
        self.slider.setPageStep(10)
        caption = QLabel("Timeline")
        caption.setObjectName("hint")
        caption.setBuddy(self.slider)
        self._reading = SteadyLabel()
        self._reading.setObjectName("timeline_label")
        self._reading.setText("epoch 10000000 of 10000000 trained")  # takes the room for as much
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACING + 2, 2, SPACING + 2, 2)
        layout.setSpacing(SPACING)
        for widget in (caption, self.slider, self._reading):
            layout.addWidget(widget)
        self.slider.valueChanged.connect(self._choose)

    def show_place(self, epoch: int, horizon: int) -> None:
        """Show where the run is, without asking for anything."""
        if not self.slider.isSliderDown():
            with QSignalBlocker(self.slider):
                self.slider.setMaximum(horizon)
                self.slider.setValue(epoch)
        ahead = f"epoch {epoch} of {horizon} trained" if horizon > epoch else f"epoch {epoch}"
        if ahead != self._reading.text():
            self._reading.setText(ahead)
            self.slider.setAccessibleDescription(ahead)

    @Slot(int)
    def _choose(self, epoch: int) -> None:
        self.epoch_chosen.emit(epoch)


class LogPanel(QWidget, View):
    """Every epoch as a row, and a slider to go to any of them.

    Parameters
    ----------
    run
        Whose.

    Attributes
    ----------
    table
        The rows.
    """

    name = "log_panel"
    heading = "Log"
    guide = "the-log"
    buttons = ("copy_rows", "export_csv")

    def __init__(self, run: LiveRun) -> None:
        super().__init__()
        self._run = run
        self.table = LogTable()
        self._timeline = Timeline()
        self._timeline.epoch_chosen.connect(self._go_to)
        stacked(self._timeline, self.table, into=self)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self.table.set_theme(theme)

    def show_figures(self, run: LiveRun) -> None:
        """Show the rows that there are, and where the run is among them."""
        if self.table.isVisible():
            self.table.show_log(run.log, run.epoch)
        self._timeline.show_place(run.epoch, max(len(run.log), run.epoch))
        self._timeline.slider.setEnabled(commands.GoTo in allowed_commands(run.status))

    @Slot()
    def go_back(self) -> None:
        """Ask what is looked for in the log, and go there."""
        GoBackDialog(self.window(), self._run).show()

    @Slot(int)
    def _go_to(self, epoch: int) -> None:
        self._run.do(commands.GoTo(epoch))
