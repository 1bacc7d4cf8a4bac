"""The forecast against plain gradient descent that is really run, and against closed forms in NumPy."""

import math
from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from gradgui.engine.forecast import Forecaster
from gradgui.engine.trainer import Trainer
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, MEAN_SQUARED_ERROR, DType, Experiment, Parameter
from gradgui.experiment.formula import parse_formula
from gradgui.record.views import Forecast

Array = NDArray[np.float64]

HOPELESS = 1e50

X = (-1.5, -0.25, 0.5, 0.75, 2.0)
Y = (0.3, -1.2, 0.1, 1.9, 0.6)


def experiment_of(
    model: str,
    *,
    loss: str = MEAN_SQUARED_ERROR,
    x: Sequence[float] | Array = X,
    y: Sequence[float] | Array = Y,
    dtype: str = "float64",
) -> Experiment:
    return Experiment(
        model=model,
        parameters=tuple(Parameter(name, 0.0) for name in parse_formula(model).parameters),
        data=Data(x=tuple(map(float, x)), y=tuple(map(float, y))),
        loss=loss,
        dtype=cast("DType", dtype),
    )


def forecast(
    experiment: Experiment, values: Sequence[float] | Array, rate: float = 0.01, wanted: float | None = None
) -> Forecast:
    return Forecaster(experiment).forecast(tuple(map(float, values)), rate, wanted)


# --- The judge: least squares in NumPy, and gradient descent that is really run


class LeastSquares:
    """``mean((A p - y)²)`` of a design matrix."""

    def __init__(self, design: Array, y: Array) -> None:
        self.design = design
        self.y = y
        self.hessian = 2.0 / len(y) * design.T @ design

    def loss(self, p: Array) -> float:
        return float(np.mean((self.design @ p - self.y) ** 2))

    def gradient(self, p: Array) -> Array:
        return 2.0 / len(self.y) * self.design.T @ (self.design @ p - self.y)

    @property
    def lowest(self) -> float:
        return self.loss(np.linalg.lstsq(self.design, self.y, rcond=None)[0].astype("float64"))

    def losses(self, p: Array, rate: float, epochs: int) -> list[float]:
        """Give the loss after 0, 1, … updates, until it is hopeless."""
        losses = [self.loss(p)]
        while len(losses) <= epochs and losses[-1] < HOPELESS:
            p = p - rate * self.gradient(p)
            losses.append(self.loss(p))
        return losses


DESIGNS: dict[str, Callable[[Array], Array]] = {
    "w*x": lambda x: np.stack([x], axis=1),
    "w*x + b": lambda x: np.stack([x, np.ones_like(x)], axis=1),
    "a*x**2 + b*x + c": lambda x: np.stack([x**2, x, np.ones_like(x)], axis=1),
    "a*sin(x) + b*exp(-x**2)/2": lambda x: np.stack([np.sin(x), np.exp(-(x**2)) / 2], axis=1),
    "(a + b)*x + c": lambda x: np.stack([x, x, np.ones_like(x)], axis=1),
}
"""The last one has a flat direction."""

VALUES = st.floats(-2.0, 2.0).map(lambda value: round(value, 3))
POINTS = st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=8)


@st.composite
def problems(draw: st.DrawFn) -> tuple[Experiment, LeastSquares, Array]:
    model = draw(st.sampled_from(sorted(DESIGNS)))
    x, y = np.array(draw(POINTS)).T
    squares = LeastSquares(DESIGNS[model](x), y)
    start = np.array([draw(VALUES) for _ in range(squares.design.shape[1])])
    return experiment_of(model, x=x, y=y), squares, start


# --- The lesson


def test_the_lesson() -> None:
    result = forecast(DEFAULT_EXPERIMENT, (0.0,), 0.01, 0.1)
    assert result.eigenvalues == (15.0,)
    assert result.largest_rate == pytest.approx(0.13333333333333333, rel=1e-15)
    assert result.factor == pytest.approx(0.85, rel=1e-15)
    assert (result.lowest_loss, result.exact) == (0.0, True)


@pytest.mark.parametrize("wanted", [29.999, 10.0, 1.0, 0.1, 1e-3, 1e-6])
@pytest.mark.parametrize("epochs_before", [0, 5])
def test_the_lessons_own_loop_needs_as_many_epochs(wanted: float, epochs_before: int) -> None:
    trainer = Trainer(DEFAULT_EXPERIMENT)
    for _ in range(epochs_before):
        trainer.finish_epoch()
    forecast_now = Forecaster(DEFAULT_EXPERIMENT).forecast((trainer.parameters["w"].item(),), 0.01, wanted)
    updates = 0
    while trainer.finish_epoch()[0] > wanted:  # the loss before the epoch's update: after so many updates
        updates += 1
    assert forecast_now.epochs_needed == updates


# --- Least squares


@settings(max_examples=80, deadline=None)
@given(problems())
def test_curvature_and_bottom_are_those_of_least_squares(problem: tuple[Experiment, LeastSquares, Array]) -> None:
    experiment, squares, start = problem
    result = forecast(experiment, start, 0.1)
    eigenvalues = np.linalg.eigvalsh(squares.hessian)
    assert result.exact
    assert result.eigenvalues == pytest.approx(eigenvalues.tolist(), rel=1e-9, abs=1e-12)
    assume(eigenvalues[-1] > 1e-6)
    assert result.largest_rate == pytest.approx(2.0 / eigenvalues[-1], rel=1e-12)
    curved = eigenvalues[eigenvalues > 1e-9 * eigenvalues[-1]]
    assume(len(curved) == np.linalg.matrix_rank(squares.design))
    assert result.factor == pytest.approx(np.abs(1.0 - 0.1 * curved).max(), rel=1e-9)
    assert result.lowest_loss == pytest.approx(squares.lowest, rel=1e-7, abs=1e-9 * (1.0 + squares.loss(start)))


MOST_EPOCHS = 1500


@settings(max_examples=120, deadline=None)
@given(problems(), st.floats(0.02, 1.3), st.floats(-7.0, 0.5))
def test_the_loop_needs_as_many_epochs(
    problem: tuple[Experiment, LeastSquares, Array], share: float, magnitude: float
) -> None:
    """With any learning rate up to 1.3 times the stable one: where a direction diverges, the loss turns round."""
    experiment, squares, start = problem
    largest = np.linalg.eigvalsh(squares.hessian)[-1]
    assume(largest > 1e-3)
    rate = float(share * 2.0 / largest)
    lowest = squares.lowest
    wanted = lowest + 10.0**magnitude * (squares.loss(start) - lowest)
    assume(wanted > lowest + 1e-9)
    losses = squares.losses(start, rate, MOST_EPOCHS)
    assume(min(abs(loss - wanted) for loss in losses) > 1e-10 * (1.0 + wanted))  # no loss is the wanted one
    reached = next((epochs for epochs, loss in enumerate(losses) if loss <= wanted), None)
    needed = forecast(experiment, start, rate, wanted).epochs_needed
    if reached is None:
        assert needed is None or needed > MOST_EPOCHS
    else:
        assert needed == reached


@pytest.mark.parametrize("model", sorted(DESIGNS))
def test_just_below_the_largest_rate_the_error_shrinks_and_just_above_it_grows(model: str) -> None:
    x, y = np.array(X), np.array(Y)
    squares = LeastSquares(DESIGNS[model](x), y)
    start = np.full(squares.design.shape[1], 0.5)
    result = forecast(experiment_of(model), start)
    excess = squares.loss(start) - squares.lowest
    for share, shrinks in ((0.999, True), (1.001, False)):
        last = squares.losses(start, share * result.largest_rate, 20_000)[-1] - squares.lowest
        assert (last < 0.01 * excess) is shrinks
        assert (last > 100.0 * excess) is not shrinks


@pytest.mark.parametrize("model", ["w*x", "w*x + b", "a*x**2 + b*x + c"])
@pytest.mark.parametrize("share", [0.1, 0.7, 0.99, 1.2])
def test_the_factor_is_the_loops_after_a_while(model: str, share: float) -> None:
    x, y = np.array(X), np.array(Y)
    squares = LeastSquares(DESIGNS[model](x), y)
    start = np.full(squares.design.shape[1], 0.5)
    rate = share * forecast(experiment_of(model), start).largest_rate
    bottom = np.linalg.lstsq(squares.design, y, rcond=None)[0]
    p, errors = start - bottom, []
    for _ in range(400):
        p = p - rate * squares.hessian @ p
        errors.append(float(np.linalg.norm(p)))
    assert forecast(experiment_of(model), start, rate).factor == pytest.approx(errors[-1] / errors[-2], rel=1e-3)


def test_a_rate_of_one_over_the_curvature_needs_one_epoch() -> None:
    experiment = experiment_of("w*x", x=(1.0,), y=(3.0,))
    assert forecast(experiment, (0.0,), 0.5, 0.0).epochs_needed == 1
    assert forecast(experiment, (0.0,), 0.5, 1e-30).epochs_needed == 1


def test_at_the_largest_rate_the_loss_stays() -> None:
    experiment = experiment_of("w*x", x=(1.0,), y=(3.0,))
    result = forecast(experiment, (0.0,), 1.0, 8.9)
    assert (result.factor, result.epochs_needed) == (1.0, None)


def test_the_lowest_loss_itself_is_never_reached() -> None:
    assert forecast(DEFAULT_EXPERIMENT, (0.0,), 0.01, 0.0).epochs_needed is None
    assert forecast(DEFAULT_EXPERIMENT, (0.1,), 0.01, 0.0).epochs_needed is None
    assert forecast(DEFAULT_EXPERIMENT, (0.0,), 0.01, -1.0).epochs_needed is None


def test_a_rate_that_is_too_large_never_gets_there() -> None:
    assert forecast(DEFAULT_EXPERIMENT, (0.0,), 0.14, 1.0).epochs_needed is None


@pytest.mark.parametrize(
    ("wanted", "epochs"), [(None, None), (math.nan, None), (math.inf, 0), (30.0, 0), (31.0, 0), (-math.inf, None)]
)
def test_what_can_be_wanted(wanted: float | None, epochs: int | None) -> None:
    assert forecast(DEFAULT_EXPERIMENT, (0.0,), 0.01, wanted).epochs_needed == epochs


@pytest.mark.parametrize("wanted", [0.5, 1e-2, 1e-3, 1e-4, 2e-5, 1e-9])
def test_a_loss_may_be_reached_before_it_diverges(wanted: float) -> None:
    """Along one direction the error is large and shrinks, along the other it is tiny and grows."""
    x, y = np.array([-2.0, 2.0]), np.zeros(2)
    squares, start, rate = LeastSquares(DESIGNS["w*x + b"](x), y), np.array([1e-3, 1.0]), 0.26
    losses = squares.losses(start, rate, 1000)
    assert min(losses) < 2e-5
    assert losses[-1] > 1e6
    reached = next((epochs for epochs, loss in enumerate(losses) if loss <= wanted), None)
    assert (reached is None) is (wanted == 1e-9)
    assert forecast(experiment_of("w*x + b", x=x, y=y), start, rate, wanted).epochs_needed == reached


def test_a_tiny_rate_needs_many_epochs() -> None:
    rate = 1e-12
    needed = forecast(DEFAULT_EXPERIMENT, (0.0,), rate, 0.1).epochs_needed
    assert needed == pytest.approx(math.log(0.1 / 30.0) / (2.0 * math.log1p(-15.0 * rate)), rel=1e-3)


# --- Other shapes


def test_an_exponentials_hessian_is_that_of_the_closed_form() -> None:
    a, k = 1.5, 0.4
    x, y = np.array(X), np.array(Y)
    decay = np.exp(-k * x)
    residual, slopes = a * decay - y, (decay, -a * x * decay)
    second = ((np.zeros_like(x), -x * decay), (-x * decay, a * x**2 * decay))
    hessian = [
        [float(np.mean(2.0 * (slopes[i] * slopes[j] + residual * second[i][j]))) for j in range(2)] for i in range(2)
    ]
    result = forecast(experiment_of("a*exp(-k*x)"), (a, k))
    assert result.eigenvalues == pytest.approx(np.linalg.eigvalsh(np.array(hessian)).tolist(), rel=1e-12)
    assert not result.exact


def test_along_a_flat_direction_nothing_shrinks_and_it_does_not_count() -> None:
    result = forecast(experiment_of("(a + b)*x", x=(1.0, 2.0), y=(1.0, 2.0)), (0.0, 3.0), 0.05)
    assert result.eigenvalues == pytest.approx((0.0, 10.0), abs=1e-14)
    assert result.factor == pytest.approx(0.5)
    assert result.lowest_loss == pytest.approx(0.0, abs=1e-14)


@pytest.mark.parametrize("seed", range(4))
def test_at_the_bottom_itself_the_gradients_rounding_is_no_slope(seed: int) -> None:
    """There the points' large slopes cancel, and what is left points anywhere, along the flat direction too."""
    x, y = np.random.default_rng(seed).normal(size=(2, 7))
    squares = LeastSquares(DESIGNS["w*x + b"](x), y)
    slope, offset = np.linalg.lstsq(squares.design, y, rcond=None)[0]
    result = forecast(experiment_of("a*x + b*x/3 + c", x=x, y=y), (slope, 0.0, offset), 0.05)
    assert result.eigenvalues[0] == pytest.approx(0.0, abs=1e-14)
    assert result.lowest_loss == pytest.approx(squares.lowest, rel=1e-14)


@pytest.mark.parametrize("loss", ["y_pred", "abs(y - y_pred)"])
def test_a_slope_without_curvature_has_no_bottom_and_no_largest_rate(loss: str) -> None:
    result = forecast(experiment_of("w*x + b", loss=loss), (0.3, 0.2), 0.1, -5.0)
    kinked = loss != "y_pred"
    expected = Forecast((0.0, 0.0), math.inf, 1.0, None, None, exact=not kinked, has_kinks=kinked, slope=result.slope)
    assert result == expected
    assert result.slope > 0.0


def test_a_saddle_has_no_bottom_and_its_error_grows() -> None:
    experiment = experiment_of("a*b*x", x=(1.0,), y=(2.0,))
    result = forecast(experiment, (0.0, 0.0), 0.1, 1.0)
    assert result.eigenvalues == pytest.approx((-4.0, 4.0))
    assert [result.largest_rate, result.factor] == pytest.approx([0.5, 1.4])
    assert (result.lowest_loss, result.epochs_needed, result.exact) == (None, None, False)
    assert forecast(experiment, (0.0, 0.0), 0.1, 4.0).epochs_needed == 0


def test_a_hilltop_has_no_largest_rate() -> None:
    result = forecast(experiment_of("w*x", loss="-y_pred**2 + y", x=(1.0,), y=(0.0,)), (0.5,), 0.1)
    assert (result.eigenvalues, result.largest_rate, result.lowest_loss) == ((-2.0,), math.inf, None)
    assert result.factor == pytest.approx(1.2)


@pytest.mark.parametrize("model", ["w*x", "exp(w*x)", "x/w", "log(w)*x", "sqrt(w) + x", "w*x + exp(b)"])
@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_a_point_that_is_not_finite_gives_nan(model: str, value: float) -> None:
    experiment = experiment_of(model)
    values = (value, 0.5)[: len(experiment.parameters)]
    result = forecast(experiment, values, 0.1, 1.0)
    assert all(map(math.isnan, (*result.eigenvalues, result.largest_rate, result.factor)))
    assert len(result.eigenvalues) == len(values)
    assert (result.lowest_loss, result.epochs_needed) == (None, None)


@pytest.mark.parametrize("value", [1e300, -1e160, 1e30, 1e-300, 0.0])
@pytest.mark.parametrize("model", ["w*x", "w**3*x", "exp(w*x)", "x/w", "sqrt(w)*x", "w*x + b"])
def test_no_number_raises_anything(model: str, value: float) -> None:
    experiment = experiment_of(model)
    for rate in (1e-300, 0.1, 1e300):
        result = forecast(experiment, (value, 0.5)[: len(experiment.parameters)], rate, 0.1)
        assert result.epochs_needed is None or result.epochs_needed >= 0


def test_the_forecast_is_of_the_data_as_the_run_has_it() -> None:
    result = forecast(experiment_of("w*x", x=(0.1,), y=(0.0,), dtype="float32"), (0.0,))
    assert result.eigenvalues == pytest.approx((2.0 * float(np.float32(0.1)) ** 2,), rel=1e-15)


def trained_losses(slope: float, rate: float, epochs: int) -> list[float]:
    """Losses of the lesson's loop in float32, in plain PyTorch, for data that lie on a line through 0."""
    x = torch.tensor([1.0, 2.0, 3.0, 4.0])
    y, w = slope * x, torch.tensor(0.0, requires_grad=True)
    losses = []
    for _ in range(epochs):
        loss = ((y - w * x) ** 2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        assert w.grad is not None
        with torch.no_grad():
            w -= rate * w.grad
        w.grad.zero_()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("slope", [2.0, 0.2, 37.7, 1e-6, 4.2e7])
@pytest.mark.parametrize("rate", [0.001, 0.01, 0.1])
def test_a_count_that_is_given_is_reached_in_the_runs_own_dtype(slope: float, rate: float) -> None:
    x = (1.0, 2.0, 3.0, 4.0)
    experiment = experiment_of("w*x", x=x, y=[slope * one for one in x])
    experiment = replace(experiment, dtype="float32", parameters=(Parameter("w", 0.0),))
    losses, given = trained_losses(slope, rate, 12_000), 0
    for exponent in range(1, 40):
        wanted = losses[0] * 10.0**-exponent
        result = Forecaster(experiment).forecast((0.0,), rate, wanted)
        if result.epochs_needed is not None and wanted >= (result.lowest_loss or 0.0) + result.rounding:
            given += 1
            assert min(losses[: result.epochs_needed + 2]) <= wanted * 1.01
    assert given >= 3
    assert min(losses) < losses[0] * 1e-6
