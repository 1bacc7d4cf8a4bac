"""What the map and the curve share: runs that are looked at, chosen, and marked as a range."""

from abc import abstractmethod

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel

from gradgui.experiment.sweep.varied import Varied
from gradgui.record.sweep_outcomes import SweepOutcomes
from gradgui.ui.sweeps.quantity import Quantity
from gradgui.ui.sweeps.run_picker import RunPicker
from gradgui.ui.sweeps.run_text import run_text
from gradgui.ui.sweeps.sweep_axis import SweepAxis
from gradgui.ui.sweeps.sweep_canvas import SweepCanvas
from gradgui.ui.sweeps.varied_places import VariedPlaces

READING_LINES = 2


class SweepPlot(SweepCanvas):
    """A plot in which every run of a sweep has its place.

    Parameters
    ----------
    name, title
        As in `Canvas`.
    across_only
        Whether a range is marked along the horizontal axis only.

    Attributes
    ----------
    quantity
        What is shown of each run.
    """

    hovered = Signal(int)
    """The run under the mouse, else the one at the cursor, from 0; -1 for none."""
    chosen = Signal(int)
    """A run that was clicked, or taken with Enter."""
    range_chosen = Signal(object)
    """Ranges to be swept anew, a tuple of `Varied` with as many values as before."""

    def __init__(self, name: str, title: str, *, across_only: bool) -> None:
        super().__init__(name, title, "", "", SweepAxis("bottom"))
        self.quantity = Quantity.LAST_LOSS
        self._places: tuple[VariedPlaces, ...] = ()
        self._run = self._cursor = -1
        self._reading = QLabel()
        self._reading.setObjectName("hint")
        self._reading.setWordWrap(True)
        self._reading.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._reading.setContentsMargins(4, 0, 4, 0)
        if (layout := self.layout()) is not None:
            layout.addWidget(self._reading)
        self._picker = RunPicker(self.plot, across_only=across_only)
        self._picker.pointed.connect(self._look)
        self._picker.left.connect(self._look_away)
        self._picker.clicked.connect(self._choose_at)
        self._picker.marked.connect(self._mark)
        self._picker.stepped.connect(self._step)
        self._picker.confirmed.connect(self._choose_present)
        self._picker.magnified.connect(self._magnify)
        self.plot.getViewBox().sigResized.connect(self._take_room)

    @property
    def reading(self) -> str:
        """What is said of the run that is looked at."""
        return self._reading.text()

    @property
    def run(self) -> int:
        """The run that is looked at, -1 for none."""
        return self._run

    def set_quantity(self, quantity: Quantity) -> None:
        """Show this of each run from now on."""
        self.quantity = quantity
        self._show()

    def show_outcomes(self, outcomes: SweepOutcomes) -> None:
        """Show what became of the runs, as far as it is known."""
        known = self._outcomes
        self._outcomes = outcomes
        if known is None or known.sweep != outcomes.sweep:
            self._places = tuple(map(VariedPlaces, outcomes.sweep.varied))
            self._cursor = self._run = -1
            self._show_sweep()
        self._show()

    def clear(self) -> None:
        """Show nothing."""
        self._outcomes, self._places = None, ()
        self._cursor = self._run = -1
        self._legend.show_entries((), self._theme)
        self._hide()
        self._tell()

    def values_of(self, run: int) -> tuple[float, ...]:
        """Give the varied values of a run."""
        return tuple(one.values[index] for one, index in zip(self._places, self._indices(run), strict=True))

    def _indices(self, run: int) -> tuple[int, ...]:
        """Give which value of each varied thing a run has."""
        columns = self._places[-1].varied.count
        return tuple(divmod(run, columns)) if len(self._places) == 2 else (run,)

    @abstractmethod
    def _show_sweep(self) -> None:
        """Take the axes of a sweep."""

    @abstractmethod
    def _hide(self) -> None:
        """Hide all that is drawn."""

    @abstractmethod
    def _run_at(self, place: QPointF) -> int:
        """Give the run at a place, -1 where there is none."""

    @abstractmethod
    def _neighbour(self, run: int, across: int, up: int) -> int:
        """Give the run so many steps to the right and up."""

    @abstractmethod
    def _ranges(self, marked: QRectF) -> tuple[Varied, ...]:
        """Give the ranges of what was marked."""

    @abstractmethod
    def _point_out(self, run: int) -> None:
        """Mark a run in the plot; none where it is -1."""

    def _take_colours(self) -> None:
        self._reading.setFixedHeight(READING_LINES * self._reading.fontMetrics().lineSpacing() + 2)

    def _said_at(self, _place: QPointF | None) -> str:
        """Give what is said of a place before anything is said of its run."""
        return ""

    @Slot(QPointF)
    def _look(self, place: QPointF) -> None:
        self._go_to(self._run_at(place) if self._outcomes is not None else -1, place)

    @Slot()
    def _look_away(self) -> None:
        self._go_to(-1)

    @Slot(QPointF)
    def _choose_at(self, place: QPointF) -> None:
        run = self._run_at(place) if self._outcomes is not None else -1
        if run >= 0:
            self._cursor = run
            self._go_to(run)
            self.chosen.emit(run)

    @Slot(QRectF)
    def _mark(self, marked: QRectF) -> None:
        if self._outcomes is not None:
            self.range_chosen.emit(self._ranges(marked))

    @Slot(int, int)
    def _step(self, across: int, up: int) -> None:
        if self._outcomes is None:
            return
        if self._cursor < 0:
            best = self._outcomes.best
            self._cursor = max(self._run, 0) if best is None or self._run >= 0 else best
        else:
            self._cursor = self._neighbour(self._cursor, across, up)
        self._go_to(self._cursor)

    @Slot()
    def _choose_present(self) -> None:
        if self._cursor >= 0:
            self.chosen.emit(self._cursor)

    @Slot()
    def _magnify(self) -> None:
        """Have the half of the range around the run at the cursor swept anew."""
        if self._cursor >= 0:
            indices = self._indices(self._cursor)
            around = (one.around(index) for one, index in zip(self._places, indices, strict=True))
            self.range_chosen.emit(tuple(around))

    @Slot()
    def _take_room(self) -> None:
        """Place anew what depends on the plot's size."""

    def _go_to(self, run: int, place: QPointF | None = None) -> None:
        self._run = run
        self._tell(place)
        self.hovered.emit(self._looked_at)

    @property
    def _looked_at(self) -> int:
        """The run under the mouse, else the one at the cursor, -1 for none."""
        return self._run if self._run >= 0 else self._cursor

    def _tell(self, place: QPointF | None = None) -> None:
        """Say all of the run that is looked at, else of the one at the cursor, else of the best."""
        outcomes = self._outcomes
        shown = self._looked_at
        self._point_out(shown)
        said = ""
        if outcomes is not None:
            best = outcomes.best
            if shown >= 0:
                said = run_text(outcomes, shown, self.values_of(shown))
            elif best is not None:
                said = f"Lowest last loss: {run_text(outcomes, best, self.values_of(best))}"
        said = self._said_at(place) + said
        self._reading.setText(said)
        self._reading.setToolTip(said)
        self.plot.setAccessibleDescription(said)
