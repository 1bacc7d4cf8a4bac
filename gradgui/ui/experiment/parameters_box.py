"""The parameters: where each begins and where it is now, to be set by hand."""

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from gradgui.experiment.changes import ExperimentEdit
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.widgets.labels import ElidedLabel
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import NumberKind, field_kind
from gradgui.ui.widgets.settings_form import BEGINS_ANEW

NAME_WIDTH = 56


class _Row(Struct):
    """What there is of a parameter."""

    name: ElidedLabel
    start: NumberField
    now: NumberField


class ParametersBox(QWidget):
    """A row for each parameter.

    Signals
    -------
    edited(ExperimentEdit)
        Other start values.
    entered(str, float)
        A parameter, by its name, is to be set to this value now.
    """

    edited = Signal(ExperimentEdit)
    entered = Signal(str, float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("start_values")
        self._experiment = DEFAULT_EXPERIMENT
        self._rows: dict[str, _Row] = {}
        self._dtype = ""
        self._can_begin_anew = self._can_change = True
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(SPACING // 2)
        self._grid.setHorizontalSpacing(SPACING // 2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        for column, text in ((1, "start"), (2, "now")):
            caption = QLabel(text)
            caption.setObjectName("hint")
            self._grid.addWidget(caption, 0, column, Qt.AlignmentFlag.AlignRight)

    def show_experiment(self, experiment: Experiment, theme: Theme) -> None:
        """Show another experiment's parameters, in their colours."""
        self._experiment = experiment
        if (experiment.parameter_names, experiment.dtype) != (tuple(self._rows), self._dtype):
            self._make_rows(experiment)
        for index, (row, parameter) in enumerate(zip(self._rows.values(), experiment.parameters, strict=True)):
            row.name.setStyleSheet(f"color: {theme.parameter(index)}; font-weight: 600;")
            row.start.set_value(parameter.start)

    def show_values(self, values: Sequence[float]) -> None:
        """Show where the run is; an entry that is being typed stays."""
        for row, value in zip(self._rows.values(), values, strict=False):  # another model's may be on their way
            row.now.set_value(value)

    def allow(self, *, begin_anew: bool, change: bool) -> None:
        """Let start values and present ones be set, or not."""
        self._can_begin_anew, self._can_change = begin_anew, change
        for row in self._rows.values():
            row.start.setEnabled(begin_anew)
            row.now.setEnabled(change)

    def _make_rows(self, experiment: Experiment) -> None:
        for row in self._rows.values():
            for widget in (row.name, row.start, row.now):
                self._grid.removeWidget(widget)
                widget.setParent(None)
                widget.deleteLater()
        self._dtype = experiment.dtype
        self._rows = {name: self._make_row(name) for name in experiment.parameter_names}
        for place, row in enumerate(self._rows.values(), 1):
            self._grid.addWidget(row.name, place, 0)
            self._grid.addWidget(row.start, place, 1)
            self._grid.addWidget(row.now, place, 2)
        self.allow(begin_anew=self._can_begin_anew, change=self._can_change)

    def _make_row(self, name: str) -> _Row:
        label = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        label.setText(name)
        label.setToolTip(name)
        label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        label.setMaximumWidth(NAME_WIDTH)
        label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        start = NumberField(f"start_{name}", f"Start value of {name}", field_kind(Parameter, "start"))
        start.line.setToolTip(f"Start value of {name}: what it is before the first epoch. {BEGINS_ANEW}")
        start.entered.connect(self._take_starts)
        now = NumberField(f"value_{name}", f"Present value of {name}", NumberKind(float32=self._dtype == "float32"))
        now.line.setToolTip(
            f"{name} as it is now. A value typed here is where the next epoch begins; one in work is run again.\n"
            "It is recorded as a change at this epoch and marked in the plots. At epoch 0 it is the start value."
        )
        now.entered.connect(self._enter)
        return _Row(label, start, now)

    @Slot(float)
    def _take_starts(self, _value: float) -> None:
        parameters = tuple(Parameter(name, row.start.value) for name, row in self._rows.items())
        self.edited.emit(ExperimentEdit({"parameters": parameters}))

    @Slot(float)
    def _enter(self, value: float) -> None:
        field = self.sender()
        name = next((name for name, row in self._rows.items() if row.now is field), None)
        if name is not None:
            self.entered.emit(name, value)
