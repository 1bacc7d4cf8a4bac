"""When a Run ends before its last epoch."""

import math

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QWidget

from gradgui.experiment.early_stopping import StopRules
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import field_kind


class EarlyStoppingBox(QWidget):
    """Three fields, each empty while its rule is off.

    Signals
    -------
    rules_chosen(StopRules)
        The person changed a rule.
    """

    rules_chosen = Signal(StopRules)

    def __init__(self) -> None:
        super().__init__()
        self._loss, self._gradient, self._patience = (
            NumberField(f"stop_{name}", title, field_kind(StopRules, name))
            for name, title in (
                ("loss_below", "Stop when the loss is below"),
                ("gradient_below", "Stop when every gradient is below"),
                ("patience", "Stop without progress for epochs"),
            )
        )
        tooltips = (
            "Stop after the first epoch whose loss is below this.",
            "Stop after the first epoch in which every gradient is nearer to 0 than this.",
            "Stop when the lowest loss is this many epochs old.",
        )
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        captions = ("loss below", "gradient below", "no progress for")
        for caption, field, tooltip in zip(
            captions, (self._loss, self._gradient, self._patience), tooltips, strict=True
        ):
            field.line.setPlaceholderText("off")
            field.line.setToolTip(f"{tooltip} Empty: off.")
            field.entered.connect(self._tell)
            form.addRow(caption, field)

    def show_rules(self, rules: StopRules) -> None:
        """Show these rules."""
        fields = (self._loss, self._gradient, self._patience)
        for field, value in zip(fields, (rules.loss_below, rules.gradient_below, rules.patience), strict=True):
            field.set_value(math.nan if value is None else value)

    @property
    def rules(self) -> StopRules:
        """The rules that are entered."""
        loss, gradient, patience = (
            None if math.isnan(field.value) else field.value for field in (self._loss, self._gradient, self._patience)
        )
        return StopRules(loss, gradient, None if patience is None else int(patience))

    @Slot()
    def _tell(self) -> None:
        self.rules_chosen.emit(self.rules)
