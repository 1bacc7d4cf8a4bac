"""What the curvature of the loss says about the epochs to come."""

import math
from collections.abc import Iterator, Mapping

import numpy as np
import torch

from gradgui.engine.model import DTYPES, LOSS_VARIABLES, LossFunction
from gradgui.engine.quadratic_model import QuadraticModel
from gradgui.engine.undefined import Undefined
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import Binary, Call, Name, Negative, Node, Number, parse_formula
from gradgui.record.views import Forecast


class Forecaster:
    """Forecast plain gradient descent, ``p -= lr * p.grad``, from any point of an experiment's loss.

    Parameters
    ----------
    experiment
        Whose model, loss and data. Its optimizer does not count.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._loss = LossFunction(experiment, torch.float64)
        self._run_loss = LossFunction(experiment, DTYPES[experiment.dtype])
        self._has_kinks = any(KINKED & set(_functions(tree)) for tree in _trees(experiment))
        self._exact = is_quadratic(experiment)
        self._touching: tuple[tuple[float, ...], bool, QuadraticModel] | None = None

    def forecast(
        self, parameters: tuple[float, ...], learning_rate: float, wanted_loss: float | None = None
    ) -> Forecast:
        """Forecast from a point on, by the parabola that touches the loss there.

        The error along a flat direction, one whose eigenvalue is 0 but for rounding, neither shrinks nor grows: it
        does not count in ``factor``. A direction that curves downwards does, with more than 1.

        Parameters
        ----------
        parameters
            Values in model order.
        learning_rate
            Of every epoch to come.
        wanted_loss
            After ``epochs_needed`` updates the parabola's loss is at most this one; None asks for nothing.

        Returns
        -------
        Forecast
            With nan where the loss, also in the run's own dtype, or its derivatives are not finite; nothing is
            raised.
        """
        if self._touching is None or self._touching[0] != parameters:  # most phases of an epoch change nothing of it
            is_finite = math.isfinite(self._run_loss(*map(self._run_loss.tensor, parameters)).item())
            self._touching = (parameters, is_finite, QuadraticModel.touching(self._loss, parameters))
        _, is_finite, parabola = self._touching
        if not (is_finite and parabola.is_finite):
            unknown = (math.nan,) * len(parameters)
            search = Undefined(self._experiment)
            undefined = search.explain(parameters) or search.too_large(parameters)
            return Forecast(unknown, math.nan, math.nan, None, None, self._exact, undefined, self._has_kinks)
        steepest = max(parabola.curved, default=0.0)
        return Forecast(
            eigenvalues=parabola.eigenvalues,
            largest_rate=2.0 / steepest if steepest > 0.0 else math.inf,
            factor=parabola.factor(learning_rate),
            lowest_loss=parabola.lowest,
            epochs_needed=None if wanted_loss is None else parabola.epochs_needed(learning_rate, wanted_loss),
            exact=self._exact,
            has_kinks=self._has_kinks,
            slope=math.hypot(*parabola.slopes),
            rises=self._rises(parabola, parameters, learning_rate),
            rounding=self._rounding(parabola, parameters, learning_rate),
        )

    def _rounding(self, parabola: QuadraticModel, parameters: tuple[float, ...], learning_rate: float) -> float:
        """Tell how far above the bottom the updates are rounded away.

        At a distance δ an update changes a parameter p by ``lr λ δ``, which is rounded away below ``ε |p| / 2``; the
        loss there is ``λ δ² / 2`` above the bottom. Residuals are rounded as well, to about ``ε |y|``.
        """
        epsilon = torch.finfo(DTYPES[self._experiment.dtype]).eps
        step = parabola.step_to_bottom
        if not self._exact or parabola.lowest is None:
            return 0.0
        curves = np.array([one for one in parabola.curved if one > 0.0])
        with np.errstate(all="ignore"):  # what overflows is no limit that matters
            bottom = np.abs(np.array(parameters) + (0.0 if step is None else step)).max()
            distances = epsilon * bottom / np.minimum(2.0 * learning_rate * curves, 1.0)
            squared = self._loss.y.numpy() ** 2
            height = float((curves * distances**2).sum() / 2.0 + epsilon**2 * squared.mean())
        return height if math.isfinite(height) else 0.0

    def _rises(self, parabola: QuadraticModel, parameters: tuple[float, ...], learning_rate: float) -> bool:
        """Try the next update: whether it raises the loss, by more than rounding."""
        there = [
            value - learning_rate * slope for value, slope in zip(parameters, parabola.gradient.tolist(), strict=True)
        ]
        loss = float(self._loss.at_places([np.array([value]) for value in there])[0])
        return not loss <= parabola.loss + ROUNDING * abs(parabola.loss)


ROUNDING = 1e-9
"""A loss that is larger by this share of it may be so by rounding."""


KINKED = frozenset({"abs", "min", "max", "relu", "sign"})
"""Functions that have a kink or a jump."""


def _trees(experiment: Experiment) -> tuple[Node, Node]:
    return parse_formula(experiment.model).tree, parse_formula(experiment.loss, LOSS_VARIABLES).tree


def _functions(tree: Node) -> Iterator[str]:
    match tree:
        case Negative(operand):
            yield from _functions(operand)
        case Binary(_, left, right):
            yield from _functions(left)
            yield from _functions(right)
        case Call(function, arguments):
            yield function
            for argument in arguments:
                yield from _functions(argument)


def is_quadratic(experiment: Experiment) -> bool:
    """Tell whether the loss is a polynomial of degree 2 or less in the parameters, so that its Hessian is constant.

    The degree is read from the formulas as they stand: terms that would cancel each other count.
    """
    model = parse_formula(experiment.model)
    of_model = _degree(model.tree, dict.fromkeys(model.parameters, 1.0))
    return _degree(parse_formula(experiment.loss, LOSS_VARIABLES).tree, {"y_pred": of_model}) <= 2.0


def _degree(tree: Node, degrees: Mapping[str, float]) -> float:
    """Give the degree as a polynomial in the names whose degrees are given; infinite when it is none."""
    match tree:
        case Number():
            return 0.0
        case Name(name):
            return degrees.get(name, 0.0)
        case Negative(operand):
            return _degree(operand, degrees)
        case Binary(operator, left, right):
            return _degree_of(operator, _degree(left, degrees), _degree(right, degrees), right)
        case Call(_, arguments):
            return math.inf if any(_degree(argument, degrees) for argument in arguments) else 0.0


def _degree_of(operator: str, left: float, right: float, exponent: Node) -> float:
    if operator in ("+", "-"):
        return max(left, right)
    if operator == "*" or (operator == "/" and right == 0.0):
        return left + right
    if isinstance(exponent, Number) and operator == "**" and exponent.value >= 0 and exponent.value % 1 == 0:
        return exponent.value * left if exponent.value else 0.0
    return math.inf if left or right else 0.0
