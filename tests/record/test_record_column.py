"""The column against a plain array, with block borders in the range of every draw."""

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from numpy.typing import NDArray

from gradgui.record.column import BLOCK_ROWS, FIRST_BLOCK_ROWS, Column, Rows

FLOAT64 = np.dtype(np.float64)

counts = st.one_of(
    st.integers(0, 200),
    st.sampled_from([FIRST_BLOCK_ROWS, BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS + 1, 2 * BLOCK_ROWS + 5]),
)
fractions = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1))


class ColumnAgainstArray(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.column = Column(FLOAT64)
        self.expected = np.empty(0)
        self.kept: list[tuple[Rows[np.float64], NDArray[np.float64]]] = []
        self.views: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        self.written = 0.0

    @rule(count=counts)
    def append(self, count: int) -> None:
        # No number twice, so that whatever is overwritten shows.
        values = np.arange(self.written, self.written + count)
        self.written += count
        self.column.append(values)
        self.expected = np.concatenate([self.expected, values])
        values[:] = -1

    @rule(fraction=fractions)
    def truncate(self, fraction: float) -> None:
        length = round(fraction * len(self.expected))
        self.column.truncate(length)
        self.expected = self.expected[:length]

    @rule(fraction=fractions)
    def truncate_to_a_block_border(self, fraction: float) -> None:
        length = round(fraction * len(self.expected)) // BLOCK_ROWS * BLOCK_ROWS
        self.column.truncate(length)
        self.expected = self.expected[:length]

    @rule()
    def snapshot(self) -> None:
        self.kept.append((self.column.snapshot(), self.expected))

    @rule(first=fractions, second=fractions)
    def look_at_a_slice(self, first: float, second: float) -> None:
        start, stop = sorted(round(fraction * len(self.expected)) for fraction in (first, second))
        view = self.column.slice(start, stop)
        assert not view.flags.writeable
        self.views.append((view, self.expected[start:stop]))

    @rule(places=st.lists(fractions, max_size=5))
    def take(self, places: list[float]) -> None:
        if len(self.expected):
            rows = np.array(sorted(round(place * (len(self.expected) - 1)) for place in places), np.int64)
            assert np.array_equal(self.column.take(rows), self.expected[rows])
            assert [self.column[int(row)] for row in rows] == self.expected[rows].tolist()

    @invariant()
    def column_is_the_array(self) -> None:
        assert len(self.column) == len(self.expected)
        assert np.array_equal(self.column.slice(0, len(self.column)), self.expected)

    @invariant()
    def snapshots_and_views_stay_true(self) -> None:
        for rows, expected in self.kept:
            assert len(rows) == len(expected)
            assert np.array_equal(rows.slice(0, len(rows)), expected)
        for view, expected in self.views:
            assert np.array_equal(view, expected)


TestColumnAgainstArray = ColumnAgainstArray.TestCase
TestColumnAgainstArray.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_growing_does_not_copy_full_blocks() -> None:
    column = Column(FLOAT64)
    column.append(np.zeros(BLOCK_ROWS))
    first = column.slice(0, BLOCK_ROWS)
    column.append(np.zeros(3 * BLOCK_ROWS))
    assert np.shares_memory(first, column.slice(0, BLOCK_ROWS))


def test_a_slice_within_a_block_is_a_view() -> None:
    column = Column(FLOAT64)
    column.append(np.zeros(2 * BLOCK_ROWS))
    block = column.slice(BLOCK_ROWS, 2 * BLOCK_ROWS)
    assert np.shares_memory(block, column.slice(BLOCK_ROWS + 10, BLOCK_ROWS + 20))


def test_memory_is_small_for_a_short_column_and_near_its_values_for_a_long_one() -> None:
    column = Column(np.dtype(np.float32))
    assert column.memory_bytes == 0
    column.append(np.zeros(1, np.float32))
    assert column.memory_bytes <= 256
    column.append(np.zeros(10**6, np.float32))
    assert column.memory_bytes <= 4 * (10**6 + BLOCK_ROWS)


@pytest.mark.parametrize("values", [np.zeros(2, np.float32), np.zeros((2, 1)), np.zeros(2, np.int64), np.zeros(())])
def test_other_shapes_and_dtypes_are_refused(values: NDArray[np.float64]) -> None:
    column = Column(FLOAT64)
    with pytest.raises(ValueError, match="does not take"):
        column.append(values)
    assert len(column) == 0


@pytest.mark.parametrize("length", [-1, 4])
def test_a_column_is_not_cut_to_what_it_never_was(length: int) -> None:
    column = Column(FLOAT64)
    column.append(np.arange(3.0))
    with pytest.raises(ValueError, match="cannot be cut"):
        column.truncate(length)
    assert column.slice(0, 3).tolist() == [0, 1, 2]


def test_rows_that_are_not_there_are_an_index_error() -> None:
    column = Column(FLOAT64)
    column.append(np.arange(3.0))
    for row in (-1, 3):
        with pytest.raises(IndexError):
            column[row]
    for start, stop in [(-1, 2), (0, 4), (2, 1)]:
        with pytest.raises(IndexError):
            column.slice(start, stop)
