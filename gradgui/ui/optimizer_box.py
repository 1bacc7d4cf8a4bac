"""The optimizer and its settings."""

from types import MappingProxyType

from msgspec import structs
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QVBoxLayout, QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.lesson import LESSON
from gradgui.experiment.optimizer import SGD, Adagrad, Adam, AdamW, GradientDescent, Optimizer, RMSprop
from gradgui.ui.entries import (
    fraction_steps,
    learning_rate_steps,
    non_negative_steps,
    parse_fraction,
    parse_learning_rate,
    parse_non_negative,
    write_number,
)
from gradgui.ui.number_field import NumberField
from gradgui.ui.theme import SPACING

RULES: MappingProxyType[str, type[Optimizer]] = MappingProxyType(
    {
        "gradient descent": GradientDescent,
        "SGD": SGD,
        "RMSprop": RMSprop,
        "Adagrad": Adagrad,
        "Adam": Adam,
        "AdamW": AdamW,
    }
)
_MEANINGS = MappingProxyType(
    {
        "momentum": "Share of the last step that is kept, 0 to below 1.",
        "nesterov": "The gradient looks one step of momentum ahead; needs a momentum above 0.",
        "weight_decay": "Strength of the pull of every parameter towards 0.",
        "alpha": "Decay of the running mean of the gradient's square, 0 to below 1.",
        "beta1": "Decay of the running mean of the gradient, 0 to below 1.",
        "beta2": "Decay of the running mean of the gradient's square, 0 to below 1.",
        "epsilon": "Added below the fraction, so that nothing is divided by 0.",
    }
)
_FRACTIONS = {"momentum", "alpha", "beta1", "beta2"}


class OptimizerBox(QWidget):
    """How a parameter follows its gradient.

    Signals
    -------
    edited(Experiment)
        The experiment with another rule, or with other settings of it.
    """

    edited = Signal(Experiment)

    def __init__(self) -> None:
        super().__init__()
        self._experiment = LESSON
        self._numbers: dict[str, NumberField] = {}
        self._nesterov: QCheckBox | None = None
        self._rule = QComboBox()
        self._rule.setObjectName("optimizer")
        self._rule.setAccessibleName("Optimizer")
        self._rule.addItems(list(RULES))
        self._rule.setToolTip(
            "Optimizer: how a parameter follows its gradient. Gradient descent is the notebook's own update,\n"
            "written out; the others are those of torch.optim. A change begins a new run at epoch 0."
        )
        self._rule.activated.connect(self._take_rule)
        self._settings = QFormLayout()
        self._settings.setContentsMargins(0, 0, 0, 0)
        self._settings.setVerticalSpacing(SPACING - 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING - 2)
        layout.addWidget(self._rule)
        layout.addLayout(self._settings)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show another experiment's rule."""
        kind = type(experiment.optimizer)
        if kind is not type(self._experiment.optimizer):
            self._make_settings(kind)
        self._experiment = experiment
        self._rule.setCurrentText(next(name for name, rule in RULES.items() if rule is kind))
        for name, field in self._numbers.items():
            field.set_value(getattr(experiment.optimizer, name))
        if self._nesterov is not None and isinstance(experiment.optimizer, SGD):
            self._nesterov.setChecked(experiment.optimizer.nesterov)
            self._nesterov.setEnabled(experiment.optimizer.momentum > 0.0)

    def _make_settings(self, kind: type[Optimizer]) -> None:
        while self._settings.rowCount():
            self._settings.removeRow(0)
        self._numbers, self._nesterov = {}, None
        for field in structs.fields(kind):
            if field.name == "nesterov":
                self._nesterov = QCheckBox("Nesterov")
                self._nesterov.setObjectName("nesterov")
                self._nesterov.setAccessibleName("Nesterov")
                self._nesterov.setToolTip(_MEANINGS["nesterov"])
                self._nesterov.clicked.connect(self._take_settings)
                self._settings.addRow("", self._nesterov)
            else:
                self._numbers[field.name] = self._make_number(field.name)
                self._settings.addRow(field.name.replace("_", " "), self._numbers[field.name])

    def _make_number(self, name: str) -> NumberField:
        if name in _FRACTIONS:
            field = NumberField(name, name, parse_fraction, write_number, fraction_steps)
        elif name == "epsilon":
            field = NumberField(name, name, parse_learning_rate, write_number, learning_rate_steps)
        else:
            field = NumberField(name, name.replace("_", " "), parse_non_negative, write_number, non_negative_steps)
        field.line.setToolTip(f"{_MEANINGS[name]} A change begins a new run at epoch 0.")
        field.entered.connect(self._take_settings)
        return field

    @Slot(int)
    def _take_rule(self, _index: int) -> None:
        kind = RULES[self._rule.currentText()]
        if kind is not type(self._experiment.optimizer):
            self.edited.emit(structs.replace(self._experiment, optimizer=kind()))

    @Slot()
    def _take_settings(self) -> None:
        settings: dict[str, float | bool] = {name: field.value for name, field in self._numbers.items()}
        if self._nesterov is not None:
            settings["nesterov"] = self._nesterov.isChecked() and settings["momentum"] > 0.0
        self.edited.emit(structs.replace(self._experiment, optimizer=type(self._experiment.optimizer)(**settings)))  # type: ignore[arg-type]
