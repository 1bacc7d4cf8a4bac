"""Where two runs part, to the last bit, and the way there."""

from msgspec import structs
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from gradgui.experiment.training_loop import PHASES, Phase
from gradgui.numbers import shown, write_count
from gradgui.record.csv_file import shortest
from gradgui.record.first_difference import FirstDifference, first_differing_epoch
from gradgui.record.run_store import RunStoreError
from gradgui.ui.app.theme import SPACING
from gradgui.ui.runs.kept_runs import KeptRuns
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.worker import commands
from gradgui.worker.difference_finder import DifferenceQuestion
from gradgui.worker.training_thread import TrainingThread

WIDTH = 460

_PHASES = {
    None: "It begins with other numbers",
    Phase.FORWARD: "The forward pass gives other numbers",
    Phase.LOSS: "The loss is another",
    Phase.BACKWARD: "The backward pass gives other gradients",
    Phase.UPDATE: "The update gives other numbers",
    Phase.ZERO_GRAD: "zero_grad leaves other gradients",
}


class FirstDifferenceDialog(QDialog):
    """Look for the first number in which two kept runs differ.

    Parameters
    ----------
    window
        The dialog's parent.
    kept
        Opens the first run there.
    training
        Trains both again.
    first, second
        Their numbers in the file of runs.
    """

    def __init__(self, window: QWidget, kept: KeptRuns, training: TrainingThread, first: int, second: int) -> None:
        super().__init__(window)
        self.setObjectName("first_difference_dialog")
        self.setWindowTitle(f"Where runs {first} and {second} part")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._kept, self._runs = kept, (first, second)
        self._found: FirstDifference | None = None
        self._sentence = wrapping_label("difference_sentence")
        self._values = QLabel()
        self._values.setObjectName("difference_values")
        self._values.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._go = QPushButton("&Go there")
        self._go.setObjectName("difference_go")
        self._go.setToolTip(f"Open run {first} at this phase, and draw run {second} beside it.")
        self._go.setEnabled(False)
        self._go.setDefault(True)
        self._go.clicked.connect(self._go_there)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self._go, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACING, 2 * SPACING, 2 * SPACING, SPACING)
        layout.setSpacing(SPACING)
        for widget in (self._sentence, self._values, buttons):
            layout.addWidget(widget)
        self.resize(WIDTH, self.sizeHint().height())
        training.finder.found.connect(self._show)
        training.finder.failed.connect(self._sentence.setText)
        self._look(training)

    def _look(self, training: TrainingThread) -> None:
        """Compare the logs, and have the epoch in which they differ run phase by phase."""
        store, (first, second) = self._kept.store, self._runs
        if store is None:
            return
        try:
            specs, logs = [store.spec(run) for run in self._runs], [store.log(run) for run in self._runs]
        except RunStoreError as error:
            self._sentence.setText(str(error))
            return
        models = [spec.experiment.model for spec in specs]
        if models[0] != models[1]:
            self._sentence.setText(
                f"Run {first} trains {models[0]} and run {second} trains {models[1]}; expected two runs of one model."
            )
            return
        self._dtypes = [spec.experiment.dtype for spec in specs]
        epoch = first_differing_epoch(*logs)
        if epoch is None:
            common = min(map(len, logs))
            self._sentence.setText(f"Equal to the last bit, {write_count(common)} epochs.")
            return
        self._sentence.setText(f"They part in epoch {write_count(epoch)}; looking for the phase …")
        loads = (
            commands.Load(structs.replace(spec, trained=epoch - 1), kept=run, checkpoints=store.checkpoints(run))
            for run, spec in zip(self._runs, specs, strict=True)
        )
        training.find_difference(DifferenceQuestion(*loads))

    @Slot(object)
    def _show(self, found: FirstDifference | None) -> None:
        """Say what was found."""
        self._found = found
        if found is None:
            self._sentence.setText("Trained again here, they are equal there: that is not what was kept.")
            return
        self._go.setEnabled(True)
        self._sentence.setText(f"They part in epoch {write_count(found.epoch)}. {_PHASES[found.phase]}: {found.name}")
        values = zip((found.first, found.second), self._dtypes, found.errors, strict=True)
        lines = [error or _written(value, dtype) for value, dtype, error in values]
        self._values.setText("\n".join(f"run {run}:  {line}" for run, line in zip(self._runs, lines, strict=True)))
        self.adjustSize()

    @Slot()
    def _go_there(self) -> None:
        found = self._found
        if found is not None:
            phases = 0 if found.phase is None else PHASES.index(found.phase)
            self.accept()
            self._kept.compared.tick(self._runs[1], True)
            self._kept.open(self._runs[0], commands.GoTo(found.epoch - 1, phases))


def _written(value: float | None, dtype: str) -> str:
    """Write a number in full, in decimals and bit for bit."""
    return "none" if value is None else f"{shown(shortest(value, dtype))}   ({value.hex()})"
