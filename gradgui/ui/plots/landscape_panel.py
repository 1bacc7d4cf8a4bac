"""The loss landscape: a cut along one parameter, or a map over two, as the person chooses."""

from functools import cached_property
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gradgui.experiment.changes import ParameterChange
from gradgui.experiment.experiment import Experiment
from gradgui.record.views import Landscape
from gradgui.ui.app.theme import SPACING, Theme
from gradgui.ui.plots.ball_plot import BallPlot
from gradgui.ui.plots.compared_paths import reason_apart
from gradgui.ui.plots.contour_plot import ContourPlot
from gradgui.ui.plots.landscape_plot import LandscapePlot
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.widgets.labels import ElidedLabel
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View
from gradgui.worker import commands
from gradgui.worker.commands import allowed_commands
from gradgui.worker.status import Status

LOSS = "loss"
COMBO_WIDTH = 56
NAMED = 2
"""So many parameters that are held are named; more are counted."""


class LandscapePanel(QWidget, View):
    """Both landscapes, one of them in sight, and the choice between them where there is one.

    Parameters
    ----------
    run
        Whose loss; moving the ball sets its parameters.
    compared
        Whose paths are drawn as well, where it is their loss.

    Attributes
    ----------
    cut
        The landscape of one parameter.
    """

    name = "landscape_panel"
    heading = "Loss landscape"
    guide = "the-loss-landscape"
    pictures = (("landscape_plot", heading),)

    def __init__(self, run: LiveRun, compared: ComparedRuns) -> None:
        super().__init__()
        self._run, self._compared = run, compared
        self._drawn: tuple[object, ...] = ()
        self._experiment: Experiment | None = None
        self._movable = False
        self.cut = LandscapePlot()
        self._plots: list[BallPlot] = [self.cut]
        self._across = _combo("landscape_across", "Landscape across")
        self._across.setToolTip("Across: the parameter that varies from left to right.")
        self._up = _combo("landscape_up", "Landscape up")
        self._up.setToolTip(
            "Up: the loss, for a cut along the one parameter; or another parameter, for a map of the loss over both."
        )
        self._held = ElidedLabel()
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
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._choices)
        self._layout.addWidget(self.cut)
        self._across.activated.connect(self._take_across)
        self._up.activated.connect(self._take_up)
        self.cut.value_chosen.connect(self._set_parameter)

    @cached_property
    def map(self) -> ContourPlot:
        """The landscape of two parameters, made when it is first wanted."""
        plot = ContourPlot()
        plot.set_theme(self.theme)
        plot.set_movable(self._movable)
        plot.value_chosen.connect(self._set_parameter)
        self._plots.append(plot)
        self._layout.addWidget(plot)
        return plot

    @property
    def shown(self) -> BallPlot:
        """The one of both that is chosen."""
        return self.cut if len(self.parameters) == 1 else self.map

    @property
    def parameters(self) -> tuple[str, ...]:
        """The one along which the loss is cut, or the two over which it is a map: across and up."""
        across, up = self._across.currentText(), self._up.currentText()
        return (across,) if up in {LOSS, ""} else (across, up)

    @property
    def pictured(self) -> tuple[QWidget, ...]:
        """The one of both that is chosen when the picture is taken."""
        return (self.shown,)

    def begin_guess(self, *, placed: bool) -> None:
        """Hide where the run goes next, with a second ball to be placed if one is wanted."""
        for plot in self._plots:
            plot.begin_guess(placed=placed)

    def end_guess(self, *, stays: bool = False) -> None:
        """Show where the run goes next again."""
        for plot in self._plots:
            plot.end_guess(stays=stays)

    @property
    def guessed(self) -> tuple[float, ...]:
        """Where the second ball was moved to, in the order of the model's parameters; empty before."""
        guess = self.shown.guess
        values = dict(zip(self.parameters, guess.values if guess.is_moved else (), strict=False))
        return tuple(values[name] for name in self._names if name in values)

    def needs(self) -> dict[str, Any]:
        """Ask for the landscape that is chosen."""
        return {"landscape_of": self.parameters}

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        for plot in self._plots:
            plot.set_theme(theme)

    def show_status(self, status: Status) -> None:
        """Let the ball be moved, or not."""
        self._movable = commands.Change in allowed_commands(status)
        for plot in self._plots:
            plot.set_movable(self._movable)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the landscape of another experiment; of the same parameters the choice stays."""
        names = experiment.parameter_names
        known = self._experiment.parameter_names if self._experiment is not None else ()
        self._experiment = experiment
        if names != known:
            self._across.clear()
            self._across.addItems(names)
            self._offer(names[1] if len(names) > 1 else LOSS)
        self._choices.setVisible(len(names) > 1)
        self._follow_choice()

    def draw(self, run: LiveRun) -> None:
        """Draw the one that is chosen, as soon as it has been worked out."""
        landscape = run.view(Landscape)
        if landscape is not None and landscape.parameters == self.parameters and self.shown.isVisible():
            self.shown.show_landscape(landscape, run.log, run.epoch)
            self._show_compared(landscape, run)

    def _show_compared(self, landscape: Landscape, run: LiveRun) -> None:
        """Draw the paths of those compared runs whose landscape it is, when anything of that has changed."""
        data = run.status.data or run.experiment.data
        key = (self._compared.revision, self.shown, landscape.losses, run.experiment, data, self.theme)
        if len(key) == len(self._drawn) and all(one is other for one, other in zip(key, self._drawn, strict=True)):
            return
        self._drawn = key
        draw_compared(self.shown, self._compared, run, self.theme)

    @Slot(str, float)
    def _set_parameter(self, name: str, value: float) -> None:
        self._run.change(ParameterChange(self._run.epoch, name, value))

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
        self._run.clock.request()

    def _follow_choice(self) -> None:
        experiment, theme = self._experiment, self.theme
        if experiment is None:
            return
        indices = [self._names.index(name) for name in self.parameters]
        starts = tuple(experiment.parameters[index].start for index in indices)
        self.shown.set_parameters(self.parameters, tuple(map(theme.parameter, indices)), starts, theme)
        for plot in self._plots:
            plot.setVisible(plot is self.shown)
        held = [name for name in self._names if name not in self.parameters]
        self._held.setText(f"{', '.join(held) if len(held) <= NAMED else f'{len(held)} others'} held" if held else "")
        self._held.setToolTip(f"Held at the present values: {', '.join(held)}." if held else "")


def draw_compared(plot: BallPlot, compared: ComparedRuns, run: LiveRun, theme: Theme) -> None:
    """Draw the paths of those compared runs whose landscape it is, and say why there are no others."""
    data = run.status.data or run.experiment.data
    reasons = [reason_apart(one.spec, run.experiment, data) for one in compared.runs]
    here = [one for one, reason in zip(compared.runs, reasons, strict=True) if not reason]
    plot.show_compared(here, [reason for reason in reasons if reason], theme)


def _combo(name: str, title: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(title)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    combo.setMinimumWidth(COMBO_WIDTH)  # and not that of the longest name, which would widen the window
    return combo
