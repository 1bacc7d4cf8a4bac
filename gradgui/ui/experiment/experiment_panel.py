"""The experiment on the left: model, loss, start values, and the fields of the run."""

from dataclasses import replace

from msgspec import structs
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.experiment.early_stopping_box import EarlyStoppingBox
from gradgui.ui.experiment.forecast_box import ForecastBox
from gradgui.ui.experiment.optimizer_box import OptimizerBox, ScheduleBox
from gradgui.ui.experiment.parameters_box import ParametersBox
from gradgui.ui.experiment.problem_box import ProblemBox
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import field_kind
from gradgui.worker.status import Action, State, Status, allowed_actions


class ExperimentPanel(QScrollArea):
    """What is trained and how.

    Signals
    -------
    edited(Experiment)
        The problem or the optimizer was edited: a new run begins with this.

    Attributes
    ----------
    problem, optimizer, schedule
        The boxes for them.
    parameters
        The parameters' present values.
    learning_rate, epochs
        The fields a person changes a run by.
    forecast
        What the curvature of the loss says of the learning rate.
    stop_rules
        When a Run ends before its last epoch.
    """

    edited = Signal(Experiment)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.learning_rate = NumberField("learning_rate", "Learning rate", field_kind(Experiment, "learning_rate"))
        self.learning_rate.line.setToolTip(
            "Learning rate: how far one update goes against the gradient, w ← w − lr · w.grad.\n"
            "A change acts from the next epoch on and is written into the log's lr column."
        )
        self.epochs = NumberField("epochs", "Epochs", replace(field_kind(Experiment, "epochs"), in_decades=True))
        self.epochs.line.setToolTip(
            "Epochs: how often one Run goes through forward, loss, backward, update and zero_grad.\n"
            "Run after the end trains that many more."
        )
        self.forecast = ForecastBox()
        self.stop_rules = EarlyStoppingBox()
        self.problem = ProblemBox()
        self.optimizer = OptimizerBox()
        self.schedule = ScheduleBox()
        self.parameters = ParametersBox(self.epochs.line)
        self.problem.edited.connect(self.edited)
        self.optimizer.edited.connect(self.edited)
        self.schedule.edited.connect(self.edited)
        self._lay_out()

    def _lay_out(self) -> None:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SPACING + 4, SPACING, SPACING + 4, SPACING)
        layout.setSpacing(SPACING)
        layout.addWidget(_heading("Training"))
        training = _form(layout)
        training.addRow("Learning rate", self.learning_rate)
        training.addRow("Epochs", self.epochs)
        layout.addWidget(_heading("Parameters now"))
        layout.addWidget(self.parameters)
        layout.addWidget(_heading("Optimizer"))
        layout.addWidget(self.optimizer)
        layout.addWidget(self.schedule)
        layout.addWidget(_heading("Forecast for this rate"))
        layout.addWidget(self.forecast)
        layout.addWidget(self.problem)
        layout.addWidget(_heading("Stop early"))
        layout.addWidget(self.stop_rules)
        layout.addStretch(1)
        self.setWidget(content)

    def show_experiment(self, experiment: Experiment, theme: Theme) -> None:
        """Show another experiment, its parameters in their colours."""
        self.problem.show_experiment(experiment, theme)
        self.parameters.show_experiment(experiment, theme)
        self.optimizer.show_experiment(experiment)
        self.schedule.show_experiment(experiment)
        self.epochs.set_value(experiment.epochs)
        self.stop_rules.show_rules(experiment.stop)
        self.learning_rate.set_value(experiment.learning_rate)

    def with_entries(self, experiment: Experiment) -> Experiment:
        """Give an experiment with the number of epochs and the stop rules that are entered."""
        return structs.replace(experiment, epochs=int(self.epochs.value), stop=self.stop_rules.rules)

    @Slot(Status)
    def show_status(self, status: Status) -> None:
        """Follow the run: its learning rate, and whether it can be changed now."""
        if status.state is not State.LOADING:
            self.learning_rate.set_value(status.learning_rate)
        can_change = Action.INTERVENE in allowed_actions(status)
        self.learning_rate.setEnabled(can_change)
        self.parameters.setEnabled(can_change)
        resting = status.state not in {State.LOADING, State.RUNNING}
        self.problem.setEnabled(resting)
        self.optimizer.setEnabled(resting)
        self.schedule.setEnabled(resting)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("heading")
    return label


def _form(layout: QVBoxLayout) -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, SPACING // 2)
    form.setHorizontalSpacing(SPACING)
    form.setVerticalSpacing(SPACING - 2)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.addLayout(form)
    return form
