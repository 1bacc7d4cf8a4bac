"""What can be seen of an experiment besides its log, each made when it is first looked at.

Imports the engine, and with it torch: only the worker's thread loads this module.
"""

from functools import cached_property

from msgspec import structs

from gradgui.engine.forecast import Forecaster
from gradgui.engine.gradient_check import GradientChecker
from gradgui.engine.landscape import LandscapeView
from gradgui.engine.prediction import Predictor
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.lesson import LESSON


class Views:
    """Fit, landscape, gradients and forecast of an experiment.

    Parameters
    ----------
    experiment
        Whose.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment

    def serve(self, experiment: Experiment) -> bool:
        """Tell whether these are another experiment's views as well, as only its run was edited."""
        return _without_run(experiment) == _without_run(self._experiment)

    @cached_property
    def predictor(self) -> Predictor:
        """What makes the fit."""
        return Predictor(self._experiment)

    @cached_property
    def landscape(self) -> LandscapeView:
        """What cuts through the loss."""
        return LandscapeView(self._experiment)

    @cached_property
    def gradient_checker(self) -> GradientChecker:
        """What finds the gradient three ways; the first one loads sympy."""
        return GradientChecker(self._experiment)

    @cached_property
    def forecaster(self) -> Forecaster:
        """What looks ahead."""
        return Forecaster(self._experiment)


def _without_run(experiment: Experiment) -> Experiment:
    """Give an experiment without what only decides how it is run."""
    return structs.replace(
        experiment,
        learning_rate=LESSON.learning_rate,
        epochs=LESSON.epochs,
        loop=LESSON.loop,
        stop=LESSON.stop,
    )
