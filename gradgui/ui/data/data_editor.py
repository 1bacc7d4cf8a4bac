"""The data as a person edits it, with the way back."""

from functools import partial

from msgspec import structs
from PySide6.QtCore import QObject, Signal, Slot

from gradgui.experiment.changes import DataChange, ExperimentEdit
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, DType
from gradgui.experiment.probe import probe_for
from gradgui.experiment.training_loop import Phase
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands
from gradgui.worker.status import Status


class DataEditor(QObject):
    """Hold the points that are shown, ask the loop to train on them, and undo.

    What a person sees is what was asked for last; the loop's answer arrives a moment later.

    Parameters
    ----------
    run
        The loop.
    parent
        The window.

    Signals
    -------
    changed()
        Other points are to be shown.

    """

    changed = Signal()

    def __init__(self, run: LiveRun, parent: QObject) -> None:
        super().__init__(parent)
        self._run = run
        self._data = DEFAULT_EXPERIMENT.data
        self._unanswered: list[Data] = []
        self._confirmed = self._data
        self._before_preview: Data | None = None
        self._previewed_in = 0
        run.status_changed.connect(self._follow)

    @property
    def data(self) -> Data:
        """The points as they are shown."""
        return self._data

    @Slot(Status)
    def _follow(self, status: Status) -> None:
        """Take what the loop trains on; where it takes no other points now, what was asked for meanwhile is dropped.

        The very object tells whether they are those that were asked for.
        """
        data, editable = status.data, commands.Change in allowed_commands(status)
        if data is None:
            return
        if data is self._data:
            self._unanswered = []
        elif editable and (data is self._confirmed or any(data is asked for asked in self._unanswered)):
            return  # the answer to what was asked for last is still on its way
        else:
            # Somewhere else in time: what was done to the data can still be undone and done again.
            self._data, self._unanswered, self._before_preview = data, [], None
            self.changed.emit()
        self._confirmed = data

    @property
    def dtype(self) -> DType:
        """What the loop computes in, which bounds the numbers."""
        return self._run.experiment.dtype

    def change(self, data: Data, text: str) -> None:
        """Train on other points; it can be undone.

        Parameters
        ----------
        data
            The points.
        text
            What was done, as in “Undo …”.
        """
        if self._run.refuses("data"):
            self.changed.emit()
        else:
            self._push(self._data, data, text)

    def replace(self, data: Data, text: str) -> None:
        """Train on other points in place of all; before anything was trained, a probe far from them comes along.

        Parameters
        ----------
        data
            The points.
        text
            What was done, as in “Undo …”.
        """
        run, experiment = self._run, self._run.experiment
        if run.refuses("data"):
            return
        probe = probe_for(data, structs.replace(experiment, data=self._data))
        is_new = run.status.next_phase is Phase.FORWARD and run.epoch == len(run.log) == 0
        if is_new and probe != experiment.probe:
            run.edit(ExperimentEdit({"data": data, "probe": probe}), text)
        else:
            self.change(data, text)

    def preview(self, data: Data) -> None:
        """Train on other points while something is still being dragged."""
        if "data" in self._run.locked:
            return
        if self._before_preview is None:
            self._before_preview = self._data
            self._previewed_in = self._run.number
        self.request(data)

    def settle(self, text: str) -> None:
        """Make one change, which can be undone, of all that was previewed."""
        before, self._before_preview = self._before_preview, None
        if before is not None and before != self._data:
            self._push(before, self._data, text, since=self._previewed_in)

    def request(self, data: Data) -> None:
        """Show other points and ask the loop for them."""
        if data is self._data:
            return
        self._unanswered.append(data)
        self._data = data
        self.changed.emit()
        self._run.ask(DataChange(self._run.epoch, data))

    def _push(self, before: Data, after: Data, text: str, since: int | None = None) -> None:
        forth, back = partial(self.request, after), partial(self.request, before)
        self._run.push(text, commands.Change, forth, back, since=since)
