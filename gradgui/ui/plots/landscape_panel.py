"""The loss landscape: a cut along one parameter, or a map over two, as the person chooses."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gradgui.experiment.experiment import Experiment
from gradgui.record.contour import Contour
from gradgui.record.landscape import Landscape
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.contour_plot import ContourPlot
from gradgui.ui.plots.landscape_plot import LandscapePlot
from gradgui.ui.window.live_run import LiveRun

LOSS = "loss"
NAMED = 2
"""So many parameters that are held are named; more are counted."""


class LandscapePanel(QWidget):
    """Both landscapes, one of them in sight, and the choice between them where there is one.

    Signals
    -------
    choice_changed()
        The person wants to see another landscape.
    parameter_chosen(str, float)
        The person moved the ball: this parameter is to have this value.

    Attributes
    ----------
    cut, map
        The landscape of one parameter, and that of two.
    """

    choice_changed = Signal()
    parameter_chosen = Signal(str, float)

    def __init__(self) -> None:
        super().__init__()
        self._experiment: Experiment | None = None
        self._theme: Theme | None = None
        self.cut = LandscapePlot()
        self.map = ContourPlot()
        self.title = self.cut.title
        self._across = _combo("landscape_across", "Landscape across")
        self._across.setToolTip("Across: the parameter that varies from left to right.")
        self._up = _combo("landscape_up", "Landscape up")
        self._up.setToolTip(
            "Up: the loss, for a cut along the one parameter; or another parameter, for a map of the loss over both."
        )
        self._held = QLabel()
        self._held.setObjectName("hint")
        self._choices = QWidget()
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(SPACING + 2, SPACING // 2, SPACING, 0)
        row.setSpacing(SPACING)
        for text, combo in (("across", self._across), ("up", self._up)):
            caption = QLabel(text)
            caption.setObjectName("hint")
            caption.setBuddy(combo)
            row.addWidget(caption)
            row.addWidget(combo)
        row.addWidget(self._held, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self._choices, self.cut, self.map):
            layout.addWidget(widget)
        self.map.hide()
        self._across.activated.connect(self._take_across)
        self._up.activated.connect(self._take_up)
        self.cut.value_chosen.connect(self._choose_value)
        self.map.value_chosen.connect(self.parameter_chosen)

    @property
    def shown(self) -> Canvas:
        """The one of both that is chosen."""
        return self.cut if self.map_of is None else self.map

    @property
    def cut_of(self) -> str:
        """The parameter along which the loss is cut; empty when it is a map."""
        return self._across.currentText() if self.map_of is None else ""

    @property
    def map_of(self) -> tuple[str, str] | None:
        """The parameters over which the map is, across and up; None when it is a cut."""
        across, up = self._across.currentText(), self._up.currentText()
        return None if up in {LOSS, ""} else (across, up)

    def set_movable(self, movable: bool) -> None:
        """Let the ball be moved, or not."""
        self.cut.set_movable(movable)
        self.map.set_movable(movable)

    def show_experiment(self, experiment: Experiment, theme: Theme) -> None:
        """Show the landscape of another experiment; of the same parameters the choice stays."""
        names = experiment.parameter_names
        known = self._experiment.parameter_names if self._experiment is not None else ()
        self._experiment, self._theme = experiment, theme
        if names != known:
            self._across.clear()
            self._across.addItems(names)
            self._offer(names[1] if len(names) > 1 else LOSS)
        self._choices.setVisible(len(names) > 1)
        self._follow_choice()

    def show_run(self, run: LiveRun) -> None:
        """Draw the one that is chosen, as soon as it has been worked out."""
        landscape, contour = run.view(Landscape), run.view(Contour)
        if landscape is not None and landscape.parameter == self.cut_of and self.cut.isVisible():
            self.cut.show_landscape(landscape, run.log, run.epoch)
        elif contour is not None and contour.parameters == self.map_of and self.map.isVisible():
            self.map.show_contour(contour, run.log, run.epoch)

    def _offer(self, up: str) -> None:
        """Offer to go up what does not go across, and choose one."""
        across = self._across.currentText()
        self._up.clear()
        self._up.addItems([LOSS, *(name for name in self._names if name != across)])
        self._up.setCurrentText(up)

    @property
    def _names(self) -> tuple[str, ...]:
        return () if self._experiment is None else self._experiment.parameter_names

    @Slot(int)
    def _take_across(self, _index: int) -> None:
        across, up = self._across.currentText(), self._up.currentText()
        # Who wants across what goes up swaps both.
        before = next(name for name in self._names if self._up.findText(name) < 0)
        self._offer(before if up == across else up)
        self._take_up(0)

    @Slot(int)
    def _take_up(self, _index: int) -> None:
        self._follow_choice()
        self.choice_changed.emit()

    def _follow_choice(self) -> None:
        experiment, theme = self._experiment, self._theme
        if experiment is None or theme is None:
            return
        chosen = [self.cut_of] if self.map_of is None else list(self.map_of)
        indices = [self._names.index(name) for name in chosen]
        colours = [theme.parameter(index) for index in indices]
        starts = [experiment.parameters[index].start for index in indices]
        if self.map_of is None:
            self.cut.set_parameter(chosen[0], colours[0], starts[0], theme)
        else:
            self.map.set_parameters(self.map_of, (colours[0], colours[1]), (starts[0], starts[1]), theme)
        self.cut.setVisible(self.map_of is None)
        self.map.setVisible(self.map_of is not None)
        held = [name for name in self._names if name not in chosen]
        self._held.setText(f"{', '.join(held) if len(held) <= NAMED else f'{len(held)} others'} held" if held else "")
        self._held.setToolTip(f"Held at the present values: {', '.join(held)}." if held else "")

    @Slot(float)
    def _choose_value(self, value: float) -> None:
        self.parameter_chosen.emit(self.cut_of, value)


def _combo(name: str, title: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(title)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return combo
