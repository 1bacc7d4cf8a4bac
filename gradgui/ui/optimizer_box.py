"""The optimizer and its settings."""

from types import MappingProxyType

from msgspec import structs
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.lesson import LESSON
from gradgui.experiment.optimizer import SGD, Adagrad, Adam, AdamW, GradientDescent, Optimizer, RMSprop
from gradgui.ui.settings_form import SettingsForm
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
        self._rule = QComboBox()
        self._rule.setObjectName("optimizer")
        self._rule.setAccessibleName("Optimizer")
        self._rule.addItems(list(RULES))
        self._rule.setToolTip(
            "Optimizer: how a parameter follows its gradient. Gradient descent is the notebook's own update,\n"
            "written out; the others are those of torch.optim. A change begins a new run at epoch 0."
        )
        self._rule.activated.connect(self._take_rule)
        self._settings = SettingsForm()
        self._settings.entered.connect(self._take_settings)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING - 2)
        layout.addWidget(self._rule)
        layout.addWidget(self._settings)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show another experiment's rule."""
        self._experiment = experiment
        kind = type(experiment.optimizer)
        self._rule.setCurrentText(next(name for name, rule in RULES.items() if rule is kind))
        self._settings.show_settings(experiment.optimizer)
        if isinstance(experiment.optimizer, SGD):
            self._settings.enable_switch("nesterov", experiment.optimizer.momentum > 0.0)

    @Slot(int)
    def _take_rule(self, _index: int) -> None:
        kind = RULES[self._rule.currentText()]
        if kind is type(self._experiment.optimizer):
            return
        # Written out, gradient descent has no optimizer that a scheduler could change.
        schedule = None if kind is GradientDescent else self._experiment.schedule
        self.edited.emit(structs.replace(self._experiment, optimizer=kind(), schedule=schedule))

    @Slot()
    def _take_settings(self) -> None:
        settings = self._settings.values
        if "nesterov" in settings:
            settings["nesterov"] = bool(settings["nesterov"]) and settings["momentum"] > 0.0
        changed = structs.replace(self._experiment.optimizer, **settings)
        self.edited.emit(structs.replace(self._experiment, optimizer=changed))
