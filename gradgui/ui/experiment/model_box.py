"""The model: its formula, and what else it may be."""

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from gradgui.experiment.changes import ExperimentEdit
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.formula import CONSTANTS, FUNCTIONS, lacks_x, parse_formula, suggestion, suspects
from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.formula_field import FormulaField
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.widgets.settings_form import BEGINS_ANEW

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


class ModelBox(QWidget):
    """What is to be learned.

    Signals
    -------
    edited(ExperimentEdit)
        Another model.
    """

    edited = Signal(ExperimentEdit)

    def __init__(self) -> None:
        super().__init__()
        self._experiment = DEFAULT_EXPERIMENT
        self.formula = FormulaField("model_formula", "Model formula", _check)
        self.formula.line.setToolTip(
            "Model formula: the prediction for an input x. Every other name is a parameter.\n"
            f"For example {',  '.join(EXAMPLES)}.\n{BEGINS_ANEW}"
        )
        self.formula.entered.connect(self._take)
        self._examples = QToolButton()
        self._examples.setObjectName("model_examples")
        self._examples.setAccessibleName("Example formulas")
        self._examples.setToolTip(
            f"Examples: models to begin with, and every function that a formula may use. {BEGINS_ANEW}"
        )
        self._examples.setArrowType(Qt.ArrowType.DownArrow)
        self._examples.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._examples.setFocusPolicy(self.formula.line.focusPolicy())
        menu = QMenu(self._examples)
        for formula in EXAMPLES:
            menu.addAction(formula).triggered.connect(self._take_example)
        menu.addSeparator()
        menu.addMenu(self._vocabulary_menu())
        self._examples.setMenu(menu)
        self._without_x = WithoutX()
        self._without_x.meant.connect(self._take)
        row = QHBoxLayout()
        row.setSpacing(SPACING // 2)
        row.addWidget(self.formula, 1)
        row.addWidget(self._examples)
        row.setAlignment(self._examples, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addLayout(row)
        layout.addWidget(self._without_x)

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

    def show_experiment(self, experiment: Experiment) -> None:
        """Show another experiment's model."""
        self._experiment = experiment
        self.formula.set_text(experiment.model)
        self._without_x.show_model(experiment.model)

    @Slot(str)
    def _take(self, model: str) -> None:
        starts = {parameter.name: parameter.start for parameter in self._experiment.parameters}
        names = parse_formula(model).parameters
        parameters = tuple(Parameter(name, starts.get(name, NEW_START)) for name in names)
        fields: dict[str, Any] = {"model": model, "parameters": parameters}
        self.edited.emit(ExperimentEdit(fields))

    @Slot()
    def _take_example(self) -> None:
        action = self.sender()
        if isinstance(action, QAction) and action.text() != self._experiment.model:
            self._take(action.text())

    @Slot()
    def _insert_word(self) -> None:
        """Write a function or constant where the cursor is; a formula that is half typed is checked as it grows."""
        action = self.sender()
        if isinstance(action, QAction):
            self.formula.insert(action.data())


class WithoutX(QWidget):
    """Say that x does not occur in a model, and what was probably meant; it may be kept.

    Signals
    -------
    meant(str)
        The model that was meant.
    """

    meant = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("without_x")
        self._kept = ""
        self._model = ""
        self._text = wrapping_label("warning")
        self._meant, self._keep = QPushButton(), QPushButton("Keep it")
        self._meant.setObjectName("take_meant_model")
        self._keep.setObjectName("keep_model")
        self._keep.setAccessibleName("Keep the model without x")
        self._keep.setToolTip("Keep it: the model predicts the same for every x.")
        self._meant.clicked.connect(self._take)
        self._keep.clicked.connect(self._dismiss)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        for widget in (self._text, self._meant, self._keep):
            layout.addWidget(widget)
        self.hide()

    def show_model(self, model: str) -> None:
        """Show what there is to say of a model, or nothing."""
        self._model = model
        self.setVisible(lacks_x(model) and model != self._kept)
        if not lacks_x(model):
            return
        names = suspects(model)
        became = (
            ""
            if not names
            else f" {' and '.join(names)} became {'a parameter' if len(names) == 1 else 'parameters'}."
        )
        self._text.setText(f"x does not occur in this model: it predicts the same for every x.{became}")
        meant = suggestion(model)
        self._meant.setVisible(bool(meant))
        self._meant.setText(f"Use {meant}")
        self._meant.setAccessibleName(f"Use the model {meant}")
        self._meant.setToolTip(f"Use {meant}: with x as a factor of its own. {BEGINS_ANEW}")

    @Slot()
    def _take(self) -> None:
        self.meant.emit(suggestion(self._model))

    @Slot()
    def _dismiss(self) -> None:
        self._kept = self._model
        self.hide()


def _check(text: str) -> None:
    if not parse_formula(text, ("x",)).parameters:
        raise ValueError("There is nothing to train: name a parameter, as the w in w * x.")
