"""The experiment on the left: model, data, loss, start values, and the fields of the run."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gradgui.experiment.experiment import MEAN_SQUARED_ERROR, Experiment
from gradgui.experiment.optimizer import GradientDescent
from gradgui.ui.entries import (
    epoch_steps,
    learning_rate_steps,
    parse_epochs,
    parse_learning_rate,
    write_epochs,
)
from gradgui.ui.forecast_box import ForecastBox
from gradgui.ui.number_field import NumberField
from gradgui.ui.stop_rules_box import StopRulesBox
from gradgui.ui.theme import SPACING, Theme
from gradgui.worker.status import Action, State, Status, allowed_actions

ROW_HEIGHT = 22
ROWS_IN_SIGHT = 8
MOST_ROWS = 1_000
"""Data points listed; the plot shows the rest."""


_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ExperimentPanel(QScrollArea):
    """What is trained and how.

    Attributes
    ----------
    learning_rate, epochs
        The fields a person changes a run by.
    forecast
        What the curvature of the loss says of the learning rate.
    stop_rules
        When a Run ends before its last epoch.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.learning_rate = NumberField(
            "learning_rate", "Learning rate", parse_learning_rate, _plain, learning_rate_steps
        )
        self.learning_rate.line.setToolTip(
            "Learning rate: how far one update goes against the gradient, w ← w − lr · w.grad.\n"
            "A change acts from the next epoch on and is written into the log's lr column."
        )
        self.epochs = NumberField("epochs", "Epochs", parse_epochs, write_epochs, epoch_steps)
        self.epochs.line.setToolTip(
            "Epochs: how often one Run goes through forward, loss, backward, update and zero_grad.\n"
            "Run after the end trains that many more."
        )
        self.forecast = ForecastBox()
        self.stop_rules = StopRulesBox()
        self._model = _read_only("model_formula", "Model formula", "The prediction for an input x.")
        self._loss = _read_only("loss_formula", "Loss", "What training makes small: its mean over the data.")
        self._optimizer = _read_only("optimizer", "Optimizer", "How a parameter follows its gradient.")
        self._data = QTableWidget(0, 2)
        self._data.setObjectName("data_table")
        self._data.setAccessibleName("Data")
        for column, name in enumerate(("x", "y")):
            header = QTableWidgetItem(name)
            header.setTextAlignment(_NUMBER)
            self._data.setHorizontalHeaderItem(column, header)
        self._data.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._data.setTabKeyNavigation(False)
        self._data.setShowGrid(False)
        self._data.setAlternatingRowColors(True)
        self._data.verticalHeader().hide()
        self._data.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self._data.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._data.setToolTip("The points the model is fitted to. They are never scaled.")
        self._starts = QLabel()
        self._starts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
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
        training.addRow("Optimizer", self._optimizer)
        layout.addWidget(_heading("Forecast for this rate"))
        layout.addWidget(self.forecast)
        layout.addWidget(_heading("Model"))
        model = _form(layout)
        model.addRow("y_pred =", self._model)
        model.addRow("Start", self._starts)
        layout.addWidget(_heading("Loss"))
        loss = _form(layout)
        loss.addRow("mean of", self._loss)
        layout.addWidget(_heading("Data"))
        layout.addWidget(self._data)
        layout.addWidget(_heading("Stop early"))
        layout.addWidget(self.stop_rules)
        layout.addStretch(1)
        self.setWidget(content)

    @Slot(Experiment)
    def show_experiment(self, experiment: Experiment) -> None:
        """Show another experiment."""
        self._model.setText(experiment.model)
        self._loss.setText(experiment.loss)
        if experiment.loss == MEAN_SQUARED_ERROR:
            self._loss.setToolTip("Mean squared error (MSE): the mean of the squared residuals.")
        rule = experiment.optimizer
        plain = isinstance(rule, GradientDescent)
        self._optimizer.setText("gradient descent" if plain else f"torch.optim.{type(rule).__name__}")
        for line in (self._model, self._loss, self._optimizer):
            line.setCursorPosition(0)
        self.epochs.set_value(experiment.epochs)
        self.stop_rules.show_rules(experiment.stop)
        self.learning_rate.set_value(experiment.learning_rate)
        points = list(zip(experiment.data.x, experiment.data.y, strict=True))[:MOST_ROWS]
        self._data.setRowCount(len(points))
        self._data.setFixedHeight(ROW_HEIGHT * (min(len(points), ROWS_IN_SIGHT) + 1) + SPACING)
        for row, point in enumerate(points):
            for column, value in enumerate(point):
                item = QTableWidgetItem(_plain(value))
                item.setTextAlignment(_NUMBER)
                self._data.setItem(row, column, item)

    def show_starts(self, experiment: Experiment, theme: Theme) -> None:
        """Show the parameters' start values in their colours."""
        self._starts.setText(
            "<br>".join(
                f'<b style="color:{theme.parameter(index)}">{parameter.name}</b> = {_plain(parameter.start)}'
                for index, parameter in enumerate(experiment.parameters)
            )
        )

    @Slot(Status)
    def show_status(self, status: Status) -> None:
        """Follow the run: its learning rate, and whether it can be changed now."""
        if status.state is not State.LOADING:
            self.learning_rate.set_value(status.learning_rate)
        self.learning_rate.setEnabled(Action.INTERVENE in allowed_actions(status))


def _plain(value: float) -> str:
    """Write a number as it was typed: 2 rather than 2.0."""
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else repr(value)


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


def _read_only(name: str, title: str, tooltip: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(title)
    line.setReadOnly(True)
    line.setToolTip(tooltip)
    return line
