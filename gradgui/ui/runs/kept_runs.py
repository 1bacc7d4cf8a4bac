"""The runs that are kept, as the window reads them."""

import logging
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal, Slot
from PySide6.QtWidgets import QWidget

from gradgui.numbers import write_count
from gradgui.platform import is_frozen
from gradgui.record.run_store import RunStore, RunStoreError, RunSummary
from gradgui.ui.app.settings import Settings
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.runs.room_dialog import GIGABYTE, RoomDialog
from gradgui.ui.window.documents import Documents
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.status_line import Offer
from gradgui.worker.commands import Command, Run
from gradgui.worker.jobs.run_recorder import RunRecorder

logger = logging.getLogger(__name__)


class KeptRuns(QObject):
    """Read the file of runs, beside the thread that writes it, and change what a person may change of a run.

    Parameters
    ----------
    window
        The dialogs' parent.
    documents
        Asks about what is not saved before another run is opened.
    run
        Becomes the run that is opened.
    settings
        Remembers how much room runs may take.

    Signals
    -------
    changed(int)
        This run was written to, or changed here; 0 for any.
    told(str)
        One sentence for the person.
    offered(Offer)
        To go on with the run that was interrupted the last time.
    export_wanted(str, list)
        Runs are to be written, in one of the ways of `RunExports`.

    Attributes
    ----------
    compared
        Those that are drawn beside the present one.
    path
        The file of runs, once `follow` was called.
    """

    changed = Signal(int)
    told = Signal(str)
    offered = Signal(Offer)
    export_wanted = Signal(str, list)

    def __init__(self, window: QWidget, documents: Documents, run: LiveRun, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._documents, self._run, self._settings = window, documents, run, settings
        self._recorder: RunRecorder | None = None
        self._interrupted = 0
        self.path = Path()
        self._store: RunStore | None = None
        self._ids: dict[int, int] = {}
        self._left = 0
        self.compared = ComparedRuns(lambda: self.store, run, self)
        self.changed.connect(self.compared.refresh)
        self.compared.told.connect(self.told)
        run.branched.connect(self._compare_left)

    def follow(self, recorder: RunRecorder, path: Path) -> None:
        """Read what a recorder keeps.

        Parameters
        ----------
        recorder
            Tells of every run that is written to.
        path
            Its file.
        """
        self.path, self._recorder = path, recorder
        recorder.kept.connect(self._take_written)
        recorder.told.connect(self.told)
        recorder.interrupted.connect(self._tell_interrupted)
        if self._settings.most_room is not None:
            recorder.keep_at_most(round(self._settings.most_room * GIGABYTE))
        self.changed.emit(0)

    @property
    def store(self) -> RunStore | None:
        """The file, opened when it is first wanted; None where runs are not kept."""
        if self._store is None and self._recorder is not None:
            self._store = RunStore(self.path)
        return self._store

    @property
    def present(self) -> int:
        """The number in the file of the run that the window shows, 0 while it has none."""
        return self._ids.get(self._run.number, 0)

    @property
    def runs(self) -> list[RunSummary]:
        """Every run that trained at least one epoch, the newest first."""
        hidden = self._hidden
        return [] if self.store is None else [run for run in self.store.runs() if run.id not in hidden]

    def summary(self, run: int) -> RunSummary | None:
        """Give what the list shows of one run, None when it is not listed."""
        return None if self.store is None or run in self._hidden else self.store.summary(run)

    def refresh(self) -> None:
        """List the runs anew."""
        self.changed.emit(0)

    @property
    def _hidden(self) -> set[int]:
        """Those whose loop has the bug that is hunted."""
        first = self._run.first_hidden
        return set() if first is None else {run for number, run in self._ids.items() if number >= first}

    def rename(self, run: int, name: str) -> None:
        """Give a run a name."""
        self._change(lambda store: store.rename(run, name), run)

    def annotate(self, run: int, note: str) -> None:
        """Write a note to a run."""
        self._change(lambda store: store.annotate(run, note), run)

    def star(self, run: int, starred: bool) -> None:
        """Give a run a star, or take it away."""
        self._change(lambda store: store.star(run, starred), run)

    def delete(self, runs: list[int]) -> None:
        """Take runs out of the list; undo brings them back."""
        text = "deletion of a run" if len(runs) == 1 else f"deletion of {write_count(len(runs))} runs"
        self._run.push(text, None, partial(self._delete, runs), partial(self._restore, runs))

    def open(self, run: int, *then: Command) -> None:
        """Make a run the present one, at its last epoch, and ask something of it."""
        store, summary = self.store, self.summary(run)
        if store is None or summary is None:
            self.told.emit(f"There is no run {run}.")
            return
        if not self._documents.may_leave():
            return
        try:
            spec, log = store.spec(run), store.log(run)
        except RunStoreError as error:
            self.told.emit(str(error))
            return
        if len(log) < spec.trained:
            self.told.emit(
                f"Run {run} is damaged after epoch {write_count(len(log))}: what comes before it is whole. It cannot"
                " be taken up; compare or export it."
            )
            return
        self._run.open_kept(spec, log, run, store.checkpoints(run))
        self._documents.name_kept(spec, summary.title)
        self._ids[self._run.number] = run
        self._show_present()
        for command in then:
            self._run.do(command)

    def open_in_new_window(self, run: int) -> None:
        """Start the program once more, with this run."""
        command = [sys.executable] if is_frozen() else [sys.executable, "-m", "gradgui"]
        if not QProcess.startDetached(command[0], [*command[1:], "--run", str(run)])[0]:
            self.told.emit("Another window could not be started.")

    @Slot()
    def resume_interrupted(self) -> None:
        """Go on with the run that was interrupted."""
        self.open(self._interrupted, Run())

    @Slot()
    def show_room(self) -> None:
        """Show how much room runs take."""
        if self._recorder is not None:
            RoomDialog(self._window, self._settings, self._recorder).open()

    def close(self) -> None:
        """Close the file, for good."""
        if self._store is not None:
            self._store.close()
        self._store = self._recorder = None

    def _delete(self, runs: list[int]) -> None:
        self._change(lambda store: [store.delete(run) for run in runs])

    def _restore(self, runs: list[int]) -> None:
        self._change(lambda store: [store.restore(run) for run in runs])

    def _change(self, change: Callable[[RunStore], object], run: int = 0) -> None:
        if self.store is not None:
            change(self.store)
            self.changed.emit(run)

    @Slot(int, str)
    def _tell_interrupted(self, run: int, text: str) -> None:
        self._interrupted = run
        tooltip = "Open that run at its last epoch, and train on."
        self.offered.emit(Offer(text, "Resume", tooltip, self.resume_interrupted))

    @Slot(object)
    def _take_written(self, ids: dict[int, int]) -> None:
        """Follow what the recorder has written: the present run's epochs, or the first ones of a new run."""
        self._ids |= ids
        self._show_present()
        self.changed.emit(self.present)

    @Slot(int)
    def _compare_left(self, number: int) -> None:
        """Show the future that was left beside the one that begins."""
        self._left = number
        self._show_present()

    def _show_present(self) -> None:
        self.compared.present = self.present
        if self._left and self._left != self._run.number and self._ids.get(self._left):
            self.compared.tick(self._ids[self._left], True)
            self._left = 0
