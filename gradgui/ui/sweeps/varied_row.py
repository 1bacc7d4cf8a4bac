"""What is varied, from where to where, in how many steps: one thing."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.sweep.varied import LEARNING_RATE, MOST_RUNS, NOISE, SEED, START, Varied
from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import NumberKind

NOTHING = "nothing else"
USUAL = {
    "momentum": (0.0, 0.95, "linear"),
    "weight_decay": (0.0, 0.5, "linear"),
    "alpha": (0.5, 0.99, "linear"),
    "beta1": (0.0, 0.95, "linear"),
    "beta2": (0.5, 0.999, "linear"),
    "epsilon": (1e-9, 1e-3, "log"),
    SEED: (0.0, 15.0, "linear"),
    NOISE: (0.0, 2.0, "linear"),
}
"""Ranges that are offered first."""
SCALES = {"linear": "equal steps", "log": "equal ratios"}


class VariedRow(QWidget):
    """Choose one thing, its range, its scale and how many values it has.

    Parameters
    ----------
    name
        ``objectName`` of the choice, and before those of the fields.
    title
        Accessible name of the choice.
    optional
        Whether it may be nothing.

    Signals
    -------
    changed()
        Something else is varied, or otherwise.
    """

    changed = Signal()

    def __init__(self, name: str, title: str, *, optional: bool) -> None:
        super().__init__()
        self._optional = optional
        self._experiment: Experiment | None = None
        self.thing = QComboBox()
        self.thing.setObjectName(name)
        self.thing.setAccessibleName(title)
        self.thing.setToolTip("What differs from run to run.")
        self.first = NumberField(f"{name}_first", f"{title}: first value", NumberKind())
        self.last = NumberField(f"{name}_last", f"{title}: last value", NumberKind())
        self.count = NumberField(
            f"{name}_count", f"{title}: how many values", NumberKind(ge=1, le=MOST_RUNS, whole=True)
        )
        self.scale = QComboBox()
        self.scale.setObjectName(f"{name}_scale")
        self.scale.setAccessibleName(f"{title}: scale")
        self.scale.setToolTip("Whether neighbours have the same difference, or the same ratio.")
        for key, text in SCALES.items():
            self.scale.addItem(text, key)
        for field, tooltip in (
            (self.first, "The first value."),
            (self.last, "The last value."),
            (self.count, "How many values there are, both ends included."),
        ):
            field.line.setToolTip(tooltip)
            field.entered.connect(self._tell)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACING - 2)
        grid.addWidget(self.thing, 0, 0, 1, 4)
        for column, widget in enumerate((QLabel("from"), self.first, QLabel("to"), self.last)):
            grid.addWidget(widget, 1, column)
        for column, widget in enumerate((QLabel("values"), self.count, QLabel("in"), self.scale)):
            grid.addWidget(widget, 2, column)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.thing.activated.connect(self._choose)
        self.scale.activated.connect(self._tell)

    def offer(self, names: Sequence[str], experiment: Experiment) -> None:
        """Offer these things; the choice stays where it is still there."""
        self._experiment = experiment
        offered = [*([NOTHING] if self._optional else []), *names]
        if offered == [self.thing.itemText(place) for place in range(self.thing.count())]:
            return
        before = self.thing.currentText()
        self.thing.clear()
        self.thing.addItems(offered)
        self.thing.setCurrentText(before)
        if self.thing.currentText() != before:
            self._suggest()

    @property
    def varied(self) -> Varied | None:
        """What is chosen, None for nothing.

        Raises
        ------
        ValueError
            When it cannot be varied so.
        """
        if self.thing.currentText() == NOTHING:
            return None
        return Varied(
            self.thing.currentText(),
            self.first.value,
            self.last.value,
            int(self.count.value),
            self.scale.currentData(),
        )

    def show_varied(self, varied: Varied | None) -> None:
        """Show what is varied."""
        self.thing.setCurrentText(NOTHING if varied is None else varied.name)
        self._show_fields(varied is not None)
        if varied is not None:
            for field, value in ((self.first, varied.first), (self.last, varied.last), (self.count, varied.count)):
                field.set_value(value)
            self.scale.setCurrentIndex(list(SCALES).index(varied.scale))

    @Slot()
    def _choose(self) -> None:
        self._suggest()
        self.changed.emit()

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()

    def _suggest(self) -> None:
        """Offer a range for what was chosen."""
        name, experiment = self.thing.currentText(), self._experiment
        if experiment is None or name in {NOTHING, ""}:
            self._show_fields(False)
            return
        if name == LEARNING_RATE:
            first, last, scale = experiment.learning_rate / 10, experiment.learning_rate * 100, "log"
        elif name.startswith(START):
            start = next(one.start for one in experiment.parameters if f"{START}{one.name}" == name)
            first, last, scale = start - 5.0, start + 5.0, "linear"
        else:
            first, last, scale = USUAL[name]
        count = 16 if name == SEED else 64
        try:
            suggested = Varied(name, first, last, count, scale)  # type: ignore[arg-type]
        except ValueError:  # of a number that is as large or as small as a number can be
            suggested = Varied(name, 0.001, 1.0, count, "log")
        self.show_varied(suggested)

    def _show_fields(self, shown: bool) -> None:
        for widget in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if widget is not self.thing:
                widget.setVisible(shown)
