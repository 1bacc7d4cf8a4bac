"""The log, and the timeline above it."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gradgui.ui.app.theme import Theme
from gradgui.ui.log.log_table import LogTable
from gradgui.ui.log.timeline import Timeline
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View, stacked
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands


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

    @Slot(int)
    def _go_to(self, epoch: int) -> None:
        self._run.do(commands.GoTo(epoch))
