"""What came of a sweep: its map or its curve, and the loss of all runs over the epochs."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gradgui.record.stability import stability_border, stability_value
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.sweeps.quantity import Quantity
from gradgui.ui.sweeps.rate_marks import rate_marks
from gradgui.ui.sweeps.sweep_curve import SweepCurve
from gradgui.ui.sweeps.sweep_curves import SweepCurves
from gradgui.ui.sweeps.sweep_map import SweepMap
from gradgui.ui.sweeps.sweep_plot import SweepPlot

SHARES = (62, 38)
"""Of the height: to the map or the curve, and to the losses."""


class SweepViews(QWidget):
    """Show the outcomes of a sweep.

    Signals
    -------
    chosen(int)
        A run was clicked, or taken with Enter.
    range_chosen(tuple)
        Ranges to be swept anew.

    Attributes
    ----------
    outcomes
        What is shown, None before anything was trained.
    curves
        The losses over the epochs.
    """

    chosen = Signal(int)
    range_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: SweepOutcomes | None = None
        self._map, self._curve, self.curves = SweepMap(), SweepCurve(), SweepCurves()
        self._quantity = QComboBox()
        self._quantity.setObjectName("sweep_quantity")
        self._quantity.setAccessibleName("What is shown of each run")
        self._quantity.setToolTip("What is shown of each run.")
        self._stack = QStackedWidget()
        for plot in (self._map, self._curve):
            self._stack.addWidget(plot)
            plot.chosen.connect(self._choose)
            plot.hovered.connect(self.curves.set_chosen)
            plot.range_chosen.connect(self.range_chosen)
        self._quantity.activated.connect(self._show_quantity)
        row = QHBoxLayout()
        row.addWidget(QLabel("Show"))
        row.addWidget(self._quantity)
        row.addStretch(1)
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(upper)
        splitter.addWidget(self.curves)
        for place, share in enumerate(SHARES):
            splitter.setStretchFactor(place, share)
        self._empty = QLabel("Here come the runs: one thing varied gives a curve, two give a map.")
        self._empty.setObjectName("hint")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._filled = splitter
        self._filled.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._empty)
        layout.addWidget(self._filled)
        self._offer(has_wanted_loss=False)

    @property
    def main(self) -> SweepPlot:
        """The map, or the curve."""
        return self._map if self._stack.currentWidget() is self._map else self._curve

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        for plot in (self._map, self._curve, self.curves):
            plot.set_theme(theme)

    def show_outcomes(self, outcomes: SweepOutcomes) -> None:
        """Show what became of the runs."""
        self.outcomes = outcomes
        self._empty.hide()
        self._filled.show()
        sweep = outcomes.sweep
        self._offer(has_wanted_loss=sweep.wanted_loss is not None)
        if len(sweep.varied) == 2:
            self._stack.setCurrentWidget(self._map)
            self._map.set_border(stability_border(sweep, outcomes.curvature), "border of stability")
        else:
            self._stack.setCurrentWidget(self._curve)
            limit = stability_value(sweep, sweep.varied[0], outcomes.curvature, {})
            self._curve.set_marks(rate_marks(outcomes, limit))
        self._show_quantity()
        self.main.show_outcomes(outcomes)
        self.curves.show_outcomes(outcomes)

    def _offer(self, *, has_wanted_loss: bool) -> None:
        offered = [one for one in Quantity if one is not Quantity.EPOCHS or has_wanted_loss]
        if len(offered) != self._quantity.count():
            present = self._quantity.currentText()
            self._quantity.clear()
            for one in offered:
                self._quantity.addItem(one.value, one)
            self._quantity.setCurrentIndex(max(0, self._quantity.findText(present)))

    @Slot()
    def _show_quantity(self) -> None:
        for plot in (self._map, self._curve):
            plot.set_quantity(self._quantity.currentData())

    @Slot(int)
    def _choose(self, run: int) -> None:
        self.curves.set_chosen(run)
        self.chosen.emit(run)
