"""The window of a sweep: what is swept, how far it is, and what came of it."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gradgui.experiment.sweep.sweep import Sweep
from gradgui.numbers import write_count
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.sweeps.sweep_form import SweepForm
from gradgui.ui.sweeps.sweep_views import SweepViews
from gradgui.ui.sweeps.train_together import MOST_TOGETHER
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.worker.jobs.sweep_training import SweepProgress

SIZE = (1120, 760)
FORM_WIDTH = 270
STEPS = 1000
EXPORTS = {
    "csv": "Table, one row a &run (CSV)…",
    "long_csv": "&Loss of every run and epoch (CSV)…",
    "script": "&PyTorch script…",
    "picture": "Picture of the &map or curve…",
    "curves": "Picture of the loss &curves…",
}


class SweepWindow(QDialog):
    """Choose a sweep, have it trained, and look at it, beside the main window.

    Parameters
    ----------
    parent
        The main window.

    Signals
    -------
    begin_wanted(Sweep)
        It is to be trained.
    together_wanted(Sweep)
        Its runs are to be trained side by side in the main window's plots.
    cancel_wanted()
        What is being trained is enough.
    run_wanted(int)
        This run of the sweep that is shown is to be the present one.
    export_wanted(str)
        The sweep that is shown is to be written: a key of `EXPORTS`.
    earlier_wanted(Path)
        An earlier sweep is to be shown.

    Attributes
    ----------
    form
        What is swept.
    views
        What came of it.
    """

    begin_wanted = Signal(Sweep)
    together_wanted = Signal(Sweep)
    cancel_wanted = Signal()
    run_wanted = Signal(int)
    export_wanted = Signal(str)
    earlier_wanted = Signal(Path)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sweep_window")
        self.setWindowTitle("Sweep")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        room = self.screen().availableSize()
        self.resize(min(SIZE[0], room.width() - 40), min(SIZE[1], room.height() - 60))
        self.form = SweepForm()
        self.views = SweepViews()
        self._start = _button("sweep_start", "&Start", "Train all runs; the window stays free meanwhile.")
        self._together = _button(
            "sweep_together",
            "Train &together",
            f"A sweep of up to {MOST_TOGETHER} runs, side by side in the main window's plots, as one graph:\n"
            "the first is the present run, and the others go as far as that goes, with Run, Pause, Step and\n"
            "at any speed.",
        )
        self._cancel = _button("sweep_cancel", "&Cancel", "Stop training; what is there is shown and kept.")
        self._export = _button("sweep_export", "E&xport", "Write the sweep to a file.")
        self._menu = QMenu(self._export)
        for kind, text in EXPORTS.items():
            action = self._menu.addAction(text)
            action.setObjectName(f"sweep_export_{kind}")
            action.setData(kind)
        self._menu.triggered.connect(self._ask_export)
        self._export.setMenu(self._menu)
        self._earlier = QComboBox()
        self._earlier.setObjectName("earlier_sweeps")
        self._earlier.setAccessibleName("Earlier sweeps")
        self._earlier.setToolTip("Sweeps that were trained before, the newest first.")
        self._earlier.activated.connect(self._ask_earlier)
        self._bar = QProgressBar()
        self._bar.setObjectName("sweep_progress")
        self._bar.setAccessibleName("Progress of the sweep")
        self._bar.setRange(0, STEPS)
        self._state = wrapping_label("sweep_state", "Choose what differs from run to run, then press Start.")
        self._lay_out()
        self.form.changed.connect(self._allow)
        self._start.clicked.connect(self._begin)
        self._cancel.clicked.connect(self.cancel_wanted)
        self._together.clicked.connect(self._train_together)
        self.views.chosen.connect(self.run_wanted)
        self.views.range_chosen.connect(self._zoom)
        self._busy = False
        self._allow()
        self.show_earlier([])

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, SPACING, 0)
        column.setSpacing(SPACING)
        buttons = QHBoxLayout()
        for button in (self._start, self._cancel, self._export):
            buttons.addWidget(button)
        column.addWidget(self.form)
        column.addLayout(buttons)
        column.addWidget(self._together)
        column.addWidget(self._bar)
        column.addWidget(self._state)
        earlier = QLabel("Earlier sweeps")
        earlier.setObjectName("heading")
        column.addWidget(earlier)
        column.addWidget(self._earlier)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(left)
        scroll.setMinimumWidth(left.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width())
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(scroll)
        splitter.addWidget(self.views)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([FORM_WIDTH, SIZE[0] - FORM_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING + 2, SPACING + 2, SPACING + 2, SPACING + 2)
        layout.addWidget(splitter)

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        self.views.set_theme(theme)

    def show_busy(self, busy: bool) -> None:
        """Show whether a sweep is being trained."""
        self._busy = busy
        if busy:
            self._bar.setValue(0)
            self._state.setText("Training …")
        self._allow()

    @Slot(SweepProgress)
    def show_progress(self, progress: SweepProgress) -> None:
        """Show how far it is."""
        self._bar.setValue(round(STEPS * progress.share))
        left = max(1, round(progress.seconds_left))
        self._state.setText(f"Epoch {write_count(progress.epoch)}, about {left} s left.")

    def show_outcomes(self, outcomes: SweepOutcomes, state: str) -> None:
        """Show what came of a sweep, with a sentence on it."""
        self.views.show_outcomes(outcomes)
        self._bar.setValue(STEPS if outcomes.trained == outcomes.sweep.epochs else self._bar.value())
        self._state.setText(state)
        self._allow()

    def tell(self, sentence: str) -> None:
        """Say something where the person looks."""
        self._state.setText(sentence)

    def show_earlier(self, paths: list[tuple[str, Path]]) -> None:
        """Offer earlier sweeps, by what they are called."""
        self._earlier.clear()
        for name, path in paths:
            self._earlier.addItem(name, path)
        self._earlier.setEnabled(bool(paths))
        self._earlier.setPlaceholderText("none yet" if not paths else "choose one")
        self._earlier.setCurrentIndex(-1)

    @Slot()
    def _begin(self) -> None:
        if self.form.sweep is not None and not self._busy:
            self.begin_wanted.emit(self.form.sweep)

    @Slot()
    def _train_together(self) -> None:
        if self.form.sweep is not None:
            self.together_wanted.emit(self.form.sweep)

    @Slot(tuple)
    def _zoom(self, varied: tuple) -> None:  # type: ignore[type-arg]
        """Train the part of the range that was drawn around."""
        outcomes = self.views.outcomes
        if outcomes is not None and not self._busy:
            old = outcomes.sweep
            self.form.show_sweep(Sweep(old.experiment, varied, old.epochs, old.wanted_loss, old.generated))
            self._begin()

    @Slot(object)
    def _ask_export(self, action: object) -> None:
        self.export_wanted.emit(action.data())  # type: ignore[attr-defined]

    @Slot(int)
    def _ask_earlier(self, place: int) -> None:
        self.earlier_wanted.emit(self._earlier.itemData(place))

    @Slot()
    def _allow(self) -> None:
        self._start.setEnabled(self.form.sweep is not None and not self._busy)
        self._cancel.setEnabled(self._busy)
        self._together.setEnabled(self.form.sweep is not None and self.form.sweep.runs <= MOST_TOGETHER)
        self._export.setEnabled(self.views.outcomes is not None and not self._busy)


def _button(name: str, text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tooltip)
    button.setAutoDefault(False)
    return button
