"""The problem: model, start values, loss, dtype and probe, each to be edited."""

from itertools import pairwise
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from gradgui.experiment.changes import ExperimentEdit
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.formula import CONSTANTS, FUNCTIONS, names_in, parse_formula
from gradgui.experiment.losses import LOSSES, MEANINGS
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.widgets.formula_field import FormulaField
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import field_kind

OWN_FORMULA = "own formula"
NEW_START = 1.0
"""Start value of a parameter that was not there before: at 0 many a model has no gradient to follow."""
EXAMPLES = (
    "w * x",
    "w*x + b",
    "a*x**2 + b*x + c",
    "a*exp(-k*x)",
    "a*sin(f*x + p)",
    "v*tanh(w*x + b) + c",
)
BEGINS_ANEW = "A change begins a new run at epoch 0."


class ProblemBox(QWidget):
    """What is to be learned, from what start, and what counts as wrong.

    Signals
    -------
    edited(ExperimentEdit)
        What is to be another one.
    """

    edited = Signal(ExperimentEdit)

    def __init__(self) -> None:
        super().__init__()
        self._experiment = DEFAULT_EXPERIMENT
        self._starts: list[NumberField] = []
        self.model = FormulaField("model_formula", "Model formula", _check_model)
        self.model.line.setToolTip(
            "Model formula: the prediction for an input x. Every other name is a parameter.\n"
            f"For example {',  '.join(EXAMPLES)}.\n{BEGINS_ANEW}"
        )
        self._examples = QPushButton("Examples")
        self._examples.setObjectName("model_examples")
        self._examples.setAccessibleName("Example formulas")
        self._examples.setToolTip(
            f"Examples: models to begin with, and every function that a formula may use. {BEGINS_ANEW}"
        )
        menu = QMenu(self._examples)
        for formula in EXAMPLES:
            menu.addAction(formula).triggered.connect(self._take_example)
        menu.addSeparator()
        menu.addMenu(self._vocabulary_menu())
        self._examples.setMenu(menu)
        self._start_rows = QFormLayout()
        self._start_rows.setContentsMargins(0, 0, 0, 0)
        self._loss_name = _combo("loss_name", "Loss", (*LOSSES, OWN_FORMULA))
        self._loss_name.activated.connect(self._take_loss_name)
        self.loss = FormulaField("loss_formula", "Loss formula", _check_loss)
        self.loss.line.setToolTip(
            f"Loss formula: what one point costs, in y and y_pred; the loss is its mean over the data.\n{BEGINS_ANEW}"
        )
        self._dtype = _combo("dtype", "Floating-point type", ("float32", "float64"))
        self._dtype.setToolTip(
            "Floating-point type of data and parameters. In float32 the lesson's w stops at 1.9999996:\n"
            f"the next step is smaller than half the distance to the next float32. {BEGINS_ANEW}"
        )
        self._dtype.activated.connect(self._take_dtype)
        self._probe = NumberField("probe", "Probe", field_kind(Experiment, "probe"))
        self._probe.line.setToolTip(f"Probe: the x of the prediction f(x) that is shown. {BEGINS_ANEW}")
        self._probe.entered.connect(self._take_probe)
        self.model.entered.connect(self._take_model)
        self.loss.entered.connect(self._take_loss)
        self._lay_out()

    def _vocabulary_menu(self) -> QMenu:
        """List every function and constant with its meaning."""
        menu = QMenu("Functions and constants", self._examples)
        for function in FUNCTIONS.values():
            action = menu.addAction(f"{function.example}    {function.meaning}")
            action.setData(function.example)
            action.triggered.connect(self._insert_word)
        menu.addSeparator()
        for constant in CONSTANTS.values():
            action = menu.addAction(f"{constant.name}    {constant.meaning}")
            action.setData(constant.name)
            action.triggered.connect(self._insert_word)
        return menu

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING - 2)
        layout.addWidget(_heading("Model   y_pred ="))
        layout.addWidget(self.model)
        layout.addWidget(self._examples)
        layout.addWidget(_heading("Start values"))
        layout.addLayout(self._start_rows)
        layout.addWidget(_heading("Loss   mean of"))
        layout.addWidget(self._loss_name)
        layout.addWidget(self.loss)
        rest = QFormLayout()
        rest.addRow("Numbers", self._dtype)
        rest.addRow("Probe x", self._probe)
        layout.addLayout(rest)

    def show_experiment(self, experiment: Experiment, theme: Theme) -> None:
        """Show another experiment, its parameters in their colours."""
        self._experiment = experiment
        self.model.set_text(experiment.model)
        self.loss.set_text(experiment.loss)
        names = {formula: name for name, formula in LOSSES.items()}
        name = names.get(experiment.loss, OWN_FORMULA)
        self._loss_name.setCurrentText(name)
        self._loss_name.setToolTip(f"{MEANINGS.get(name, 'The loss as it is written below.')} {BEGINS_ANEW}")
        self._dtype.setCurrentText(experiment.dtype)
        self._probe.set_value(experiment.probe)
        self._show_starts(experiment, theme)

    def _show_starts(self, experiment: Experiment, theme: Theme) -> None:
        names = [field.line.accessibleName() for field in self._starts]
        if names != [_start_title(parameter.name) for parameter in experiment.parameters]:
            while self._start_rows.rowCount():
                self._start_rows.removeRow(0)
            self._starts = [self._make_start(parameter.name) for parameter in experiment.parameters]
            for before, after in pairwise([self._examples, *(field.line for field in self._starts)]):
                QWidget.setTabOrder(before, after)
        for index, (field, parameter) in enumerate(zip(self._starts, experiment.parameters, strict=True)):
            field.set_value(parameter.start)
            caption = self._start_rows.labelForField(field)
            if isinstance(caption, QLabel):
                caption.setText(f'<b style="color:{theme.parameter(index)}">{parameter.name}</b> =')

    def _make_start(self, name: str) -> NumberField:
        field = NumberField(f"start_{name}", _start_title(name), field_kind(Parameter, "start"))
        field.line.setToolTip(f"Start value of {name}: what it is before the first epoch. {BEGINS_ANEW}")
        field.entered.connect(self._take_starts)
        self._start_rows.addRow(QLabel(name), field)
        return field

    @Slot(str)
    def _take_model(self, model: str) -> None:
        starts = {parameter.name: parameter.start for parameter in self._experiment.parameters}
        names = parse_formula(model).parameters
        parameters = tuple(Parameter(name, starts.get(name, NEW_START)) for name in names)
        self._tell(model=model, parameters=parameters)

    @Slot()
    def _take_example(self) -> None:
        action = self.sender()
        if isinstance(action, QAction) and action.text() != self._experiment.model:
            self._take_model(action.text())

    @Slot()
    def _insert_word(self) -> None:
        """Write a function or constant where the cursor is; a formula that is half typed is checked as it grows."""
        action = self.sender()
        if isinstance(action, QAction):
            self.model.insert(action.data())

    @Slot(float)
    def _take_starts(self, _value: float) -> None:
        parameters = zip(self._experiment.parameters, self._starts, strict=True)
        self._tell(parameters=tuple(Parameter(parameter.name, field.value) for parameter, field in parameters))

    @Slot(str)
    def _take_loss(self, loss: str) -> None:
        self._tell(loss=loss)

    @Slot(int)
    def _take_loss_name(self, _index: int) -> None:
        loss = LOSSES.get(self._loss_name.currentText())
        if loss is None:
            self.loss.line.setFocus()
        elif loss != self._experiment.loss:
            self._tell(loss=loss)

    @Slot(int)
    def _take_dtype(self, _index: int) -> None:
        if self._dtype.currentText() != self._experiment.dtype:
            self._tell(dtype=self._dtype.currentText())

    @Slot(float)
    def _take_probe(self, probe: float) -> None:
        self._tell(probe=probe)

    def _tell(self, **changes: Any) -> None:
        self.edited.emit(ExperimentEdit(changes))


def _check_model(text: str) -> None:
    if not parse_formula(text, ("x",)).parameters:
        raise ValueError("There is nothing to train: name a parameter, as the w in w * x.")


def _check_loss(text: str) -> None:
    loss = parse_formula(text, ("y", "y_pred"))
    if loss.parameters:
        raise ValueError(f"Only y and y_pred may stand in the loss, not {loss.parameters[0]}.")
    if "y_pred" not in names_in(loss.tree):
        raise ValueError("y_pred must stand in the loss, or there is nothing to learn.")


def _start_title(name: str) -> str:
    return f"Start value of {name}"


def _combo(name: str, title: str, choices: tuple[str, ...]) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(title)
    combo.addItems(list(choices))
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("heading")
    return label
