"""The rules of a learning-rate finder, on losses made by hand."""

import numpy as np
import pytest

from gradgui.record.rate_finder import steepest, valley

RATES = 10.0 ** np.arange(-4.0, 4.0)  # 1e-4 … 1e3


def test_the_steepest_fall_is_that_over_the_logarithm() -> None:
    #                   flat  | falls 1, 6, 2          | rises
    losses = np.array([10.0, 10.0, 9.0, 3.0, 1.0, 1.0, 5.0, np.inf])
    assert steepest(RATES, losses).index == 2, "by 6 to the next"
    assert steepest(RATES[::-1], losses[::-1]).index == 5, "whatever the order"
    uneven = np.array([1e-3, 1e-2, 2e-2])
    assert steepest(uneven, np.array([9.0, 5.0, 3.0])).index == 1, "2 over log 2 is more than 4 over log 10"
    assert "steeply" in steepest(RATES, losses).reason


def test_the_valley_is_two_thirds_into_the_longest_fall() -> None:
    losses = np.array([3.0, 1.0, 9.0, 8.0, 7.0, 6.0, 50.0, np.nan])
    assert valley(RATES, losses).index == 4  # from 2 to 5
    assert "4 neighbouring rates" in valley(RATES, losses).reason
    assert valley(RATES[::-1], losses[::-1]).index == 3


def test_losses_that_are_not_finite_are_left_out() -> None:
    losses = np.array([np.inf, 4.0, np.nan, 3.5, 2.0, 1.0, np.inf, -np.inf])
    assert valley(RATES, losses).index == 4  # the second third from 1 over 3 and 4 to 5
    assert steepest(RATES, losses).index == 3


@pytest.mark.parametrize("losses", [np.full(8, np.nan), np.arange(8.0), np.ones(8), np.array([1.0, *[np.inf] * 7])])
def test_where_nothing_falls_there_is_no_rate_but_a_reason(losses: np.ndarray) -> None:
    for rule in (steepest, valley):
        found = rule(RATES, losses)
        assert found.index is None
        assert found.reason.endswith(".")
    assert steepest(RATES[:0], losses[:0]).index is None
    assert valley(RATES[:0], losses[:0]).index is None


def test_one_step_down_is_taken_at_its_lower_end() -> None:
    assert valley(np.array([0.1, 1.0]), np.array([2.0, 1.0], np.float32)).index == 1
