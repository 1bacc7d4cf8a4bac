"""The thread the training loop lives in, and the window's side of it."""

from PySide6.QtCore import QObject, QThread, Signal, Slot

from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import Data
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import Loop
from gradgui.worker.training_worker import TrainingWorker
from gradgui.worker.visible_views import VisibleViews


class TrainingThread(QObject):
    """Own the worker and its thread from the window's birth to its death.

    The window emits the requests, which are queued to the worker, and connects to the worker's signals.

    Signals
    -------
    load_requested(RunSpec), run_requested(), pause_requested(), step_epoch_requested(), step_phase_requested(),
    step_back_requested(), step_back_phase_requested(), reset_requested()
        As the worker's slots of these names.
    go_on_requested(), next_requested()
        The window has painted what it was sent; it has time for more.
    go_to_requested(int)
        Epochs finished at the place to go to.
    parameter_requested(str, float)
        Name and new value of a parameter.
    loop_requested(Loop)
        How the loop is written from now on.
    data_requested(Data)
        The points to fit to from the next epoch on.
    stop_rules_requested(StopRules)
        When a Run ends before its last epoch.
    look_requested(VisibleViews)
        Which views are in sight.
    learning_rate_requested(float)
        Step size from the next epoch on, above 0.
    epochs_requested(int)
        How many epochs a Run trains.
    speed_requested(float)
        Epochs a second, infinite for full speed.

    Attributes
    ----------
    worker
        For its signals only; its slots are never called from here.
    """

    load_requested = Signal(RunSpec)
    run_requested = Signal()
    go_on_requested = Signal()
    next_requested = Signal()
    pause_requested = Signal()
    step_epoch_requested = Signal()
    step_phase_requested = Signal()
    step_back_requested = Signal()
    step_back_phase_requested = Signal()
    reset_requested = Signal()
    go_to_requested = Signal(int)
    parameter_requested = Signal(str, float)
    loop_requested = Signal(Loop)
    data_requested = Signal(Data)
    stop_rules_requested = Signal(StopRules)
    look_requested = Signal(VisibleViews)
    learning_rate_requested = Signal(float)
    epochs_requested = Signal(int)
    speed_requested = Signal(float)
    _shut_down_requested = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName("training")
        self.worker = TrainingWorker()
        self.worker.moveToThread(self._thread)
        worker = self.worker
        self.load_requested.connect(worker.load)
        self.run_requested.connect(worker.run)
        self.go_on_requested.connect(worker.go_on)
        self.next_requested.connect(worker.send_next)
        self.pause_requested.connect(worker.pause)
        self.step_epoch_requested.connect(worker.step_epoch)
        self.step_phase_requested.connect(worker.step_phase)
        self.step_back_requested.connect(worker.step_back)
        self.step_back_phase_requested.connect(worker.step_back_phase)
        self.reset_requested.connect(worker.reset)
        self.go_to_requested.connect(worker.go_to)
        self.parameter_requested.connect(worker.set_parameter)
        self.loop_requested.connect(worker.set_loop)
        self.data_requested.connect(worker.set_data)
        self.stop_rules_requested.connect(worker.set_stop_rules)
        self.look_requested.connect(worker.look_at)
        self.learning_rate_requested.connect(worker.set_learning_rate)
        self.epochs_requested.connect(worker.set_epochs)
        self.speed_requested.connect(worker.set_speed)
        self._shut_down_requested.connect(worker.shut_down)

    def start(self) -> None:
        """Start the thread; requests made before are waiting for it."""
        self._thread.start()

    @Slot()
    def shut_down(self) -> None:
        """Stop the worker and wait for its thread; after that nothing of it runs any more."""
        if self._thread.isRunning():
            self._shut_down_requested.emit()
            self._thread.wait()
