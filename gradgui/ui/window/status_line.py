"""One line that says where the run is."""

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from gradgui.experiment.training_loop import Phase
from gradgui.numbers import readable, significant, write_count
from gradgui.record.views import Fit
from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.labels import ElidedLabel, SteadyLabel
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker.jobs.export import ExportProgress, ExportResult
from gradgui.worker.status import FinishReason, State, Status

_STATES = {
    State.LOADING: "Loading PyTorch …",
    State.READY: "Ready",
    State.RUNNING: "Running",
    State.FINISHED: "Finished",
    State.DIVERGED: "Diverged",
    State.FAILED: "Stopped by an error",
}


MOST_PARAMETERS = 4
MOST_CHARACTERS = 44
"""More are not shown: the line is one line."""
ROOM_FOR_ALL = 1200
"""Pixels; in a narrower window a message takes the place of the parameters and the prediction."""


def state_text(status: Status) -> str:
    """Say in a word or two what the loop does."""
    if status.state is State.READY and (status.epoch or status.finish_reason is FinishReason.PAUSED):
        return "Paused"
    if status.state is State.DIVERGED and status.finish_reason is FinishReason.UNDEFINED:
        return "Undefined"
    return _STATES[status.state]


def outcome_text(status: Status) -> str:
    """Say how a run ended, where there is more to say than that it is finished."""
    if status.state is State.DIVERGED:
        return f"{state_text(status)}: {status.message}. Step back or reset."
    if status.state is State.FAILED:
        return f"The {status.next_phase.value} phase raised an error: see “Inside this epoch”."
    if status.finish_reason is FinishReason.STOP_RULE and status.state is State.FINISHED:
        return f"Stopped early: {status.message}."
    return ""


class Offer(Struct, frozen=True):
    """Something that can be taken up.

    Attributes
    ----------
    message
        What is said.
    text, tooltip
        What the button says, and what it does.
    take
        What the button calls.
    """

    message: str
    text: str
    tooltip: str
    take: Callable[[], None]


class StatusLine(QStatusBar):
    """State, epoch, loss, parameters and prediction; and the progress of an export.

    Signals
    -------
    export_cancelled()
        The person no longer wants the file.

    Attributes
    ----------
    cancel_button
        Cancels an export; in sight only while there is one.
    offer_button
        Takes what is offered; in sight as long as that is said.
    """

    export_cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(0, 0, SPACING, 0)
        self._tells_outcome = False
        self._state = _label("state_label", "State of training", SteadyLabel)
        self._epoch = _label("epoch_label", "Epoch", SteadyLabel)
        self._loss = _label("loss_label", "Loss", SteadyLabel)
        self._parameters = _label("parameters_label", "Parameters", SteadyLabel)
        self._prediction = _label("prediction_label", "Prediction", SteadyLabel)
        self._loss.setToolTip("Loss of the last epoch, measured before its update")
        self._parameters.setToolTip("The parameters after the last epoch's update")
        self._prediction.setToolTip("What the model predicts with these parameters")
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(SPACING, 0, 0, 0)
        layout.setSpacing(2 * SPACING)
        for label in (self._state, self._epoch, self._loss, self._parameters, self._prediction):
            layout.addWidget(label)
        layout.addStretch(1)
        self.addWidget(line)
        self._message = _label("message_label", "Message", ElidedLabel)
        self._progress = QProgressBar()
        self._progress.setAccessibleName("Export progress")
        self._progress.setFixedWidth(120)
        self.cancel_button = QPushButton("Cancel export")
        self.cancel_button.setObjectName("cancel_export")
        self.cancel_button.clicked.connect(self.export_cancelled)
        self.offer_button = QPushButton()
        self.offer_button.setObjectName("offer_button")
        self.offer_button.clicked.connect(self._take_offer)
        self._offer: Offer | None = None
        self.addPermanentWidget(self._message, 1)
        for widget in (self.offer_button, self._progress, self.cancel_button):
            self.addPermanentWidget(widget)
            widget.hide()

    def show_status(self, status: Status) -> None:
        """Show at once what the loop does; the figures come with the next frame."""
        self._state.setText(state_text(status))
        outcome = outcome_text(status)
        if outcome or self._tells_outcome or status.state is State.RUNNING:
            self.tell(outcome)
        self._tells_outcome = bool(outcome)

    def show_run(self, run: LiveRun) -> None:
        """Show where a run is."""
        status = Status() if run.is_awaited else run.status  # of what was trained before
        self._state.setText("Training again …" if run.is_taken_up else state_text(status))
        phase = "" if status.next_phase is Phase.FORWARD else f", before {status.next_phase.value}"
        epochs = write_count(status.target or run.experiment.epochs)
        self._epoch.setText(f"epoch {write_count(run.epoch)} of {epochs}{phase}")
        loss = readable(run.log.value("loss", run.epoch)) if 0 < run.epoch <= len(run.log) else "–"
        self._loss.setText(f"loss {loss}")
        names = run.experiment.parameter_names
        shown = [f"{name} {readable(value)}" for name, value in zip(names, run.parameters, strict=True)]
        fitting = shown[:MOST_PARAMETERS]
        while fitting and len("   ".join(fitting)) > MOST_CHARACTERS:
            fitting.pop()
        if len(fitting) < len(shown):
            fitting.append(f"… {len(names)} parameters" if len(names) > 1 else "…")
        self._parameters.setText("   ".join(fitting))
        fit = run.view(Fit)
        if fit is None and run.is_taken_up:  # what stands there is of another run
            self._prediction.setText("")
        if fit is not None:
            self._prediction.setText(f"f({significant(fit.probe_x, 15)}) = {readable(fit.probe_prediction)}")

    @Slot(str)
    def tell(self, message: str) -> None:
        """Say something that stays until the next thing is said."""
        self.offer_button.hide()
        self._message.setText(message)
        self._message.setToolTip(message)
        self._share_room()

    @Slot(Offer)
    def offer(self, offer: Offer) -> None:
        """Say something that can be taken up, with a button that does."""
        self.tell(offer.message)
        self._offer = offer
        self.offer_button.setText(offer.text)
        self.offer_button.setToolTip(offer.tooltip)
        self.offer_button.show()

    @Slot()
    def _take_offer(self) -> None:
        self.tell("")
        if self._offer is not None:
            self._offer.take()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give a message its room."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        for label in (self._parameters, self._prediction):
            label.setVisible(self.width() >= ROOM_FOR_ALL or not self._message.text())

    @Slot(ExportProgress)
    def show_progress(self, progress: ExportProgress) -> None:
        """Show how far an export is."""
        self._progress.setRange(0, progress.total)
        self._progress.setValue(progress.done)
        self._progress.show()
        self.cancel_button.show()

    @Slot(ExportResult)
    def show_result(self, result: ExportResult) -> None:
        """Say how an export ended."""
        self._progress.hide()
        self.cancel_button.hide()
        self.tell(result.message)


def _label(name: str, title: str, kind: type[QLabel] = QLabel) -> QLabel:
    label = kind()
    label.setObjectName(name)
    label.setAccessibleName(title)
    return label
