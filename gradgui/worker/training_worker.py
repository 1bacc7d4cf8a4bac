"""The training loop as a QObject that lives in its own thread."""

import logging
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from gradgui.record.batch import EpochBatch, join_batches
from gradgui.record.views import RunView
from gradgui.worker import commands
from gradgui.worker.commands import Command
from gradgui.worker.rate_limiter import RateLimiter
from gradgui.worker.sight import Sight
from gradgui.worker.status import Checkpoint, Status

if TYPE_CHECKING:  # torch comes with these: they are imported in the worker's thread, when the window is up
    from gradgui.worker.resumption import Resumption
    from gradgui.worker.session import Session

logger = logging.getLogger(__name__)

SLICE_SECONDS = 0.015
"""How long the loop trains before it looks at the thread's events again: pause waits for no more than this."""

MOST_PAINTING_SECONDS = 0.1
"""For so long the loop waits for the window to paint what it was sent.

Two threads that want the interpreter's lock hinder each other: one after the other, both are done sooner.
"""

CHECKPOINT_SECONDS = 1.0
"""Of training between two checkpoints to be kept: about so long it takes to take a run up."""


class TrainingWorker(QObject):
    """Train in slices of a few milliseconds; between them pause, step and the rest are ordinary slots.

    Signals
    -------
    status_changed(Status)
        The loop's state, after every action and at the end of every Run.
    epochs_finished(EpochBatch)
        Epochs trained since the last such signal; every epoch is in exactly one of them, in order.
    view_changed(RunView)
        Something worked out of the run: its `Fit` after each batch and each command, the others while they are in
        sight, and what opens an epoch up at a speed that a person can follow.
    checkpointed(Checkpoint)
        A state of the run, once for each second of training, and where a branch begins.
    updated()
        All that there is to say of this moment was said: it can be drawn.
    failed(str)
        The program itself, not the loop, met an error: one sentence for the person; the log has the traceback.
    """

    status_changed = Signal(Status)
    epochs_finished = Signal(EpochBatch)
    view_changed = Signal(RunView)
    checkpointed = Signal(Checkpoint)
    updated = Signal()
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._session: Session | None = None
        self._resumption: Resumption | None = None
        self._left: dict[int, Session | Resumption] = {}
        self._limiter = RateLimiter()
        self._sight = Sight()
        self._pending: list[EpochBatch] = []
        self._window_waits = True
        self._window_paints = False
        self._unkept_seconds = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._train_slice)

    @Slot(Command)
    def do(self, command: Command) -> None:  # noqa: PLR0912 - the one match of all commands
        """Do what is asked, and tell what came of it."""
        session = self._session
        match command:
            case commands.Load():
                self._load(command)
            case commands.Return(number=number):
                self._leave()
                if number in self._left:
                    self._go_on_with(self._left.pop(number))
            case commands.Keep(numbers=numbers):
                self._left = {number: left for number, left in self._left.items() if number in numbers}
            case commands.SetSpeed(speed=speed):
                self._limiter.set_speed(speed, perf_counter())
                if self._timer.isActive():
                    self._schedule()
            case commands.Look():
                self._sight.look = command
                if session is not None:
                    self._report_views(self._views(session))
            case commands.TrainOn():
                if self._window_paints:
                    self._window_paints = False
                    self._schedule()
            case commands.SendNext():
                self._window_waits = True
                if session is not None and session.running:
                    self._send_if_waited_for(session)
                    self._schedule()
            case _ if self._resumption is not None:
                self._resumption.waiting.append(command)
            case _ if session is not None:
                self._do_in(session, command)

    def _do_in(self, session: "Session", command: Command) -> None:
        if isinstance(command, commands.SendAgain):
            self._pending = session.epochs_from(command.first_epoch)
            self._report_epochs(session)
            return
        if isinstance(command, commands.Branch):
            self._branch(session, command)
            return
        batch = session.do(command)
        self._pending += [] if batch is None else [batch]
        if isinstance(command, commands.Run):
            self._limiter.start(perf_counter())
            self._window_waits = True
        if isinstance(command, commands.Pause):
            self._report_epochs(session, state=True)  # at once: to open the last epoch up can take too long
            self._report_views(self._views(session))
        else:
            self._report(session)
        if isinstance(command, commands.Run):
            self._schedule()

    def _load(self, command: commands.Load) -> None:
        """Begin an experiment; the first time this imports torch."""
        self._leave()
        try:
            from gradgui.engine.warm_up import warm_up  # noqa: PLC0415 - torch loads here, in this thread
            from gradgui.worker.resumption import Resumption  # noqa: PLC0415
            from gradgui.worker.session import Session  # noqa: PLC0415

            warm_up(command.run_spec.experiment)
            if command.kept:
                self._go_on_with(Resumption(command))
                return
            session = Session(command.run_spec, command.number)
        except Exception as error:
            logger.exception("the experiment could not be loaded")
            self.failed.emit(f"The experiment could not be loaded: {error}")
            return
        self._take_up(session)

    def _leave(self) -> None:
        """Let the present run rest, so that it can be taken up again."""
        self._timer.stop()
        if self._resumption is not None:
            self._left[self._resumption.number] = self._resumption
            self._resumption = None
        if self._session is not None:
            self._session.do(commands.Pause())
            self._report_epochs(self._session)
            self._left[self._session.number] = self._session
            self._session = None

    def _branch(self, session: "Session", command: commands.Branch) -> None:
        """Leave a run as it is for one with another future, which runs on if that one ran."""
        branch = session.branch(command.number)
        checkpoint = branch.checkpoint()  # without which it would be trained again from its start, however far it is
        self._leave()
        branch.do(commands.Change(command.change))
        self._pending = branch.epochs_from(command.logged + 1)
        self._take_up(branch)
        if checkpoint.epoch:  # at epoch 0 the change has become part of the experiment
            self.checkpointed.emit(checkpoint)
        if branch.running:
            self._window_waits = True
            self._schedule()

    def _go_on_with(self, left: "Session | Resumption") -> None:
        """Take up a run that was left, or one that was kept and is not at its last epoch yet."""
        from gradgui.worker.resumption import Resumption  # noqa: PLC0415 - torch is loaded by now

        if isinstance(left, Resumption):
            self._resumption = left
            self._timer.start(0)
        else:
            self._take_up(left)

    def _take_up(self, session: "Session") -> None:
        self._session = session
        self.status_changed.emit(session.status)  # first: by its number the window knows whose the rest is
        self._report_epochs(session)
        self._report_views(self._views(session))

    def _resume(self, resumption: "Resumption") -> None:
        """Train a kept run again for a slice, and take it up when it is at its last epoch."""
        try:
            resumption.go_on(SLICE_SECONDS)
        except Exception as error:
            logger.exception("a kept run could not be trained again")
            self.failed.emit(f"The run could not be taken up: {error}")
            self._resumption = None
            return
        if resumption.epochs_left > 0:
            self._timer.start(0)
            return
        self._resumption = None
        self._take_up(resumption.session())
        for command in resumption.waiting:
            self.do(command)

    @Slot()
    def shut_down(self) -> None:
        """Stop for good and end the thread."""
        self._timer.stop()
        self._session, self._resumption, self._left = None, None, {}
        QThread.currentThread().quit()

    @Slot()
    def _train_slice(self) -> None:
        if self._resumption is not None:
            self._resume(self._resumption)
        session = self._session
        if session is None or not session.running:
            return
        self._window_paints = False
        due = min(self._limiter.due(perf_counter()), session.epochs_left)
        if due >= 1:
            watched = self._sight.opens_epochs and self._limiter.can_be_followed
            began = perf_counter()
            batch = session.train(int(due), SLICE_SECONDS, watched=watched)
            ended = perf_counter()
            self._limiter.trained(len(batch) if batch else 0, ended)
            self._pending += [] if batch is None else [batch]
            self._unkept_seconds += ended - began
            if self._unkept_seconds >= CHECKPOINT_SECONDS:
                self._unkept_seconds = 0.0
                self.checkpointed.emit(session.checkpoint())
        if not session.running:
            self._report(session)
            return
        if self._pending and self._limiter.can_be_followed:
            self._report_progress(session)
        else:
            self._send_if_waited_for(session)
        self._schedule()

    def _send_if_waited_for(self, session: "Session") -> None:
        """Send what was trained at a speed that nobody can follow, if the window asked for it."""
        if self._pending and self._window_waits and not self._limiter.can_be_followed:
            self._report_progress(session)
            self._window_paints = True

    def _schedule(self) -> None:
        """Have the next slice run when its first epoch is due, and the window is not painting."""
        wait = MOST_PAINTING_SECONDS if self._window_paints else self._limiter.wait(perf_counter())
        self._timer.start(round(wait * 1000))

    def _report(self, session: "Session") -> None:
        """Tell everything: the epochs, the status that counts them, and what is looked at."""
        views = self._views(session)
        self._report_epochs(session, state=True)
        self._report_views(views)

    def _report_progress(self, session: "Session") -> None:
        self._window_waits = False
        views = self._views(session) if self._limiter.can_be_followed or self._sight.is_old else []
        self._report_epochs(session)
        self._report_views(views)

    def _report_epochs(self, session: "Session", *, state: bool = False) -> None:
        fit = session.fit()  # first: from the first signal on the window wants the interpreter's lock
        self._send_epochs()
        if state:
            self.status_changed.emit(session.status)
        self.view_changed.emit(fit)  # not before: with another experiment the window forgets what it saw of the last

    def _send_epochs(self) -> None:
        if self._pending:
            self.epochs_finished.emit(join_batches(self._pending))
            self._pending = []

    def _report_views(self, views: list[RunView]) -> None:
        for view in views:
            self.view_changed.emit(view)
        self.updated.emit()

    def _views(self, session: "Session") -> list[RunView]:
        """Work out what is looked at; if that fails, training goes on without it."""
        views = list[RunView]()
        try:
            views.extend(self._sight.views(session, followed=self._limiter.can_be_followed))
        except Exception:
            logger.exception("a view could not be worked out")
            self.failed.emit("A view of the run could not be worked out; training is not affected.")
        return views
