"""What the optimizer remembers, over epochs: a plot for each kind of buffer."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gradgui.experiment.columns import Role
from gradgui.experiment.experiment import Experiment
from gradgui.ui.app.theme import Theme
from gradgui.ui.plots.epoch_plot import EpochPlot, parameter_curves
from gradgui.ui.widgets.labels import wrapping_label

MOST_KINDS = 2
"""Momentum and mean square, or Adam's two means: no rule keeps more for a parameter."""

_NAMES = {
    "momentum_buffer": "momentum",
    "exp_avg": "m",
    "exp_avg_sq": "v",
    "square_avg": "mean square",
    "sum": "squares",
}


class BufferPlots(QWidget):
    """One plot above the other, each with the buffers of one kind in their parameters' colours.

    Attributes
    ----------
    plots
        All there can be; those that are not needed are hidden.
    """

    def __init__(self) -> None:
        super().__init__()
        self._hint = wrapping_label(
            "hint",
            "This rule remembers nothing: each update depends on the present gradient alone. Choose SGD with"
            " momentum, RMSprop, Adagrad or Adam to see what an optimizer keeps from epoch to epoch.",
        )
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._hint.setContentsMargins(12, 8, 12, 8)
        self.plots = tuple(
            EpochPlot(f"buffer_plot_{place}", f"Optimizer buffer {place}", "buffer")
            for place in range(1, MOST_KINDS + 1)
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._hint)
        for plot in self.plots:
            layout.addWidget(plot, 1)

    def show_experiment(self, experiment: Experiment, theme: Theme) -> None:
        """Show the buffers of another experiment's rule."""
        kinds, columns = experiment.optimizer.buffers, experiment.columns.of(Role.BUFFER)
        self._hint.setVisible(not kinds)
        for place, plot in enumerate(self.plots):
            plot.setVisible(place < len(kinds))
            if place >= len(kinds):
                plot.set_curves((), theme)
                continue
            kind = kinds[place]
            plot.set_label("left", _NAMES[kind], theme)
            plot.set_curves(parameter_curves([one for one in columns if one.buffer == kind], theme), theme)
