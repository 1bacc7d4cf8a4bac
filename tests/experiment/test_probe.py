"""The probe follows data that replace others, unless somebody chose it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.probe import beside, probe_for


def data_at(*x: float) -> Data:
    return Data(x, (0.0,) * len(x))


def test_the_lessons_probe_is_beside_its_data() -> None:
    assert beside(DEFAULT_EXPERIMENT.data) == DEFAULT_EXPERIMENT.probe == 5.0


@pytest.mark.parametrize(
    ("x", "probe"),
    [
        ((1000.0, 1010.0, 1020.0), 1030.0),
        ((-0.003, 0.001), 0.002),
        ((0.0, 1.0), 1.5),
        ((-900.0, -850.0), -840.0),
        ((3000.0,), 3500.0),
        ((3.0, 6.0), 5.0),
        ((0.0, 4.5), 5.0),
    ],
)
def test_a_probe_far_outside_moves_beside_the_data(x: tuple[float, ...], probe: float) -> None:
    assert probe_for(data_at(*x), DEFAULT_EXPERIMENT) == probe


def test_a_probe_that_was_chosen_stays() -> None:
    assert probe_for(data_at(1000.0, 1020.0), replace(DEFAULT_EXPERIMENT, probe=7.0)) == 7.0


def test_one_that_has_moved_moves_again() -> None:
    first, second = data_at(1000.0, 1020.0), data_at(-3.0, 1.0)
    moved = replace(DEFAULT_EXPERIMENT, data=first, probe=probe_for(first, DEFAULT_EXPERIMENT))
    assert probe_for(second, moved) == beside(second)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_it_is_finite_and_near_whatever_the_data(x: list[float]) -> None:
    probe, width = beside(data_at(*x)), (max(x) - min(x)) or abs(x[0]) or 1.0
    assert math.isfinite(probe)
    assert max(x) <= probe + 1e-9 * abs(probe)
    assert probe <= max(x) + width
