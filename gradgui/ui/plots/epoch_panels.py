"""The panels with plots over epochs: the loss, the parameters with their gradients, what the optimizer remembers."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from gradgui.experiment.columns import Role
from gradgui.experiment.experiment import Experiment
from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.change_marks import change_mark
from gradgui.ui.plots.curves import Curve, legend_text, parameter_curves
from gradgui.ui.plots.epoch_plot import EpochPlot
from gradgui.ui.widgets.labels import wrapping_label
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.view import View, stacked
from gradgui.worker.status import Status

NAMED = 4
"""So many parameters are named at their plot's axis; more do not fit."""

LEAST_HEIGHT = 120
"""Pixels that both plots keep beside a legend."""

MOST_BUFFERS = 2
"""Momentum and mean square, or Adam's two means: no rule keeps more for a parameter."""

_BUFFERS = {
    "momentum_buffer": "momentum",
    "exp_avg": "m",
    "exp_avg_sq": "v",
    "square_avg": "mean square",
    "sum": "squares",
}


class EpochPanel(QWidget, View):
    """Plots over epochs, one above the other.

    Attributes
    ----------
    plots
        All there can be; those that are not needed are hidden.
    """

    plots: tuple[EpochPlot, ...] = ()

    @property
    def pictured(self) -> tuple[QWidget, ...]:
        """Every plot."""
        return self.plots

    def set_theme(self, theme: Theme) -> None:
        """Take these colours."""
        super().set_theme(theme)
        for plot in self.plots:
            plot.set_theme(theme)

    def show_status(self, status: Status) -> None:
        """Mark what was changed on the way."""
        marks = tuple(change_mark(change) for change in status.interventions)
        for plot in self.plots:
            plot.changes.show_marks(marks)

    def draw(self, run: LiveRun) -> None:
        """Draw the log as it is now."""
        for plot in self.plots:
            if plot.isVisible():
                plot.show_log(run.log, run.epoch, run.status.target or run.experiment.epochs)


class LossPanel(EpochPanel):
    """The loss over epochs."""

    name = "loss_panel"
    heading = "Loss over epochs"
    guide = "loss-over-epochs"
    buttons = ("last_epochs", "show_all")
    pictures = (("loss_plot", "Loss"),)

    def __init__(self) -> None:
        super().__init__()
        self.plot = EpochPlot("loss_plot", "Loss", "loss before the update", logarithmic=True)
        self.plots = (self.plot,)
        stacked(*self.plots, into=self)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Choose between a log axis and a linear one."""
        self.plot.set_logarithmic(logarithmic)
        self.plot.show_all()

    def show_experiment(self, _experiment: Experiment) -> None:
        """Draw its curve."""
        self.plot.set_curves((Curve("loss", "loss", self.theme.loss),), self.theme)


class ParameterPanel(EpochPanel):
    """The parameters over epochs, and their gradients."""

    name = "parameter_panel"
    heading = "Parameters and gradients"
    guide = "parameters-and-gradients"
    buttons = ("last_epochs", "show_all")
    pictures = (("parameter_plot", "Parameters"), ("gradient_plot", "Gradients"))

    def __init__(self) -> None:
        super().__init__()
        parameters = EpochPlot("parameter_plot", "Parameters", "after the update")
        parameters.hide_epochs()
        gradients = EpochPlot("gradient_plot", "Gradients", "gradient")
        gradients.plot.setToolTip("Each epoch's gradient, before its update: at the parameters that it began with.")
        self.plots = (parameters, gradients)
        self._legend = wrapping_label("legend", linked=False)
        self._legend.setContentsMargins(12, 4, 12, 0)
        stacked(self._legend, *self.plots, into=self)

    def show_experiment(self, experiment: Experiment) -> None:
        """Draw a curve for each."""
        rows = ((Role.PARAMETER, "parameters"), (Role.GRADIENT, "gradients"))
        for plot, (role, together) in zip(self.plots, rows, strict=True):
            columns = experiment.columns.of(role)
            plot.set_curves(parameter_curves(columns, self.theme), self.theme)
            named = len(columns) <= (NAMED if role is Role.PARAMETER else 1)
            plot.set_label("left", ", ".join(one.label for one in columns) if named else together, self.theme)
        columns = experiment.columns.of(Role.PARAMETER)
        self._legend.setText(legend_text(parameter_curves(columns, self.theme)) if len(columns) > NAMED else "")
        self._share_room()

    def minimumSizeHint(self) -> QSize:
        """Ask for no room for a legend: one that is long must not make the window grow."""
        height = sum(plot.minimumSizeHint().height() for plot in self.plots)
        return QSize(super().minimumSizeHint().width(), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the legend its room, where the plots can spare it."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        room = self.height() - self._legend.heightForWidth(self.width())
        self._legend.setVisible(bool(self._legend.text()) and room >= LEAST_HEIGHT)


class BufferPanel(EpochPanel):
    """What the optimizer remembers, over epochs: a plot for each kind of buffer."""

    name = "buffer_panel"
    heading = "Optimizer"
    guide = "what-the-optimizer-remembers"
    pictures = tuple((f"buffer_plot_{place}", f"Optimizer buffer {place}") for place in range(1, MOST_BUFFERS + 1))

    def __init__(self) -> None:
        super().__init__()
        self._hint = wrapping_label(
            "hint",
            "This rule remembers nothing: each update depends on the present gradient alone. Choose SGD with"
            " momentum, RMSprop, Adagrad or Adam to see what an optimizer keeps from epoch to epoch.",
        )
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._hint.setContentsMargins(12, 8, 12, 8)
        self.plots = tuple(EpochPlot(name, title, "buffer") for name, title in self.pictures)
        stacked(self._hint, *self.plots, into=self)

    def show_experiment(self, experiment: Experiment) -> None:
        """Draw the buffers of its rule."""
        kinds, columns = experiment.optimizer.buffers, experiment.columns.of(Role.BUFFER)
        self._hint.setVisible(not kinds)
        for place, plot in enumerate(self.plots):
            kind = kinds[place] if place < len(kinds) else ""
            plot.setVisible(bool(kind))
            plot.set_curves(parameter_curves([one for one in columns if one.buffer == kind], self.theme), self.theme)
            if kind:
                plot.set_label("left", _BUFFERS.get(kind, kind), self.theme)
