"""Blocks read at once: every cell as it is read alone, bit by bit."""

import struct
from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from gradgui.tables.dates import read_date
from gradgui.tables.even_rows import cut_evenly
from gradgui.tables.format import TableFormat
from gradgui.tables.many_dates import read_dates
from gradgui.tables.plain import read_plain

digits = st.text("0123456789", min_size=1, max_size=24)
numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(allow_nan=False, allow_infinity=False).map("{:.18e}".format),
    st.builds("{}{}.{}".format, st.sampled_from(["", "-"]), digits, digits),
    st.builds("{}{}e{}".format, st.sampled_from(["", "-"]), digits, st.integers(-340, 320)),
    st.sampled_from(
        ["", "-0", " -0", "-0.0", "-0E-5", "0e-5", "+1", ".5", "1.", "007", "1e400", "NA", "-", "5-", "1_0"]
    ),
)


@example(rows=[("9007199254740993", "0.1", "-0")])
@example(rows=[("1", "", ""), ("-0", "2", "")])
@given(rows=st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=12))
def test_plain_numbers_are_read_as_float_reads_them(rows: list[tuple[str, str, str]]) -> None:
    cut = cut_evenly("".join(",".join(row) + "\n" for row in rows).encode(), TableFormat(), 3)
    assert cut is not None
    for all_plain in (True, False):
        for place, column in zip((2, 0), read_plain(cut, ".", [2, 0], all_plain=all_plain).tolist(), strict=True):
            for row, number in zip(rows, column, strict=True):
                assert number != number or struct.pack("d", number) == struct.pack("d", float(row[place]))  # noqa: PLR0124


def test_all_plain_numbers_of_a_block_are_read() -> None:
    cut = cut_evenly(b"1.5,NA,-2\n,x,3e5\n-0,y,NA\n7,,\n", TableFormat(), 3)
    assert cut is not None
    assert repr(read_plain(cut, ".", [0, 2], all_plain=False).tolist()) == (
        "[[1.5, nan, -0.0, 7.0], [-2.0, 300000.0, nan, nan]]"
    )


dates = st.builds(
    lambda year, month, day, mark, last, time: (
        (f"{day:02}{mark}{month:02}{mark}{year:04}" if last else f"{year:04}{mark}{month:02}{mark}{day:02}") + time
    ),
    st.integers(0, 9999),
    st.integers(0, 13),
    st.integers(0, 32),
    st.sampled_from("-/.:x"),
    st.booleans(),
    st.sampled_from(
        ["", "", " 13:00", "T23:59:59", " 24:00", " 10:60:00", "x10:00", " 1:00:001", " 10:00:60", " 10-00"]
    ),
)


@example(cells=["2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "0001-01-01", "9999-12-31"], day_first=None)
@given(
    cells=st.lists(dates | st.sampled_from(["", "NA", "20240131", "2024-1-31", "12:30:00"]), min_size=1, max_size=12),
    day_first=st.sampled_from([None, True, False]),
)
def test_dates_are_read_as_each_is_read_alone(cells: list[str], day_first: bool | None) -> None:
    cut = cut_evenly("".join(f"{cell},1\n" for cell in cells).encode(), TableFormat(), 2)
    assert cut is not None
    moments, is_read = read_dates(cut, 0, day_first)
    for cell, moment, read in zip(cells, moments.tolist(), is_read.tolist(), strict=True):
        assert not read or moment == read_date(cell, day_first)


@given(
    st.dates(min_value=date(1000, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S"]),
)
def test_usual_dates_are_read_at_once(day: date, spelling: str) -> None:
    text = day.strftime(spelling)
    cut = cut_evenly(f"{text},1\n".encode(), TableFormat(), 2)
    assert cut is not None
    moments, is_read = read_dates(cut, 0, day_first=False)
    assert is_read.all()
    assert moments[0] == read_date(text, day_first=False)
