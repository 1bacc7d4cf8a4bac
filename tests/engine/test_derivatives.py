"""The derivative by hand, against autograd and against what the shown text says to Python itself."""

import math
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from torch import Tensor

from gradgui.engine.derivatives import derivatives
from gradgui.engine.forecast import is_quadratic
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, MEAN_SQUARED_ERROR, Experiment, Parameter
from gradgui.experiment.formula import FUNCTIONS, parse_formula

AGREEMENT = 1e-9
"""By hand and by autograd are both float64; they agree to this, relative to a gradient of size 1 or more."""

X = (-1.5, -0.25, 0.0, 0.75, 2.0)
Y = (0.317, -1.213, 0.071, 1.911, 0.577)
"""Not among the sums of the x and the parameters, so that y - y_pred is at no kink by accident of rounding."""

LOSSES = (
    MEAN_SQUARED_ERROR,
    "0.5 * (y_pred - y)**2",
    "abs(y - y_pred)",
    "log(cosh(y - y_pred))",
    "min(abs(y - y_pred), 1)**2 / 2 + max(abs(y - y_pred) - 1, 0)",
    "sqrt(1 + (y - y_pred)**2) - 1",
    "max(y_pred - y, (y - y_pred) / 3)",
)


def experiment_of(model: str, loss: str = MEAN_SQUARED_ERROR) -> Experiment:
    names = parse_formula(model).parameters
    return Experiment(
        model=model, parameters=tuple(Parameter(name, 0.0) for name in names), data=Data(x=X, y=Y), loss=loss
    )


def shown(model: str, loss: str = MEAN_SQUARED_ERROR) -> list[str]:
    return [derivative.formula for derivative in derivatives(experiment_of(model, loss)).values()]


def test_other_data_is_no_reason_to_derive_again() -> None:
    experiment = experiment_of("u*x + v*x**2 + 0.123", "(y - y_pred)**4")
    derived = [derivatives(replace(experiment, data=Data((x,), (2.0,)))) for x in (1.0, 3.0, 5.0)]
    assert list(derived[0]) == ["u", "v"]
    assert all(again[name] is derived[0][name] for again in derived[1:] for name in again)


# --- One judge: autograd, on the formula as Python reads it


ONE_ARGUMENT = (
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "exp",
    "log",
    "log2",
    "log10",
    "sqrt",
    "erf",
)
OF_NUMBERS: dict[str, Any] = {
    **{name: getattr(math, name) for name in ONE_ARGUMENT},
    "abs": abs,
    "sigmoid": lambda u: 1.0 / (1.0 + math.exp(-u)),
    "relu": lambda u: max(u, 0.0),
    "softplus": lambda u: math.log1p(math.exp(u)),
    "sign": lambda u: (u > 0) - (u < 0),
    "min": min,
    "max": max,
    "pi": math.pi,
    "e": math.e,
}


def of_tensor(name: str) -> Callable[[Any], Any]:
    function = torch.nn.functional.softplus if name == "softplus" else getattr(torch, name)
    return lambda u: function(u) if isinstance(u, Tensor) else OF_NUMBERS[name](u)


def of_two(name: str, function: Callable[..., Tensor], bound: str) -> Callable[[Any, Any], Any]:
    def of_any(left: Any, right: Any) -> Any:
        if isinstance(left, Tensor) and isinstance(right, Tensor):
            return function(left, right)
        if isinstance(left, Tensor):
            return torch.clamp(left, **{bound: right})
        return torch.clamp(right, **{bound: left}) if isinstance(right, Tensor) else OF_NUMBERS[name](left, right)

    return of_any


OF_TENSORS: dict[str, Any] = {
    **OF_NUMBERS,
    **{name: of_tensor(name) for name in (*ONE_ARGUMENT, "abs", "sigmoid", "relu", "softplus", "sign")},
    "min": of_two("min", torch.minimum, "max"),
    "max": of_two("max", torch.maximum, "min"),
}


def autograd(experiment: Experiment, values: Sequence[float]) -> tuple[float, list[float]]:
    """Give the loss and its gradient in float64."""
    x, y = (torch.tensor(column, dtype=torch.float64) for column in (experiment.data.x, experiment.data.y))
    leaves = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in values]
    names = {**OF_TENSORS, **dict(zip(experiment.parameter_names, leaves, strict=True)), "x": x, "y": y}
    names["y_pred"] = eval(experiment.model, names)  # noqa: S307
    loss = eval(experiment.loss, names).mean()  # noqa: S307
    gradients = torch.autograd.grad(loss, leaves, materialize_grads=True)
    return loss.item(), [gradient.item() for gradient in gradients]


def by_hand(experiment: Experiment, values: Sequence[float]) -> list[float]:
    x, y = (torch.tensor(column, dtype=torch.float64) for column in (experiment.data.x, experiment.data.y))
    tensors = [torch.tensor(value, dtype=torch.float64) for value in values]
    results = []
    for derivative in derivatives(experiment).values():
        assert derivative.at_points is not None, derivative.formula
        slopes = derivative.at_points(x, y, *tensors)
        assert (slopes.shape, slopes.dtype) == (x.shape, torch.float64)
        results.append(slopes.mean().item())
    return results


# --- The other judge: the shown text, read by Python, point by point


def value_of_text(formula: str, experiment: Experiment, values: Sequence[float]) -> float:
    text = formula.partition(" = ")[2].removeprefix("mean")
    for sign, python in (("·", "*"), ("−", "-"), ("≥", ">="), ("≤", "<=")):
        text = text.replace(sign, python)
    total = 0.0
    for x, y in zip(experiment.data.x.tolist(), experiment.data.y.tolist(), strict=True):
        names = {**OF_NUMBERS, **dict(zip(experiment.parameter_names, values, strict=True)), "x": x, "y": y}
        names["y_pred"] = eval(experiment.model, names)  # noqa: S307
        total += eval(text, names)  # noqa: S307
    return total / len(experiment.data.x)


def near(gradients: Sequence[float]) -> list[Any]:
    return [pytest.approx(gradient, rel=AGREEMENT, abs=AGREEMENT) for gradient in gradients]


# --- Random formulas: every function of the vocabulary, where it is defined

LEAVES = ("x", "w", "b", "k", "2", "0.5", "-1.25", "3")
LEAF = st.sampled_from(LEAVES)
AT_A_KINK = (
    "abs({} - {})",
    "relu({} - {})",
    "sign({} + {})",
    "min({}, {})",
    "max({}, {})",
    "max({} + {}, 0.5)",
    "min(0, {} * {})",
)
"""Of leaves alone: with eighths for values, their arguments are exact and often at the kink itself."""

SMOOTH = (
    "sin({})",
    "cos({})",
    "tan(sin({}))",
    "asin(tanh({}) / 2)",
    "acos(sin({}) / 3)",
    "atan({})",
    "sinh(cos({}))",
    "cosh(sin({}))",
    "tanh({})",
    "exp(-({})**2)",
    "log(1 + ({})**2)",
    "log2(2 + cos({}))",
    "log10(3 + sin({}))",
    "sqrt(1 + ({})**2)",
    "sigmoid({})",
    "softplus(sin({}))",
    "erf({})",
    "2**sin({})",
    "(2 + sin({}))**1.5",
    "(2 + cos({}))**(-1/3)",
    "pi * ({})",
    "({})**2",
    "({})**3 / 7",
    "-({})",
)
JOINED = ("{} + {}", "{} - ({})", "({}) * ({})", "({}) / (2 + tanh({}))", "(2 + sin({}))**({})", "atan({}) * ({})")


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(str.format, st.sampled_from(SMOOTH), inner),
        st.builds(str.format, st.sampled_from(JOINED), inner, inner),
    )


MODELS = st.recursive(
    st.one_of(LEAF, st.builds(str.format, st.sampled_from(AT_A_KINK), LEAF, LEAF)), larger, max_leaves=6
)
VALUES = st.lists(st.integers(-12, 12).map(lambda eighths: eighths / 8), min_size=3, max_size=3)


def accepted(model: str, loss: str) -> Experiment:
    try:
        return experiment_of(model, loss)
    except ValueError:  # it has no parameter, or a part without names that is no number
        assume(False)
        raise


@pytest.mark.parametrize("model", [template.format("w*x - b") for template in SMOOTH])
@pytest.mark.parametrize("values", [(0.75, -0.5), (-0.25, 1.125)])
def test_the_derivative_of_every_function_is_autograds(model: str, values: tuple[float, float]) -> None:
    experiment = experiment_of(model)
    gradients = autograd(experiment, values)[1]
    assert all(abs(gradient) > 1e-3 for gradient in gradients)
    assert by_hand(experiment, values) == near(gradients)
    texts = [derivative.formula for derivative in derivatives(experiment).values()]
    assert [value_of_text(text, experiment, values) for text in texts] == near(gradients)


def test_no_function_of_the_vocabulary_is_left_out() -> None:
    written = " ".join((*AT_A_KINK, *SMOOTH))
    assert [name for name in FUNCTIONS if f"{name}(" not in written] == []


@settings(max_examples=300, deadline=None)
@given(MODELS, st.sampled_from(LOSSES), VALUES)
def test_the_derivative_is_autograds(model: str, loss: str, values: list[float]) -> None:
    experiment = accepted(model, loss)
    values = values[: len(experiment.parameters)]
    value, gradients = autograd(experiment, values)
    assume(math.isfinite(value) and all(map(math.isfinite, gradients)))
    assert by_hand(experiment, values) == near(gradients)


@settings(max_examples=150, deadline=None)
@given(MODELS, st.sampled_from(LOSSES), VALUES)
def test_the_text_says_what_is_computed(model: str, loss: str, values: list[float]) -> None:
    experiment = accepted(model, loss)
    values = values[: len(experiment.parameters)]
    value, gradients = autograd(experiment, values)
    assume(math.isfinite(value) and all(map(math.isfinite, gradients)))
    read = [value_of_text(one.formula, experiment, values) for one in derivatives(experiment).values()]
    assert read == near(gradients)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        ("abs(w) * x", (0.0,)),
        ("abs(w * x)", (0.0,)),
        ("relu(w * x + b)", (0.0, 0.0)),
        ("relu(w * x + b)", (1.0, 0.25)),
        ("x * sign(w) + w", (0.0,)),
        ("min(w, b) * x", (0.5, 0.5)),
        ("max(w, b) * x", (0.5, 0.5)),
        ("max(w * x, b)", (2.0, -0.5)),
        ("min(w, w) * x", (0.5,)),
        ("min(w, 0.5) * x", (0.5,)),
        ("max(0.5, w) * x", (0.5,)),
        ("max(w, 0) * x", (0.0,)),
        ("min(w * x, -3)", (2.0,)),
        ("max(min(w, 1), -1) * x", (1.0,)),
        ("a * abs(x)**n", (2.0, 1.5)),
        ("a * abs(x)**n", (2.0, 1.0)),
        ("a * abs(x)**n", (2.0, 0.0)),
        ("abs(w * x)**n + w", (0.0, 0.0)),
        ("abs(w * x)**1.5", (0.0,)),
        ("(w * x)**2.0", (0.0,)),
        ("w**0 * x + w", (0.0,)),
        ("softplus(w) * x", (20.0,)),
        ("atan(w)**2 * x", (0.0,)),
    ],
)
@pytest.mark.parametrize("loss", LOSSES)
def test_at_a_kink_it_is_autograds_convention(model: str, values: tuple[float, ...], loss: str) -> None:
    experiment = experiment_of(model, loss)
    assert by_hand(experiment, values) == near(autograd(experiment, values)[1])


@pytest.mark.parametrize(
    "loss", [*LOSSES, "max(y, y_pred)", "min(y_pred, y)", "relu(y_pred - y)", "sign(y_pred - y)"]
)
@pytest.mark.parametrize("residual", [0.0, 1.0, -1.0])
def test_at_the_kink_of_a_loss_it_is_autograds_convention(loss: str, residual: float) -> None:
    experiment = Experiment(
        model="w * x",
        parameters=(Parameter("w", 0.0),),
        data=Data(x=(1.0, 2.0), y=(2.0 + residual, 4.0 + residual)),
        loss=loss,
    )
    assert by_hand(experiment, (2.0,)) == near(autograd(experiment, (2.0,))[1])


def test_beyond_softpluss_threshold_pytorch_says_one_and_the_formula_sigmoid() -> None:
    experiment = experiment_of("softplus(w) + 0 * x")
    assert by_hand(experiment, (20.5,)) == [pytest.approx(autograd(experiment, (20.5,))[1][0], rel=3e-9)]


# --- As a student would write it


def test_the_lesson() -> None:
    (derivative,) = derivatives(DEFAULT_EXPERIMENT).values()
    assert derivative.formula == "∂loss/∂w = mean(2·x·(w·x − y))"
    assert by_hand(DEFAULT_EXPERIMENT, (0.0,)) == [-30.0]


@pytest.mark.parametrize(
    ("model", "texts"),
    [
        ("w*x + b", ["w = mean(2·x·(w·x + b − y))", "b = mean(2·(w·x + b − y))"]),
        ("b + x*w", ["b = mean(2·(b + w·x − y))", "w = mean(2·x·(b + w·x − y))"]),
        ("c - w*x", ["c = mean(2·(c − w·x − y))", "w = mean(-2·x·(c − w·x − y))"]),
        (
            "a*x**2 + b*x + c",
            [
                "a = mean(2·x**2·(a·x**2 + b·x + c − y))",
                "b = mean(2·x·(a·x**2 + b·x + c − y))",
                "c = mean(2·(a·x**2 + b·x + c − y))",
            ],
        ),
        (
            "a*exp(-k*x)",
            ["a = mean(2·(a·exp(-k·x) − y)·exp(-k·x))", "k = mean(-2·a·x·(a·exp(-k·x) − y)·exp(-k·x))"],
        ),
        (
            "v*tanh(w*x+b)+c",
            [
                "v = mean(2·(v·tanh(w·x + b) + c − y)·tanh(w·x + b))",
                "w = mean(2·v·x·(1 − tanh(w·x + b)**2)·(v·tanh(w·x + b) + c − y))",
                "b = mean(2·v·(1 − tanh(w·x + b)**2)·(v·tanh(w·x + b) + c − y))",
                "c = mean(2·(v·tanh(w·x + b) + c − y))",
            ],
        ),
        ("sqrt(w*x)", ["w = mean(x·(sqrt(w·x) − y)/sqrt(w·x))"]),
        ("relu(w*x)", ["w = mean(2·x·(relu(w·x) − y)·(w·x > 0))"]),
        ("max(w*x, 0)", ["w = mean(2·x·(max(w·x, 0) − y)·(w·x ≥ 0))"]),
        ("max(w, x)", ["w = mean((max(w, x) − y)·(sign(w − x) + 1))"]),
        ("a*x**n", ["a = mean(2·(a·x**n − y)·x**n)", "n = mean(2·a·(a·x**n − y)·log(x)·x**n)"]),
        ("w*x/3 + 0.1*b", ["w = mean(2·x·(w·x/3 + 0.1·b − y)/3)", "b = mean(2·0.1·(w·x/3 + 0.1·b − y))"]),
        ("a*sin(2*pi*x)", ["a = mean(2·(a·sin(2·pi·x) − y)·sin(2·pi·x))"]),
        ("sqrt(2)*w*x", ["w = mean(2·sqrt(2)·x·(sqrt(2)·w·x − y))"]),
        ("β*x + I + 0*E", ["β = mean(2·x·(x·β + I − y))", "I = mean(2·(x·β + I − y))", "E = 0"]),
        ("w*x/e", ["w = mean(2·x·(w·x/e − y)/e)"]),
        ("e**(-w*x) + pi/2", ["w = mean(-2·x·(exp(-w·x) + pi/2 − y)·exp(-w·x))"]),
        ("abs(w*x)**1.5", ["w = mean(3·x·(abs(w·x)**(3/2) − y)·sign(w·x)·sqrt(abs(w·x)))"]),
    ],
)
def test_the_text_is_short_and_in_the_students_order(model: str, texts: list[str]) -> None:
    assert shown(model) == [f"∂loss/∂{text}" for text in texts]


@pytest.mark.parametrize(
    ("loss", "text"),
    [
        ("abs(y_pred - y)", "mean(x·sign(w·x − y))"),
        ("log(cosh(y_pred - y))", "mean(x·sinh(w·x − y)/cosh(w·x − y))"),
        ("sqrt(1 + (y_pred - y)**2)", "mean(x·(w·x − y)/sqrt((w·x − y)**2 + 1))"),
        ("(y_pred - y)**2 / 2", "mean(x·(w·x − y))"),
        ("y_pred", "mean(x)"),
        ("0*y_pred + y", "0"),
    ],
)
def test_the_text_for_other_losses(loss: str, text: str) -> None:
    assert shown("w*x", loss) == [f"∂loss/∂w = {text}"]


def test_a_mean_is_only_written_over_what_differs_between_the_points() -> None:
    assert shown("w**2", "y_pred") == ["∂loss/∂w = 2·w"]


def test_a_long_derivative_keeps_y_pred() -> None:
    model = " + ".join(f"v{i}*tanh(w{i}*x + b{i})" for i in range(4))
    assert shown(model)[0] == "∂loss/∂v0 = mean(2·(y_pred − y)·tanh(w0·x + b0))"


def test_names_that_sympy_uses_are_ordinary_parameters() -> None:
    model = "E*x + I*x**2 + S*sin(N*x) + zoo + oo*nan + Abs*beta"
    names = parse_formula(model).parameters
    values = [0.3 + index / 8 for index in range(len(names))]
    experiment = experiment_of(model)
    assert by_hand(experiment, values) == near(autograd(experiment, values)[1])


@pytest.mark.parametrize(
    "number", ["123456789", "12345678901", "1e-5", "1e200", "1/3", "0.1", "2*pi", "sqrt(2)", "e"]
)
def test_numbers_keep_their_values(number: str) -> None:
    experiment = experiment_of(f"w*x + ({number})*b", "y_pred")
    gradients = autograd(experiment, (0.5, 0.0))[1]
    assert by_hand(experiment, (0.5, 0.0)) == [pytest.approx(gradient, rel=1e-15) for gradient in gradients]


# --- Where there is none, and how long it takes


@pytest.mark.parametrize("model", ["w / 0 + x", "log(w - w - 2) + w*x", "w * x * 1e200 * 1e200"])
def test_where_there_is_no_derivative_a_sentence_says_so(model: str) -> None:
    (derivative,) = derivatives(experiment_of(model)).values()
    assert derivative.at_points is None
    assert derivative.formula == "No derivative by w could be written down; the other two need none."


@pytest.mark.parametrize(
    "model",
    [
        "tanh(w+" * 40 + "w*x" + ")" * 40,
        "cosh(w+" * 40 + "w*x" + ")" * 40,
        "max(" * 40 + "w*x" + ", w*2)" * 40,
        "(" * 30 + "w*x" + "**2 + w)" * 30,
        "(2*w*x)**999999999",
        "(" * 8 + "3*w" + "**9)" * 8,
        "*".join(f"(w + x*{i})" for i in range(1, 37)),
        "*".join(f"exp(sin(w*x + {i}))" for i in range(1, 20)),
        " + ".join(["w*x"] * 75),
    ],
    ids=["tanh", "cosh", "max", "squares", "exponent", "tower", "product", "functions", "sum"],
)
def test_it_is_never_slow(model: str) -> None:
    shown("w*x")  # sympy is loaded
    experiment = experiment_of(model)
    before = time.thread_time()
    (derivative,) = derivatives(experiment).values()
    assert time.thread_time() - before < 3.0  # 0.5 s on a free machine; what this is against takes minutes
    assert derivative.formula


def test_sympy_is_loaded_only_when_a_derivative_is_asked_for() -> None:
    code = "import sys, gradgui.engine.gradient_check, gradgui.engine.forecast; print('sympy' in sys.modules)"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout == "False\n"


# --- Parabolas


@pytest.mark.parametrize(
    ("model", "loss", "wanted"),
    [
        ("w*x", MEAN_SQUARED_ERROR, True),
        ("a*x**2 + b*exp(x) + c/(1 + x)", MEAN_SQUARED_ERROR, True),
        ("-(w + 3*b) * x / 2", "3 * (y - y_pred)**2 / 4 + y_pred", True),
        ("w**2 * x", "y_pred", True),
        ("w**2.0 + w**1 + w**0", "y_pred * y", True),
        ("w*b*x", "y_pred - y", True),
        ("w*x + sign(x)", "y**4 + y_pred", True),
        ("w**2 * x", MEAN_SQUARED_ERROR, False),
        ("w*b*x", MEAN_SQUARED_ERROR, False),
        ("w*x", "abs(y - y_pred)", False),
        ("w*x", "(y - y_pred)**4", False),
        ("w*x", "log(cosh(y - y_pred))", False),
        ("x / w", "y_pred", False),
        ("2**w * x", "y_pred", False),
        ("w**0.5 * x", "y_pred", False),
        ("w**-1 * x", "y_pred", False),
        ("w*x", "y_pred**y", False),
        ("exp(w)*x", "y_pred**0 + y", True),
    ],
)
def test_which_losses_are_parabolas(model: str, loss: str, wanted: bool) -> None:
    assert is_quadratic(experiment_of(model, loss)) is wanted


@settings(max_examples=150, deadline=None)
@given(MODELS, st.sampled_from(LOSSES[:2]), VALUES, VALUES)
def test_a_parabolas_gradient_is_linear(model: str, loss: str, here: list[float], there: list[float]) -> None:
    experiment = accepted(f"w*x + b*cos({model.replace('w', 'x').replace('b', 'x').replace('k', 'x')}) + k*2", loss)
    assert is_quadratic(experiment)
    middle = [(one + other) / 2 for one, other in zip(here, there, strict=True)]
    at_ends = zip(autograd(experiment, here)[1], autograd(experiment, there)[1], strict=True)
    assert autograd(experiment, middle)[1] == near([(one + other) / 2 for one, other in at_ends])
