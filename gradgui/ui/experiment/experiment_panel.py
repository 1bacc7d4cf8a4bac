"""The experiment on the left, as the mathematics reads: model, loss, optimizer; then how long, in which numbers."""

import math
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gradgui.experiment.changes import LearningRateChange, ParameterChange
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.optimizers import GradientDescent
from gradgui.experiment.training_loop import CORRECT_LOOP
from gradgui.record.views import Forecast
from gradgui.ui.app.theme import SPACING
from gradgui.ui.experiment.early_stopping_box import EarlyStoppingBox
from gradgui.ui.experiment.forecast_box import ForecastBox
from gradgui.ui.experiment.loss_box import LossBox
from gradgui.ui.experiment.model_box import ModelBox
from gradgui.ui.experiment.numbers_box import NumbersBox
from gradgui.ui.experiment.optimizer_box import OptimizerBox, ScheduleBox
from gradgui.ui.experiment.parameters_box import ParametersBox
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import field_kind
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands
from gradgui.worker.status import State, Status


class ExperimentPanel(QScrollArea, View):
    """What is trained and how.

    Parameters
    ----------
    run
        Whose experiment; what is entered changes it.
    """

    name = "experiment_panel"
    heading = "Experiment"
    guide = "the-experiment"

    def __init__(self, run: LiveRun) -> None:
        super().__init__()
        self._run = run
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._learning_rate = NumberField("learning_rate", "Learning rate", field_kind(Experiment, "learning_rate"))
        self._learning_rate.line.setToolTip(
            "Learning rate: how far one update goes against the gradient, w ← w − lr · w.grad.\n"
            "A change acts from the next epoch on and is written into the log's lr column."
        )
        self._epochs = NumberField("epochs", "Epochs", replace(field_kind(Experiment, "epochs"), in_decades=True))
        self._epochs.line.setToolTip(
            "Epochs: how often one Run goes through forward, loss, backward, update and zero_grad.\n"
            "Run after the end trains that many more."
        )
        self._forecast = ForecastBox()
        self._stop_rules = EarlyStoppingBox()
        self._model, self._loss, self._numbers = ModelBox(), LossBox(), NumbersBox()
        self._parameters = ParametersBox()
        self._optimizer = OptimizerBox()
        self._schedule = ScheduleBox()
        for box in (self._model, self._parameters, self._loss, self._optimizer, self._schedule, self._numbers):
            box.edited.connect(run.edit)
        self._learning_rate.entered.connect(self._set_learning_rate)
        self._epochs.entered.connect(self._set_epochs)
        self._parameters.entered.connect(self._set_parameter)
        self._stop_rules.rules_chosen.connect(run.set_stop_rules)
        self._forecast.wanted_loss_changed.connect(run.clock.request)
        self._lay_out()

    def _lay_out(self) -> None:
        self._content = QWidget()
        layout = QVBoxLayout(self._content)
        layout.setContentsMargins(SPACING + 4, SPACING, SPACING + 4, SPACING)
        layout.setSpacing(SPACING // 2)
        for heading, parts in (
            ("Model   y_pred =", (self._model, self._parameters)),
            ("Loss   mean of", (self._loss,)),
            (
                "Optimizer",
                (self._optimizer, _row("Learning rate", self._learning_rate), self._schedule, self._forecast),
            ),
            ("How long", (_row("Epochs", self._epochs),)),
            ("Stop early", (self._stop_rules,)),
            ("Numbers", (self._numbers,)),
        ):
            label = QLabel(heading)
            label.setObjectName("heading")
            layout.addWidget(label)
            for part in parts:
                layout.addWidget(part)
            layout.addSpacing(SPACING // 2)
        layout.addStretch(1)
        self.setWidget(self._content)

    def minimumSizeHint(self) -> QSize:
        """Ask for the room in which no field is cut, scroll bar and all."""
        bar = self.verticalScrollBar().sizeHint().width()
        return super().minimumSizeHint().expandedTo(QSize(self._content.minimumSizeHint().width() + bar + 2, 0))

    def needs(self) -> dict[str, Any]:
        """Ask for the forecast."""
        wanted = self._forecast.wanted_loss.value
        return {"forecast": True, "wanted_loss": None if math.isnan(wanted) else wanted}

    def show_experiment(self, experiment: Experiment) -> None:
        """Show another experiment, its parameters in their colours."""
        self._parameters.show_experiment(experiment, self.theme)
        for box in (self._model, self._loss, self._optimizer, self._schedule, self._numbers):
            box.show_experiment(experiment)
        self._epochs.set_value(experiment.epochs)
        self._stop_rules.show_rules(experiment.stop)
        self._learning_rate.set_value(experiment.learning_rate)

    def show_status(self, status: Status) -> None:
        """Follow the run: its learning rate, and whether it can be changed now."""
        if status.state is not State.LOADING:
            self._learning_rate.set_value(status.learning_rate)
        can_change = commands.Change in allowed_commands(status)
        self._learning_rate.setEnabled(can_change or status.state is State.DIVERGED)
        resting = status.state not in {State.LOADING, State.RUNNING}
        self._parameters.allow(begin_anew=resting, change=can_change)
        for box in (self._model, self._loss, self._optimizer, self._schedule, self._numbers):
            box.setEnabled(resting)

    def show_figures(self, run: LiveRun) -> None:
        """Show the parameters as they are now, and what is to come."""
        self._parameters.show_values(run.parameters)
        forecast = run.view(Forecast)
        if run.is_awaited:
            self._forecast.show_nothing("The forecast comes with the training loop.")
        elif not isinstance(run.experiment.optimizer, GradientDescent):
            self._forecast.show_nothing("The forecast is for plain gradient descent only.")
        elif run.status.loop != CORRECT_LOOP:
            self._forecast.show_nothing("No forecast: the loop is broken on purpose.")
        elif forecast is not None:
            self._forecast.show_forecast(forecast, run.experiment, run.status.learning_rate)

    @Slot(float)
    def _set_learning_rate(self, learning_rate: float) -> None:
        self._run.change(LearningRateChange(self._run.epoch, learning_rate))

    @Slot(float)
    def _set_epochs(self, epochs: float) -> None:
        self._run.set_epochs(int(epochs))

    @Slot(str, float)
    def _set_parameter(self, name: str, value: float) -> None:
        self._run.change(ParameterChange(self._run.epoch, name, value))


def _row(caption: str, field: NumberField) -> QWidget:
    row = QWidget()
    form = QFormLayout(row)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(SPACING)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.addRow(caption, field)
    return row
