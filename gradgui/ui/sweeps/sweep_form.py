"""What is swept: one thing or two, epochs, a wanted loss, and data that are made up."""

import math

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from gradgui.experiment.early_stopping import NO_STOP_RULES
from gradgui.experiment.experiment import MOST_EPOCHS, Experiment
from gradgui.experiment.generators import GENERATORS, MOST_NOISE, MOST_POINTS
from gradgui.experiment.sweep.exactness import inexact_part
from gradgui.experiment.sweep.sweep import GeneratedData, Sweep
from gradgui.experiment.sweep.varied import variable_names
from gradgui.numbers import write_count
from gradgui.ui.app.theme import SPACING
from gradgui.ui.sweeps.varied_row import VariedRow
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import NumberKind

OWN_DATA = "those of the experiment"
MOST_SEED = 2**31 - 1


class SweepForm(QWidget):
    """Choose a sweep of the present experiment.

    Signals
    -------
    changed()
        Another sweep is chosen, or none that can be trained.

    Attributes
    ----------
    sweep
        What is chosen, None where it cannot be trained.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._experiment: Experiment | None = None
        self.sweep: Sweep | None = None
        self._rows = (
            VariedRow("varied", "What is varied", optional=False),
            VariedRow("varied_too", "What else is varied", optional=True),
        )
        self._epochs = NumberField("sweep_epochs", "Epochs of each run", NumberKind(ge=1, le=MOST_EPOCHS, whole=True))
        self._wanted = NumberField("sweep_wanted_loss", "Wanted loss", NumberKind(optional=True))
        self._kind = QComboBox()
        self._kind.setObjectName("sweep_data")
        self._kind.setAccessibleName("Data of the sweep")
        self._kind.addItems([OWN_DATA, *GENERATORS])
        self._kind.setToolTip("Made-up data have noise and a seed, which can be varied.")
        self._points = NumberField("sweep_points", "Points", NumberKind(ge=1, le=MOST_POINTS, whole=True))
        self._noise = NumberField("sweep_noise", "Noise", NumberKind(ge=0.0, le=MOST_NOISE))
        self._seed = NumberField("sweep_seed", "Seed", NumberKind(ge=0, le=MOST_SEED, whole=True))
        self._told = wrapping_label("sweep_told")
        self._problem = wrapping_label("problem")
        for field, value, tooltip in (
            (self._epochs, 20.0, "How many epochs each run is trained, if its numbers stay finite."),
            (self._wanted, math.nan, "The first epoch with at most this loss is told; empty for none."),
            (self._points, 20.0, "How many points are made up."),
            (self._noise, 0.5, "Standard deviation of the noise."),
            (self._seed, 0.0, "Another one gives other noise."),
        ):
            field.set_value(value)
            field.line.setToolTip(tooltip)
            field.entered.connect(self._choose)
        for row in self._rows:
            row.changed.connect(self._choose)
        self._kind.activated.connect(self._choose)
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(SPACING - 2)
        self._form.addRow("Epochs", self._epochs)
        self._form.addRow("Wanted loss", self._wanted)
        self._form.addRow("Data", self._kind)
        for name, field in (("Points", self._points), ("Noise", self._noise), ("Seed", self._seed)):
            self._form.addRow(name, field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        for title, row in zip(("Vary", "and"), self._rows, strict=True):
            label = QLabel(title)
            label.setObjectName("heading")
            layout.addWidget(label)
            layout.addWidget(row)
        layout.addLayout(self._form)
        layout.addWidget(self._told)
        layout.addWidget(self._problem)

    def show_experiment(self, experiment: Experiment) -> None:
        """Choose of another experiment; what is chosen stays where it can."""
        if experiment == self._experiment:
            return
        if self._experiment is None:
            self._epochs.set_value(experiment.epochs)
        self._experiment = experiment
        self._choose()

    def show_sweep(self, sweep: Sweep) -> None:
        """Show what a sweep varies, for the present experiment."""
        self._epochs.set_value(sweep.epochs)
        self._wanted.set_value(math.nan if sweep.wanted_loss is None else sweep.wanted_loss)
        made = sweep.generated
        self._kind.setCurrentText(OWN_DATA if made is None else made.kind)
        if made is not None:
            for field, value in ((self._points, made.points), (self._noise, made.noise), (self._seed, made.seed)):
                field.set_value(value)
        for row, varied in zip(self._rows, (*sweep.varied, None), strict=False):
            self._offer()  # of the second what the first one leaves
            row.show_varied(varied)
        self._choose()

    @Slot()
    def _choose(self) -> None:
        """Take what is chosen, or say what is wrong with it."""
        experiment = self._experiment
        if experiment is None:
            return
        self._offer()
        self.sweep, problem = None, ""
        try:
            varied = tuple(one for row in self._rows if (one := row.varied) is not None)
            self.sweep = Sweep(experiment, varied, int(self._epochs.value), self._wanted_loss, self._generated)
        except ValueError as error:
            problem = f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}."
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._told.setText(self._description)
        self._told.setVisible(self.sweep is not None)
        self.changed.emit()

    def _offer(self) -> None:
        is_made = self._kind.currentText() != OWN_DATA
        for field in (self._points, self._noise, self._seed):
            self._form.setRowVisible(field, is_made)
        if self._experiment is not None:
            names = variable_names(self._experiment, has_generated_data=is_made)
            first, second = self._rows
            first.offer(names, self._experiment)
            second.offer([name for name in names if name != first.thing.currentText()], self._experiment)

    @property
    def _description(self) -> str:
        sweep = self.sweep
        if sweep is None:
            return ""
        part = inexact_part(sweep)
        how = f"one after another, as {part} is rounded otherwise in a stack" if part else "as one graph"
        rules = "" if sweep.experiment.stop == NO_STOP_RULES else " Stop rules do not count here."
        runs = "1 run" if sweep.runs == 1 else f"{write_count(sweep.runs)} runs"
        return f"{runs}, {how}. Each has the bits that it has alone.{rules}"

    @property
    def _wanted_loss(self) -> float | None:
        return None if math.isnan(self._wanted.value) else self._wanted.value

    @property
    def _generated(self) -> GeneratedData | None:
        kind = self._kind.currentText()
        if kind == OWN_DATA:
            return None
        return GeneratedData(kind, int(self._points.value), self._noise.value, int(self._seed.value))
