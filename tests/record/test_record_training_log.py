"""The log against a list of rows."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gradgui.experiment.columns import Columns, Role
from gradgui.record.batch import EpochBatch
from gradgui.record.training_log import LogSnapshot, TrainingLog

Row = tuple[float, ...]


W = Columns({"w": ()})


def batch_of(first_epoch: int, rows: list[Row]) -> EpochBatch:
    """A batch of rows (loss, w, w_grad, …, lr)."""
    return EpochBatch(first_epoch, np.array(rows))


def rows_of(snapshot: LogSnapshot) -> list[Row]:
    columns = [column.slice(0, len(snapshot)).tolist() for column in snapshot.columns]
    return list(zip(*columns, strict=True))


def same(first: Any, second: Any) -> bool:
    return bool(np.array_equal(np.array(first, float), np.array(second, float), equal_nan=True))


# Values that float32 has, so that the model needs no rounding.
numbers = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0]), st.floats(width=32), st.sampled_from([math.nan, math.inf])
)
batches = st.lists(st.tuples(*[numbers] * 5, st.floats(1e-6, 1)), min_size=1, max_size=40)


class LogAgainstRows(RuleBasedStateMachine):
    @initialize(dtype=st.sampled_from(["float32", "float64"]))
    def begin(self, dtype: str) -> None:
        self.log = TrainingLog(Columns({"w": (), "b": ()}), dtype)
        self.rows: list[Row] = []
        self.snapshots: list[tuple[LogSnapshot, list[Row]]] = []

    @rule(rows=batches, repeated=st.sampled_from([1, 1, 7]))
    def append(self, rows: list[Row], repeated: int) -> None:
        self.log.append(batch_of(len(self.rows) + 1, rows * repeated))
        self.rows = self.rows + rows * repeated

    @rule(fraction=st.floats(0, 1))
    def truncate(self, fraction: float) -> None:
        self.rows = self.rows[: round(fraction * len(self.rows))]
        self.log.truncate(len(self.rows))

    @rule()
    def snapshot(self) -> None:
        self.snapshots.append((self.log.snapshot(), self.rows))

    @rule(fraction=st.floats(0, 1), max_points=st.integers(4, 40))
    def thin_from(self, fraction: float, max_points: int) -> None:
        first = 1 + round(fraction * len(self.rows))
        epochs, values = self.log.thin("b", first, len(self.rows), max_points)
        column = [row[3] for row in self.rows]
        finite = [value for value in column[first - 1 :] if math.isfinite(value)]
        assert len(epochs) <= max_points
        assert same(values, [column[epoch - 1] if math.isfinite(column[epoch - 1]) else math.nan for epoch in epochs])
        if finite:
            assert (np.nanmin(values), np.nanmax(values)) == (min(finite), max(finite))
        if first <= len(column):
            assert (epochs[0], epochs[-1]) == (first, len(column))

    @invariant()
    def log_is_the_rows(self) -> None:
        assert len(self.log) == len(self.rows)
        assert self.log.column("epoch").tolist() == list(range(1, len(self.rows) + 1))
        for number, name in enumerate(self.log.column_names[1:]):
            column = [row[number] for row in self.rows]
            assert same(self.log.column(name), column)
            assert self.log.non_positive_count(name) == sum(value <= 0 for value in column)
        if self.rows:
            for epoch in (1, len(self.rows)):
                assert same(self.log.row(epoch), (epoch, *self.rows[epoch - 1]))

    @invariant()
    def snapshots_stay_true(self) -> None:
        for snapshot, rows in self.snapshots:
            assert len(snapshot) == len(rows)
            assert same(rows_of(snapshot), rows)


TestLogAgainstRows = LogAgainstRows.TestCase
TestLogAgainstRows.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


def lesson_log() -> TrainingLog:
    """Three epochs like the lesson's, the last with another learning rate."""
    log = TrainingLog(W, "float32")
    log.append(
        batch_of(
            1,
            [
                (30.0, 0.3, -30.0, 0.01),
                (21.675, 0.555, -25.5, 0.01),
                (15.660188, 0.77175, -21.675, 0.005),
            ],
        )
    )
    return log


def test_columns_are_in_model_order_each_parameter_before_its_gradient() -> None:
    assert TrainingLog(Columns({"w": (), "b": ()}), "float64").column_names == (
        *("epoch", "loss"),
        *("w", "w_grad", "b", "b_grad"),
        "lr",
    )


def test_values_are_plain_numbers_of_the_runs_dtype() -> None:
    log = lesson_log()
    assert log.row(1) == (1, 30.0, float(np.float32(0.3)), -30.0, 0.01)
    assert [type(value) for value in log.row(1)] == [int, float, float, float, float]
    assert log.value("epoch", 2) == 2
    assert log.value("w", 1) == float(np.float32(0.3))
    assert log.value("lr", 3) == 0.005
    assert log.column("w").dtype == np.float32
    assert log.column("lr").dtype == np.float64
    assert log.column("epoch").dtype == np.int64
    assert log.dtype == "float32"


@pytest.mark.parametrize(
    ("first", "last", "epochs"),
    [
        (1, 3, [1, 2, 3]),
        (-5, 99, [1, 2, 3]),
        (2, 2, [2]),
        (3, 2, []),
        (4, 9, []),
        (-9, 0, []),
        (-9, -5, []),
    ],
)
def test_thinning_leaves_out_what_is_not_in_the_log(first: int, last: int, epochs: list[int]) -> None:
    found, values = lesson_log().thin("loss", first, last, 10)
    assert found.tolist() == epochs
    assert len(values) == len(epochs)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("first_epoch", "columns"), [(3, 4), (5, 4), (1, 4), (4, 3), (4, 5)], ids=str)
def test_a_batch_that_does_not_fit_changes_nothing(first_epoch: int, columns: int, dtype: str) -> None:
    log = TrainingLog(W, dtype)
    log.append(EpochBatch(1, np.ones((3, 4))))
    with pytest.raises(ValueError, match=r"next epoch|columns, the batch"):
        log.append(EpochBatch(first_epoch, np.zeros((2, columns))))
    assert [log.row(epoch) for epoch in (1, 2, 3)] == [(epoch, 1, 1, 1, 1) for epoch in (1, 2, 3)]
    assert len(log.column("lr")) == len(log) == 3


def adam_log(epochs: int) -> TrainingLog:
    """Of one parameter; what is in it are the epoch's number and tenths of it."""
    log = TrainingLog(Columns({"w": ()}, ("exp_avg", "exp_avg_sq")), "float64")
    for first_epoch in range(1, epochs + 1, 2):  # two epochs a batch
        numbers = np.arange(first_epoch, first_epoch + 2.0)
        rates = np.full(2, 0.01)
        columns = [numbers, numbers + 0.1, numbers + 0.2, rates, numbers + 0.3, numbers + 0.4]
        log.append(EpochBatch(first_epoch, np.stack(columns, axis=1)))
    return log


def test_buffers_are_read_as_columns_are_and_are_none() -> None:
    log = adam_log(400)
    assert [column.name for column in log.columns.of(Role.BUFFER)] == ["w.exp_avg", "w.exp_avg_sq"]
    assert log.column_names == ("epoch", "loss", "w", "w_grad", "lr")
    assert log.row(7) == (7, 7.0, 7.1, 7.2, 0.01)
    assert log.snapshot().column_names == log.column_names
    assert len(log.snapshot().columns) == 4
    assert log.value("w.exp_avg", 7) == 7.3
    assert log.value("w.exp_avg_sq", 400) == 400.4
    assert log.values("w.exp_avg_sq", np.array([3, 300])).tolist() == [3.4, 300.4]
    epochs, values = log.thin("w.exp_avg", 1, 400, 20)
    assert (epochs[0], epochs[-1]) == (1, 400)
    assert values.tolist() == [epoch + 0.3 for epoch in epochs]


def test_buffers_are_cut_with_the_rest() -> None:
    log = adam_log(10)
    log.truncate(3)
    with pytest.raises(IndexError):
        log.value("w.exp_avg", 4)
    log.append(EpochBatch(4, np.array([[0.0, 0.0, 0.0, 0.0, 8.0, 9.0]])))
    assert [log.value("w.exp_avg", epoch) for epoch in (3, 4)] == [3.3, 8.0]


@pytest.mark.parametrize("buffers", [0, 1, 3])
def test_a_batch_with_other_buffers_changes_nothing(buffers: int) -> None:
    log = adam_log(2)
    with pytest.raises(ValueError, match=f"the log has 6 columns, the batch {4 + buffers}"):
        log.append(EpochBatch(3, np.zeros((1, 4 + buffers))))
    assert len(log) == 2


@pytest.mark.parametrize("dtype", ["float16", "int64", "single"])
def test_a_log_is_of_float32_or_float64(dtype: str) -> None:
    with pytest.raises(ValueError, match="float32 or float64"):
        TrainingLog(W, dtype)


def test_what_is_not_there_is_an_error() -> None:
    log = lesson_log()
    for epoch in (0, 4, -1):
        with pytest.raises(IndexError):
            log.row(epoch)
        for name in ("loss", "epoch"):
            with pytest.raises(IndexError):
                log.value(name, epoch)
    with pytest.raises(KeyError):
        log.column("b")
    with pytest.raises(KeyError):
        log.value("b", 1)
    with pytest.raises(KeyError):
        log.thin("b", 1, 3, 10)
    for epochs in (-1, 4):
        with pytest.raises(ValueError, match="cannot be cut"):
            log.truncate(epochs)
    assert len(log) == 3


def test_values_of_single_epochs_are_those_of_the_rows() -> None:
    log = TrainingLog(W, "float32")
    rows: list[Row] = [(1.0 / epoch, 0.5 * epoch, -float(epoch), 0.01) for epoch in range(1, 70_001)]
    log.append(batch_of(1, rows))
    epochs = np.array([1, 2, 65_536, 65_537, 70_000])
    for index, name in enumerate(("loss", "w", "w_grad")):
        expected = [np.float32(rows[epoch - 1][index]) for epoch in epochs]
        assert same(log.values(name, epochs), expected)


def test_a_schedule_keeps_every_learning_rate_exactly() -> None:
    rates = np.geomspace(0.1, 1e-6, 1_000)
    log = TrainingLog(W, "float32")
    log.append(EpochBatch(1, np.stack([np.zeros(1_000)] * 3 + [rates], axis=1)))
    assert np.array_equal(log.column("lr"), rates)


def test_an_epoch_costs_at_most_forty_bytes() -> None:
    log = TrainingLog(W, "float32")
    for first_epoch in range(1, 1_000_000, 50_000):
        log.append(EpochBatch(first_epoch, np.ones((50_000, 4))))
    assert log.memory_bytes <= 40 * len(log)


def test_a_short_log_is_tiny() -> None:
    assert lesson_log().memory_bytes < 4_096
