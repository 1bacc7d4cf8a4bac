"""Where runs end to be stable: against iterating one parabola."""

import numpy as np
import pytest

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment, Parameter
from gradgui.experiment.optimizers import SGD, Adam, GradientDescent, Optimizer
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.experiment.sweep.varied import Varied
from gradgui.record.stability import stability_border, stability_value

CURVATURE = 15.0


def sweep(optimizer: Optimizer, *varied: Varied) -> Sweep:
    data = Data((1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 8.0))
    return Sweep(Experiment("w*x", (Parameter("w", 0.0),), data, 0.1, optimizer=optimizer), varied, 10)


def is_stable(rate: float, momentum: float, decay: float) -> bool:
    """Let a ball of momentum roll in a parabola around 0, and see whether it comes nearer."""
    place, velocity = 1.0, 0.0
    for _ in range(20_000):
        velocity = momentum * velocity + (CURVATURE + decay) * place
        place -= rate * velocity
        if abs(place) > 1e6:
            return False
    return abs(place) < 1.0


@pytest.mark.parametrize(
    ("optimizer", "name", "others"),
    [
        (GradientDescent(), "learning_rate", {}),
        (SGD(momentum=0.7), "learning_rate", {}),
        (SGD(weight_decay=0.3), "learning_rate", {"momentum": 0.5}),
        (SGD(), "momentum", {"learning_rate": 0.2}),
        (SGD(momentum=0.5), "weight_decay", {"learning_rate": 0.15}),
    ],
)
def test_on_both_sides_of_it(optimizer: Optimizer, name: str, others: dict[str, float]) -> None:
    varied = Varied(name, 0.01, 0.9, 3)
    value = stability_value(sweep(optimizer, varied), varied, CURVATURE, others)
    assert value is not None
    known = {"learning_rate": 0.1, "momentum": getattr(optimizer, "momentum", 0.0)}
    known |= {"weight_decay": getattr(optimizer, "weight_decay", 0.0), **others}
    stable = [is_stable(*({**known, name: value * part}.values())) for part in (0.99, 1.01)]
    assert stable == ([False, True] if name == "momentum" else [True, False])


def test_the_border_of_a_map_is_where_both_agree() -> None:
    momentum, rate = Varied("momentum", 0.0, 0.95, 20), Varied("learning_rate", 0.01, 0.3, 30, "log")
    border = stability_border(sweep(SGD(), momentum, rate), CURVATURE)
    assert border is not None
    across, up = border
    inside = np.isfinite(across)
    assert inside.any()
    np.testing.assert_allclose(across[inside], 2 * (1 + up[inside]) / CURVATURE)
    assert across[inside].max() <= 0.3
    turned = stability_border(sweep(SGD(), rate, momentum), CURVATURE)
    assert turned is not None
    inside = np.isfinite(turned[0])
    np.testing.assert_allclose(turned[1][inside], 2 * (1 + turned[0][inside]) / CURVATURE)


def test_a_start_does_not_decide_it() -> None:
    start, rate = Varied("start.w", -5.0, 5.0, 3), Varied("learning_rate", 0.01, 0.3, 3)
    border = stability_border(sweep(GradientDescent(), start, rate), CURVATURE)
    assert border is not None
    np.testing.assert_allclose(border[0], 2 / CURVATURE)


@pytest.mark.parametrize("optimizer", [Adam(), SGD(momentum=0.5, nesterov=True)])
def test_where_nothing_is_known_nothing_is_said(optimizer: Optimizer) -> None:
    rate = Varied("learning_rate", 0.01, 0.3, 3)
    assert stability_value(sweep(optimizer, rate), rate, CURVATURE, {}) is None
    assert stability_value(sweep(GradientDescent(), rate), rate, float("nan"), {}) is None
    assert stability_value(sweep(GradientDescent(), rate), rate, -1.0, {}) is None
