"""In which numbers it is computed, and where the prediction is read off."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from gradgui.experiment.changes import ExperimentEdit
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment
from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import field_kind
from gradgui.ui.widgets.settings_form import BEGINS_ANEW


class NumbersBox(QWidget):
    """The floating-point type and the probe.

    Signals
    -------
    edited(ExperimentEdit)
        Another one of them.
    """

    edited = Signal(ExperimentEdit)

    def __init__(self) -> None:
        super().__init__()
        self._experiment = DEFAULT_EXPERIMENT
        self._dtype = QComboBox()
        self._dtype.setObjectName("dtype")
        self._dtype.setAccessibleName("Floating-point type")
        self._dtype.addItems(["float32", "float64"])
        self._dtype.setToolTip(
            "Floating-point type of data and parameters. In float32 the lesson's w stops at 1.9999996:\n"
            f"the next step is smaller than half the distance to the next float32. {BEGINS_ANEW}"
        )
        self._dtype.activated.connect(self._take_dtype)
        self._probe = NumberField("probe", "Probe", field_kind(Experiment, "probe"))
        self._probe.line.setToolTip(f"Probe: the x of the prediction f(x) that is shown. {BEGINS_ANEW}")
        self._probe.entered.connect(self._take_probe)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SPACING // 2)
        form.addRow("Type", self._dtype)
        form.addRow("Probe x", self._probe)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show another experiment's."""
        self._experiment = experiment
        self._dtype.setCurrentText(experiment.dtype)
        self._probe.set_value(experiment.probe)

    @Slot(int)
    def _take_dtype(self, _index: int) -> None:
        if self._dtype.currentText() != self._experiment.dtype:
            self.edited.emit(ExperimentEdit({"dtype": self._dtype.currentText()}))

    @Slot(float)
    def _take_probe(self, probe: float) -> None:
        self.edited.emit(ExperimentEdit({"probe": probe}))
