"""A loop with a secret bug: it runs, its numbers are real, and the learner names the line."""

from collections.abc import Sequence
from random import Random
from textwrap import dedent

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gradgui.experiment.changes import ExperimentEdit, LoopChange
from gradgui.experiment.program.program import make_program
from gradgui.experiment.training_loop import CORRECT_LOOP
from gradgui.record.trace import EpochTrace
from gradgui.ui.epoch.broken_loops import explanation_for
from gradgui.ui.lessons.bug_evidence import objection
from gradgui.ui.lessons.bugs import BUGS, Bug, meant_lines, possible_bugs
from gradgui.ui.runs.kept_runs import KeptRuns
from gradgui.ui.window.actions import Actions
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands
from gradgui.worker.status import State

TELLING = ("export_script", "export_notebook", "save_handout", "print_handout", "find_bug")
"""Actions that would give the bug away, or hide another one."""

NOT_SEEN = "Step first: nothing has run yet."


class BugHunt(QObject):
    """Hide a bug in the loop of the present experiment until it is found.

    While it is hidden, `LiveRun.meant` is how the loop is shown and kept. It ends, mended, when it is found or given
    up, and when another experiment or loop is taken up; then nothing is hidden any more.

    Parameters
    ----------
    run
        Whose loop.
    actions
        The window's; what would tell is not to be had meanwhile.
    kept
        All runs, of which those of the hunt are not listed while it is on.
    parent
        The window.

    Signals
    -------
    begun()
        Something is hidden now.
    found(int)
        It was named, at so many tries.
    given_up()
        It was not: shown, or left for something else.
    changed()
        Whatever there is to show of it.

    Attributes
    ----------
    tries
        How many times something was named.
    reply
        What there is to say to the last of them.
    """

    begun = Signal()
    found = Signal(int)
    given_up = Signal()
    changed = Signal()

    def __init__(self, run: LiveRun, actions: Actions, kept: KeptRuns, parent: QObject) -> None:
        super().__init__(parent)
        self._run, self._actions, self._kept = run, actions, kept
        self._bug: Bug | None = None
        self.tries, self.reply = 0, ""
        actions["find_bug"].triggered.connect(self._begin_any)
        run.status_changed.connect(self._follow)
        run.experiment_changed.connect(self._follow)

    @property
    def active(self) -> bool:
        """Whether a bug is hidden."""
        return self._bug is not None

    @property
    def can_name(self) -> bool:
        """Whether anything was seen of it that a guess could rest on, and the loop can be mended now."""
        status, trace = self._run.status, self._run.view(EpochTrace)
        seen = self._run.epoch > 0 or status.state is State.FAILED or (trace is not None and trace.phases_done > 0)
        can_mend = commands.Change in allowed_commands(status) or status.state is State.DIVERGED
        return self.active and not self._run.is_awaited and seen and can_mend

    def begin(self, candidates: Sequence[str] = (), seed: int | None = None) -> bool:
        """Hide a bug and begin at epoch 0.

        Parameters
        ----------
        candidates
            Names of `BUGS` to draw from; empty for all. Those that the experiment cannot have are left out.
        seed
            Decides which is drawn; None for any.

        Returns
        -------
        bool
            Whether there was one to hide.
        """
        if self.active:
            self.give_up()
        self._run.hide_loop(CORRECT_LOOP)  # before anything is shown of the loop
        experiment = self._run.run_spec.experiment
        possible = [bug for bug in possible_bugs(experiment) if not candidates or bug.name in candidates]
        if not possible:
            self._run.meant = None
            return False
        bug = Random(seed).choice(possible)  # noqa: S311 - a riddle, no secret that matters
        self.tries, self.reply = 0, ""
        self._run.edit(ExperimentEdit({"loop": bug.loop}), "the hunt for a bug")
        self._bug = bug
        self._show()
        self.begun.emit()
        return True

    def name(self, place: int, saying: str) -> None:
        """Name a line by its place in the loop as it is meant, and what is wrong with it."""
        if self._bug is None or not self.can_name:
            self.reply = NOT_SEEN if self.active else self.reply
            self.changed.emit()
            return
        self.tries += 1
        guess = next(bug for bug in BUGS if bug.saying == saying)
        experiment = self._run.run_spec.experiment
        if guess is self._bug and guess.is_in(place, experiment):
            self._end(f"Found, at try {self.tries}.")
            self.found.emit(self.tries)
            return
        self.reply = "No: not this one."
        if guess is not self._bug and guess.is_in(place, experiment):
            self.reply = objection(guess.name, experiment, self._run.view(EpochTrace)) or self.reply
        self.changed.emit()

    @Slot()
    def give_up(self) -> None:
        """Show the bug, and mend the loop."""
        if self.active:
            self._end("Given up.")
            self.given_up.emit()

    @Slot()
    def forget(self) -> None:
        """Say nothing more of the last one."""
        self.reply = ""
        self.changed.emit()

    @Slot()
    def _begin_any(self) -> None:
        self.begin()

    def _end(self, how: str) -> None:
        bug, run = self._bug, self._run
        if bug is None:
            return
        experiment = run.run_spec.experiment
        places = [place for place, _ in enumerate(meant_lines(experiment)) if bug.is_in(place, experiment)]
        meant = "\n".join(meant_lines(experiment)[place].text for place in places)
        self.reply = (
            f"{how} {bug.saying}.\n\nMeant:\n{dedent(meant)}\n\nRan:\n{bug.true_text(experiment)}\n\n"
            f"{explanation_for(bug.loop, None)}\n\nThe loop is mended; run it."
        )
        self._bug, run.meant = None, None
        self._mend()
        self._show()

    @Slot()
    def _follow(self) -> None:
        """End with the loop, or where another optimizer or model leaves no room for the bug."""
        bug, run = self._bug, self._run
        if bug is None:
            return
        loop = run.experiment.loop if run.is_awaited else run.status.loop
        has_it = loop == bug.loop
        is_written = make_program(run.experiment, bug.loop) != make_program(run.experiment, CORRECT_LOOP)
        if run.meant is None or not has_it or not is_written:
            self._bug, run.meant, self.reply = None, None, ""
            if has_it:
                QTimer.singleShot(0, self._mend)  # when what is being done just now is done
            self._show()
            self.given_up.emit()
        else:
            self.changed.emit()

    @Slot()
    def _mend(self) -> None:
        run = self._run
        if run.is_awaited or commands.Change not in allowed_commands(run.status):
            run.edit(ExperimentEdit({"loop": CORRECT_LOOP}))
        else:
            run.change(LoopChange(run.epoch, CORRECT_LOOP))

    def _show(self) -> None:
        """Show everywhere what is hidden, or is not any more."""
        self._kept.refresh()
        self.changed.emit()
        for name in TELLING:
            self._actions[name].setEnabled(not self.active)
