"""Points made by a formula, noise and a seed."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QPushButton, QVBoxLayout, QWidget

from gradgui.experiment.experiment import Data
from gradgui.experiment.generators import GENERATORS, MOST_POINTS, generate
from gradgui.ui.entries import non_negative_steps, parse_non_negative, parse_whole, whole_steps, write_number
from gradgui.ui.number_field import NumberField
from gradgui.ui.theme import SPACING

MOST_SEED = 999_999_999


class GenerateBox(QWidget):
    """Choose what is generated; the same choice gives the same points on every machine.

    Signals
    -------
    generated(Data, str)
        The points, and what they are called.
    """

    generated = Signal(Data, str)

    def __init__(self) -> None:
        super().__init__()
        self._kind = QComboBox()
        self._kind.setObjectName("generator")
        self._kind.setAccessibleName("Kind of data")
        self._kind.addItems(list(GENERATORS))
        self._kind.currentIndexChanged.connect(self._explain)
        self._points = NumberField("generated_points", "Points", _parse_points, write_number, whole_steps)
        self._points.line.setToolTip("Points: how many are generated.")
        self._noise = NumberField("generated_noise", "Noise", parse_non_negative, write_number, non_negative_steps)
        self._noise.line.setToolTip("Noise: the standard deviation of the normal noise added to y, 0 for none.")
        self._seed = NumberField("generated_seed", "Seed", _parse_seed, write_number, whole_steps)
        self._seed.line.setToolTip("Seed of the random numbers: the same seed gives the same points.")
        for field, value in ((self._points, 20), (self._seed, 0)):
            field.set_value(value)
        self._button = QPushButton("Generate")
        self._button.setObjectName("generate")
        self._button.setAccessibleName("Generate data")
        self._button.setToolTip("Put generated points in place of the data. It can be undone.")
        self._button.clicked.connect(self._generate)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(SPACING - 2)
        form.addRow("Kind", self._kind)
        form.addRow("Points", self._points)
        form.addRow("Noise", self._noise)
        form.addRow("Seed", self._seed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        layout.addWidget(self._button)
        self._explain()

    @Slot()
    def _explain(self) -> None:
        generator = GENERATORS[self._kind.currentText()]
        self._kind.setToolTip(f"Kind of data: {generator.meaning}")
        self._noise.set_value(generator.noise)

    @Slot()
    def _generate(self) -> None:
        kind = self._kind.currentText()
        data = generate(kind, int(self._points.value), self._noise.value, int(self._seed.value))
        self.generated.emit(data, kind)


def _parse_points(text: str) -> float:
    return parse_whole(text, 2, MOST_POINTS)


def _parse_seed(text: str) -> float:
    return parse_whole(text, 0, MOST_SEED)
