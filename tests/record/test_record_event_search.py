"""The last epoch in which something happened, against a loop over plain rows."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradgui.experiment.columns import Columns
from gradgui.record.batch import EpochBatch
from gradgui.record.column import BLOCK_ROWS
from gradgui.record.event_search import last_epoch_where
from gradgui.record.events import BecameNotFinite, Event, GradientChangedSign, LossBelow, LossRose, ParameterCrossed
from gradgui.record.training_log import TrainingLog

Row = tuple[float, ...]
LOSS, W, W_GRAD, B, B_GRAD = range(5)
VALUES = {"w": W, "b": B}
GRADIENTS = {"w": W_GRAD, "b": B_GRAD}


def log_of(rows: list[Row], dtype: str) -> TrainingLog:
    log = TrainingLog(Columns({"w": (), "b": ()}, ("momentum_buffer",)), dtype)
    if rows:
        log.append(EpochBatch(1, np.array([[*row, math.nan, math.nan] for row in rows])))
    return log


def by_loop(rows: list[Row], event: Event, before: int) -> int | None:
    """Go from epoch to epoch."""
    found = None
    for epoch in range(1, min(before, len(rows) + 1)):
        now, then = rows[epoch - 1], rows[epoch - 2] if epoch > 1 else None
        happened = False
        if isinstance(event, LossBelow):
            if now[LOSS] < event.value:
                return epoch
        elif isinstance(event, BecameNotFinite):
            happened = any(
                not math.isfinite(number) and (then is None or math.isfinite(then[place]))
                for place, number in enumerate(now)
            )
        elif then is None:
            happened = False
        elif isinstance(event, LossRose):
            happened = now[LOSS] > then[LOSS]
        elif isinstance(event, GradientChangedSign):
            names = [event.parameter] if event.parameter else ["w", "b"]
            signs = [(np.sign(then[GRADIENTS[name]]), np.sign(now[GRADIENTS[name]])) for name in names]
            happened = any({*pair} == {-1.0, 1.0} for pair in signs)
        else:
            place = VALUES[event.parameter]
            rose = then[place] < event.value <= now[place]
            fell = then[place] > event.value >= now[place]
            happened = rose or fell
        if happened:
            found = epoch
    return found


NUMBERS = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, math.nan, math.inf, -math.inf, 1e-45, -1e-45]), st.floats(width=32)
)
EVENTS = st.one_of(
    st.just(LossRose()),
    st.builds(GradientChangedSign, st.sampled_from([None, "w", "b"])),
    st.builds(ParameterCrossed, st.sampled_from(["w", "b"]), st.floats(width=32, allow_nan=False) | st.just(0.5)),
    st.just(BecameNotFinite()),
    st.builds(LossBelow, st.floats(width=32, allow_nan=False) | st.just(0.5)),
)


@given(
    st.lists(st.tuples(*[NUMBERS] * 5, st.just(0.01)), max_size=20),
    EVENTS,
    st.integers(0, 25),
    st.sampled_from(["float32", "float64"]),
)
@settings(max_examples=400, deadline=None)
@example([(math.nan, 0.0, 0.0, 0.0, 0.0, 0.01)], BecameNotFinite(), 2, "float32")
def test_any_log(rows: list[Row], event: Event, before: int, dtype: str) -> None:
    assert last_epoch_where(log_of(rows, dtype), event, before) == by_loop(rows, event, before)


@given(
    st.lists(st.integers(-3, 3), min_size=1, max_size=6),
    st.integers(-3, 3),
    EVENTS,
    st.sampled_from(["float32", "float64"]),
)
@settings(max_examples=60, deadline=None)
def test_at_the_edges_of_blocks(places: list[int], before: int, event: Event, dtype: str) -> None:
    rows = np.full((2 * BLOCK_ROWS + 3, 8), 1.0)
    rows[[BLOCK_ROWS + place for place in places], :5] = (0.25, -1.0, -2.0, math.inf, math.nan)
    log = TrainingLog(Columns({"w": (), "b": ()}, ("momentum_buffer",)), dtype)
    log.append(EpochBatch(1, rows))
    first = BLOCK_ROWS - 10  # what is before is the same all the way, but for the first epoch below a value
    window = [tuple(row[:6]) for row in rows[first : first + 20].tolist()]
    for end in (BLOCK_ROWS + before, first + 21):
        expected = by_loop(window, event, end - first)
        if isinstance(event, LossBelow) and rows[0, 0] < event.value:
            expected = 1 - first
        assert last_epoch_where(log, event, end) == (None if expected is None else first + expected)


def test_a_value_is_what_the_run_computes_with() -> None:
    rows: list[Row] = [
        (1.0, 0.0, 1.0, 0.0, 1.0, 0.1),
        (float(np.float32(0.7)), float(np.float32(0.7)), 1.0, 0.0, 1.0, 0.1),
    ]
    assert last_epoch_where(log_of(rows, "float32"), ParameterCrossed("w", 0.7), 9) == 2, "0.7 is as near as it gets"
    assert last_epoch_where(log_of(rows, "float32"), LossBelow(0.7), 9) is None
    assert last_epoch_where(log_of(rows, "float32"), LossBelow(1e300), 9) == 1


def test_there_is_no_such_parameter() -> None:
    log = log_of([(1.0,) * 6] * 3, "float32")
    for event in (ParameterCrossed("c", 0.0), GradientChangedSign("c")):
        with pytest.raises(KeyError):
            last_epoch_where(log, event, 3)
