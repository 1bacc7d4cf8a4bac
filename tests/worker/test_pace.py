"""Epochs come at the pace that was asked for."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgui.worker.rate_limiter import FULL_SPEED, RateLimiter


@given(speed=st.floats(1, 10_000), seconds=st.floats(0.5, 20), frame=st.floats(0.001, 0.02))
def test_as_many_epochs_as_seconds_times_speed(speed: float, seconds: float, frame: float) -> None:
    pace, now, trained = RateLimiter(speed), 100.0, 0
    pace.start(now)
    while now < 100.0 + seconds:
        due = int(pace.due(now))
        if due:
            pace.trained(due, now)
            trained += due
        now += frame
    # One at a time while it can be followed: then no more than one a frame.
    wanted = min(speed, 1 / frame) * seconds if pace.can_be_followed else speed * seconds
    assert trained == pytest.approx(wanted, abs=2 + 2 * frame * speed, rel=0.01)


@given(speed=st.floats(1, 60), now=st.floats(0, 1e6), late=st.floats(0, 100))
def test_one_at_a_time_while_a_person_can_follow(speed: float, now: float, late: float) -> None:
    pace = RateLimiter(speed)
    pace.start(now)
    assert pace.due(now + late) == 1


def test_a_loop_that_cannot_keep_up_owes_nothing() -> None:
    pace = RateLimiter(1000.0)
    pace.start(0.0)
    pace.trained(10, 5.0)
    assert pace.due(5.0) <= 2


def test_full_speed_has_no_end_and_no_wait() -> None:
    pace = RateLimiter(FULL_SPEED)
    pace.start(3.0)
    assert pace.due(3.0) == math.inf
    assert pace.wait(3.0) == 0.0


def test_a_faster_speed_acts_at_once() -> None:
    pace = RateLimiter(1.0)
    pace.start(0.0)
    pace.trained(1, 0.0)
    assert pace.wait(0.1) == pytest.approx(0.9)
    pace.set_speed(100.0, 0.1)
    assert pace.wait(0.1) <= 0.01
