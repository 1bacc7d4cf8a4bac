"""Numbers as people write them: against Python's own reading of their digits."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgui.numbers import (
    MINUS,
    AmbiguousNumberError,
    NotFiniteError,
    NumberError,
    fewer_digits,
    notations,
    printed,
    read_number,
    readable,
    significant,
    write_count,
    write_number,
)
from gradgui.record.csv_file import shortest

finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0),
        ("2.", 2.0),
        (".5", 0.5),
        (",5", 0.5),
        ("0,5", 0.5),
        ("1,25", 1.25),
        ("0,001", 0.001),
        ("0.000", 0.0),
        ("1.204", 1.204),
        ("1234,567", 1234.567),
        ("1234.000", 1234.0),
        ("1.2345", 1.2345),
        ("+3", 3.0),
        ("-1.5", -1.5),
        ("−1.5", -1.5),
        (" 7\t", 7.0),
        ("1e6", 1e6),
        ("1E+6", 1e6),
        ("1.5d-3", 1.5e-3),
        ("1.5D3", 1500.0),
        ("1.234e−05", 1.234e-5),
        ("1,234e-05", 1.234e-5),
        ("1.000e+20", 1e20),
        ("1 000", 1000.0),
        ("1\u00a0000\u00a0000", 1e6),
        ("10\u202f000\u202f000", 1e7),
        ("1'313'973", 1313973.0),
        ("1_000", 1000.0),
        ("1,313,973", 1313973.0),
        ("1.313.973", 1313973.0),
        ("1,313.5", 1313.5),
        ("1.313,5", 1313.5),
        ("-1 313,973", -1313.973),
        ("1e-400", 0.0),
    ],
)
def test_what_is_read(text: str, value: float) -> None:
    assert repr(read_number(text)) == repr(value)


@pytest.mark.parametrize(
    ("text", "thousands", "decimals"),
    [
        ("1,000", "1000", "1"),
        ("-1,000", "-1000", "-1"),
        ("−1.000", "-1000", "-1"),
        ("1.000", "1000", "1"),
        ("30.000", "30000", "30"),
        ("12,345", "12345", "12.345"),
        ("999,100", "999100", "999.1"),
    ],
)
def test_what_may_be_thousands_is_refused_with_both_readings(text: str, thousands: str, decimals: str) -> None:
    with pytest.raises(AmbiguousNumberError) as refused:
        read_number(text)
    assert str(refused.value) == f"“{text}” can mean {thousands} or {decimals}: write the one that is meant."
    assert read_number(thousands) == float(thousands)
    assert read_number(decimals) == float(decimals)


NO_NUMBERS = [
    ".",
    ",",
    "-",
    "+",
    "e5",
    "abc",
    "0x10",
    "1e",
    "1e5.5",
    "--1",
    "1-",
    "1,00,000",
    "1,313,9",
    "1,313,973,5",
    "1_0",
    "1..5",
    "1,5,2",
    "(−0.250)",
    "1.5.2",
    "½",
]


@pytest.mark.parametrize("text", [*NO_NUMBERS, "", " ", "- 1", "1 2", "10 00", "1 0000", "0 123", "1 313'973"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(NumberError):
        read_number(text)


@pytest.mark.parametrize("text", ["inf", "-Infinity", "−inf", "nan", "NaN", "1e400", "-1e400"])
def test_what_is_not_finite(text: str) -> None:
    with pytest.raises(NotFiniteError):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1.000", ".", 1.0),
        ("1,000", ",", 1.0),
        ("12.345", ".", 12.345),
        ("12,345", ",", 12.345),
        ("1 000", ",", 1000.0),
        ("1,000", ".", None),
        ("1.000", ",", None),
        ("1,313,973", ".", None),
        ("1.313,5", ",", None),
    ],
)
def test_a_known_decimal_sign_leaves_no_doubt(text: str, decimal: str, value: float | None) -> None:
    if value is None:
        with pytest.raises(NumberError):
            read_number(text, decimal)
    else:
        assert read_number(text, decimal) == value


@given(st.text("0123456789.,eEdD+-−_' \u202f", max_size=12), st.sampled_from([None, ".", ","]))
def test_what_is_read_is_what_its_digits_say(text: str, decimal: str | None) -> None:
    try:
        value = read_number(text, decimal)
    except NumberError:
        return
    mantissa = text.lower().replace("d", "e").replace("−", "-").strip()
    signs = sorted({sign for sign in mantissa if sign in ".,"}, key=mantissa.rindex)
    plain = mantissa
    for gap in " '_\u202f":
        plain = plain.replace(gap, "")
    if len(signs) == 2 or mantissa.count((signs or ["."])[0]) > 1:
        plain = plain.replace(signs[0], "")
    assert repr(value) == repr(float(plain.replace(",", ".")))


@given(finite)
def test_what_python_writes_and_reads_is_read_with_the_same_bits(value: float) -> None:
    for text in (repr(value), f"{value:.17e}", f" {value!r} ", f"{value:+.6g}", f"{value:.2f}"):
        assert repr(read_number(text)) == repr(float(text))


@given(finite)
def test_what_a_field_shows_is_read_back(value: float) -> None:
    assert repr(read_number(write_number(value))) == repr(value)
    assert repr(read_number(repr(value), ".")) == repr(value)


@given(st.integers(-(10**15), 10**15))
def test_a_count_is_read_back(count: int) -> None:
    assert read_number(write_count(count)) == count


@given(finite, finite, st.integers(1, 17), st.integers(1, 30))
def test_every_label_is_read_back_but_for_the_shape_that_is_refused(
    value: float, first: float, digits: int, room: int
) -> None:
    for text in (readable(value), printed(value, first), significant(value, digits), fewer_digits(value, room)):
        plain = text.replace("−", "-")
        if abs(float(plain)) > sys.float_info.max:  # rounded up
            continue
        try:
            assert repr(read_number(text)) == repr(float(plain))
        except AmbiguousNumberError:
            assert plain.endswith(".000")
            assert 1.0 <= abs(float(plain)) < 1000.0


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_what_stands_in_the_log_is_read_back(value: float) -> None:
    text = shortest(value, "float32")
    assert np.float32(read_number(text)).tobytes() == np.float32(value).tobytes()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (30.0, "30.000"),
        (-0.25, "−0.250"),
        (1.2344e-5, "1.234e−05"),
        (2.318e32, "2.318e+32"),
        (0.0, "0.000"),
        (math.inf, "inf"),
        (-math.inf, "−inf"),
        (math.nan, "nan"),
    ],
)
def test_labels(value: float, text: str) -> None:
    assert readable(value) == text


@pytest.mark.parametrize(
    ("value", "first", "text"),
    [
        (0.3, 0.3, "0.300"),
        (0.00045, 30.0, "0.000"),
        (0.00045, 0.045, "0.000"),
        (0.0, 0.0, "0.000"),
        (1e-6, 2e-6, "1.000e-06"),
        (-1e-6, 0.0, "-1.000e-06"),
        (0.5, 1e-6, "0.500"),
        (1e20, 30.0, "1.000e+20"),
        (-99999.5, 30.0, "-99999.500"),
        (math.inf, 30.0, "inf"),
        (math.nan, 30.0, "nan"),
    ],
)
def test_lines_of_the_command_line(value: float, first: float, text: str) -> None:
    assert printed(value, first) == text


@given(st.floats(), st.integers(7, 30))
def test_a_number_without_room_is_rounded_with_its_exponent_whole(value: float, room: int) -> None:
    text = fewer_digits(value, room).replace(MINUS, "-")
    assert len(text) <= room
    if math.isfinite(value):
        # One digit, and a power of ten that room for at least seven characters always leaves.
        assert math.isclose(float(text), value, rel_tol=0.5) or math.isinf(float(text))
        assert abs(float(text) - value) <= abs(float(f"{value:.{max(room - 8, 0)}e}") - value) or math.isinf(
            float(text)
        )


@pytest.mark.parametrize(
    ("text", "decimals", "thousands"),
    [
        ("12", ".,", ""),
        ("1.5", ".", ""),
        ("1,5", ",", ""),
        ("1.204", ".,", "."),
        ("1,204", ".,", ","),
        ("0.204", ".", ""),
        ("1.204e3", ".", ""),
        ("1.000,92", ",", "."),
        ("1,000.92", ".", ","),
        ("1,313,973", ".", ","),
        ("1.313.973", ",", "."),
        ("10 237,65", ",", ""),
        ("1.", ".", ""),
        ("1,", "", ""),
        ("1,00,000", "", ""),
        ("x", "", ""),
    ],
)
def test_the_notations_in_which_a_text_is_a_number(text: str, decimals: str, thousands: str) -> None:
    """With the sign that groups thousands wherever one notation reads it so."""
    found = notations(text)
    assert {decimal for decimal, _ in found} == set(decimals)
    grouped = {group for decimal, group in found if group and group in text and (decimal, "") not in found}
    assert grouped == set(thousands)


@given(value=st.integers(-(10**12), 10**12), decimals=st.integers(0, 4), decimal=st.sampled_from(".,"))
def test_a_number_in_groups_is_read_in_its_notation(value: int, decimals: int, decimal: str) -> None:
    number = value / 10**decimals
    text = f"{number:,.{decimals}f}"
    thousands = "," if decimal == "." else "."
    written = text.translate({ord("."): decimal, ord(","): thousands})
    assert (decimal, thousands) in notations(written)
    assert read_number(written, decimal, thousands) == float(text.replace(",", ""))
    for one in notations(written):
        read_number(written, *one)
