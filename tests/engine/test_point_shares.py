"""Each point's share of the gradient, against plain PyTorch and closed forms."""

import math
import warnings
from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gradgui.engine.point_shares import PointSharer
from gradgui.engine.run import Run
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, DType, Experiment, Parameter
from gradgui.experiment.formula import parse_formula
from gradgui.experiment.optimizers import Adam
from gradgui.experiment.training_loop import Loop, Phase
from gradgui.record.point_shares import MOST_SHARED, PointShares

DTYPES = {"float32": torch.float32, "float64": torch.float64}

# In these every parameter meets x at once: nothing is computed of parameters alone, after PyTorch has summed.
Numbers = Sequence[float] | NDArray[np.float64]
Function = Callable[..., torch.Tensor]
MODELS: dict[str, Function] = {
    "w*x": lambda x, w: w * x,
    "w*x + b": lambda x, w, b: w * x + b,
    "a*x**2 + b*x + c": lambda x, a, b, c: a * x**2 + b * x + c,
    "w*x + w*x**2": lambda x, w: w * x + w * x**2,
    "w*x + w": lambda x, w: w * x + w,
    "a*exp(-k*x)": lambda x, a, k: a * torch.exp(-k * x),
    "tanh(w*x + b)*v + c": lambda x, w, b, v, c: torch.tanh(w * x + b) * v + c,
    "relu(w*x + b)*w + b": lambda x, w, b: torch.relu(w * x + b) * w + b,
    "w*sin(w*x) + w": lambda x, w: w * torch.sin(w * x) + w,
    "sin(w*x)*cos(w*x)*w": lambda x, w: torch.sin(w * x) * torch.cos(w * x) * w,
    "w*x - (b - w*x**2)": lambda x, w, b: w * x - (b - w * x**2),
    "a/(1 + exp(-k*(x - m)))": lambda x, a, k, m: a / (1 + torch.exp(-k * (x - m))),
    "max(w*x, b)": lambda x, w, b: torch.maximum(w * x, b),
}
APART: dict[str, Function] = {
    "0.1*w*x": lambda x, w: 0.1 * w * x,
    "w*w*x": lambda x, w: w * w * x,
    "sin(w)*x + b": lambda x, w, b: torch.sin(w) * x + b,
    "w**2": lambda _x, w: w**2,
    "w": lambda _x, w: w,
}
LOSSES: dict[str, Function] = {
    "(y - y_pred)**2": lambda y, y_pred: (y - y_pred) ** 2,
    "abs(y - y_pred)": lambda y, y_pred: torch.abs(y - y_pred),
    "log(cosh(y - y_pred))": lambda y, y_pred: torch.log(torch.cosh(y - y_pred)),
    "max(0, 1 - y*y_pred)": lambda y, y_pred: torch.clamp(1 - y * y_pred, min=0),
    "y_pred*y": lambda y, y_pred: y_pred * y,
}
SQUARES = "(y - y_pred)**2"


def experiment_of(model: str, loss: str, dtype: str, points: tuple[Numbers, Numbers], starts: Numbers) -> Experiment:
    names = parse_formula(model).parameters
    parameters = tuple(Parameter(name, float(start)) for name, start in zip(names, starts, strict=False))
    return Experiment(model, parameters, Data(*points), loss=loss, dtype=cast("DType", dtype))


def random_experiment(model: str, loss: str, dtype: str, points: int, seed: int) -> Experiment:
    generator = np.random.default_rng(seed)
    x, y = generator.normal(size=(2, points)) * 2.0
    return experiment_of(model, loss, dtype, (x, y), generator.normal(size=4))


def shares_of(experiment: Experiment) -> PointShares:
    return PointSharer(experiment).share_out(Run(experiment))


def plain_gradients(experiment: Experiment, rows: slice = slice(None)) -> list[float]:
    """Give ``.grad`` after a plain backward pass of the mean loss over some of the points."""
    dtype = DTYPES[experiment.dtype]
    leaves = [torch.tensor(one.start, dtype=dtype, requires_grad=True) for one in experiment.parameters]
    x, y = (torch.tensor(values, dtype=dtype)[rows] for values in (experiment.data.x, experiment.data.y))
    LOSSES[experiment.loss](y, (MODELS | APART)[experiment.model](x, *leaves)).mean().backward()  # type: ignore[no-untyped-call]
    return [leaf.grad.item() for leaf in leaves if leaf.grad is not None]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(list(MODELS)),
    st.sampled_from(list(LOSSES)),
    st.sampled_from(["float32", "float64"]),
    st.one_of(st.integers(1, 40), st.sampled_from([100, 257, 1000, 10_000])),
    st.integers(0, 2**32 - 1),
)
def test_the_shares_add_up_to_plain_pytorchs_gradient_to_the_last_bit(
    model: str, loss: str, dtype: str, points: int, seed: int
) -> None:
    experiment = random_experiment(model, loss, dtype, points, seed)
    shares = shares_of(experiment)
    gradients = plain_gradients(experiment)
    assert np.array(shares.gradients).tobytes() == np.array(gradients).tobytes()
    if np.isfinite(gradients).all():
        assert shares.sums == tuple(gradients)
        # Only of a 0 the sign can be lost, as -k is computed before x comes in.
        assert all(agrees or gradient == 0.0 for agrees, gradient in zip(shares.agrees, gradients, strict=True))
        assert shares.shares.shape == (points, len(experiment.parameters))
        size = np.abs(shares.shares).sum(axis=0)
        rounding = {"float32": 2.0**-24, "float64": 2.0**-53}[dtype]
        assert (
            np.abs([math.fsum(column) for column in shares.shares.T] - np.array(gradients))
            <= 4 * np.log2(points + 2) * rounding * size
        ).all()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([*MODELS, *APART]), st.sampled_from(list(LOSSES)), st.integers(1, 12), st.integers(0, 2**32 - 1)
)
def test_a_share_is_that_points_own_gradient_over_their_number(model: str, loss: str, points: int, seed: int) -> None:
    experiment = random_experiment(model, loss, "float64", points, seed)
    shares = shares_of(experiment)
    for place in range(points):
        own = plain_gradients(experiment, slice(place, place + 1))
        assert shares.shares[place] == pytest.approx(np.array(own) / points, rel=1e-9, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(APART)),
    st.sampled_from(list(LOSSES)),
    st.sampled_from(["float32", "float64"]),
    st.integers(1, 300),
)
def test_where_pytorch_sums_before_it_multiplies_bits_are_claimed_only_where_they_are_equal(
    model: str, loss: str, dtype: str, points: int
) -> None:
    experiment = random_experiment(model, loss, dtype, points, points)
    shares = shares_of(experiment)
    gradients = plain_gradients(experiment)
    assert np.array(shares.gradients).tobytes() == np.array(gradients).tobytes()
    assert shares.agrees == tuple(
        np.array(total).tobytes() == np.array(gradient).tobytes()
        for total, gradient in zip(shares.sums, gradients, strict=True)
    )
    size = np.abs(shares.shares).sum(axis=0)
    rounding = {"float32": 2.0**-24, "float64": 2.0**-53}[dtype]
    assert (np.abs(np.array(shares.sums) - gradients) <= 20 * np.log2(points + 2) * rounding * size).all()


VALUES = st.floats(-8.0, 8.0, width=32)


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=9), VALUES)
def test_a_lines_shares_are_those_of_the_closed_form(points: list[tuple[float, float]], w: float) -> None:
    x, y = np.array(points).T
    shares = shares_of(experiment_of("w*x", SQUARES, "float64", (x, y), (w,)))
    assert shares.of("w") == pytest.approx(2.0 * x * (w * x - y) / len(x), rel=1e-13, abs=1e-13)
    assert shares.y_pred == pytest.approx(w * x, rel=1e-15)


def test_the_lesson() -> None:
    shares = shares_of(DEFAULT_EXPERIMENT)
    assert (shares.epoch, shares.parameters, shares.found) == (1, ("w",), (None,))
    assert (shares.of("w").tolist(), shares.gradients, shares.agrees) == (
        [-1.0, -4.0, -9.0, -16.0],
        (-30.0,),
        (True,),
    )


# --- In a run, broken or not


def test_the_shares_are_of_the_epoch_in_work_until_its_update_and_of_the_next_one_from_then_on() -> None:
    run = Run(DEFAULT_EXPERIMENT)
    sharer = PointSharer(DEFAULT_EXPERIMENT)
    seen = []
    for _ in range(6):
        shares = sharer.share_out(run)
        seen.append((shares.epoch, shares.gradients[0], shares.found[0] or 0.0))
        run.run_phase()
    assert seen == [(1, -30.0, 0.0)] * 4 + [(2, -25.5, 0.0)] * 2


@pytest.mark.parametrize("optimizer", [None, Adam()])
def test_with_zero_grad_forgotten_they_are_what_the_epoch_adds(optimizer: Adam | None) -> None:
    loop = Loop(zero_grad=False)
    changes = {} if optimizer is None else {"optimizer": optimizer}
    experiment = Experiment("w*x", (Parameter("w", 0.0),), DEFAULT_EXPERIMENT.data, 0.01, 20, loop=loop, **changes)  # type: ignore[arg-type]
    run, sharer, before = Run(experiment), PointSharer(experiment), 0.0
    for _ in range(5):
        shares = sharer.share_out(run)
        assert (shares.found[0] or 0.0) == before
        assert shares.agrees == (True,)
        while run.trainer.next_phase is not Phase.ZERO_GRAD:
            run.run_phase()
        gradient = run.trainer.state().gradients[0]
        assert shares.gradients == (gradient,)
        after_update = sharer.share_out(run)
        run.run_phase()
        between = sharer.share_out(run)
        assert (after_update.epoch, after_update.found, after_update.gradients) == (
            between.epoch,
            between.found,
            between.gradients,
        )
        before = gradient or 0.0


def test_a_parameter_that_is_no_leaf_has_no_gradient_to_share() -> None:
    experiment = Experiment(
        "w*x", (Parameter("w", 0.0),), DEFAULT_EXPERIMENT.data, loop=Loop(in_place=False, zero_grad=False)
    )
    run, sharer = Run(experiment), PointSharer(experiment)
    assert sharer.share_out(run).gradients == (-30.0,)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run.train_watched()
    shares = sharer.share_out(run)
    assert (shares.gradients, shares.agrees) == ((None,), (False,))
    assert shares.sums == pytest.approx([-25.5])


def test_a_second_backward_pass_adds_everything_twice_where_it_does_not_raise() -> None:
    for model, loss, passes in (("w*x", "(y - y_pred)**2", 1), ("w + b", "y_pred - y", 2)):
        names = parse_formula(model).parameters
        experiment = Experiment(
            model,
            tuple(Parameter(name, 1.0) for name in names),
            DEFAULT_EXPERIMENT.data,
            loss=loss,
            loop=Loop(backward_once=False),
        )
        shares = shares_of(experiment)
        assert shares.passes == passes
        assert shares.gradients == tuple(passes * total for total in shares.sums)
        assert all(shares.agrees)


def test_shares_that_are_no_numbers_raise_nothing() -> None:
    shares = shares_of(experiment_of("log(w*x)", SQUARES, "float32", ((1.0, -1.0), (1.0, 1.0)), (1.0,)))
    assert np.isnan(shares.of("w")).tolist() == [False, True]
    assert np.isnan(shares.gradients[0] or 0.0)


def test_of_too_many_points_nothing_is_shared_out() -> None:
    x = np.ones(MOST_SHARED + 1)
    shares = shares_of(experiment_of("w*x", SQUARES, "float32", (x, x), (0.0,)))
    assert shares.are_left_out
    assert shares.gradients == (-2.0,)
