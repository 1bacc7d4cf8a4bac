"""Dates and numbers with units, as they stand in cells."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgui.tables.dates import DateError, looks_like_date, read_date, write_date
from gradgui.tables.detection import detect_table
from gradgui.tables.format import TableError
from gradgui.tables.reader import read_table
from gradgui.tables.source import PastedText
from gradgui.tables.units import split_unit

PATTERNS = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%b %d, %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%B %d, %Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%d.%m.%Y %H:%M",
    "%Y-%m-%d %I:%M:%S %p",
]


@given(moment=st.datetimes(datetime(1000, 1, 1), datetime(2999, 12, 31)), pattern=st.sampled_from(PATTERNS))
def test_a_date_is_read_as_python_reads_it(moment: datetime, pattern: str) -> None:
    text = moment.strftime(pattern)
    expected = datetime.strptime(text, pattern)
    assert looks_like_date(text)
    assert read_date(text, None) == (expected - datetime(1, 1, 1)) // timedelta(microseconds=1)
    assert datetime.fromisoformat(write_date(read_date(text, None))) == expected


@given(moment=st.datetimes(datetime(1000, 1, 1), datetime(2999, 12, 31)), day_first=st.booleans())
def test_the_order_of_day_and_month_is_what_is_said(moment: datetime, day_first: bool) -> None:
    text = moment.strftime("%d/%m/%Y" if day_first else "%m/%d/%Y")
    assert write_date(read_date(text, day_first)) == f"{moment:%Y-%m-%d}"
    if moment.day != moment.month and moment.day < 13:
        with pytest.raises(DateError, match="day or month"):
            read_date(text, None)


@pytest.mark.parametrize("text", ["", "1.5", "2019", "1999-13-01", "2019-02-30", "10:61", "May", "00.00.00", "12"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(DateError):
        read_date(text, True)


def test_times_of_different_zones_are_told_apart() -> None:
    moment = read_date("2020-01-01T10:00:00Z", None)
    for text in ("2020-01-01T12:00:00+02:00", "2020-01-01T05:00-0500", "2020-01-01 10:00:00", "2020-01-01 10:00 UTC"):
        assert read_date(text, None) == moment
    with pytest.raises(DateError):
        read_date("2020-01-01T10:00+02", None)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("62 m²", "62", "m²"),
        ("$41,400.0", "41,400.0", "$"),
        ("-$5", "-5", "$"),
        ("23,78 %", "23,78", "%"),
        ("5 USD", "5", "USD"),
        ("EUR 3.5", "3.5", "EUR"),
        ("1 000 €", "1 000", "€"),
        ("3 km/h", "3", "km/h"),
        ("2 m^3", "2", "m^3"),
        ("1.0000e+00kg", "1.0000e+00", "kg"),
        ("21.5 °C", "21.5", "°C"),
        ("1.5e5", "1.5e5", ""),
        ("7 Main Street", "7 Main Street", ""),
        ("12:30", "12:30", ""),
        ("2019-01-01", "2019-01-01", ""),
        ("%", "%", ""),
        ("", "", ""),
    ],
)
def test_a_unit_is_cut_from_its_number(text: str, number: str, unit: str) -> None:
    assert split_unit(text) == (number, unit)


def test_a_mixture_of_units_is_refused_and_no_suggestion() -> None:
    best = detect_table(PastedText("x;price;t\n1;5 €;3\n2;6 $;4\n3;7 €;5\n")).best
    assert best.suggested == (0, 2)
    with pytest.raises(TableError) as refused:
        read_table(best, 0, 1)
    assert str(refused.value) == (
        "what was pasted: line 3, price: 6 $ is in $, other cells are in €; expected one unit in the column"
    )


@pytest.mark.parametrize("text", ["mm;kg\nlength;mass\n1;2\n3;4\n", "length;mass\nmm;kg\n1;2\n3;4\n"])
def test_units_beside_the_names_are_kept(text: str) -> None:
    table = read_table(detect_table(PastedText(text)).best, 0, 1)
    assert (table.x_label, table.y_label) == ("length (mm)", "mass (kg)")
    assert (table.x.tolist(), table.y.tolist(), table.bad_count) == ([1.0, 3.0], [2.0, 4.0], 0)


def test_a_number_without_the_unit_of_the_others_is_told() -> None:
    table = read_table(detect_table(PastedText("x;y\n1;5 %\n2;0,06\n3;7 %\n")).best, 0, 1)
    assert [(cell.line, cell.text, cell.problem) for cell in table.bad_cells] == [(3, "0,06", "without the unit %")]
    assert table.y.tolist() == [5.0, 7.0]
    assert table.y_label == "y (%)"
