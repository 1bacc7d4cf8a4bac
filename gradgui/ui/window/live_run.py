"""The run as the window knows it: its log, its state and its fit, always up to date."""

import logging

from PySide6.QtCore import QObject, Signal, Slot

from gradgui.experiment.experiment import Experiment
from gradgui.record.batch import EpochBatch
from gradgui.record.fit import Fit
from gradgui.record.forecast import Forecast
from gradgui.record.gradient_check import GradientChecks
from gradgui.record.landscape import Landscape
from gradgui.record.trace import EpochTrace
from gradgui.record.training_log import TrainingLog
from gradgui.ui.window.frame_clock import FrameClock
from gradgui.worker.status import State, Status
from gradgui.worker.training_thread import TrainingThread

logger = logging.getLogger(__name__)

_ENDED = (State.FINISHED, State.DIVERGED, State.FAILED)


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
    figures()
        Figures changed: write them.
    frame()
        Something changed: draw it. Comes after `figures`, and more often while epochs are trained at full speed.
    status_changed(Status)
        The loop's state changed.
    experiment_changed(Experiment)
        Another experiment is trained, or the same one in an edited form.

    Attributes
    ----------
    experiment, status, log
        As of now. After going back the log is longer than the run is far: its end is the future that was left.
    fit, landscape, forecast, trace, gradients
        As last worked out; None until then. All but the fit only while somebody looks at them.
    epoch
        Epochs finished; at full speed ahead of the last status.
    parameters
        Their values after that epoch, in model order.
    clock
        Decides when frames come.
    """

    figures = Signal()
    frame = Signal()
    status_changed = Signal(Status)
    experiment_changed = Signal(Experiment)

    def __init__(self, thread: TrainingThread, experiment: Experiment, parent: QObject) -> None:
        super().__init__(parent)
        self.experiment = experiment
        self.status = Status()
        self.epoch = 0
        self.parameters = tuple(parameter.start for parameter in experiment.parameters)
        self.log = _log_of(experiment)
        self.fit: Fit | None = None
        self.landscape: Landscape | None = None
        self.forecast: Forecast | None = None
        self.trace: EpochTrace | None = None
        self.gradients: GradientChecks | None = None
        self.clock = FrameClock(self)
        self.clock.figures.connect(self.figures)
        self.clock.frame.connect(self.frame)
        self.clock.painted.connect(thread.go_on_requested)
        self.clock.rested.connect(thread.next_requested)
        thread.worker.status_changed.connect(self._take_status)
        thread.worker.epochs_finished.connect(self.take_epochs)
        worker = thread.worker
        worker.fit_changed.connect(self._take_fit)
        worker.landscape_changed.connect(self._take_landscape)
        worker.forecast_changed.connect(self._take_forecast)
        worker.trace_changed.connect(self._take_trace)
        worker.gradients_changed.connect(self._take_gradients)
        worker.told.connect(self.clock.request)

    @Slot(EpochBatch)
    def take_epochs(self, batch: EpochBatch) -> None:
        """Add epochs to the log; they are shown at the next frame.

        After going back the first ones may be in the log already: the same epochs have the same numbers.
        """
        new = batch.after(len(self.log))
        if new is not None:
            self.log.append(new)
        self.clock.skims = len(batch) > 1
        self.epoch = batch.last_epoch
        self.parameters = tuple(batch.values[-1, 1::2].tolist())

    @Slot(Fit)
    def _take_fit(self, fit: Fit) -> None:
        self.fit = fit

    @Slot(Landscape)
    def _take_landscape(self, landscape: Landscape) -> None:
        self.landscape = landscape

    @Slot(Forecast)
    def _take_forecast(self, forecast: Forecast) -> None:
        self.forecast = forecast

    @Slot(EpochTrace)
    def _take_trace(self, trace: EpochTrace) -> None:
        self.trace = trace

    @Slot(GradientChecks)
    def _take_gradients(self, gradients: GradientChecks) -> None:
        self.gradients = gradients

    @Slot(Status)
    def _take_status(self, status: Status) -> None:
        before, self.status = self.status.state, status
        self.clock.gives_way = status.state is State.RUNNING
        self.epoch = status.epoch
        self.parameters = status.parameters
        known, self.experiment = self.experiment, status.experiment or self.experiment
        if self.experiment != known:  # quick when it is the very object, however many points it has
            self.log = _log_of(self.experiment)
            self.trace = self.gradients = self.landscape = self.forecast = None
            self.experiment_changed.emit(self.experiment)
        if status.horizon < len(self.log):
            self.log.truncate(status.horizon)
        self.status_changed.emit(status)
        if self.experiment != known or before is State.LOADING:
            logger.info("ready: %s", self.experiment.model)
        elif before is State.RUNNING and status.state in _ENDED:
            logger.info("the run ended at epoch %d: %s", status.epoch, status.state.value)


def _log_of(experiment: Experiment) -> TrainingLog:
    return TrainingLog(experiment.parameter_names, experiment.dtype, experiment.buffer_names)
