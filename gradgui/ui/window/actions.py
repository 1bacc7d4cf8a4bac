"""Everything a person can do, once: name, shortcut, icon, and what it does to the mathematics."""

import logging

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from gradgui.experiment.training_loop import Phase
from gradgui.ui.app.icons import line_icon
from gradgui.ui.app.theme import Theme
from gradgui.ui.widgets.typed import enter_typed
from gradgui.ui.window.action_entries import ENTRIES
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.undo import Step
from gradgui.worker import commands
from gradgui.worker.commands import Command, allowed_commands
from gradgui.worker.status import State, Status

COMMANDS: dict[str, type[Command]] = {
    "step_epoch": commands.StepEpoch,
    "step_phase": commands.StepPhase,
    "step_back": commands.StepBack,
    "step_back_phase": commands.StepBackPhase,
}
"""The command of each action that is one."""


class Actions(QObject):
    """The window's actions by ``objectName``.

    Parameters
    ----------
    window
        Whose they are.
    run
        What those that train ask.
    """

    def __init__(self, window: QMainWindow, run: LiveRun) -> None:
        super().__init__(window)
        self._run = run
        self._actions: dict[str, QAction] = {}
        for entry in ENTRIES:
            action = QAction(entry.text, window)
            action.setObjectName(entry.name)
            action.setShortcuts([QKeySequence(shortcut) for shortcut in entry.shortcuts])
            keys = f" ({entry.shortcuts[0]})" if entry.shortcuts else ""
            action.setToolTip(f"{_plain(entry.text)}{keys}\n{entry.tooltip}")
            action.setStatusTip("")
            action.triggered.connect(self._enter_typed)  # before anything else is done
            window.addAction(action)
            self._actions[entry.name] = action
        for name in ("log_axis", "who_pulls"):
            self[name].setCheckable(True)
        for name in ("undo", "redo"):  # the run tells when there is something
            self[name].setEnabled(False)
        self["run"].triggered.connect(self._run_or_pause)
        for name in COMMANDS:
            self[name].triggered.connect(self._do)
        self["back"].triggered.connect(self._step_back)
        self["undo"].triggered.connect(run.undo_stack.undo)
        self["redo"].triggered.connect(run.undo_stack.redo)
        run.undo_changed.connect(self._show_undo)
        self._stepped_phases = False
        self._running = False
        self._name_run()

    @Slot()
    def _enter_typed(self) -> None:
        enter_typed()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in these colours."""
        self._theme = theme
        for entry in ENTRIES:
            self[entry.name].setIcon(line_icon(entry.icon, theme.text, theme.muted))
        self._draw_run()

    def show_status(self, status: Status) -> None:
        """Enable just what the loop would do now; without a row in the log there is nothing to export."""
        allowed = allowed_commands(status)
        self["run"].setEnabled(commands.Pause in allowed or commands.Run in allowed)
        for name, command in COMMANDS.items():
            self[name].setEnabled(command in allowed)
        self["back"].setEnabled(commands.StepBack in allowed)
        begun = status.next_phase is not Phase.FORWARD or max(status.epoch, status.horizon) > 0
        self["reset"].setEnabled(begun or status.state is State.RUNNING)
        self["begin_again"].setEnabled(status.state is not State.LOADING)
        self["export_csv"].setEnabled(len(self._run.log) > 0)
        self._show_undo()
        running = status.state is State.RUNNING
        if running != self._running:  # a new icon lays the whole toolbar out
            self._running = running
            self._name_run()
            self._draw_run()

    @Slot()
    def _show_undo(self) -> None:
        """Offer the way back and forth where the loop takes it."""
        stack, status = self._run.undo_stack, self._run.status
        possible = {None, *allowed_commands(status)} if status.state is not State.LOADING else set()
        for name, place, text in (
            ("undo", stack.index() - 1, f"&Undo {stack.undoText()}"),
            ("redo", stack.index(), f"&Redo {stack.redoText()}"),
        ):
            step = stack.command(place)
            self[name].setEnabled(isinstance(step, Step) and step.command in possible)
            self[name].setText(text.strip())

    @Slot()
    def _run_or_pause(self) -> None:
        running = self._run.status.state is State.RUNNING
        self._stepped_phases = False
        self._run.do(commands.Pause() if running else commands.Run())

    @Slot()
    def _do(self) -> None:
        command = COMMANDS[self.sender().objectName()]
        self._stepped_phases = command in {commands.StepPhase, commands.StepBackPhase}
        self._run.do(command())

    @Slot()
    def _step_back(self) -> None:
        """Take back what was stepped last."""
        self._run.do(commands.StepBackPhase() if self._stepped_phases else commands.StepBack())

    def _name_run(self) -> None:
        self["run"].setText("&Pause" if self._running else "&Run")
        self["run"].setToolTip(
            "Pause (F5 or Space)\nStop before the next epoch."
            if self._running
            else "Run (F5 or Space)\nTrain on to the last epoch; from there on, as many epochs more."
        )

    def _draw_run(self) -> None:
        colour = self._theme.accent_text
        self["run"].setIcon(line_icon("pause" if self._running else "run", colour, self._theme.muted))


def _plain(text: str) -> str:
    return text.replace("&", "").rstrip("…")


logger = logging.getLogger(__name__)


class ActionLog(QObject):
    """Write each action of a window into the log when it is triggered.

    Parameters
    ----------
    window
        The window, with all its menus.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        for action in window.findChildren(QAction):
            action.triggered.connect(self._write)

    @Slot()
    def _write(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            logger.info("action %s", action.objectName() or action.text().replace("&", ""))
