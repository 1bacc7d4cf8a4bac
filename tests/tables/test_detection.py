"""What a person meant by the first lines of a file."""

from pathlib import Path

import pytest

from gradgui.tables.detection import detect_table
from gradgui.tables.format import TableError, TableFormat
from gradgui.tables.preview import preview_table
from gradgui.tables.source import PastedText


@pytest.mark.parametrize(
    ("text", "delimiter", "decimal", "header", "names", "numeric"),
    [
        ("x,y\n1,2\n3,4\n", ",", "", True, ("x", "y"), (0, 1)),
        ("1,2\n3,4\n", ",", "", False, ("column 1", "column 2"), (0, 1)),
        ("1,5\n2,5\n", ",", "", False, ("column 1", "column 2"), (0, 1)),
        ("x;y\n1,5;2,5\n3,5;4\n", ";", ",", True, ("x", "y"), (0, 1)),
        ("1,000;2,000\n1,250;3,5\n", ";", ",", False, ("column 1", "column 2"), (0, 1)),
        ("1.5;2\n2;3\n", ";", ".", False, ("column 1", "column 2"), (0, 1)),
        ("x;y;note\n1,5;2;a, b\n1,5;2;a, b\n", ";", ",", True, ("x", "y", "note"), (0, 1)),
        ("a\tb\n1,5\t2\n", "\t", ",", True, ("a", "b"), (0, 1)),
        ("x|y\n1|2\n", "|", "", True, ("x", "y"), (0, 1)),
        ("  1   2\n 33   4\n", " ", "", False, ("column 1", "column 2"), (0, 1)),
        ('"x" "y"\n1 2\n3 4\n', " ", "", True, ("x", "y"), (0, 1)),
        ("1,5 2,5\n1,5 3,5\n", " ", ",", False, ("column 1", "column 2"), (0, 1)),
        ("x, y\n1, 2\n3, 4\n", ",", "", True, ("x", "y"), (0, 1)),
        ("day,x,y\n2024-01-01 10:00,1,2\n2024-01-02 10:00,3,4\n", ",", "", True, ("day", "x", "y"), (0, 1, 2)),
        ('"x","y"\n"1","2"\n', ",", "", True, ("x", "y"), (0, 1)),
        ("# made by hand\n\nx,y\n1,2\n", ",", "", True, ("x", "y"), (0, 1)),
        ("x,y\n1,\n,2\n3,4\n", ",", "", True, ("x", "y"), (0, 1)),
        ("x,,y\n1,2,3\n", ",", "", True, ("x", "column 2", "y"), (0, 1, 2)),
        ("x,2020,2021\n1,2,3\n", ",", "", True, ("x", "2020", "2021"), (0, 1, 2)),
        ("only\n1\n2\n", "", "", True, ("only",), (0,)),
        ("a;b\nc;d\n", ";", "", True, ("a", "b"), ()),
        ("nan,1\n2,3\n", ",", "", False, ("column 1", "column 2"), (0, 1)),
    ],
)
def test_a_table_is_taken_for_what_it_is(
    tmp_path: Path,
    *,
    text: str,
    delimiter: str,
    decimal: str,
    header: bool,
    names: tuple[str, ...],
    numeric: tuple[int, ...],
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text)
    found = detect_table(path).best
    form = found.table_format
    assert (form.delimiter, form.decimal, form.header) == (delimiter, decimal, header)
    assert (found.column_names, found.numeric) == (names, numeric)
    assert preview_table(path, form) == found


@pytest.mark.parametrize(
    ("codec", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(tmp_path: Path, codec: str, found: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("Größe,°C\n1,2\n".encode(codec))
    best = detect_table(path).best
    assert best.table_format.encoding == found
    assert best.column_names == ("Größe", "°C")


@pytest.mark.parametrize(
    ("text", "names", "first_rows"),
    [
        ("Name,2020,Total\na,1,2\nb,3,4\n", ("Name", "2020", "Total"), (("a", "1", "2"), ("b", "3", "4"))),
        ("a,1,oops\nb,2,3\nc,4,5\n", ("column 1", "column 2", "column 3"), (("a", "1", "oops"), ("b", "2", "3"))),
        ("x,y\n1,oops\n2,3\n4,5\n", ("x", "y"), (("1", "oops"), ("2", "3"))),
        ("a\tb\n1\t1,00,000\n2\t2,50,000\n", ("a", "b"), (("1", "1,00,000"), ("2", "2,50,000"))),
        ("mm,kg\nlength,mass\n1,2\n3,4\n", ("length", "mass"), (("1", "2"), ("3", "4"))),
        ("length,mass\nmm,kg\n1,2\n3,4\n", ("length", "mass"), (("1", "2"), ("3", "4"))),
        ('"x" "y"\n"1" 2 3\n"2" 4 5\n', ("column 1", "x", "y"), (("1", "2", "3"), ("2", "4", "5"))),
        ("#x,y\n1,2\n3,4\n", ("x", "y"), (("1", "2"), ("3", "4"))),
        ("x,y\n1,2\n#N/A,4\n", ("x", "y"), (("1", "2"), ("#N/A", "4"))),
        ("x;y\n1;2\n;;;\n3;4\n", ("x", "y"), (("1", "2"), ("3", "4"))),
    ],
)
def test_what_stands_above_the_rows_is_told_from_them(
    text: str, names: tuple[str, ...], first_rows: tuple[tuple[str, ...], ...]
) -> None:
    detection = detect_table(PastedText(text))
    assert not detection.ambiguous
    assert detection.best.column_names == names
    assert detection.best.rows[:2] == first_rows


def test_the_preview_is_short_and_as_it_stands_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("x,y\n" + "".join(f" {i:03} ,oops {i}\n" for i in range(1000)))
    rows = preview_table(path, TableFormat()).rows
    assert rows[:2] == (("000", "oops 0"), ("001", "oops 1"))
    assert len(rows) == 8


def test_long_cells_are_cut_and_too_many_columns_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("x" * 100 + ",y\n1," + "z" * 100 + "\n")
    preview = preview_table(path, TableFormat())
    assert preview.column_names == ("x" * 59 + "…", "y")
    assert preview.rows == (("1", "z" * 59 + "…"),)
    path.write_text("1," * 1_001 + "1\n")
    with pytest.raises(TableError, match="has 1\u202f002 columns; expected at most 1\u202f000"):
        preview_table(path, TableFormat(header=False))


@pytest.mark.parametrize(
    "wrong",
    [
        {"encoding": "latin-9"},
        {"delimiter": "x"},
        {"delimiter": ";;"},
        {"decimal": "'"},
        {"decimal": ",", "thousands": ","},
        {"head_lines": -1},
    ],
)
def test_a_format_that_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"must be|cannot be"):
        TableFormat(**wrong)  # type: ignore[arg-type]


def test_a_letter_far_down_tells_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(("x;y\n" + "1;2.5 kg\n" * 60_000 + "1;2.5 °C\n").encode("cp1252"))
    assert detect_table(path).best.table_format.encoding == "cp1252"


def test_a_delimiter_that_makes_no_table_hinders_no_other() -> None:
    best = detect_table(PastedText(("1;2.5;" + "word " * 1_200 + "\n") * 3)).best
    assert (best.table_format.delimiter, best.suggested) == (";", (0, 1))


@pytest.mark.parametrize("rows", [2, 5_000])
def test_a_quotation_mark_that_nothing_closes_does_not_make_one_column_of_two(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "open.csv"
    path.write_text('x,y\n1,"2\n' + "3,4\n" * rows)
    with pytest.raises(TableError, match="line 2: a quotation mark is opened and not closed"):
        detect_table(path)


def test_a_zero_byte_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "zero.csv"
    path.write_bytes(b"x,y\n1,2\n\0\0,4\n")
    with pytest.raises(TableError, match="has a zero byte in it; expected text"):
        detect_table(path)
