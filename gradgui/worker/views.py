"""What can be seen of an experiment besides its log, each made when it is first looked at.

Imports the engine, and with it torch: only the worker's thread loads this module.
"""

from functools import cached_property

from msgspec import structs

from gradgui.engine.forecast import Forecaster
from gradgui.engine.gradient_check import GradientChecker
from gradgui.engine.landscape import LandscapeView
from gradgui.engine.point_shares import PointSharer
from gradgui.engine.predictor import Predictor
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment

MOST_KEPT = 2
"""The last epoch, which is opened up, may have had other data than the next."""


class Views:
    """Fit, landscape, gradients and forecast of an experiment.

    Parameters
    ----------
    experiment
        Whose.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment

    @property
    def data(self) -> Data:
        """Whose points are shown."""
        return self._experiment.data

    @cached_property
    def predictor(self) -> Predictor:
        """What makes the fit."""
        return Predictor(self._experiment)

    @cached_property
    def landscape(self) -> LandscapeView:
        """What makes cuts through the loss, and maps of it."""
        return LandscapeView(self._experiment)

    @cached_property
    def gradient_checker(self) -> GradientChecker:
        """What finds the gradient three ways; the first one loads sympy."""
        return GradientChecker(self._experiment)

    @cached_property
    def point_sharer(self) -> PointSharer:
        """What shares the gradient out among the points."""
        return PointSharer(self._experiment)

    @cached_property
    def forecaster(self) -> Forecaster:
        """What looks ahead."""
        return Forecaster(self._experiment)


class ViewsByData:
    """The views of an experiment for whatever data is in force; those last looked at are kept.

    Parameters
    ----------
    experiment
        Whose.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._kept: list[Views] = []

    def serve(self, experiment: Experiment) -> bool:
        """Tell whether these are another experiment's views as well, as only its run or its data was edited."""
        return _without_run(experiment) == _without_run(self._experiment)

    def of(self, data: Data) -> Views:
        """Give the views for this data, made anew unless it is the very object that was asked for lately."""
        views = next((kept for kept in self._kept if kept.data is data), None)
        if views is None:
            views = Views(structs.replace(self._experiment, data=data))
        self._kept = [views, *(kept for kept in self._kept if kept is not views)][:MOST_KEPT]
        return views


def _without_run(experiment: Experiment) -> Experiment:
    """Give an experiment without what only decides how it is run, and without its data."""
    return structs.replace(
        experiment,
        data=DEFAULT_EXPERIMENT.data,
        learning_rate=DEFAULT_EXPERIMENT.learning_rate,
        epochs=DEFAULT_EXPERIMENT.epochs,
        loop=DEFAULT_EXPERIMENT.loop,
        stop=DEFAULT_EXPERIMENT.stop,
    )
