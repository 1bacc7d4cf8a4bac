"""Smoothing and alignment against their definitions, one epoch after the other."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradgui.experiment.columns import Columns
from gradgui.record.batch import EpochBatch
from gradgui.record.loss_reached import LossReached
from gradgui.record.smoothed_column import SmoothedColumn
from gradgui.record.training_log import TrainingLog

NUMBERS = st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf, -math.inf])


def appended(log: TrainingLog, losses: list[float]) -> None:
    if losses:
        log.append(EpochBatch(len(log) + 1, np.column_stack([losses, np.full(len(losses), 0.1)])))


def smoothed_by_hand(losses: list[float], decay: float) -> list[float]:
    result = []
    for place, loss in enumerate(losses):
        pairs = [(decay ** (place - k), losses[k]) for k in range(place + 1) if math.isfinite(losses[k])]
        weight = math.fsum(w for w, _ in pairs)
        result.append(math.fsum(w * x for w, x in pairs) / weight if math.isfinite(loss) else math.nan)
    return result


@given(
    st.lists(st.lists(NUMBERS, max_size=30), min_size=1, max_size=4),
    st.sampled_from([0.0, 0.3, 0.9, 0.999]),
    st.integers(0, 40),
    st.lists(NUMBERS, max_size=10),
)
@settings(max_examples=150, deadline=None)
def test_a_column_is_smoothed_as_it_grows_and_after_it_was_cut(
    pieces: list[list[float]], decay: float, kept: int, after: list[float]
) -> None:
    log = TrainingLog(Columns({}), "float64")
    column, losses = SmoothedColumn(log, "loss", decay), list[float]()

    def check() -> None:
        by_hand = smoothed_by_hand(losses, decay)
        values = [column.value(epoch) for epoch in range(1, len(losses) + 1)]
        assert values == pytest.approx(by_hand, rel=1e-9, abs=1e-9, nan_ok=True)
        epochs, thinned = column.thin(0, len(losses) + 5, 1000)
        assert epochs.tolist() == list(range(1, len(losses) + 1))
        assert thinned.tolist() == pytest.approx(by_hand, rel=1e-9, abs=1e-9, nan_ok=True)

    for piece in pieces:
        appended(log, piece)
        losses += piece
        check()
    kept = min(kept, len(losses))
    log.truncate(kept)
    appended(log, after)
    losses = losses[:kept] + after
    check()


@given(st.lists(st.lists(NUMBERS, max_size=8), min_size=1, max_size=5), st.integers(0, 20), st.floats(-10, 1e6))
@settings(max_examples=150, deadline=None)
def test_the_first_epoch_with_a_loss_is_found_in_a_log_that_grows(
    pieces: list[list[float]], kept: int, loss: float
) -> None:
    log, losses, reached = TrainingLog(Columns({}), "float64"), list[float](), LossReached(loss)

    def first() -> int | None:
        return next((epoch for epoch, one in enumerate(losses, 1) if one <= loss), None)

    for piece in pieces:
        appended(log, piece)
        losses += piece
        assert reached.epoch(log) == first()
    log.truncate(min(kept, len(losses)))
    losses = losses[:kept]
    assert reached.epoch(log) == first()
    appended(log, pieces[0])
    losses += pieces[0]
    assert reached.epoch(log) == first()


def test_a_long_column_is_smoothed_as_the_definition_has_it() -> None:
    log = TrainingLog(Columns({}), "float64")
    losses = np.random.default_rng(0).normal(size=80_000)
    appended(log, losses.tolist())
    total = weight = 0.0
    for loss in losses:
        total, weight = 0.99 * total + loss, 0.99 * weight + 1.0
    assert SmoothedColumn(log, "loss", 0.99).value(80_000) == pytest.approx(total / weight, rel=1e-10)
