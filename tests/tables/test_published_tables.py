"""Tables that people published, each beside Python's csv and float with the settings given by hand."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
from msgspec import Struct

from gradgui.tables.detection import detect_table
from gradgui.tables.reader import read_table
from gradgui.tables.table import Table

FOLDER = Path(__file__).parent.parent / "data" / "tables"
SPACES = " "


class Settings(Struct, frozen=True):
    """How a file is written, as a person found by looking at it.

    Attributes
    ----------
    names
        Of the columns for x and y; empty where there is no header.
    first_line
        At which the rows begin, counted from 1.
    delimiter, decimal, remove, encoding
        What stands between cells and before decimals, which signs mean nothing, and the encoding.
    places
        Of x and y.
    """

    names: tuple[str, str]
    first_line: int
    delimiter: str
    decimal: str = "."
    remove: str = ""
    encoding: str = "utf-8-sig"
    places: tuple[int, int] = (0, 1)


CASES = {
    "c01_countries_quoted_decimal_comma.csv": Settings(
        ("GDP ($ per capita)", "Literacy (%)"), 2, ",", ",", places=(1, 2)
    ),
    "c02_airquality.csv": Settings(("CO(GT)", "PT08.S1(CO)"), 2, ";", ",", places=(2, 3)),
    "c03a_sep_line.csv": Settings(("Area", "Price"), 3, ";"),
    "c03b_sep_line_quoted_trailing.csv": Settings(("a", "b"), 3, ";"),
    "c03c_sep_comma.csv": Settings(("a", "b"), 3, ","),
    "c03d_sep_line_decimal_comma_crlf_bom.csv": Settings(("x", "y"), 3, ";", ","),
    "c03e_sep_tilde.csv": Settings(("Column A", "Column B"), 3, "~"),
    "c04_unicode_minus.csv": Settings(("x", "price"), 2, ";", ","),
    "c04b_unicode_minus_d3.csv": Settings(("t", "v"), 2, ","),
    "c05_fortran_d.txt": Settings(("", ""), 1, SPACES),
    "c06a_thousands_quoted.csv": Settings(("Area", "Price"), 2, ",", remove=","),
    "c06c_thousands_semicolon_de.csv": Settings(("Fläche", "Preis"), 2, ";", ",", remove="."),
    "c06d_thousands_million_tab.tsv": Settings(("Rank", "Population"), 2, "\t", remove=","),
    "c06e_thousands_and_decimals_de.csv": Settings(("Monat", "Umsatz"), 2, ";", ",", remove="."),
    "c08a_hash_meta.csv": Settings(("Time (s)", "Channel 1 (V)"), 7, ","),
    "c08b_meta_lines.csv": Settings(("Time", "Voltage"), 6, ","),
    "c08d_units_row.csv": Settings(("Time (s)", "Pressure (bar)"), 3, ";", ","),
    "c08e_worldbank.csv": Settings(("Year", "Value"), 6, ",", places=(1, 2)),
    "c08f_title_line.csv": Settings(("x", "y"), 3, ","),
    "c08g_nist_boxbod.dat": Settings(("x", "y"), 21, SPACES, places=(1, 0)),
    "c09a_utf16_tab.txt": Settings(("Tag", "Temperatur"), 2, "\t", ",", encoding="utf-16"),
    "c09b_utf16_no_bom.txt": Settings(("Tag", "Temperatur"), 2, "\t", ",", encoding="utf-16-le"),
    "c10_auto_mpg.data": Settings(("", ""), 1, SPACES),
    "c11b_percent.csv": Settings(("Jahr", "Anteil (%)"), 2, ";", ",", remove="%"),
    "c13a_nbsp_thousands.csv": Settings(("Année", "Montant"), 2, ";", ",", remove="\u00a0"),
    "c13b_narrow_nbsp.csv": Settings(("Année", "Montant"), 2, ";", ",", remove="\u202f"),
    "c13c_space_thousands.csv": Settings(("Rok", "Hodnota"), 2, ";", ",", remove=" "),
    "c13d_swiss.csv": Settings(("Jahr", "Betrag"), 2, ";", remove="'"),
    "c15_trailing_ragged.csv": Settings(("x", "y"), 2, ";"),
    "c16_cr_only.csv": Settings(("x", "y"), 2, ","),
    "c16b_header_linebreak.csv": Settings(("Area (sq ft)", "Price (USD)"), 4, ","),
    "c18_sci_comma.csv": Settings(("x", "y"), 2, ";", ","),
    "c19_index_column.csv": Settings(("YearsExperience", "Salary"), 2, ",", places=(1, 2)),
    "c19b_isl.csv": Settings(("TV", "Radio"), 2, ",", places=(1, 2)),
    "c20b_y_before_x.dat": Settings(("x", "y"), 2, SPACES, places=(1, 0)),
    "c21_semicolon_comment.csv": Settings(("x", "y"), 4, SPACES),
    "e1_thousands_de.csv": Settings(("Jahr", "Einwohner"), 2, ";", ",", remove="."),
    "e2_y_named_first.csv": Settings(("X", "Y"), 2, ";", ",", places=(1, 0)),
    "t06_ex1data1.txt": Settings(("", ""), 1, ","),
}


def by_hand(path: Path, settings: Settings) -> list[tuple[float, float]]:
    """Read a file as its settings say."""
    lines = path.read_text(settings.encoding).split("\n")[settings.first_line - 1 :]
    if settings.delimiter == SPACES:
        rows = [line.split() for line in lines]
    else:
        rows = list(csv.reader(lines, delimiter=settings.delimiter))
    found = []
    for cells in rows:
        if "".join(cells):
            numbers = [cells[place] for place in settings.places]
            for sign in settings.remove:
                numbers = [number.replace(sign, "") for number in numbers]
            numbers = [
                number.replace(settings.decimal, ".").replace("−", "-").replace("D", "e") for number in numbers
            ]
            found.append((float(numbers[0]), float(numbers[1])))
    return found


def read(name: str) -> Table:
    """Read the suggested columns of a file that can be read in one way."""
    detection = detect_table(FOLDER / name)
    assert not detection.ambiguous, detection.question
    return read_table(detection.best, *detection.best.suggested)


def points(table: Table) -> list[tuple[float, float]]:
    return list(zip(table.x.tolist(), table.y.tolist(), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_it_is_read_as_a_person_reads_it(name: str) -> None:
    table, settings = read(name), CASES[name]
    assert points(table) == by_hand(FOLDER / name, settings)
    assert table.points > 1
    assert table.bad_count == 0
    assert [table.x_label, table.y_label] == list(settings.names)


@pytest.mark.parametrize(
    ("name", "unit"), [("c07_dates.csv", "days"), ("c07b_iso_dates.csv", "days"), ("c08c_toa5.dat", "seconds")]
)
def test_dates_are_counted_from_the_first(name: str, unit: str) -> None:
    patterns = {
        "c07_dates.csv": "%b %d, %Y",
        "c07b_iso_dates.csv": "%Y-%m-%d",
        "c08c_toa5.dat": "%Y-%m-%d %H:%M:%S.%f",
    }
    first_row = 4 if name == "c08c_toa5.dat" else 1
    with (FOLDER / name).open(newline="") as file:
        rows = list(csv.reader(file))[first_row:]
    dates = [datetime.strptime(row[0], patterns[name]) for row in rows]
    seconds = [(date - min(dates)).total_seconds() for date in dates]
    table = read(name)
    assert points(table) == [
        (passed / (86_400 if unit == "days" else 1), float(row[1])) for passed, row in zip(seconds, rows, strict=True)
    ]
    assert table.x_label.startswith(f"{unit} since {min(dates):%Y-%m-%d}")


def test_a_column_of_groups_beside_dates() -> None:
    best = detect_table(FOLDER / "c07_dates.csv").best
    volumes = read_table(best, 1, best.column_names.index("Volume")).y
    assert volumes.tolist() == [820_947_000.0, 578_906_000.0, 907_873_000.0]


def test_each_column_has_its_own_unit_and_notation() -> None:
    table = read("c11_units.csv")
    assert points(table) == [(62.0, 41_400.0), (48.0, 32_250.0), (75.5, 63_000.0), (90.0, 70_100.0)]
    assert (table.x_label, table.y_label) == ("apartment_total_area (m²)", "price_in_USD ($)")


def test_a_single_column_is_y_over_its_rows() -> None:
    table = read("c17_one_column.csv")
    assert points(table) == [(1, 1.5), (2, 2.0), (3, -3.5), (4, 10.99), (5, -0.5)]
    assert (table.x_label, table.y_label) == ("row", "price")


def test_what_has_no_value_is_told_and_left_out_on_demand() -> None:
    table = read("c12_na.csv")
    assert points(table) == [(1.0, 2.0), (3.0, 6.1), (6.0, 12.2), (9.0, 18.0)]
    assert [cell.text for cell in table.bad_cells] == ["NA", "N/A", "", "nan", "#N/A", "-"]
    assert table.bad_rows == 6


def test_a_question_mark_in_a_column_of_numbers_is_told() -> None:
    table = read_table(detect_table(FOLDER / "c10_auto_mpg.data").best, 0, 3)
    assert [(cell.line, cell.text) for cell in table.bad_cells] == [(3, "?")]
    assert table.points == 3


def test_an_exponent_that_has_lost_its_letter_is_told() -> None:
    table = read("c22_ragged_fortran_exponent.txt")
    assert points(table) == [(2.0, 5687.138413593), (3.0, 4.1)]
    assert [cell.text for cell in table.bad_cells] == ["5.687138413593-104"]


def test_every_table_here_is_tried() -> None:
    others = {"c07_dates.csv", "c07b_iso_dates.csv", "c08c_toa5.dat", "c10_auto_mpg.data", "c11_units.csv"}
    others |= {"c12_na.csv", "c17_one_column.csv", "c22_ragged_fortran_exponent.txt"}
    assert {path.name for path in FOLDER.iterdir()} == set(CASES) | others
