"""What the model predicts, against PyTorch by hand."""

from collections.abc import Callable
from typing import cast

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gradgui.engine.predictor import MOST_RESIDUALS, Predictor
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, DType, Experiment, Parameter

Model = Callable[..., Tensor]

MODELS: tuple[tuple[str, tuple[str, ...], Model], ...] = (
    ("w * x", ("w",), lambda x, w: w * x),
    ("w*x + b", ("w", "b"), lambda x, w, b: w * x + b),
    ("b - w*x**2", ("b", "w"), lambda x, b, w: b - w * x**2),
    ("max(w*x, 0)", ("w",), lambda x, w: torch.clamp(w * x, min=0)),
    ("w", ("w",), lambda x, w: w + torch.zeros_like(x)),
    ("w + b", ("w", "b"), lambda x, w, b: w + b + torch.zeros_like(x)),
)
NUMBERS = st.floats(-1e6, 1e6)


def experiment_of(
    model: str, names: tuple[str, ...], x: tuple[float, ...], dtype: str = "float32", probe: float = 5.0
) -> Experiment:
    return Experiment(
        model=model,
        parameters=tuple(Parameter(name, 0.0) for name in names),
        data=Data(x=x, y=x),
        dtype=cast("DType", dtype),
        probe=probe,
    )


@pytest.mark.parametrize(("model", "names", "by_hand"), MODELS, ids=[model for model, _, _ in MODELS])
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_curve_points_and_probe(model: str, names: tuple[str, ...], by_hand: Model, data: st.DataObject) -> None:
    dtype = data.draw(st.sampled_from(("float32", "float64")))
    x = tuple(data.draw(st.lists(NUMBERS, min_size=1, max_size=6)))
    probe = data.draw(NUMBERS)
    parameters = tuple(data.draw(NUMBERS) for _ in names)
    predictor = Predictor(experiment_of(model, names, x, dtype, probe))
    tensors = [torch.tensor(value, dtype=getattr(torch, dtype)) for value in parameters]

    def predicted(inputs: object) -> list[float]:
        return by_hand(torch.tensor(inputs, dtype=getattr(torch, dtype)), *tensors).tolist()

    fit = predictor.fit(7, parameters)
    assert fit.epoch == 7
    assert fit.curve_x.dtype == fit.curve_y.dtype == fit.predictions.dtype == np.float64
    assert fit.curve_y.tolist() == predicted(fit.curve_x)
    assert fit.predictions.tolist() == predicted(x)
    assert [fit.probe_prediction] == predicted([probe])
    assert fit.probe_x == probe
    assert [predictor.predict(parameters, probe)] == predicted([probe])
    assert [predictor.predict(parameters, x[0])] == predicted([x[0]])

    lowest, highest = min(x), max(x)
    far = (
        lowest < highest
        and (probe < lowest or probe > highest)
        and (max(lowest - probe, probe - highest) > 3.0 * (highest - lowest))
    )
    if not far:
        lowest, highest = min(lowest, probe), max(highest, probe)
    assert len(fit.curve_x) == len(fit.curve_y) >= 100
    assert np.all(np.diff(fit.curve_x) > 0)
    assert fit.curve_x[0] < lowest
    assert highest < fit.curve_x[-1]


def test_the_notebooks_prediction() -> None:
    predictor = Predictor(DEFAULT_EXPERIMENT)
    assert predictor.predict((0.0,), 5.0) == 0.0
    assert predictor.predict((2.0,), -3.0) == -6.0
    assert predictor.fit(0, (1.5,)).predictions.tolist() == [1.5, 3.0, 4.5, 6.0]


def test_functions_are_those_of_pytorch() -> None:
    predictor = Predictor(experiment_of("a * exp(-k*x)", ("a", "k"), (0.0, 1.0, 2.0), "float64"))
    fit = predictor.fit(0, (2.0, 0.5))
    assert fit.predictions == pytest.approx(2.0 * np.exp(-0.5 * np.array([0.0, 1.0, 2.0])), rel=1e-15)
    assert fit.curve_y == pytest.approx(2.0 * np.exp(-0.5 * fit.curve_x), rel=1e-15)


@pytest.mark.parametrize(("points", "shown"), [(MOST_RESIDUALS, MOST_RESIDUALS), (MOST_RESIDUALS + 1, 0)])
def test_of_too_many_points_no_residuals(points: int, shown: int) -> None:
    fit = Predictor(experiment_of("w * x", ("w",), tuple(map(float, range(points))))).fit(1, (2.0,))
    assert len(fit.predictions) == shown
    assert fit.probe_prediction == 10.0


def test_one_point_at_the_probe_has_room_on_both_sides() -> None:
    fit = Predictor(experiment_of("w * x", ("w",), (5.0,))).fit(0, (1.0,))
    assert fit.curve_x[0] < 5.0 < fit.curve_x[-1]


def test_parameters_that_are_not_finite_predict_what_pytorch_does() -> None:
    fit = Predictor(DEFAULT_EXPERIMENT).fit(3, (float("inf"),))
    assert fit.predictions.tolist() == [float("inf")] * 4
    assert np.isnan(Predictor(DEFAULT_EXPERIMENT).predict((float("nan"),), 1.0))


def test_nothing_is_recorded_for_a_backward_pass() -> None:
    leaf = torch.tensor(1.0, requires_grad=True)
    predictor = Predictor(DEFAULT_EXPERIMENT)
    predictor.fit(0, (leaf.item(),))
    assert torch.is_grad_enabled()
    assert leaf.grad is None


@pytest.mark.parametrize(
    ("x", "probe"), [((-1.7e308, 1.7e308), 0.0), ((-1.7e308,), 1.7e308), ((1.7e308,), 1.6e308), ((1e300,), 1e300)]
)
def test_the_widest_data_there_can_be(x: tuple[float, ...], probe: float) -> None:
    fit = Predictor(experiment_of("w * x", ("w",), x, "float64", probe)).fit(0, (0.5,))
    assert np.all(np.isfinite(fit.curve_x))
    assert fit.predictions.tolist() == [0.5 * value for value in x]
    assert fit.probe_prediction == 0.5 * probe


def test_parameters_that_stay_give_the_same_fit_of_another_epoch() -> None:
    predictor = Predictor(DEFAULT_EXPERIMENT)
    first, again, other = predictor.fit(1, (1.5,)), predictor.fit(2, (1.5,)), predictor.fit(3, (1.25,))
    assert (first.epoch, again.epoch, other.epoch) == (1, 2, 3)
    assert again.looks_like(first)
    assert again.curve_y.tolist() == first.curve_y.tolist()
    assert other.predictions.tolist() == [1.25, 2.5, 3.75, 5.0]
    assert predictor.fit(4, (1.5,)).predictions.tolist() == first.predictions.tolist()


def test_a_probe_far_outside_of_the_data_does_not_squeeze_them() -> None:
    years = (1990.0, 2000.0, 2010.0, 2020.0)
    fit = Predictor(experiment_of("w*x", ("w",), years, "float64", 5.0)).fit(0, (1.0,))
    assert 1980.0 < fit.curve_x[0] < 1990.0
    assert 2020.0 < fit.curve_x[-1] < 2030.0
    assert fit.probe_prediction == 5.0
    near = Predictor(experiment_of("w*x", ("w",), years, "float64", 2050.0)).fit(0, (1.0,))
    assert near.curve_x[-1] > 2050.0
