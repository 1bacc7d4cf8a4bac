"""The training loop as a QObject that lives in its own thread."""

import logging
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from gradgui.experiment.early_stopping import StopRules
from gradgui.experiment.experiment import Data
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import Loop
from gradgui.record.batch import EpochBatch, join_batches
from gradgui.record.fit import Fit
from gradgui.record.forecast import Forecast
from gradgui.record.gradient_check import GradientChecks
from gradgui.record.landscape import Landscape
from gradgui.record.trace import EpochTrace
from gradgui.worker.rate_limiter import RateLimiter
from gradgui.worker.status import Failure, Status
from gradgui.worker.visible_views import VisibleViews

if TYPE_CHECKING:  # torch comes with these: they are imported in the worker's thread, when the window is up
    from gradgui.worker.session import Session

logger = logging.getLogger(__name__)

SLICE_SECONDS = 0.015
"""How long the loop trains before it looks at the thread's events again: pause waits for no more than this."""

MOST_PAINTING_SECONDS = 0.1
"""For so long the loop waits for the window to paint what it was sent.

Two threads that want the interpreter's lock hinder each other: one after the other, both are done sooner.
"""

VIEWS_SECONDS = 1 / 8
"""The least time between two landscapes at such speeds: each costs as much as some ten epochs."""

GROUND_REST = 49.0
"""While it runs, the loop goes on for so many times as long as the last landscape took before there is another."""

View = Landscape | EpochTrace | GradientChecks | Forecast


class TrainingWorker(QObject):
    """Train in slices of a few milliseconds; between them pause, step and the rest are ordinary slots.

    Signals
    -------
    status_changed(Status)
        The loop's state, after every action and at the end of every Run.
    epochs_finished(EpochBatch)
        Epochs trained since the last such signal; every epoch is in exactly one of them, in order.
    fit_changed(Fit)
        The model at the last epoch, after each batch and each action.
    landscape_changed(Landscape), forecast_changed(Forecast)
        Around and ahead of the present parameters; while these views are in sight.
    trace_changed(EpochTrace), gradients_changed(GradientChecks)
        The epoch in work, or else the last one, opened up; while this view is in sight and at a speed that a person
        can follow.
    told()
        All that there is to say of this moment was said: it can be drawn.
    failed(Failure)
        The program itself, not the loop, met an error; the log has the traceback.
    """

    status_changed = Signal(Status)
    epochs_finished = Signal(EpochBatch)
    fit_changed = Signal(Fit)
    landscape_changed = Signal(Landscape)
    forecast_changed = Signal(Forecast)
    trace_changed = Signal(EpochTrace)
    gradients_changed = Signal(GradientChecks)
    told = Signal()
    failed = Signal(Failure)

    def __init__(self) -> None:
        super().__init__()
        self._session: Session | None = None
        self._pace = RateLimiter()
        self._looking = VisibleViews()
        self._pending: list[EpochBatch] = []
        self._window_waits = True
        self._window_paints = False
        self._last_views = 0.0
        self._next_ground = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._train_slice)

    @Slot(RunSpec)
    def load(self, recording: RunSpec) -> None:
        """Begin an experiment; the first time this imports torch."""
        self._timer.stop()
        try:
            from gradgui.engine.warm_up import warm_up  # noqa: PLC0415 - torch loads here, in this thread
            from gradgui.worker.session import Session  # noqa: PLC0415

            warm_up(recording.experiment)
            self._session = Session(recording.experiment, recording.interventions)
            self._pending = []
        except Exception as error:
            logger.exception("the experiment could not be loaded")
            self.failed.emit(Failure(f"The experiment could not be loaded: {error}"))
            return
        # At once: the first views may have torch or sympy import much.
        self._report_state(self._session)
        self._report_views(self._work_out_views(self._session))

    @Slot()
    def run(self) -> None:
        """Train on to the target."""
        if self._session:
            self._session.run()
            self._pace.start(perf_counter())
            self._window_waits = True
            self._report()
            self._schedule()

    @Slot()
    def go_on(self) -> None:
        """Train on: the window has painted the last batch."""
        if self._window_paints:
            self._window_paints = False
            self._schedule()

    @Slot()
    def send_next(self) -> None:
        """Send what was trained since the last batch.

        Asked for at speeds that nobody can follow: a window that has much to paint is sent less, not late.
        """
        self._window_waits = True
        if self._session and self._session.running:
            self._send_if_waited_for(self._session)
            self._schedule()

    @Slot()
    def pause(self) -> None:
        """Stop before the next epoch."""
        if self._session:
            self._session.pause()
            self._report_state(
                self._session
            )  # at once: to open the last epoch up can take longer than a person waits
            self._report_views(self._work_out_views(self._session))

    @Slot()
    def step_epoch(self) -> None:
        """Train one epoch, or what is left of the one in work."""
        if self._session:
            self._keep(self._session.step_epoch())
            self._report()

    @Slot()
    def step_phase(self) -> None:
        """Run one phase."""
        if self._session:
            self._keep(self._session.step_phase())
            self._report()

    @Slot()
    def step_back(self) -> None:
        """Go back to the beginning of this epoch, or of the one before."""
        if self._session:
            self._session.step_back()
            self._report()

    @Slot()
    def step_back_phase(self) -> None:
        """Go back by one phase."""
        if self._session:
            self._session.step_back_phase()
            self._report()

    @Slot(int)
    def go_to(self, epoch: int) -> None:
        """Go to an epoch trained before."""
        if self._session:
            self._session.go_to(epoch)
            self._report()

    @Slot(str, float)
    def set_parameter(self, name: str, value: float) -> None:
        """Set a parameter to a value of the person's choice."""
        if self._session:
            self._session.set_parameter(name, value)
            self._report()

    @Slot(Loop)
    def set_loop(self, loop: Loop) -> None:
        """Break the loop on purpose, or mend it."""
        if self._session:
            self._session.set_loop(loop)
            self._report()

    @Slot(Data)
    def set_data(self, data: Data) -> None:
        """Fit to other points from the next epoch on."""
        if self._session:
            self._session.set_data(data)
            self._report()

    @Slot(StopRules)
    def set_stop_rules(self, rules: StopRules) -> None:
        """Choose when a Run ends before its last epoch."""
        if self._session:
            self._session.set_stop_rules(rules)
            self._report()

    @Slot(VisibleViews)
    def look_at(self, looking: VisibleViews) -> None:
        """Work out what the person is looking at from now on."""
        self._looking = looking
        if self._session:
            self._report_views(self._work_out_views(self._session))

    @Slot()
    def reset(self) -> None:
        """Go back to the very same start."""
        if self._session:
            self._pending = []
            self._session.reset()
            self._report()

    @Slot(float)
    def set_learning_rate(self, learning_rate: float) -> None:
        """Set the learning rate from the next epoch on."""
        if self._session:
            self._session.set_learning_rate(learning_rate)
            self._report()

    @Slot(int)
    def set_epochs(self, epochs: int) -> None:
        """Set how many epochs a Run trains."""
        if self._session:
            self._session.set_epochs(epochs)
            self._report()

    @Slot(float)
    def set_speed(self, speed: float) -> None:
        """Set the speed in epochs a second, infinite for as fast as it goes."""
        self._pace.set_speed(speed, perf_counter())
        if self._timer.isActive():
            self._schedule()

    @Slot()
    def shut_down(self) -> None:
        """Stop for good and end the thread."""
        self._timer.stop()
        self._session = None
        QThread.currentThread().quit()

    @Slot()
    def _train_slice(self) -> None:
        session = self._session
        if session is None or not session.running:
            return
        self._window_paints = False
        due = min(self._pace.due(perf_counter()), session.epochs_left)
        if due >= 1:
            watched = (self._looking.inside or self._looking.gradients) and self._pace.can_be_followed
            batch = session.train(int(due), SLICE_SECONDS, watched=watched)
            self._pace.trained(len(batch) if batch else 0, perf_counter())
            self._keep(batch)
        if not session.running:
            self._report()
            return
        if self._pending and self._pace.can_be_followed:
            self._report_progress(session)
        else:
            self._send_if_waited_for(session)
        self._schedule()

    def _send_if_waited_for(self, session: "Session") -> None:
        """Send what was trained at a speed that nobody can follow, if the window asked for it."""
        if self._pending and self._window_waits and not self._pace.can_be_followed:
            self._report_progress(session)
            self._window_paints = True

    def _schedule(self) -> None:
        """Have the next slice run when its first epoch is due, and the window is not painting."""
        wait = MOST_PAINTING_SECONDS if self._window_paints else self._pace.wait(perf_counter())
        self._timer.start(round(wait * 1000))

    def _report(self) -> None:
        """Tell everything: the epochs, the status that counts them, and what is looked at."""
        session = self._session
        if session is None:
            return
        views = self._work_out_views(session)
        self._report_state(session)
        self._report_views(views)

    def _report_state(self, session: "Session") -> None:
        self._report_epochs(session)
        self.status_changed.emit(session.status)

    def _report_progress(self, session: "Session") -> None:
        self._window_waits = False
        views: list[View] = []
        if self._pace.can_be_followed or perf_counter() - self._last_views >= VIEWS_SECONDS:
            views = self._work_out_views(session)
        self._report_epochs(session)
        self._report_views(views)

    def _report_epochs(self, session: "Session") -> None:
        fit = session.fit()  # first: from the first signal on the window wants the interpreter's lock
        if self._pending:
            self.epochs_finished.emit(join_batches(self._pending))
            self._pending = []
        self.fit_changed.emit(fit)

    def _report_views(self, views: list[View]) -> None:
        for view in views:
            match view:
                case Landscape():
                    self.landscape_changed.emit(view)
                case EpochTrace():
                    self.trace_changed.emit(view)
                case GradientChecks():
                    self.gradients_changed.emit(view)
                case Forecast():
                    self.forecast_changed.emit(view)
        self.told.emit()

    def _work_out_views(self, session: "Session") -> list[View]:
        """Work out what is looked at; if that fails, training goes on without it."""
        self._last_views = perf_counter()
        looking, views = self._looking, list[View]()
        try:
            if not session.running or self._last_views >= self._next_ground:
                views += self._work_out_ground(session)
            if session.running and not self._pace.can_be_followed:
                return views
            if looking.inside or looking.gradients:
                trace = session.trace()
                views.append(trace)
                if looking.gradients:
                    views.append(session.gradient_checks(trace))
            if looking.forecast:
                views.append(session.forecast(looking.wanted_loss))
        except Exception:
            logger.exception("a view could not be worked out")
            self.failed.emit(Failure("A view of the run could not be worked out; training is not affected."))
        return views

    def _work_out_ground(self, session: "Session") -> list[View]:
        """Work out the landscape; the more it costs, the seldomer."""
        looking, ground = self._looking, list[View]()
        names = session.experiment.parameter_names
        began = perf_counter()
        if looking.landscape_of and set(looking.landscape_of) <= set(names):
            ground.append(session.landscape(*looking.landscape_of))
        ended = perf_counter()
        self._next_ground = ended + GROUND_REST * (ended - began)
        return ground

    def _keep(self, batch: EpochBatch | None) -> None:
        if batch is not None:
            self._pending.append(batch)
