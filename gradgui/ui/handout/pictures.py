"""The plots of a handout: drawn for paper, whatever the window looks like and whichever panels are in sight."""

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QImage

from gradgui.numbers import write_count
from gradgui.record.views import Fit, Landscape
from gradgui.ui.app.theme import LIGHT
from gradgui.ui.app.type_scale import scaled_pixels
from gradgui.ui.data.data_editor import DataEditor
from gradgui.ui.plots.canvas import Canvas
from gradgui.ui.plots.contour_plot import ContourPlot
from gradgui.ui.plots.epoch_panels import EpochPanel, LossPanel, ParameterPanel
from gradgui.ui.plots.fit_plot import FitPlot
from gradgui.ui.plots.landscape_panel import draw_compared
from gradgui.ui.plots.landscape_plot import LandscapePlot
from gradgui.ui.plots.picture import plot_image
from gradgui.ui.plots.run_legend import Entry
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.window.live_run import LiveRun
from gradgui.worker.status import State

PAPER = replace(LIGHT, parameters=("#003a5c", "#8f3a00", "#3d85b0"))
"""The light colours, but three for the parameters that are dark, middling and light in grey as well; then dashed."""
SIZE = QSize(400, 270)
"""Of a plot in pixels at 100 %, without its legend."""
SCALE = 2.0
"""Pixels of a picture for each of those; with more, lines of two pixels would be too fine on paper."""


class Picture(Struct, frozen=True):
    """A plot as it is printed.

    Attributes
    ----------
    caption
        What is said of it.
    image
        What it looks like.
    """

    caption: str
    image: QImage


def handout_pictures(
    run: LiveRun, compared: ComparedRuns, editor: DataEditor, *, logarithmic: bool
) -> tuple[Picture, ...]:
    """Draw the plots of a run as it is now.

    Parameters
    ----------
    run
        The run; what is not known of it, such as a landscape that was not in sight, has no picture.
    compared
        What is drawn beside it.
    editor
        Has the points.
    logarithmic
        Whether the loss has a log axis.

    Returns
    -------
    tuple of Picture
        Loss, parameters, data and fit, landscape, as far as there is something to be seen.
    """
    pictures = []
    if len(run.log) or compared.runs:
        loss = LossPanel()
        loss.plot.set_logarithmic(logarithmic)
        pictures.append(_over_epochs(loss, run, compared, "Loss, before each epoch’s update"))
        pictures.append(_over_epochs(ParameterPanel(), run, compared, "Parameters, after each epoch’s update"))
    fit, landscape = run.view(Fit), run.view(Landscape)
    if fit is not None:
        plot = FitPlot(editor, QAction())
        plot.set_theme(PAPER)
        plot.show_experiment(run.experiment)
        _lay_out(plot)
        plot.show_fit(fit)
        pictures.append(_pictured(plot, f"Data and fit, {_after(fit.epoch)}"))
    if landscape is not None and _is_present(landscape, run):
        pictures.append(_of_landscape(landscape, run, compared))
    return tuple(pictures)


def _over_epochs(panel: EpochPanel, run: LiveRun, compared: ComparedRuns, caption: str) -> Picture:
    """Draw the first plot of a panel."""
    plot = panel.plots[0]
    plot.compare(compared)
    panel.set_theme(PAPER)
    panel.show_experiment(run.experiment)
    panel.show_status(run.status)
    plot.setParent(None)
    _lay_out(plot)
    with plot.every_axis_named():
        plot.show_log(run.log, run.epoch, run.status.target or run.experiment.epochs)
    if plot.legend is not None and not plot.legend.entries and len(plot.curves) > 1:
        plot.legend.show_entries([Entry(one.label, one.pen(2)) for one in plot.curves], PAPER)
    return _pictured(plot, caption)


def _of_landscape(landscape: Landscape, run: LiveRun, compared: ComparedRuns) -> Picture:
    experiment = run.experiment
    places = [experiment.parameter_names.index(name) for name in landscape.parameters]
    plot = LandscapePlot() if len(places) == 1 else ContourPlot()
    plot.set_theme(PAPER)
    starts = tuple(experiment.parameters[place].start for place in places)
    plot.set_parameters(landscape.parameters, tuple(map(PAPER.parameter, places)), starts, PAPER)
    if run.gate:  # a prediction is waited for, which may be of the next step
        plot.begin_guess(placed=False)
    _lay_out(plot)
    plot.show_landscape(landscape, run.log, min(landscape.epoch, len(run.log)))
    draw_compared(plot, compared, run, PAPER)
    return _pictured(plot, f"Loss landscape, {_after(landscape.epoch)}")


def _is_present(landscape: Landscape, run: LiveRun) -> bool:
    """Tell whether a landscape is of the run as it is, and not of when its panel was in sight last."""
    values = dict(zip(run.experiment.parameter_names, run.parameters, strict=True))
    here = landscape.values == tuple(values.get(name) for name in landscape.parameters)
    return run.status.state is State.RUNNING or (landscape.epoch == run.epoch and here)


def _after(epoch: int) -> str:
    return f"after epoch {write_count(epoch)}" if epoch else "before the first epoch"


def _lay_out(plot: Canvas) -> None:
    """Give a plot its size, without showing it to anybody."""
    plot.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    plot.resize(scaled_pixels(SIZE.width()), scaled_pixels(SIZE.height()))
    plot.show()


def _pictured(plot: Canvas, caption: str) -> Picture:
    image = plot_image(plot, SCALE * SIZE.width() / plot.width())
    plot.hide()
    plot.deleteLater()
    return Picture(caption, image)
