"""The derivative of the loss by each parameter, as a student would write it, and as a function."""

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import (
    Binary,
    Call,
    Formula,
    Name,
    Negative,
    Node,
    Number,
    compile_formula,
    names_in,
    parse_formula,
)

logger = logging.getLogger(__name__)

LOSS_VARIABLES = ("y", "y_pred")


@dataclass(frozen=True)
class Derivative:
    """The derivative of the loss by one parameter.

    Attributes
    ----------
    formula
        Such as ``∂loss/∂w = mean(2·x·(w·x − y))``; where none was found, a sentence why.
    function
        ``function(x, y, *parameters)``, the parameters in model order, gives its value as a tensor without a
        shape; None where none was found.
    """

    formula: str
    function: Callable[..., Tensor] | None


def derivatives(experiment: Experiment) -> dict[str, Derivative]:
    """Differentiate an experiment's loss by each of its parameters.

    The loss is the mean over the points of ``l(y, y_pred)`` with ``y_pred = f(x, parameters)``, and a mean is
    linear: by the chain rule, the derivative by ``p`` is ``mean(∂l/∂y_pred · ∂f/∂p)``.

    Parameters
    ----------
    experiment
        Whose model and loss.

    Returns
    -------
    dict of str to Derivative
        By the parameters' names, in model order.

    Notes
    -----
    The first call loads sympy, which takes about half a second. What was derived is kept for the next experiment
    with these formulas, whatever its data.
    """
    return dict(_derivatives(experiment.model, experiment.loss))


@lru_cache(maxsize=16)
def _derivatives(model_text: str, loss_text: str) -> dict[str, Derivative]:
    from gradgui.engine.symbols.chain_rule import ChainRule  # noqa: PLC0415 - sympy loads here

    model, loss = parse_formula(model_text), parse_formula(loss_text, LOSS_VARIABLES)
    result = {}
    chain_rule: ChainRule | None = None
    for name in model.parameters:
        try:
            chain_rule = chain_rule or ChainRule(model, loss)
            text, tree = chain_rule.derivative(name)
        except (ValueError, TypeError, ArithmeticError, RecursionError):
            logger.info("no derivative of %s by %s", model_text, name, exc_info=True)
            result[name] = Derivative(
                f"No derivative by {name} could be written down; the other two need none.", None
            )
            continue
        is_of_the_points = any(variable in names_in(tree) for variable in ("x", "y"))
        formula = f"∂loss/∂{name} = " + (f"mean({text})" if is_of_the_points else text)
        result[name] = Derivative(formula, _mean(tree, model.parameters))
    return result


def _mean(tree: Node, parameters: tuple[str, ...]) -> Callable[..., Tensor]:
    variables = ("x", "y")
    of_points = compile_formula(Formula("", tree, variables, parameters), (*variables, *parameters), torch)

    def function(x: Tensor, y: Tensor, *values: Tensor) -> Tensor:
        return torch.as_tensor(of_points(x, y, *values), dtype=x.dtype).mean()

    return function


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
