"""Everything a person can do, once: name, shortcut, icon, and what it does to the mathematics."""

import logging

from msgspec import Struct
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from gradgui.experiment.training_loop import Phase
from gradgui.ui.app.icons import line_icon
from gradgui.ui.app.theme import Theme
from gradgui.ui.widgets.typed import enter_typed
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker import commands
from gradgui.worker.commands import Command, allowed_commands
from gradgui.worker.status import State, Status


class _Entry(Struct, frozen=True):
    name: str
    text: str
    icon: str
    shortcuts: tuple[str, ...]
    tooltip: str


_ENTRIES = (
    _Entry("run", "&Run", "run", ("F5",), "Train on to the last epoch; Space does it as well."),
    _Entry(
        "step_epoch",
        "Step &epoch",
        "step_epoch",
        ("F10",),
        "Train one epoch: forward, loss, backward, update, zero_grad.",
    ),
    _Entry(
        "step_phase",
        "Step &phase",
        "step_phase",
        ("F11",),
        "Run the next one of the epoch's five phases.",
    ),
    _Entry(
        "step_back",
        "Step &back an epoch",
        "step_back",
        ("Shift+F10",),
        "Back to the beginning of this epoch, or of the one before; everything is as it was then.",
    ),
    _Entry(
        "step_back_phase",
        "Step back a p&hase",
        "step_back",
        ("Shift+F11",),
        "Back by one phase; everything is as it was then.",
    ),
    _Entry(
        "back",
        "Step back",
        "step_back",
        ("F9",),
        "Take back what was stepped last, a phase or an epoch.",
    ),
    _Entry(
        "reset",
        "Re&set",
        "reset",
        ("Ctrl+R",),
        "Back to epoch 0, with everything as the fields show it; the log is emptied. Undo brings it back.",
    ),
    _Entry(
        "begin_again",
        "Begin &again as first opened",
        "reset",
        (),
        "Back to epoch 0 of the experiment as it was opened, whatever was changed since. Undo brings it back.",
    ),
    _Entry(
        "kept_runs", "All r&uns", "table", ("Ctrl+Shift+R",), "Look through all runs that were trained, and open one."
    ),
    _Entry("new_experiment", "&New", "table", ("Ctrl+N",), "Begin with the lesson again."),
    _Entry("open_experiment", "&Open…", "open", ("Ctrl+O",), "Open an experiment file (*.gradgui)."),
    _Entry(
        "save_experiment", "&Save", "save", ("Ctrl+S",), "Save the experiment with all that was changed on the way."
    ),
    _Entry("save_experiment_as", "Save &as…", "save", ("Ctrl+Shift+S",), "Save the experiment under another name."),
    _Entry(
        "export_csv",
        "&Export log as CSV…",
        "export",
        ("Ctrl+E",),
        "Save every epoch trained so far as a CSV file that loses no digit.",
    ),
    _Entry(
        "export_data",
        "Export &data as CSV…",
        "export",
        (),
        "Save the points as a CSV file that loses no digit, under the names of their axes.",
    ),
    _Entry(
        "export_script",
        "Export as &Python script…",
        "export",
        ("Ctrl+Shift+E",),
        "Save this run as a script that needs only torch, prints the same lines and writes the same CSV.",
    ),
    _Entry(
        "export_notebook",
        "Export as &Jupyter notebook…",
        "export",
        (),
        "Save this run as a notebook: the same loop in cells, the same CSV, and a plot.",
    ),
    _Entry(
        "undo",
        "&Undo",
        "undo",
        ("Ctrl+Z",),
        "Take back what was done last: a change, other points, another model, a reset.",
    ),
    _Entry("redo", "&Redo", "redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Do again what was taken back."),
    _Entry(
        "import_data",
        "&Import data…",
        "import",
        ("Ctrl+I",),
        "Read points from a CSV file: delimiter, decimal sign and header are found, the columns can be chosen.",
    ),
    _Entry("copy_rows", "&Copy selected rows", "copy", ("Ctrl+Shift+C",), "Copy the log's selected rows."),
    _Entry("slower", "S&lower", "remove", ("Ctrl+[",), "Train fewer epochs a second."),
    _Entry("faster", "&Faster", "add", ("Ctrl+]",), "Train more epochs a second."),
    _Entry("show_all", "Show &all epochs", "fit", ("Ctrl+0",), "Undo zooming in the plots over epochs."),
    _Entry(
        "log_axis",
        "&Log axis for the loss",
        "settings",
        ("Ctrl+L",),
        "Equal factors of the loss at equal distances: a steady rate of learning is a straight line.",
    ),
    _Entry("default_layout", "Put panels &back", "undo", (), "Show every panel where it was at first."),
    _Entry("keys", "&Keys…", "help", ("F1", "Ctrl+/"), "All keys, and what they do."),
    _Entry("about", "&About GradGUI…", "info", (), "Versions and licences of everything inside."),
    _Entry(
        "copy_diagnostics",
        "&Copy diagnostic information",
        "copy",
        (),
        "Put versions, system and screens on the clipboard, for a report of a defect.",
    ),
    _Entry("open_log_folder", "Open &log folder", "open", (), "Show the folder with the program's log files."),
    _Entry("quit", "&Quit", "close", ("Ctrl+Q",), "Close the window."),
)

NAMES = tuple(entry.name for entry in _ENTRIES)
"""The ``objectName`` of every action."""

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
        for entry in _ENTRIES:
            action = QAction(entry.text, window)
            action.setObjectName(entry.name)
            action.setShortcuts([QKeySequence(shortcut) for shortcut in entry.shortcuts])
            keys = f" ({entry.shortcuts[0]})" if entry.shortcuts else ""
            action.setToolTip(f"{_plain(entry.text)}{keys}\n{entry.tooltip}")
            action.setStatusTip("")
            action.triggered.connect(self._enter_typed)  # before anything else is done
            window.addAction(action)
            self._actions[entry.name] = action
        self["log_axis"].setCheckable(True)
        for name in ("undo", "redo"):  # the run tells when there is something
            self[name].setEnabled(False)
        self["run"].triggered.connect(self._run_or_pause)
        for name in COMMANDS:
            self[name].triggered.connect(self._do)
        self["back"].triggered.connect(self._step_back)
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
        for entry in _ENTRIES:
            self[entry.name].setIcon(line_icon(entry.icon, theme.text, theme.muted))
        self._draw_run()

    def show_status(self, status: Status, epochs_logged: int) -> None:
        """Enable just what the loop would do now.

        Parameters
        ----------
        status
            The loop's state.
        epochs_logged
            Rows of the log; without any there is nothing to export.
        """
        allowed = allowed_commands(status)
        self["run"].setEnabled(commands.Pause in allowed or commands.Run in allowed)
        for name, command in COMMANDS.items():
            self[name].setEnabled(command in allowed)
        self["back"].setEnabled(commands.StepBack in allowed)
        begun = status.next_phase is not Phase.FORWARD or max(status.epoch, status.horizon) > 0
        self["reset"].setEnabled(begun or status.state is State.RUNNING)
        self["begin_again"].setEnabled(status.state is not State.LOADING)
        self["export_csv"].setEnabled(epochs_logged > 0)
        running = status.state is State.RUNNING
        if running != self._running:  # a new icon lays the whole toolbar out
            self._running = running
            self._name_run()
            self._draw_run()

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
