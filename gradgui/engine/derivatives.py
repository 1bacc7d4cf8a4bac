"""The derivative of the loss by each parameter, as a student would write it, and as a function.

Importing this module loads sympy, which takes half a second.
"""

# ruff: noqa: N802, N815 - sympy finds a printer's methods by such names

import logging
import math
import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from types import SimpleNamespace
from typing import TypeAlias

import sympy  # type: ignore[import-untyped]
import torch
from msgspec import Struct
from sympy.printing.lambdarepr import LambdaPrinter  # type: ignore[import-untyped]
from sympy.printing.precedence import PRECEDENCE  # type: ignore[import-untyped]
from sympy.printing.str import StrPrinter  # type: ignore[import-untyped]
from torch import Tensor

from gradgui.engine.model import LOSS_VARIABLES
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import FUNCTIONS, compile_formula, parse_formula
from gradgui.experiment.formula.python import written
from gradgui.experiment.formula.tree import Binary, Call, Formula, Name, Negative, Node, Number, Strength, names_in

logger = logging.getLogger(__name__)

MOST_PARTS = 1000
"""A derivative with more numbers, names and operations than this helps nobody, and is not written."""

LONGEST_TEXT = 90
"""A derivative with a longer text keeps ``y_pred`` in the place of the model."""

LARGEST_EXPONENT = 9
"""Sympy multiplies powers out: of ``(2 * x)**999999999`` it would never come to an end."""

LARGEST_DENOMINATOR = 9
"""Up to here a number such as ``1 / 3``, ``0.5`` or ``pi / 2`` is taken for the fraction it was meant to be."""

LARGEST_NUMERATOR = 10**9

Expression: TypeAlias = sympy.Expr

Y_PRED = sympy.Symbol("y_pred")


class Derivative(Struct, frozen=True):
    """The derivative of the loss by one parameter.

    Attributes
    ----------
    formula
        Such as ``∂loss/∂w = mean(2·x·(w·x − y))``; where none was found, a sentence why.
    at_points
        ``at_points(x, y, *parameters)``, float64 tensors with the parameters in model order, gives that of each
        point's loss, shape ``(points,)``; the derivative is its mean. None where none was found.
    """

    formula: str
    at_points: Callable[..., Tensor] | None


def derivatives(experiment: Experiment) -> dict[str, Derivative]:
    """Differentiate an experiment's loss by each of its parameters.

    The loss is the mean over the points of ``l(y, y_pred)`` with ``y_pred = f(x, parameters)``, and a mean is
    linear: by the chain rule, the derivative by ``p`` is ``mean(∂l/∂y_pred · ∂f/∂p)``.

    Returns
    -------
    dict of str to Derivative
        By the parameters' names, in model order. Kept for other experiments with these formulas.
    """
    return dict(_derivatives(experiment.model, experiment.loss))


@lru_cache(maxsize=16)
def _derivatives(model_text: str, loss_text: str) -> dict[str, Derivative]:
    model, loss = parse_formula(model_text), parse_formula(loss_text, LOSS_VARIABLES)
    predict = compile_formula(model, ("x", *model.parameters), torch)
    return {name: _derivative(model, loss, name, predict) for name in model.parameters}


def _derivative(model: Formula, loss: Formula, parameter: str, predict: Callable[..., Tensor]) -> Derivative:
    try:
        prediction = _expression(model.tree)
        by_y_pred, rest = _split(_expression(loss.tree).diff(Y_PRED))
        by_parameter, inner = _split(prediction.diff(sympy.Symbol(parameter)))
        number, short, whole = by_y_pred * by_parameter, rest * inner, rest.xreplace({Y_PRED: prediction}) * inner
        is_long = any(True for _ in islice(sympy.preorder_traversal(whole), MOST_PARTS, None))
        if is_long or (number * whole).has(sympy.I, sympy.zoo, sympy.oo, sympy.nan):
            raise ValueError(f"it has more than {MOST_PARTS} parts, or is no real number")
        # At a kink the loss gets the very prediction that autograd gets, not one with its terms in another order.
        slopes = _compile(number * short, ("x", "y", "y_pred", *model.parameters))
        write = _Text((*names_in(model.tree), *reversed(LOSS_VARIABLES)))
        text = write.product(number, whole)
        text = text if len(text) <= LONGEST_TEXT else write.product(number, short)
    except (ValueError, ArithmeticError, RecursionError):
        logger.info("no derivative of %s by %s", model.text, parameter, exc_info=True)
        return Derivative(f"No derivative by {parameter} could be written down; the other two need none.", None)

    def at_points(x: Tensor, y: Tensor, *values: Tensor) -> Tensor:
        return torch.as_tensor(slopes(x, y, predict(x, *values), *values), dtype=x.dtype).expand_as(x)

    is_of_the_points = number != 0 and whole.has(*sympy.symbols("x y"))
    return Derivative(f"∂loss/∂{parameter} = " + (f"mean({text})" if is_of_the_points else text), at_points)


def _split(slope: Expression) -> tuple[Expression, Expression]:
    """Take the number out of a slope: ``2*y_pred - 2*y`` gives 2 and ``y_pred - y``."""
    number, rest = sympy.factor_terms(slope, clear=False).as_coeff_Mul(rational=True)
    return number, rest


# --- From the checked tree to sympy


def _expression(tree: Node) -> Expression:
    match tree:
        case Number():
            return _number(tree)
        case Name(name):
            return sympy.Symbol(name)
        case Negative(operand):
            return -_expression(operand)
        case Binary(operation, left, right):
            return _OPERATIONS[operation](_expression(left), _expression(right))
        case Call(("min" | "max") as function, (one, other)) if isinstance(one, Number) or isinstance(other, Number):
            u, bound = (other, one) if isinstance(one, Number) else (one, other)
            return getattr(own, f"{function}_with_number")(_expression(u), _expression(bound))
        case Call(function, arguments):
            return getattr(sympy if function in _FROM_SYMPY else own, function)(*map(_expression, arguments))


def _number(number: Number) -> Expression:
    """Give a fraction, one of ``pi`` or ``e``, or else a symbol that is named as the number was typed."""
    for unit, symbol in ((1.0, 1), (math.pi, sympy.Symbol("pi")), (math.e, sympy.Symbol("e"))):
        share = Fraction(number.value / unit).limit_denominator(LARGEST_DENOMINATOR)
        if float(share) * unit == number.value and abs(share.numerator) < LARGEST_NUMERATOR:
            return sympy.Rational(share.numerator, share.denominator) * symbol
    typed = written(number)
    return sympy.Symbol(typed.text if typed.strength is Strength.ATOM else f"({typed.text})")


# --- Functions that sympy lacks, has without PyTorch's slope at a kink, or takes minutes for when they are nested


class _Own(sympy.Function):  # type: ignore[misc]
    """A function that stays as it was written."""

    def fdiff(self, index: int = 1) -> Expression:
        return _SLOPES[type(self).__name__][index - 1](*self.args)


class power(_Own):  # noqa: N801 - sympy names functions by their classes
    """``u**v``, kept whole; where u or v is 0 its slopes have a value, and it is PyTorch's."""

    precedence = PRECEDENCE["Pow"]

    @classmethod
    def eval(cls, base: Expression, exponent: Expression) -> Expression | None:
        """Leave small powers to sympy, so that ``x * x**2`` becomes ``x**3``."""
        if base == sympy.Symbol("e"):
            return sympy.exp(exponent)
        is_small = exponent.is_Integer and abs(exponent) <= LARGEST_EXPONENT
        return base**exponent if exponent in (0, 1) or (is_small and not base.is_Mul) else None


_OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": power}
_HELPERS: dict[str, tuple[str, Callable[..., Tensor]]] = {
    "min_with_number": ("min({}, {})", torch.minimum),
    "max_with_number": ("max({}, {})", torch.maximum),
    "above": ("({} > {})", torch.gt),
    "at_least": ("({} ≥ {})", torch.ge),
    "at_most": ("({} ≤ {})", torch.le),
    "one_less": ("({} - 1)", lambda v: torch.where(v == 0, 0.0, v - 1)),
    "log_of_base": ("log({})", lambda u: torch.where(u == 0, 0.0, u.log())),
}
"""What formulas have no name for: how it is shown, and its value."""
_FROM_SYMPY = {"sin", "cos", "tan", "asin", "acos", "atan", "exp", "log", "erf"}
own = SimpleNamespace(
    power=power, **{name: type(name, (_Own,), {}) for name in (FUNCTIONS.keys() - _FROM_SYMPY) | _HELPERS.keys()}
)

_SLOPES: dict[str, tuple[Callable[..., Expression], ...]] = {
    "sqrt": (lambda u: 1 / (2 * own.sqrt(u)),),
    "sinh": (own.cosh,),
    "cosh": (own.sinh,),
    "tanh": (lambda u: 1 - own.tanh(u) ** 2,),
    "sigmoid": (lambda u: own.sigmoid(u) * (1 - own.sigmoid(u)),),
    "softplus": (own.sigmoid,),
    "log2": (lambda u: 1 / (u * sympy.log(2)),),
    "log10": (lambda u: 1 / (u * sympy.log(10)),),
    "abs": (own.sign,),
    "sign": (lambda u: 0 * u,),
    "relu": (lambda u: own.above(u, 0),),
    "min": (lambda u, v: (1 + own.sign(v - u)) / 2, lambda u, v: (1 + own.sign(u - v)) / 2),
    "max": (lambda u, v: (1 + own.sign(u - v)) / 2, lambda u, v: (1 + own.sign(v - u)) / 2),
    "min_with_number": (own.at_most,),
    "max_with_number": (own.at_least,),
    "power": (
        lambda u, v: v * power(u, v - 1 if v.is_number else own.one_less(v)),
        lambda u, v: power(u, v) * (sympy.log(u) if u.is_number else own.log_of_base(u)),
    ),
}
"""By each argument; where there is a kink, what PyTorch's backward pass has there."""


def _of_tensors(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Let a function take numbers as well, and give 1 and 0 for yes and no."""
    return lambda *values: function(*(torch.as_tensor(value, dtype=torch.float64) for value in values)).double()


_NAMESPACE: dict[str, object] = {
    **{name: _of_tensors(operator.attrgetter(one.torch_name)(torch)) for name, one in FUNCTIONS.items()},
    **{name: _of_tensors(value) for name, (_, value) in _HELPERS.items()},
    "power": _of_tensors(torch.pow),
    "pi": math.pi,
}

# --- From sympy to text, and to a function of tensors


class _Text(StrPrinter):  # type: ignore[misc]
    """Write as a student would, terms in the order in which the model names what is in them."""

    def __init__(self, order: Sequence[str]) -> None:
        super().__init__()
        self._places = {name: place for place, name in enumerate(order)}

    def product(self, number: Expression, factors: Expression) -> str:
        """Write a number times something; sympy itself would multiply a sum out with it."""
        inner, factors = factors.as_coeff_Mul(rational=True)
        if number * inner not in (0, 1):
            factors = sympy.Mul(number * inner, *sympy.Mul.make_args(factors), evaluate=False)
        text: str = self.doprint(factors if number * inner else sympy.Integer(0))
        return text.replace(" - ", " − ").replace("*", "·").replace("··", "**")

    def _as_ordered_terms(self, expr: Expression, order: object = None) -> list[Expression]:  # noqa: ARG002
        def place(term: Expression) -> tuple[bool, int]:
            places = [self._places.get(name.name, len(self._places)) for name in term.free_symbols]
            return bool(term.as_coeff_Mul(rational=True)[0] < 0), min(places, default=len(self._places) + 1)

        return sorted(sympy.Add.make_args(expr), key=place)

    def _print_Function(self, expr: Expression) -> str:
        name, arguments = type(expr).__name__, map(self._print, expr.args)
        return _HELPERS[name][0].format(*arguments) if name in _HELPERS else f"{name}({', '.join(arguments)})"

    def _print_power(self, expr: Expression) -> str:
        return str(self._print_Pow(sympy.Pow(*expr.args, evaluate=False)))


class _Code(LambdaPrinter):  # type: ignore[misc]
    """Write numbers as floats: PyTorch takes no longer integers than it can hold."""

    def _print_Integer(self, expr: Expression) -> str:
        return repr(int(expr.p) / int(expr.q))

    _print_Rational = _print_Integer
    _print_sign = LambdaPrinter._print_Function


def _compile(slope: Expression, names: tuple[str, ...]) -> Callable[..., Tensor]:
    symbols = [sympy.Symbol(name) for name in names]
    typed = slope.free_symbols - set(symbols)
    values = {symbol: compile_formula(parse_formula(symbol.name), (), torch)() for symbol in typed}
    slope = slope.xreplace({symbol: sympy.Float(value, 17) for symbol, value in values.items()})
    if not all(math.isfinite(number) for number in slope.atoms(sympy.Float)):
        raise ValueError("a number in it is too large for a float")
    printer = _Code({"fully_qualified_modules": False, "inline": True, "allow_unknown_functions": True})
    function: Callable[..., Tensor] = sympy.lambdify(symbols, slope, [_NAMESPACE], printer=printer, dummify=True)
    return function
