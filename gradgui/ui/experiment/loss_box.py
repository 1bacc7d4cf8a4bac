"""The loss: one that has a name, or a formula of one's own."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from gradgui.experiment.changes import ExperimentEdit
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment
from gradgui.experiment.formula import names_in, parse_formula
from gradgui.experiment.losses import LOSSES, MEANINGS
from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.formula_field import FormulaField
from gradgui.ui.widgets.settings_form import BEGINS_ANEW

OWN_FORMULA = "own formula"


class LossBox(QWidget):
    """What counts as wrong.

    Signals
    -------
    edited(ExperimentEdit)
        Another loss.
    """

    edited = Signal(ExperimentEdit)

    def __init__(self) -> None:
        super().__init__()
        self._experiment = DEFAULT_EXPERIMENT
        self._name = QComboBox()
        self._name.setObjectName("loss_name")
        self._name.setAccessibleName("Loss")
        self._name.addItems([*LOSSES, OWN_FORMULA])
        self._name.activated.connect(self._take_name)
        self.formula = FormulaField("loss_formula", "Loss formula", _check)
        self.formula.line.setToolTip(
            f"Loss formula: what one point costs, in y and y_pred; the loss is its mean over the data.\n{BEGINS_ANEW}"
        )
        self.formula.entered.connect(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self._name)
        layout.addWidget(self.formula)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show another experiment's loss."""
        self._experiment = experiment
        self.formula.set_text(experiment.loss)
        name = next((name for name, formula in LOSSES.items() if formula == experiment.loss), OWN_FORMULA)
        self._name.setCurrentText(name)
        self._name.setToolTip(f"Loss: {MEANINGS.get(name, 'the mean of a formula of one’s own.')} {BEGINS_ANEW}")

    @Slot(str)
    def _take(self, loss: str) -> None:
        self.edited.emit(ExperimentEdit({"loss": loss}))

    @Slot(int)
    def _take_name(self, _index: int) -> None:
        loss = LOSSES.get(self._name.currentText())
        if loss is None:
            self.formula.line.setFocus()
        elif loss != self._experiment.loss:
            self._take(loss)


def _check(text: str) -> None:
    loss = parse_formula(text, ("y", "y_pred"))
    if loss.parameters:
        raise ValueError(f"Only y and y_pred may stand in the loss, not {loss.parameters[0]}.")
    if "y_pred" not in names_in(loss.tree):
        raise ValueError("y_pred must stand in the loss, or there is nothing to learn.")
