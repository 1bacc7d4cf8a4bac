"""Thinned columns against a search through every row."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gradgui.record.min_max_pyramid import BUCKET_ROWS
from gradgui.record.series import Series

Floats = NDArray[np.float32] | NDArray[np.float64]


def series_of(values: Floats) -> Series:
    series = Series(values.dtype)
    series.append(values)
    return series


def bucket_size(start: int, stop: int, max_points: int) -> int:
    """The promise, spelled out: two points a bucket, and two for the ends."""
    size = 1
    while 2 * len({row // size for row in (*range(start, stop, size), stop - 1)}) + 2 > max_points:
        size *= 2
    return size


def check(series: Series, values: Floats, start: int, stop: int, max_points: int) -> None:
    """Everything `thin` promises, by reading each row."""
    rows, thinned = series.thin(start, stop, max_points)
    assert rows.dtype == np.int64
    assert thinned.dtype == np.float64
    assert rows.shape == thinned.shape
    if start == stop:
        assert len(rows) == 0
        return
    assert len(rows) <= max_points
    assert (rows[0], rows[-1]) == (start, stop - 1)
    assert np.all(np.diff(rows) > 0)
    seen = values[start:stop].tolist()
    for row, value in zip(rows.tolist(), thinned.tolist(), strict=True):
        original = seen[row - start]
        assert value == original if math.isfinite(original) else math.isnan(value)
    if stop - start <= max_points:
        assert len(rows) == stop - start
        return
    size = bucket_size(start, stop, max_points)
    points: dict[int, list[tuple[int, float]]] = {}
    for row, value in zip(rows.tolist(), thinned.tolist(), strict=True):
        points.setdefault(row // size, []).append((row, value))
    for bucket in range(start // size, (stop - 1) // size + 1):
        finite = [
            value
            for value in seen[max(bucket * size - start, 0) : (bucket + 1) * size - start]
            if math.isfinite(value)
        ]
        shown = [value for _, value in points[bucket] if not math.isnan(value)]
        gaps = [row for row, value in points[bucket] if math.isnan(value)]
        if finite:
            assert (min(shown), max(shown)) == (min(finite), max(finite))
            assert set(gaps) <= {start, stop - 1}
        else:
            assert not shown
            assert gaps


@given(
    st.lists(st.floats(), max_size=60),
    st.integers(0, 300),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(4, 30),
)
@settings(deadline=None)
@example([1.0] * 30 + [math.nan] * 30, 0, 0, 60, 4)
@example([math.inf, 2.0, -math.inf] * 20, 100, 1, 59, 5)
def test_a_few_rows_of_any_numbers(
    values: list[float], before: int, first: int, second: int, max_points: int
) -> None:
    column = np.array([0.0] * before + values)
    start, stop = sorted(before + min(place, len(values)) for place in (first, second))
    check(series_of(column), column, start, stop, max_points)


def rough(rows: int, seed: int, dtype: str) -> Floats:
    """A noisy fall with spikes, single gaps and long ones, and both infinities."""
    random = np.random.default_rng(seed)
    values = np.exp(-np.arange(rows) / (rows / 5 + 1)) + 0.01 * random.standard_normal(rows)
    for hole in (np.nan, np.inf, -np.inf, 1e30, -1e30):
        values[random.integers(0, rows, rows // 50)] = hole
    for start in random.integers(0, rows, 3):
        values[start : start + random.integers(1, rows // 4 + 2)] = random.choice([np.nan, np.inf, -np.inf])
    thinned: Floats = values.astype(dtype)
    return thinned


@given(
    rows=st.integers(1, 20_000),
    seed=st.integers(0, 2**32),
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    max_points=st.one_of(st.integers(4, 50), st.integers(4, 3_000)),
    dtype=st.sampled_from(["float32", "float64"]),
)
@settings(deadline=None, max_examples=200)
@example(rows=20_000, seed=1, ends=(0.0, 1.0), max_points=4, dtype="float32")
@example(rows=16_384 + 1, seed=2, ends=(0.0, 1.0), max_points=100, dtype="float64")
def test_many_rows_whole_or_in_part(
    rows: int, seed: int, ends: tuple[float, float], max_points: int, dtype: str
) -> None:
    values = rough(rows, seed, dtype)
    start, stop = sorted(round(end * rows) for end in ends)
    check(series_of(values), values, start, stop, max_points)


@given(
    changes=st.lists(st.tuples(st.booleans(), st.one_of(st.integers(1, 3), st.integers(1, 2_000))), max_size=25),
    seed=st.integers(0, 2**32),
    max_points=st.integers(4, 60),
)
@settings(deadline=None)
def test_after_any_growing_and_truncating(changes: list[tuple[bool, int]], seed: int, max_points: int) -> None:
    series = Series(np.dtype(np.float32))
    values = np.empty(0, np.float32)
    for number, (grow, count) in enumerate(changes):
        if grow:
            more = rough(count, seed + number, "float32").astype(np.float32)
            series.append(more)
            values = np.concatenate([values, more])
        else:
            values = values[: max(len(values) - count, 0)]
            series.truncate(len(values))
        assert series.non_positive_count == sum(value <= 0 for value in values.tolist())
    check(series, values, 0, len(values), max_points)
    check(series, values, len(values) // 3, len(values), max_points)


@pytest.mark.parametrize("spike", [0, 127, 128, 65_535, 65_536, 150_000, 199_999])
def test_one_spike_among_many_is_never_lost(spike: int) -> None:
    values = np.zeros(200_000, np.float32)
    values[spike] = 1
    rows, thinned = series_of(values).thin(0, len(values), 500)
    assert rows[thinned == 1].tolist() == [spike]


def test_forgotten_rows_leave_nothing_in_the_picture() -> None:
    series = series_of(np.repeat([1.0, 9.0], [100, 900]))
    series.truncate(100)
    series.append(np.zeros(50_000))
    values = np.repeat([1.0, 0.0], [100, 50_000])
    check(series, values, 0, len(values), 100)


def test_a_falling_curve_falls_in_the_picture_too() -> None:
    values = np.linspace(1, 0, 100_000)
    _, thinned = series_of(values).thin(0, len(values), 400)
    assert np.all(np.diff(thinned) < 0)


def test_the_picture_stands_still_while_the_column_grows() -> None:
    values = rough(40_000, 5, "float64")
    size = bucket_size(0, 40_000, 500)
    series = series_of(values[:36_000])
    before = dict(zip(*(part.tolist() for part in series.thin(0, 36_000, 500)), strict=True))
    series.append(values[36_000:])
    after = dict(zip(*(part.tolist() for part in series.thin(0, 40_000, 500)), strict=True))
    settled = 36_000 // size * size
    assert bucket_size(0, 36_000, 500) == size
    assert [row for row in before if row < settled] == [row for row in after if row < settled]


def test_a_signalling_nan_is_a_gap_like_any_other() -> None:
    values = np.zeros(3, np.float32)
    values.view(np.uint32)[1] = 0x7F800001
    _, thinned = series_of(values).thin(0, 3, 4)
    assert np.isnan(thinned).tolist() == [False, True, False]
    many = np.repeat(values[1:2], 10 * BUCKET_ROWS)
    assert np.isnan(series_of(many).thin(0, len(many), 4)[1]).all()


def test_fewer_than_four_points_are_no_picture() -> None:
    with pytest.raises(ValueError, match="4 points"):
        series_of(np.zeros(10)).thin(0, 10, 3)


def test_rows_outside_the_column_are_an_index_error() -> None:
    with pytest.raises(IndexError):
        series_of(np.zeros(10)).thin(0, 11, 100)


def test_a_refused_truncation_changes_no_count() -> None:
    series = series_of(np.array([-1.0, 0.0, 1.0, np.nan, -np.inf]))
    for length in (-1, 6):
        with pytest.raises(ValueError, match="cannot be cut"):
            series.truncate(length)
    assert (len(series), series.non_positive_count) == (5, 3)


@given(
    st.lists(st.integers(0, 700), min_size=2, max_size=8),
    st.lists(st.integers(0, 300), min_size=8, max_size=8),
    st.sampled_from([0, 1, 200]),
    st.sampled_from([4, 10, 33]),
    st.integers(0, 2**32 - 1),
)
@settings(deadline=None)
def test_a_picture_that_grows_and_is_cut_is_the_one_drawn_anew(
    growths: list[int], cuts: list[int], start: int, max_points: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    series, values = Series(np.dtype(np.float32)), np.empty(0, np.float32)
    for growth, cut in zip(growths, cuts, strict=False):
        new = random.choice(np.array([0.0, 1.0, -1.0, math.nan, math.inf, 5.0], np.float32), growth)
        series.append(new)
        values = np.concatenate([values, new])
        check(series, values, min(start, len(values)), len(values), max_points)
        kept = max(len(values) - cut, 0) if cut > 100 else len(values)
        series.truncate(kept)
        values = values[:kept]
        check(series, values, min(start, len(values)), len(values), max_points)
