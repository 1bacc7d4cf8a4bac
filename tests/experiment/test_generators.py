"""Data made up: the same points everywhere, around the curve that is promised."""

import math
from collections.abc import Callable
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgui.experiment.data import Data
from gradgui.experiment.generators import GENERATORS, MOST_POINTS, OUTLIER_OFFSET, generate

CURVES: dict[str, Callable[[float], float]] = {
    "line": lambda x: 2 * x,
    "noisy line": lambda x: 2 * x + 1,
    "parabola": lambda x: x**2 - 2 * x,
    "sine": lambda x: 2 * math.sin(x),
    "decay": lambda x: 4 / math.exp(0.8 * x),
    "line with outliers": lambda x: 2 * x + 1,
}
kinds = st.sampled_from(sorted(GENERATORS))


def test_every_kind_has_a_curve_to_compare_with_and_a_meaning() -> None:
    assert set(CURVES) == set(GENERATORS)
    assert all(generator.meaning.endswith(".") for generator in GENERATORS.values())


def test_four_points_of_the_line_are_those_of_the_lesson() -> None:
    data = generate("line", 4, 0.0, 0)
    assert data == Data((1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 8.0))


def test_the_points_of_a_seed_are_these_on_every_platform() -> None:
    data = generate("noisy line", 3, 0.5, 7)
    assert data == Data((0.0, 2.5, 5.0), (-0.3516, 6.1591, 10.0182))


@given(kind=kinds, points=st.integers(1, 300), noise=st.floats(0, 100), seed=st.integers(0, 2**64))
def test_points_lie_evenly_from_left_to_right_and_come_again(kind: str, points: int, noise: float, seed: int) -> None:
    data, generator = generate(kind, points, noise, seed), GENERATORS[kind]
    assert data == generate(kind, points, noise, seed)
    assert len(data.x) == points
    assert data.x[0] == generator.start
    if points > 1:
        assert data.x[-1] == generator.stop
        step = (generator.stop - generator.start) / (points - 1)
        assert all(
            after - before == pytest.approx(step, abs=2e-4) for before, after in zip(data.x, data.x[1:], strict=False)
        )
    assert all(value == round(value, 4) for value in (*data.x, *data.y))


@given(kind=kinds.filter(lambda kind: not GENERATORS[kind].outliers), points=st.integers(1, 100))
def test_without_noise_every_point_lies_on_the_curve(kind: str, points: int) -> None:
    data = generate(kind, points, 0.0, 0)
    assert data.y == pytest.approx([CURVES[kind](x) for x in data.x], abs=5.1e-5)


@pytest.mark.parametrize("kind", ["noisy line", "parabola", "sine", "decay"])
def test_noise_has_the_width_that_was_asked_for(kind: str) -> None:
    data = generate(kind, 4_000, 0.5, 3)
    noise = [y - CURVES[kind](x) for x, y in zip(data.x, data.y, strict=True)]
    assert mean(noise) == pytest.approx(0.0, abs=0.03)
    assert stdev(noise) == pytest.approx(0.5, rel=0.05)


@pytest.mark.parametrize(("points", "outliers"), [(1, 1), (7, 1), (8, 1), (40, 5)])
def test_some_points_are_thrown_off_the_line(points: int, outliers: int) -> None:
    data = generate("line with outliers", points, 0.0, 5)
    offsets = [round(y - (2 * x + 1)) for x, y in zip(data.x, data.y, strict=True)]
    assert offsets.count(round(OUTLIER_OFFSET)) == outliers
    assert offsets.count(0) == points - outliers


def test_another_seed_gives_other_noise_and_other_outliers() -> None:
    assert generate("sine", 20, 0.1, 1) != generate("sine", 20, 0.1, 2)
    assert generate("line with outliers", 20, 0.0, 1) != generate("line with outliers", 20, 0.0, 2)


@pytest.mark.parametrize(
    ("kind", "points", "noise", "sentence"),
    [
        ("circle", 5, 0.0, "there is no data called circle; there are line, "),
        ("line", 0, 0.0, "the number of points must be from 1 to "),
        ("line", MOST_POINTS + 1, 0.0, "the number of points must be from 1 to "),
        ("line", 5, -0.1, "the noise must be from 0 to "),
        ("line", 5, math.nan, "the noise must be from 0 to "),
        ("line", 5, math.inf, "the noise must be from 0 to "),
    ],
)
def test_what_cannot_be_made_is_refused(kind: str, points: int, noise: float, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        generate(kind, points, noise, 0)
