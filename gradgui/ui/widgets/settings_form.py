"""A form for the settings of an optimizer or a schedule, made from its fields."""

from types import MappingProxyType

from msgspec import Struct, structs
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFormLayout, QWidget

from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import field_kind

_MEANINGS = MappingProxyType(
    {
        "momentum": "Share of the last step that is kept, 0 to below 1.",
        "nesterov": "The gradient looks one step of momentum ahead; needs a momentum above 0.",
        "weight_decay": "Strength of the pull of every parameter towards 0.",
        "alpha": "Decay of the running mean of the gradient's square, 0 to below 1.",
        "beta1": "Decay of the running mean of the gradient, 0 to below 1.",
        "beta2": "Decay of the running mean of the gradient's square, 0 to below 1.",
        "epsilon": "Added below the fraction, so that nothing is divided by 0.",
        "step_size": "Epochs from one multiplication of the rate to the next.",
        "gamma": "What the learning rate is multiplied by, above 0 to 1.",
        "epochs": "Epochs until the rate is at its lowest (T_max); then it rises again.",
        "lowest": "The lowest learning rate (eta_min).",
    }
)


BEGINS_ANEW = "A change begins a new run at epoch 0."


class SettingsForm(QWidget):
    """A row for each setting.

    Parameters
    ----------
    prefix
        Put before the ``objectName`` of each field.

    Signals
    -------
    entered()
        A good value other than the present one was entered.
    """

    entered = Signal()

    def __init__(self, prefix: str = "") -> None:
        super().__init__()
        self._prefix = prefix
        self._kind: type[Struct] | None = None
        self._numbers: dict[str, NumberField] = {}
        self._switches: dict[str, QCheckBox] = {}
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setVerticalSpacing(SPACING - 2)

    @property
    def values(self) -> dict[str, float | bool]:
        """The settings as they are entered, by name."""
        numbers = {
            name: int(field.value) if field.kind.whole else field.value for name, field in self._numbers.items()
        }
        return numbers | {name: switch.isChecked() for name, switch in self._switches.items()}

    def show_settings(self, settings: Struct | None) -> None:
        """Show these settings; None for nothing to set."""
        kind = None if settings is None else type(settings)
        if kind is not self._kind:
            self._make_rows(kind)
        for name, field in self._numbers.items():
            field.set_value(getattr(settings, name))
        for name, switch in self._switches.items():
            switch.setChecked(getattr(settings, name))
        self.setVisible(bool(self._numbers))

    def enable_switch(self, name: str, enabled: bool) -> None:
        """Let a switch be used, or not."""
        self._switches[name].setEnabled(enabled)

    def _make_rows(self, kind: type[Struct] | None) -> None:
        self._kind = kind
        while self._rows.rowCount():
            self._rows.removeRow(0)
        self._numbers, self._switches = {}, {}
        if kind is None:
            return
        for field in structs.fields(kind):
            if isinstance(field.default, bool):
                self._switches[field.name] = self._make_switch(field.name)
                self._rows.addRow("", self._switches[field.name])
            else:
                self._numbers[field.name] = self._make_number(kind, field.name)
                self._rows.addRow(field.name.replace("_", " "), self._numbers[field.name])

    def _make_switch(self, name: str) -> QCheckBox:
        switch = QCheckBox(name.capitalize())
        switch.setObjectName(self._prefix + name)
        switch.setAccessibleName(name.capitalize())
        switch.setToolTip(_MEANINGS[name])
        switch.clicked.connect(self.entered)
        return switch

    def _make_number(self, settings: type[Struct], name: str) -> NumberField:
        field = NumberField(self._prefix + name, name.replace("_", " "), field_kind(settings, name))
        field.line.setToolTip(f"{_MEANINGS[name]} {BEGINS_ANEW}")
        field.entered.connect(self._tell)
        return field

    @Slot()
    def _tell(self) -> None:
        self.entered.emit()
