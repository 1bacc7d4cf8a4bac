"""The panel that says which runs are compared, and how: the legend, alignment, smoothing, the difference of two."""

import math

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from gradgui.experiment.experiment import Experiment
from gradgui.numbers import write_count
from gradgui.record.loss_difference import LossDifference
from gradgui.record.training_log import TrainingLog
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.plots.curves import Curve
from gradgui.ui.plots.epoch_plot import EpochPlot
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.runs.looks import solid_pen
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import NumberKind
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View

PRESENT = 0
"""Stands for the present run where others have their number."""
SWATCH = QSize(36, 14)
STEPS_A_DECADE = 10
"""Steps of the slider from a smoothing of 0.9 to 0.99, and so on."""
REST = 120
"""Milliseconds that the slider rests before all curves are smoothed anew."""
MOST_ROWS = 4
"""Runs that the legend shows without scrolling."""


def smoothing_at(position: int) -> float:
    """Give the smoothing at a place of the slider: 0, 0.206 … 0.9 … 0.99, 0.999."""
    return round(1.0 - float(10.0 ** (-position / STEPS_A_DECADE)), 3)


class ComparePanel(QWidget, View):
    """Which runs are compared, and how.

    Parameters
    ----------
    compared
        The runs.
    run
        The present run.

    Attributes
    ----------
    plot
        The difference of the losses of two runs.
    """

    name = "compare_panel"
    heading = "Compare"
    guide = "comparing-runs"
    pictures = (("difference_plot", "Difference of losses"),)

    def __init__(self, compared: ComparedRuns, run: LiveRun) -> None:
        super().__init__()
        self._compared, self._run = compared, run
        self._difference: LossDifference | None = None
        self._hint = wrapping_label(
            "hint",
            "Runs that are ticked in the list of runs are drawn here and in the plots, beside the present one.",
        )
        self._legend = QListWidget()
        self._legend.setObjectName("compare_legend")
        self._legend.setAccessibleName("Compared runs")
        self._legend.setIconSize(SWATCH)
        self._legend.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._legend.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._align = _combo("compare_align", "Alignment")
        self._align.addItems(["by epoch", "at the first loss ≤"])
        self._align.setToolTip(
            "By epoch; or the curves of the other runs are moved so that the epoch at which each first had such a\n"
            "loss stands where the present run first had it. The axis has the epochs of the present run."
        )
        self._loss = NumberField("compare_loss", "Loss at which the runs are aligned", NumberKind(ge=0.0))
        self._smoothing = QSlider(Qt.Orientation.Horizontal)
        self._smoothing.setObjectName("compare_smoothing")
        self._smoothing.setAccessibleName("Smoothing")
        self._smoothing.setRange(0, 3 * STEPS_A_DECADE)
        self._smoothing.setToolTip(
            "Exponential moving average: each epoch weighs so many times as much as the one after it.\n"
            "The raw curves stay, faint."
        )
        self._rested = QTimer(self)
        self._rested.setSingleShot(True)
        self._rested.setInterval(REST)
        self._rested.timeout.connect(self._smooth)
        self._smoothed = QLabel()
        self._smoothed.setObjectName("compare_smoothing_value")
        self._first, self._second = _combo("compare_first", "Run"), _combo("compare_second", "Run to be subtracted")
        self._over = wrapping_label("hint")
        self.plot = EpochPlot("difference_plot", "Difference of losses", "difference of losses")
        self._lay_out()
        self._legend.itemChanged.connect(self._untick)
        self._align.activated.connect(self._take_alignment)
        self._loss.entered.connect(self._take_alignment)
        self._smoothing.valueChanged.connect(self._take_smoothing)
        for combo in (self._first, self._second):
            combo.activated.connect(self._take_pair)
        compared.changed.connect(self._show_runs)
        self._loss.set_value(0.1)
        self._take_smoothing(0)
        self._take_alignment()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(SPACING // 2)
        form.setHorizontalSpacing(SPACING)
        smoothing = QHBoxLayout()
        smoothing.addWidget(self._smoothing, 1)
        smoothing.addWidget(self._smoothed)
        form.addRow("Align", self._align)
        form.addRow("", self._loss)
        form.addRow("Smoothing", smoothing)
        form.addRow("Difference", self._first)
        form.addRow("less", self._second)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self._hint)
        layout.addWidget(self._legend)
        layout.addLayout(form)
        layout.addWidget(self._over)
        layout.addWidget(self.plot, 1)
        layout.addStretch(0)

    @property
    def pictured(self) -> tuple[QWidget, ...]:
        """The difference."""
        return (self.plot,)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        self.plot.set_theme(theme)
        self._show_runs()

    def show_experiment(self, _experiment: Experiment) -> None:
        """Say anew what tells the runs apart."""
        self._show_runs()

    def draw(self, run: LiveRun) -> None:
        """Draw the difference, where there are two runs."""
        first, second = (self._log(combo.currentData(), run) for combo in (self._first, self._second))
        if first is None or second is None or not self.plot.isVisibleTo(self):
            return
        known = self._difference
        if known is None or known.first is not first or known.second is not second:
            self._difference = known = LossDifference(first, second)
        known.follow()
        self.plot.show_log(known.log, len(known.log), max(len(known.log), 1))
        lengths = " and ".join(write_count(len(log)) for log in (first, second))
        self._over.setText(f"over the {write_count(len(known.log))} epochs that both have, of {lengths}")

    def _log(self, chosen: int | None, run: LiveRun) -> TrainingLog | None:
        if chosen == PRESENT:
            return run.log
        return next((one.log for one in self._compared.runs if one.id == chosen), None)

    @Slot()
    def _show_runs(self) -> None:
        runs = self._compared.runs
        with QSignalBlocker(self._legend):
            self._legend.clear()
            item = QListWidgetItem(
                self._swatch(solid_pen(self.theme.loss)), f"{self._compared.present_label} (present)"
            )
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self._legend.addItem(item)
            for run in runs:
                item = QListWidgetItem(self._swatch(run.look.pen(self.theme)), run.label)
                item.setData(Qt.ItemDataRole.UserRole, run.id)
                item.setCheckState(Qt.CheckState.Checked)
                item.setToolTip(f"Run {run.id}: {run.label}, {write_count(len(run.log))} epochs")
                self._legend.addItem(item)
        row = self._legend.sizeHintForRow(0)
        self._legend.setFixedHeight(row * min(len(runs) + 1, MOST_ROWS) + 2 * self._legend.frameWidth())
        self._hint.setVisible(not runs)
        self._legend.setVisible(bool(runs))
        for combo, place in ((self._first, 0), (self._second, 1)):
            self._offer(combo, place)
        for combo in (self._first, self._second):
            combo.setEnabled(bool(runs))
        for widget in (self._over, self.plot):
            widget.setVisible(bool(runs))
        self._take_pair()

    def _offer(self, combo: QComboBox, place: int) -> None:
        """Offer all runs, and keep the one that was chosen where it is still compared."""
        chosen = combo.currentData()
        combo.clear()
        combo.addItem(f"{self._compared.present_label} (present)", PRESENT)
        for run in self._compared.runs:
            combo.addItem(run.label, run.id)
        found = combo.findData(chosen)
        combo.setCurrentIndex(found if found >= 0 and combo.count() > 2 else min(place, combo.count() - 1))

    @Slot()
    def _take_pair(self) -> None:
        names = f"{self._first.currentText()} less {self._second.currentText()}"
        self.plot.set_curves((Curve("loss", "difference", self.theme.loss),), self.theme)
        self.plot.setToolTip(f"The loss of each epoch: {names}.")
        self._run.clock.request()

    @Slot(QListWidgetItem)
    def _untick(self, item: QListWidgetItem) -> None:
        if item.checkState() is Qt.CheckState.Unchecked:
            self._compared.tick(item.data(Qt.ItemDataRole.UserRole), False)

    @Slot()
    def _take_alignment(self) -> None:
        by_loss = self._align.currentIndex() == 1
        self._loss.setVisible(by_loss)
        self._compared.align(self._loss.value if by_loss and not math.isnan(self._loss.value) else None)

    @Slot(int)
    def _take_smoothing(self, position: int) -> None:
        smoothing = smoothing_at(position)
        self._smoothed.setText(f"{smoothing:.3g}" if smoothing else "none")
        self._rested.start()

    @Slot()
    def _smooth(self) -> None:
        self._compared.smooth(smoothing_at(self._smoothing.value()))

    def _swatch(self, pen: QPen) -> QIcon:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(SWATCH * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(0, 0, 0, 0))
        painter = QPainter(picture)
        painter.setPen(pen)
        painter.drawLine(0, SWATCH.height() // 2, SWATCH.width(), SWATCH.height() // 2)
        painter.end()
        return QIcon(picture)


def _combo(name: str, title: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(title)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(4)  # and not the longest name, which would widen the window
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return combo
