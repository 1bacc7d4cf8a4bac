"""The map is the loss itself over two parameters, its arrow the gradient, its ring the next update."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from gradgui.engine.contour import ContourView
from gradgui.engine.landscape import LandscapeView
from gradgui.engine.loss_surface import MOST_PREDICTIONS
from gradgui.engine.trainer import Trainer
from gradgui.experiment.experiment import Data, Experiment, Parameter
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


def after(experiment: Experiment, epochs: int) -> Trainer:
    trainer = Trainer(experiment)
    for _ in range(epochs):
        trainer.finish_epoch()
    return trainer


@settings(deadline=None, max_examples=30)
@given(
    start=st.tuples(*[st.floats(-10.0, 10.0, width=32)] * 2),
    epochs=st.integers(0, 20),
    learning_rate=st.floats(1e-4, 0.3),
    swapped=st.booleans(),
)
def test_a_line(start: tuple[float, float], epochs: int, learning_rate: float, swapped: bool) -> None:
    parameters = (Parameter("w", start[0]), Parameter("b", start[1]))
    experiment = structs.replace(LINE, parameters=parameters, learning_rate=learning_rate)
    trainer = after(experiment, epochs)
    names = ("b", "w") if swapped else ("w", "b")
    contour = ContourView(experiment).contour(trainer.state(), *names)
    assert contour.parameters == names

    x, y = (torch.tensor(column, dtype=torch.float64) for column in (experiment.data.x, experiment.data.y))
    across, up = torch.from_numpy(contour.across)[None, :, None], torch.from_numpy(contour.up)[:, None, None]
    w, b = (up, across) if swapped else (across, up)
    expected = ((y - (w * x + b)) ** 2).mean(dim=2).numpy()
    np.testing.assert_allclose(contour.losses, expected, rtol=1e-12, atol=1e-14)

    leaves = {name: tensor.detach().clone().requires_grad_() for name, tensor in trainer.parameters.items()}
    prediction = leaves["w"] * torch.tensor(experiment.data.x) + leaves["b"]
    loss = ((torch.tensor(experiment.data.y) - prediction) ** 2).mean()
    loss.backward()  # type: ignore[no-untyped-call]
    assert contour.values == tuple(leaves[name].item() for name in names)
    assert contour.loss == loss.item()
    gradients = {name: leaf.grad for name, leaf in leaves.items() if leaf.grad is not None}
    assert contour.gradient == tuple(gradients[name].item() for name in names)
    landing = tuple((leaves[name] - learning_rate * gradients[name]).item() for name in names)
    assert contour.next_values == pytest.approx(landing, rel=1e-6)

    starts = dict(zip(("w", "b"), start, strict=True))
    for axis, grid in enumerate((contour.across, contour.up)):
        seen = (contour.values[axis], contour.next_values[axis], starts[names[axis]])
        assert grid[0] < min(seen)
        assert max(seen) < grid[-1]
    assert (contour.points, contour.points_used) == (3, 3)


def test_the_map_is_centred_on_the_bottom() -> None:
    contour = ContourView(LINE).contour(Trainer(LINE).state(), "w", "b")
    (w, b), *_ = np.linalg.lstsq(np.array([[0.0, 1], [1, 1], [2.5, 1]]), np.array([1.0, 2.0, 0.5]), rcond=None)
    assert (contour.across[0] + contour.across[-1]) / 2 == pytest.approx(w)
    assert (contour.up[0] + contour.up[-1]) / 2 == pytest.approx(b)


@pytest.mark.parametrize("changes", [{"loss": "y_pred - y"}, {"model": "0 - w*w + b*b", "loss": "y_pred"}])
def test_where_there_is_no_bottom_the_map_is_centred_on_the_start(changes: dict[str, str]) -> None:
    """On a slope, and on a saddle."""
    experiment = structs.replace(LINE, **changes)
    contour = ContourView(experiment).contour(Trainer(experiment).state(), "w", "b")
    assert (contour.across[0] + contour.across[-1]) / 2 == pytest.approx(0.5)
    assert (contour.up[0] + contour.up[-1]) / 2 == pytest.approx(-1.0)


def test_of_three_parameters_the_third_is_held_where_it_is() -> None:
    trainer, view = after(CURVE, 5), ContourView(CURVE)
    b = trainer.parameters["b"].item()
    contour = view.contour(trainer.state(), "a", "c")
    x, y = np.array(CURVE.data.x), np.array(CURVE.data.y)
    for row, column in ((0, 0), (96, 0), (40, 70)):
        prediction = contour.across[column] * x**2 + b * x + contour.up[row]
        assert contour.losses[row, column] == pytest.approx(np.mean((y - prediction) ** 2))
    trainer.finish_epoch()
    assert contour.next_values == tuple(trainer.parameters[name].item() for name in ("a", "c"))
    later = view.contour(trainer.state(), "a", "c")
    assert later.losses is not contour.losses, "b is held at another value"


def test_the_ground_stays_while_the_run_descends_and_what_looks_the_same_is_told() -> None:
    trainer, view = Trainer(LINE), ContourView(LINE)
    contours = []
    for _ in range(30):
        contours.append(view.contour(trainer.state(), "w", "b"))
        trainer.finish_epoch()
    assert all(contour.losses is contours[0].losses for contour in contours)
    assert not contours[0].looks_like(contours[1])
    again = view.contour(after(LINE, 29).state(), "w", "b")
    assert again.looks_like(contours[29])
    assert not again.looks_like(ContourView(LINE).contour(after(LINE, 29).state(), "w", "b")), "other ground"


def test_the_ground_grows_with_a_run_that_diverges_and_is_as_before_at_the_start() -> None:
    experiment = structs.replace(LINE, learning_rate=1.0, dtype="float64")
    trainer, view = Trainer(experiment), ContourView(experiment)
    start = trainer.state()
    first = view.contour(start, "w", "b")
    losses = first.losses
    changes = 0
    for epoch in range(1, 700):
        trainer.finish_epoch()
        contour = view.contour(trainer.state(), "w", "b")
        changes += contour.losses is not losses
        losses = contour.losses
        assert np.isfinite(contour.across).all()
        if np.isfinite(contour.loss):
            assert contour.across[0] <= contour.values[0] <= contour.across[-1], epoch
            assert contour.up[0] <= contour.values[1] <= contour.up[-1], epoch
    assert not np.isfinite(contour.loss)
    assert changes > 10
    back = view.contour(start, "w", "b")
    np.testing.assert_array_equal(back.across, first.across)
    np.testing.assert_array_equal(back.up, first.up)


def test_momentum_and_all_is_in_the_landing_and_looking_does_not_disturb() -> None:
    experiment = structs.replace(LINE, optimizer=SGD(momentum=0.9))
    watched, straight, view = Trainer(experiment), Trainer(experiment), ContourView(experiment)
    for epoch in range(6):
        contour = view.contour(watched.state(), "w", "b") if epoch in {0, 2, 5} else None
        assert watched.finish_epoch() == straight.finish_epoch()
        assert contour is None or contour.next_values == tuple(
            tensor.item() for tensor in watched.parameters.values()
        )


def test_a_broken_loop_has_no_next_update() -> None:
    experiment = structs.replace(LINE, loop=Loop(backward_once=False))
    contour = ContourView(experiment).contour(Trainer(experiment).state(), "w", "b")
    assert np.isnan(contour.next_values).all()
    assert np.isfinite(contour.gradient).all()


def test_losses_that_are_not_finite_are_told_as_they_are() -> None:
    experiment = structs.replace(LINE, model="w*log(x + b)", parameters=(Parameter("w", 0.5), Parameter("b", 0.5)))
    contour = ContourView(experiment).contour(Trainer(experiment).state(), "w", "b")
    bad = ~np.isfinite(contour.losses)
    assert bad.any()
    np.testing.assert_array_equal(bad.all(axis=1), contour.up <= 0.0)


@pytest.mark.parametrize("points", [1_000, 100_000])
def test_of_many_data_an_evenly_spaced_choice_is_taken_for_the_ground_only(points: int) -> None:
    x = np.linspace(0.0, 1.0, points)
    y = 3.0 * x - 1.0 + np.sin(50.0 * x)
    data = Data(tuple(x.tolist()), tuple(y.tolist()))
    experiment = structs.replace(LINE, data=data, dtype="float64")
    state = Trainer(experiment).state()
    contour = ContourView(experiment).contour(state, "w", "b")
    cut = LandscapeView(experiment).cut(state, "w")
    for used, places in ((contour.points_used, contour.losses.size), (cut.points_used, cut.losses.size)):
        assert used * places <= MOST_PREDICTIONS
        assert used == points or used * places > MOST_PREDICTIONS / 2.1
    assert (contour.points, cut.points) == (points, points)
    chosen = slice(None, None, -(-points // contour.points_used))
    at = contour.across[30] * x[chosen] + contour.up[60]
    assert contour.losses[60, 30] == pytest.approx(np.mean((y[chosen] - at) ** 2))
    assert contour.loss == pytest.approx(np.mean((y - (0.5 * x - 1.0)) ** 2)), "the present loss is that of all"
