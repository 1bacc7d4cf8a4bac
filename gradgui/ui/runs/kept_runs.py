"""The runs that are kept, as the window reads them."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from gradgui.record.run_store import RunStore, RunSummary
from gradgui.ui.window.documents import Documents
from gradgui.worker.jobs.run_recorder import RunRecorder


class KeptRuns(QObject):
    """Read the file of runs, beside the thread that writes it, and change what a person may change of a run.

    Parameters
    ----------
    window
        The dialog's parent.
    documents
        Opens a run.

    Signals
    -------
    changed()
        A run was written to, or changed here.
    """

    changed = Signal()

    def __init__(self, window: QWidget, documents: Documents) -> None:
        super().__init__(window)
        self._window, self._documents = window, documents
        self._path: Path | None = None
        self._store: RunStore | None = None

    def follow(self, recorder: RunRecorder, path: Path) -> None:
        """Read what a recorder keeps.

        Parameters
        ----------
        recorder
            Tells of every run that is written to.
        path
            Its file.
        """
        self._path = path
        recorder.kept.connect(self._tell)

    @property
    def store(self) -> RunStore | None:
        """The file, opened when it is first wanted; None where runs are not kept."""
        if self._store is None and self._path is not None:
            self._store = RunStore(self._path)
        return self._store

    @property
    def runs(self) -> list[RunSummary]:
        """Every run that trained at least one epoch, the newest first."""
        return [] if self.store is None else self.store.runs()

    def rename(self, run: int, name: str) -> None:
        """Give a run a name."""
        if self.store is not None:
            self.store.rename(run, name)
            self.changed.emit()

    def annotate(self, run: int, note: str) -> None:
        """Write a note to a run."""
        if self.store is not None:
            self.store.annotate(run, note)
            self.changed.emit()

    def star(self, run: int, starred: bool) -> None:
        """Give a run a star, or take it away."""
        if self.store is not None:
            self.store.star(run, starred)
            self.changed.emit()

    def delete(self, runs: list[int]) -> None:
        """Take runs out of the list; `restore` brings them back."""
        if self.store is not None:
            for run in runs:
                self.store.delete(run)
            self.changed.emit()

    def restore(self, runs: list[int]) -> None:
        """Bring deleted runs back."""
        if self.store is not None:
            for run in runs:
                self.store.restore(run)
            self.changed.emit()

    @Slot()
    def show(self) -> None:
        """Show all runs, beside the window."""
        from gradgui.ui.runs.runs_dialog import RunsDialog  # noqa: PLC0415 - nobody looks before the first frame

        dialog = self._window.findChild(RunsDialog)
        if dialog is None:
            dialog = RunsDialog(self, self._window)
            dialog.opened.connect(self._documents.open_kept)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def close(self) -> None:
        """Close the file."""
        if self._store is not None:
            self._store.close()
            self._store = None

    @Slot(int)
    def _tell(self, _run: int) -> None:
        self.changed.emit()
