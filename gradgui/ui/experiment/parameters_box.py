"""The parameters as they are now, to be set by hand."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import NumberKind


class ParametersBox(QWidget):
    """A field for the present value of each parameter.

    Parameters
    ----------
    before
        What Tab leads here from.

    Signals
    -------
    entered(str, float)
        A parameter, by its name, is to be set to this value.
    """

    entered = Signal(str, float)

    def __init__(self, before: QWidget) -> None:
        super().__init__()
        self._before = before
        self._fields: dict[str, NumberField] = {}
        self._dtype = ""
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setVerticalSpacing(SPACING - 2)

    def show_experiment(self, experiment: Experiment, theme: Theme) -> None:
        """Show another experiment's parameters, in their colours."""
        names = experiment.parameter_names
        if (names, experiment.dtype) != (tuple(self._fields), self._dtype):
            self._dtype = experiment.dtype
            while self._rows.rowCount():
                self._rows.removeRow(0)
            self._fields = {name: self._make_field(name) for name in names}
            for before, after in pairwise([self._before, *(field.line for field in self._fields.values())]):
                QWidget.setTabOrder(before, after)
        for index, (name, field) in enumerate(self._fields.items()):
            caption = self._rows.labelForField(field)
            if isinstance(caption, QLabel):
                caption.setText(f'<b style="color:{theme.parameter(index)}">{name}</b> =')

    def show_values(self, values: Sequence[float]) -> None:
        """Show where the run is; an entry that is being typed stays."""
        for field, value in zip(self._fields.values(), values, strict=False):  # another model's may be on their way
            field.set_value(value)

    def _make_field(self, name: str) -> NumberField:
        kind = NumberKind(float32=self._dtype == "float32")
        field = NumberField(f"value_{name}", f"Present value of {name}", kind)
        field.line.setToolTip(
            f"{name} as it is now. A value typed here is where the next epoch begins; one in work is run again.\n"
            "It is recorded as a change at this epoch and marked in the plots. At epoch 0 it is the start value."
        )
        field.entered.connect(self._enter)
        self._rows.addRow(QLabel(name), field)
        return field

    @Slot(float)
    def _enter(self, value: float) -> None:
        field = self.sender()
        name = next((name for name, other in self._fields.items() if other is field), None)
        if name is not None:
            self.entered.emit(name, value)
