"""The run as the window knows it: its log, its state and its fit, always up to date."""

from PySide6.QtCore import QObject, Signal, Slot

from gradgui.experiment.experiment import Experiment
from gradgui.record.batch import EpochBatch
from gradgui.record.fit import Fit
from gradgui.record.training_log import TrainingLog
from gradgui.ui.frame_clock import FrameClock
from gradgui.worker.status import Status
from gradgui.worker.training_thread import TrainingThread


class LiveRun(QObject):
    """Gather what the worker sends; the panels read it at every frame.

    Parameters
    ----------
    thread
        Where the loop runs.
    experiment
        What it trains first.
    parent
        The window.

    Signals
    -------
    frame()
        Something changed: draw it.
    status_changed(Status)
        The loop's state changed.
    experiment_changed(Experiment)
        Another experiment is trained, or the same one in an edited form.

    Attributes
    ----------
    experiment, status, log, fit
        As of now; `fit` is None until the loop is loaded.
    epoch
        Epochs finished; at full speed ahead of the last status.
    parameters
        Their values after that epoch, in model order.
    clock
        Decides when frames come.
    """

    frame = Signal()
    status_changed = Signal(Status)
    experiment_changed = Signal(Experiment)

    def __init__(self, thread: TrainingThread, experiment: Experiment, parent: QObject) -> None:
        super().__init__(parent)
        self.experiment = experiment
        self.status = Status()
        self.epoch = 0
        self.parameters = tuple(parameter.start for parameter in experiment.parameters)
        self.log = TrainingLog(experiment.parameter_names, experiment.dtype)
        self.fit: Fit | None = None
        self.clock = FrameClock(self)
        self.clock.frame.connect(self.frame)
        thread.worker.status_changed.connect(self._take_status)
        thread.worker.epochs_finished.connect(self.take_epochs)
        thread.worker.fit_changed.connect(self._take_fit)

    @Slot(EpochBatch)
    def take_epochs(self, batch: EpochBatch) -> None:
        """Add epochs to the log, and show them at the next frame."""
        self.log.append(batch)
        self.epoch = batch.last_epoch
        self.parameters = tuple(batch.values[-1, 1::2].tolist())
        self.clock.request()

    @Slot(Fit)
    def _take_fit(self, fit: Fit) -> None:
        self.fit = fit
        self.clock.request()

    @Slot(Status)
    def _take_status(self, status: Status) -> None:
        self.status = status
        self.epoch = status.epoch
        self.parameters = status.parameters
        if status.experiment is not None and status.experiment != self.experiment:
            self.experiment = status.experiment
            self.log = TrainingLog(self.experiment.parameter_names, self.experiment.dtype)
            self.experiment_changed.emit(self.experiment)
        if status.horizon < len(self.log):
            self.log.truncate(status.horizon)
        self.status_changed.emit(status)
        self.clock.request()
