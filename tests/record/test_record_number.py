"""Decimals against Python's own reading of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgui.record.csv_file import shortest, shortest_column


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.3, "0.3"),
        (30.0, "30.0"),
        (-0.0, "-0.0"),
        (0.0, "0.0"),
        (1e-7, "1e-07"),
        (1e-45, "1e-45"),
        (1e16, "1e+16"),
        (3.4028235e38, "3.4028235e+38"),
        (1e300, "inf"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
    ],
)
def test_float32_in_full(value: float, text: str) -> None:
    assert shortest(value, "float32") == text
    if abs(value) < 1e300 or not math.isfinite(value):
        assert shortest(float(np.float32(value)), "float32") == text


def test_float64_is_longer_where_it_has_to_be() -> None:
    assert shortest(0.1 + 0.2, "float64") == "0.30000000000000004"
    assert shortest(0.1 + 0.2, "float32") == "0.3"
    assert shortest(5e-324, "float64") == "5e-324"


def digits(text: str) -> int:
    return len(text.lower().split("e")[0].replace(".", "").replace("-", "").strip("0"))


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_float32_reads_back_and_no_shorter_decimal_does(value: float) -> None:
    text = shortest(value, "float32")
    assert np.float32(text).tobytes() == np.float32(value).tobytes()
    fewer = digits(text) - 1
    if fewer > 0:
        with np.errstate(over="ignore"):
            assert np.float32(f"{value:.{fewer - 1}e}") != np.float32(value)


@given(st.floats())
def test_float64_is_what_python_writes(value: float) -> None:
    assert shortest(value, "float64") == repr(value)


@given(st.lists(st.floats(width=32)), st.integers(1, 3))
def test_a_column_is_its_numbers_one_by_one(values: list[float], repeated: int) -> None:
    values = values * repeated
    for dtype in ("float32", "float64"):
        assert shortest_column(np.array(values, dtype)) == [shortest(value, dtype) for value in values]


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_any_bits_of_float32_are_written_as_numpy_writes_the_scalar(bits: list[int]) -> None:
    values = np.array(bits, np.uint32).view(np.float32)
    assert shortest_column(values) == [str(value) for value in values]


def test_a_column_may_be_every_other_number_of_an_array() -> None:
    assert shortest_column(np.arange(6, dtype=np.float32)[::2]) == ["0.0", "2.0", "4.0"]
    assert shortest_column(np.array([0.0, -0.0, 0.0])) == ["0.0", "-0.0", "0.0"]
    assert shortest_column(np.empty(0, np.float32)) == []
