"""The optimizer and its settings."""

from types import MappingProxyType
from typing import get_args

from msgspec import structs
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from gradgui.experiment.changes import ExperimentEdit
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment
from gradgui.experiment.optimizers import (
    SGD,
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    Optimizer,
    Schedule,
    StepSchedule,
)
from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.settings_form import SettingsForm

RULES: dict[str, type[Optimizer]] = {
    "gradient descent" if rule is GradientDescent else rule.__name__: rule for rule in get_args(Optimizer)
}
"""The rules by the names that a person chooses from: those of ``torch.optim`` are called as there."""


class OptimizerBox(QWidget):
    """How a parameter follows its gradient.

    Signals
    -------
    edited(ExperimentEdit)
        Another rule, or other settings of it.
    """

    edited = Signal(ExperimentEdit)

    def __init__(self) -> None:
        super().__init__()
        self._experiment = DEFAULT_EXPERIMENT
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
        self.edited.emit(ExperimentEdit({"optimizer": kind(), "schedule": schedule}))

    @Slot()
    def _take_settings(self) -> None:
        settings = self._settings.values
        if "nesterov" in settings:
            settings["nesterov"] = bool(settings["nesterov"]) and settings["momentum"] > 0.0
        changed = structs.replace(self._experiment.optimizer, **settings)
        self.edited.emit(ExperimentEdit({"optimizer": changed}))


CONSTANT = "constant rate"
SCHEDULES: MappingProxyType[str, type[Schedule]] = MappingProxyType(
    {"step schedule": StepSchedule, "exponential schedule": ExponentialSchedule, "cosine schedule": CosineSchedule}
)


class ScheduleBox(QWidget):
    """A schedule of ``torch.optim.lr_scheduler`` and its settings.

    Signals
    -------
    edited(ExperimentEdit)
        Another schedule, or other settings of it.
    """

    edited = Signal(ExperimentEdit)

    def __init__(self) -> None:
        super().__init__()
        self._experiment = DEFAULT_EXPERIMENT
        self._choice = QComboBox()
        self._choice.setObjectName("schedule")
        self._choice.setAccessibleName("Learning-rate schedule")
        self._choice.addItems([CONSTANT, *SCHEDULES])
        self._choice.activated.connect(self._take_choice)
        self._settings = SettingsForm("schedule_")
        self._settings.entered.connect(self._take_settings)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING - 2)
        layout.addWidget(self._choice)
        layout.addWidget(self._settings)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show another experiment's schedule."""
        self._experiment = experiment
        kind = type(experiment.schedule)
        self._choice.setCurrentText(next((name for name, one in SCHEDULES.items() if one is kind), CONSTANT))
        self._settings.show_settings(experiment.schedule)
        takes_one = not isinstance(experiment.optimizer, GradientDescent)
        self._choice.setEnabled(takes_one)
        self._choice.setToolTip(
            "Schedule: how scheduler.step() changes the learning rate after each update (torch.optim.lr_scheduler).\n"
            + (
                "A change begins a new run at epoch 0."
                if takes_one
                else "It needs an optimizer of torch.optim: SGD without momentum is gradient descent."
            )
        )

    @Slot(int)
    def _take_choice(self, _index: int) -> None:
        kind = SCHEDULES.get(self._choice.currentText())
        present = self._experiment.schedule
        if kind is None and present is not None:
            self.edited.emit(ExperimentEdit({"schedule": None}))
        elif kind is not None and not isinstance(present, kind):
            self.edited.emit(ExperimentEdit({"schedule": kind()}))

    @Slot()
    def _take_settings(self) -> None:
        schedule = self._experiment.schedule
        if schedule is not None:
            changed = structs.replace(schedule, **self._settings.values)
            self.edited.emit(ExperimentEdit({"schedule": changed}))
