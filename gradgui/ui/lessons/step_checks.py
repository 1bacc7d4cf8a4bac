"""The checks of the open step: what is done counts for one after the other."""

from PySide6.QtCore import QObject, Slot

from gradgui.lessons.evidence import Evidence
from gradgui.lessons.lesson import Step
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker.commands import Command, Look, allowed_commands


class StepChecks(QObject):
    """Remember what is done since a step began, and ask its checks.

    Parameters
    ----------
    run
        What it is done to.
    parent
        The lesson.

    Attributes
    ----------
    missing
        What is missing to the first thing that is not done yet, empty when all is.
    done
        So many checks are.
    """

    def __init__(self, run: LiveRun, parent: QObject) -> None:
        super().__init__(parent)
        self._run = run
        self.missing = ""
        self.done = 0
        self._step: Step | None = None
        self._start = run.experiment
        self._known: dict[int, int] = {}
        self._commands: list[Command] = []
        run.asked.connect(self._remember)
        run.branched.connect(self._take_branch)

    def begin(self, step: Step | None) -> None:
        """Count what is done from now on for a step; None for no step."""
        self._step, self._start = step, self._run.as_seen
        self.missing, self.done = "", 0
        self._forget()

    @property
    def are_done(self) -> bool:
        """Whether all are."""
        return self._step is not None and self.done == len(self._step.checks)

    def ask(self) -> None:
        """Ask the checks one after the other; for the next one only counts what is done from then on."""
        self.missing = ""
        checks = () if self._step is None else self._step.checks
        while self.done < len(checks):
            self.missing = checks[self.done].missing(self._evidence)
            if self.missing:
                return
            self.done += 1
            if self.done < len(checks):
                self._forget()

    @property
    def _evidence(self) -> Evidence:
        """What is known of the step now."""
        run = self._run
        known = min(self._known.get(run.number, 0), len(run.log))
        return Evidence(self._start, run.status, run.log, known, tuple(self._commands))

    def _forget(self) -> None:
        self._known = {self._run.number: len(self._run.log)}
        self._commands = []

    @Slot(Command)
    def _remember(self, command: Command) -> None:
        means_something = type(command) in allowed_commands(self._run.status) and not isinstance(command, Look)
        if self._step is not None and means_something:
            self._commands.append(command)

    @Slot(int)
    def _take_branch(self, left: int) -> None:
        """Count of a branch as known what was so of the run that it left."""
        self._known[self._run.number] = min(self._known.get(left, 0), len(self._run.log))
