"""A landscape is the loss itself along one or two parameters, its slope the gradient, its landing the next update."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from gradgui.engine.landscape import MOST_PREDICTIONS, LandscapeView
from gradgui.engine.run import Run
from gradgui.engine.trainer import Trainer
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import SGD
from gradgui.experiment.training_loop import Loop

LINE = Experiment(
    model="w*x + b",
    parameters=(Parameter("w", 0.5), Parameter("b", -1.0)),
    data=Data((0.0, 1.0, 2.5), (1.0, 2.0, 0.5)),
    learning_rate=0.05,
)
CURVE = structs.replace(
    LINE, model="a*x**2 + b*x + c", parameters=(Parameter("a", 0.1), Parameter("b", 0.2), Parameter("c", 0.3))
)
MOMENTUM = structs.replace(LINE, optimizer=SGD(momentum=0.9), learning_rate=0.01)


def after(experiment: Experiment, epochs: int) -> Trainer:
    trainer = Trainer(experiment)
    for _ in range(epochs):
        trainer.finish_epoch()
    return trainer


# --- Along one parameter


@settings(deadline=None, max_examples=30)
@given(epochs=st.integers(0, 30), learning_rate=st.floats(1e-4, 0.12))
def test_the_lesson(epochs: int, learning_rate: float) -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, learning_rate=learning_rate)
    trainer = after(experiment, epochs)
    cut = LandscapeView(experiment).landscape(trainer.state(), "w")
    w = trainer.parameters["w"].item()
    x, y = np.array(experiment.data.x), np.array(experiment.data.y)
    np.testing.assert_allclose(cut.losses, [np.mean((y - v * x) ** 2) for v in cut.grid[0]], rtol=1e-12, atol=1e-15)
    assert cut.values == (w,)
    landing = cut.next_values[0]
    assert cut.next_loss == pytest.approx(np.mean((y - landing * x) ** 2), rel=1e-12, abs=1e-15)
    row = trainer.finish_epoch()
    assert cut.loss == row[0]
    assert cut.gradient == (row[2],)
    assert cut.next_values == (trainer.parameters["w"].item(),)
    assert cut.grid[0][0] < min(w, 0.0, *cut.next_values)
    assert cut.grid[0][-1] > max(w, 0.0, *cut.next_values)


@pytest.mark.parametrize("parameter", ["w", "b"])
def test_the_others_are_held_where_they_are(parameter: str) -> None:
    trainer = after(MOMENTUM, 5)
    w, b = (tensor.item() for tensor in trainer.parameters.values())
    cut = LandscapeView(MOMENTUM).landscape(trainer.state(), parameter)
    x, y = np.array(MOMENTUM.data.x), np.array(MOMENTUM.data.y)
    for value, loss in zip(cut.grid[0][::20], cut.losses[::20], strict=True):
        slope, height = (value, b) if parameter == "w" else (w, value)
        assert loss == pytest.approx(np.mean((y - slope * x - height) ** 2))
    trainer.finish_epoch()
    assert cut.next_values == (trainer.parameters[parameter].item(),), "momentum and all"


def test_looking_does_not_disturb() -> None:
    watched, straight = after(MOMENTUM, 3), after(MOMENTUM, 3)
    view = LandscapeView(MOMENTUM)
    for _ in range(5):
        view.landscape(watched.state(), "w")
        assert watched.finish_epoch() == straight.finish_epoch()
    assert watched.state().generator == straight.state().generator


def test_the_ground_stays_while_it_serves_and_grows_when_the_run_diverges() -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, learning_rate=0.15)
    trainer, view = Trainer(experiment), LandscapeView(experiment)
    cuts = []
    for _ in range(12):
        cuts.append(view.landscape(trainer.state(), "w"))
        trainer.finish_epoch()
    widths = [cut.grid[0][-1] - cut.grid[0][0] for cut in cuts]
    assert widths == sorted(widths)
    assert len(set(widths)) < len(widths), "it does not move with every epoch"
    for cut in cuts:
        assert cut.grid[0][0] <= cut.values[0] <= cut.grid[0][-1]


def test_a_gradient_that_adds_up_is_not_taken_for_the_slope() -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, loop=Loop(zero_grad=False))
    trainer = after(experiment, 2)
    cut = LandscapeView(experiment).landscape(trainer.state(), "w")
    w = trainer.parameters["w"].item()
    assert cut.gradient == pytest.approx((15 * (w - 2),), rel=1e-5)


def test_a_broken_loop_has_no_next_update_along_a_cut() -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, loop=Loop(backward_once=False))
    cut = LandscapeView(experiment).landscape(Trainer(experiment).state(), "w")
    assert np.isnan((*cut.next_values, cut.next_loss)).all()
    assert cut.gradient == (-30.0,)


BROKEN = """
from msgspec.structs import replace
from gradgui.engine.landscape import LandscapeView
from gradgui.engine.trainer import Trainer
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.training_loop import Loop
experiment = replace(DEFAULT_EXPERIMENT, loop=Loop(in_place=False))
print(LandscapeView(experiment).landscape(Trainer(experiment).state(), "w").next_values)
"""


def test_a_loop_broken_on_purpose_is_looked_ahead_of_without_a_warning() -> None:
    # In a process of its own: PyTorch warns of the same thing only once.
    done = subprocess.run([sys.executable, "-c", BROKEN], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("(nan,)\n", "")


def test_a_run_that_has_settled_keeps_its_landscape_but_for_the_epoch() -> None:
    run, view = Run(DEFAULT_EXPERIMENT), LandscapeView(DEFAULT_EXPERIMENT)
    run.train(2_000)
    settled = view.landscape(run.trainer.state(), "w")
    run.train(1_000)
    later = view.landscape(run.trainer.state(), "w")
    assert (settled.epoch, later.epoch) == (2_000, 3_000)
    assert later.looks_like(settled)
    run.go_to(3)
    early = view.landscape(run.trainer.state(), "w")
    assert early.epoch == 3
    assert early.values == (run.trainer.parameters["w"].item(),)


@pytest.mark.parametrize(("parameter", "start"), [("a", 0.4), ("k", 0.5)])
def test_a_cuts_middle_is_newtons_step_from_the_start(parameter: str, start: float) -> None:
    """Of a loss that is no parabola: the bottom of the one that touches it, by closed-form derivatives."""
    parameters = (Parameter("a", 0.4), Parameter("k", 0.5))
    experiment = structs.replace(LINE, model="a*exp(-k*x)", parameters=parameters, dtype="float64")
    x, y = np.array(experiment.data.x), np.array(experiment.data.y)
    decay = np.exp(-0.5 * x)
    slope, bend = (decay, 0.0 * x) if parameter == "a" else (-0.4 * x * decay, 0.4 * x**2 * decay)
    residual = 0.4 * decay - y
    gradient, curvature = np.mean(2.0 * residual * slope), np.mean(2.0 * (slope**2 + residual * bend))
    cut = LandscapeView(experiment).landscape(Trainer(experiment).state(), parameter)
    middle = start - gradient / curvature if curvature > 0.0 else start
    if parameter == "a":
        assert middle != start
    assert (cut.grid[0][0] + cut.grid[0][-1]) / 2 == pytest.approx(middle, rel=1e-9)


# --- Over two parameters


@settings(deadline=None, max_examples=30)
@given(
    start=st.tuples(*[st.floats(-10.0, 10.0, width=32)] * 2),
    epochs=st.integers(0, 20),
    learning_rate=st.floats(1e-4, 0.3),
    swapped=st.booleans(),
)
def test_a_map_of_a_line(start: tuple[float, float], epochs: int, learning_rate: float, swapped: bool) -> None:
    parameters = (Parameter("w", start[0]), Parameter("b", start[1]))
    experiment = structs.replace(LINE, parameters=parameters, learning_rate=learning_rate)
    trainer = after(experiment, epochs)
    names = ("b", "w") if swapped else ("w", "b")
    contour = LandscapeView(experiment).landscape(trainer.state(), *names)
    assert contour.parameters == names

    x, y = (torch.tensor(column, dtype=torch.float64) for column in (experiment.data.x, experiment.data.y))
    across, up = torch.from_numpy(contour.grid[0])[None, :, None], torch.from_numpy(contour.grid[1])[:, None, None]
    w, b = (up, across) if swapped else (across, up)
    expected = ((y - (w * x + b)) ** 2).mean(dim=2).numpy()
    np.testing.assert_allclose(contour.losses, expected, rtol=1e-12, atol=1e-14)

    leaves = {name: tensor.detach().clone().requires_grad_() for name, tensor in trainer.parameters.items()}
    prediction = leaves["w"] * torch.tensor(experiment.data.x.tolist()) + leaves["b"]
    loss = ((torch.tensor(experiment.data.y.tolist()) - prediction) ** 2).mean()
    loss.backward()  # type: ignore[no-untyped-call]
    assert contour.values == tuple(leaves[name].item() for name in names)
    assert contour.loss == loss.item()
    gradients = {name: leaf.grad for name, leaf in leaves.items() if leaf.grad is not None}
    assert contour.gradient == tuple(gradients[name].item() for name in names)
    landing = tuple((leaves[name] - learning_rate * gradients[name]).item() for name in names)
    assert contour.next_values == pytest.approx(landing, rel=1e-6)

    starts = dict(zip(("w", "b"), start, strict=True))
    for axis, grid in enumerate(contour.grid):
        seen = (contour.values[axis], contour.next_values[axis], starts[names[axis]])
        assert grid[0] < min(seen)
        assert max(seen) < grid[-1]
    assert (contour.points, contour.points_used) == (3, 3)


def test_the_map_is_centred_on_the_bottom() -> None:
    contour = LandscapeView(LINE).landscape(Trainer(LINE).state(), "w", "b")
    (w, b), *_ = np.linalg.lstsq(np.array([[0.0, 1], [1, 1], [2.5, 1]]), np.array([1.0, 2.0, 0.5]), rcond=None)
    assert (contour.grid[0][0] + contour.grid[0][-1]) / 2 == pytest.approx(w)
    assert (contour.grid[1][0] + contour.grid[1][-1]) / 2 == pytest.approx(b)


@pytest.mark.parametrize("changes", [{"loss": "y_pred - y"}, {"model": "0 - w*w + b*b", "loss": "y_pred"}])
def test_where_there_is_no_bottom_the_map_is_centred_on_the_start(changes: dict[str, str]) -> None:
    """On a slope, and on a saddle."""
    experiment = structs.replace(LINE, **changes)
    contour = LandscapeView(experiment).landscape(Trainer(experiment).state(), "w", "b")
    assert (contour.grid[0][0] + contour.grid[0][-1]) / 2 == pytest.approx(0.5)
    assert (contour.grid[1][0] + contour.grid[1][-1]) / 2 == pytest.approx(-1.0)


def test_of_three_parameters_the_third_is_held_where_it_is() -> None:
    trainer, view = after(CURVE, 5), LandscapeView(CURVE)
    b = trainer.parameters["b"].item()
    contour = view.landscape(trainer.state(), "a", "c")
    x, y = np.array(CURVE.data.x), np.array(CURVE.data.y)
    for row, column in ((0, 0), (96, 0), (40, 70)):
        prediction = contour.grid[0][column] * x**2 + b * x + contour.grid[1][row]
        assert contour.losses[row, column] == pytest.approx(np.mean((y - prediction) ** 2))
    trainer.finish_epoch()
    assert contour.next_values == tuple(trainer.parameters[name].item() for name in ("a", "c"))
    later = view.landscape(trainer.state(), "a", "c")
    assert later.losses is not contour.losses, "b is held at another value"


def test_the_ground_stays_while_the_run_descends_and_what_looks_the_same_is_told() -> None:
    trainer, view = Trainer(LINE), LandscapeView(LINE)
    contours = []
    for _ in range(30):
        contours.append(view.landscape(trainer.state(), "w", "b"))
        trainer.finish_epoch()
    assert all(contour.losses is contours[0].losses for contour in contours)
    assert not contours[0].looks_like(contours[1])
    again = view.landscape(after(LINE, 29).state(), "w", "b")
    assert again.looks_like(contours[29])
    assert not again.looks_like(LandscapeView(LINE).landscape(after(LINE, 29).state(), "w", "b")), "other ground"


def test_the_ground_grows_with_a_run_that_diverges_and_is_as_before_at_the_start() -> None:
    experiment = structs.replace(LINE, learning_rate=1.0, dtype="float64")
    trainer, view = Trainer(experiment), LandscapeView(experiment)
    start = trainer.state()
    first = view.landscape(start, "w", "b")
    losses = first.losses
    changes = 0
    for epoch in range(1, 700):
        trainer.finish_epoch()
        contour = view.landscape(trainer.state(), "w", "b")
        changes += contour.losses is not losses
        losses = contour.losses
        assert np.isfinite(contour.grid[0]).all()
        if np.isfinite(contour.loss):
            assert contour.grid[0][0] <= contour.values[0] <= contour.grid[0][-1], epoch
            assert contour.grid[1][0] <= contour.values[1] <= contour.grid[1][-1], epoch
    assert not np.isfinite(contour.loss)
    assert changes > 10
    back = view.landscape(start, "w", "b")
    np.testing.assert_array_equal(back.grid[0], first.grid[0])
    np.testing.assert_array_equal(back.grid[1], first.grid[1])


def test_momentum_and_all_is_in_the_landing_and_looking_does_not_disturb() -> None:
    experiment = structs.replace(LINE, optimizer=SGD(momentum=0.9))
    watched, straight, view = Trainer(experiment), Trainer(experiment), LandscapeView(experiment)
    for epoch in range(6):
        contour = view.landscape(watched.state(), "w", "b") if epoch in {0, 2, 5} else None
        assert watched.finish_epoch() == straight.finish_epoch()
        assert contour is None or contour.next_values == tuple(
            tensor.item() for tensor in watched.parameters.values()
        )


def test_a_broken_loop_has_no_next_update() -> None:
    experiment = structs.replace(LINE, loop=Loop(backward_once=False))
    contour = LandscapeView(experiment).landscape(Trainer(experiment).state(), "w", "b")
    assert np.isnan(contour.next_values).all()
    assert np.isfinite(contour.gradient).all()


def test_losses_that_are_not_finite_are_told_as_they_are() -> None:
    experiment = structs.replace(LINE, model="w*log(x + b)", parameters=(Parameter("w", 0.5), Parameter("b", 0.5)))
    contour = LandscapeView(experiment).landscape(Trainer(experiment).state(), "w", "b")
    bad = ~np.isfinite(contour.losses)
    assert bad.any()
    np.testing.assert_array_equal(bad.all(axis=1), contour.grid[1] <= 0.0)


@pytest.mark.parametrize("points", [1_000, 100_000])
def test_of_many_data_an_evenly_spaced_choice_is_taken_for_the_ground_only(points: int) -> None:
    x = np.linspace(0.0, 1.0, points)
    y = 3.0 * x - 1.0 + np.sin(50.0 * x)
    data = Data(tuple(x.tolist()), tuple(y.tolist()))
    experiment = structs.replace(LINE, data=data, dtype="float64")
    state = Trainer(experiment).state()
    contour = LandscapeView(experiment).landscape(state, "w", "b")
    cut = LandscapeView(experiment).landscape(state, "w")
    for used, places in ((contour.points_used, contour.losses.size), (cut.points_used, cut.losses.size)):
        assert used * places <= MOST_PREDICTIONS
        assert used == points or used * places > MOST_PREDICTIONS / 2.1
    assert (contour.points, cut.points) == (points, points)
    chosen = slice(None, None, -(-points // contour.points_used))
    at = contour.grid[0][30] * x[chosen] + contour.grid[1][60]
    assert contour.losses[60, 30] == pytest.approx(np.mean((y[chosen] - at) ** 2))
    assert contour.loss == pytest.approx(np.mean((y - (0.5 * x - 1.0)) ** 2)), "the present loss is that of all"


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1.0, 1e6, 1e12])
@pytest.mark.parametrize("start", [0.0, 0.5])
def test_the_bottom_is_in_sight_at_any_scale_and_no_wider_than_it_must(scale: float, start: float) -> None:
    """Of y = w·x through (1, 2, 3) times scale, the bottom is at the scale; start and bottom fill the range."""
    data = Data((1.0, 2.0, 3.0), (scale, 2.0 * scale, 3.0 * scale))
    experiment = structs.replace(
        DEFAULT_EXPERIMENT, data=data, parameters=(Parameter("w", start * scale),), dtype="float64"
    )
    grid = LandscapeView(experiment).landscape(Trainer(experiment).state(), "w").grid[0]
    assert grid[0] <= start * scale
    assert grid[-1] >= scale
    assert grid[-1] - grid[0] <= 10.0 * scale


def test_the_bottom_of_a_long_valley_is_in_sight() -> None:
    """Age and spending as published: the least squares are w = 10, b = −450."""
    ages = tuple(65.0 + 5.0 * place for place in range(8))
    data = Data(ages, tuple(10.0 * age - 450.0 for age in ages))
    experiment = structs.replace(
        DEFAULT_EXPERIMENT,
        model="w*x + b",
        parameters=(Parameter("w", 0.5), Parameter("b", 0.0)),
        data=data,
        dtype="float64",
    )
    across, up = LandscapeView(experiment).landscape(Trainer(experiment).state(), "w", "b").grid
    assert (across[0] < 0.5, across[-1] > 10.0) == (True, True)
    assert (up[0] < -450.0, up[-1] > 0.0) == (True, True)


decades = st.floats(-12.0, 12.0).map(lambda exponent: 10.0**exponent)


@settings(deadline=None, max_examples=60)
@given(
    decades,
    decades,
    st.lists(st.integers(-20, 20), min_size=3, max_size=6, unique=True),
    st.sampled_from([0.0, 1e-3, 1.0, -2.0]),
)
def test_start_and_bottom_of_a_line_are_in_sight_at_any_scale(
    scale: float, height: float, shape: list[int], share: float
) -> None:
    """The bottom in closed form: w = cov(x, y) / var(x), b = mean(y) − w · mean(x)."""
    x, y = np.array(shape) / 10.0 * scale, np.array(shape[::-1]) / 10.0 * height
    w = float(np.mean((x - x.mean()) * (y - y.mean())) / np.var(x))
    bottom = w, float(y.mean() - w * x.mean())
    experiment = structs.replace(
        DEFAULT_EXPERIMENT,
        model="w*x + b",
        parameters=(Parameter("w", share * bottom[0]), Parameter("b", share * bottom[1])),
        data=Data(tuple(x.tolist()), tuple(y.tolist())),
        dtype="float64",
        learning_rate=0.1 / (float(np.mean(x**2)) + 1.0),
    )
    shown = LandscapeView(experiment).landscape(Trainer(experiment).state(), "w", "b")
    for axis, (start, best) in enumerate(zip(shown.values, bottom, strict=True)):
        low, high = shown.grid[axis][[0, -1]]
        room = 1e-9 * abs(best) + 1e-12 * (high - low)
        assert low - room <= min(start, best)
        assert max(start, best) <= high + room
        assert np.all(np.diff(shown.grid[axis]) > 0.0)


def test_where_the_curvature_is_undefined_there_is_still_a_landscape() -> None:
    experiment = structs.replace(
        DEFAULT_EXPERIMENT, model="w*sqrt(x)", data=Data((-1.0, 4.0), (1.0, 2.0)), parameters=(Parameter("w", 1.0),)
    )
    shown = LandscapeView(experiment).landscape(Trainer(experiment).state(), "w")
    assert shown.grid[0][0] < 1.0 < shown.grid[0][-1]
    assert np.isnan(shown.losses).all()


@pytest.mark.parametrize("learning_rate", [1e-9, 0.01, 1e6])
def test_without_a_bottom_the_ground_around_0_follows_the_size_of_the_updates(learning_rate: float) -> None:
    experiment = structs.replace(
        DEFAULT_EXPERIMENT, loss="abs(y - y_pred)", learning_rate=learning_rate, dtype="float64"
    )
    landscape = LandscapeView(experiment).landscape(Trainer(experiment).state(), "w")
    reach = landscape.grid[0][-1]
    assert landscape.grid[0][0] == -reach
    assert landscape.next_values[0] / reach == pytest.approx(1 / 25)


def test_without_a_bottom_and_without_an_update_the_ground_is_as_wide_as_1() -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, loss="y_pred**3")
    landscape = LandscapeView(experiment).landscape(Trainer(experiment).state(), "w")
    assert landscape.grid[0][-1] == 1.25
