"""Tables read from real files, compared with Python's csv and float, and with pandas."""

import csv
import math
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gradgui.experiment.data import LARGEST_DATA, Data
from gradgui.tables import even_columns, source
from gradgui.tables.detection import detect_table
from gradgui.tables.format import DECIMALS, DELIMITERS, ENCODINGS, ONE_COLUMN, TableError, TableFormat
from gradgui.tables.preview import TablePreview, preview_table
from gradgui.tables.reader import read_table
from gradgui.tables.source import PastedText
from gradgui.tables.table import MOST_BAD_CELLS, BadCell, Table

any_file = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
FORMATS = [
    TableFormat(encoding, delimiter, decimal, header)
    for encoding in ENCODINGS
    for delimiter in DELIMITERS
    for decimal in DECIMALS
    if delimiter not in {decimal, ONE_COLUMN}
    for header in (False, True)
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


@pytest.fixture
def read(path: Path) -> Callable[..., Table]:
    """Write a file, read columns 0 and 1 of it as what it is detected to be, or as what is said."""

    def read_text(text: str | bytes, table_format: TableFormat | None = None, x: int = 0, y: int = 1) -> Table:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_table(preview_table(path, table_format or detect_table(path).best.table_format), x, y)

    return read_text


def points(table: Table) -> list[tuple[float, float]]:
    return list(zip(table.x.tolist(), table.y.tolist(), strict=True))


def bits(values: object) -> str:
    """Text that tells -0.0 from 0.0 and any two floats apart."""
    return repr(values)


@pytest.mark.parametrize("table_format", FORMATS, ids=str)
def test_every_format_is_read_and_most_are_detected(
    read: Callable[..., Table], path: Path, table_format: TableFormat
) -> None:
    rows = [(1.5, -2.25), (3.0, 4.125), (-0.5, 1e-7)]
    cells = [[repr(value).replace(".", table_format.decimal) for value in row] for row in rows]
    if table_format.header:
        cells.insert(0, ["größe", "y"])
    text = "".join(table_format.delimiter.join(row) + "\r\n" for row in cells)
    table = read(text.encode(table_format.encoding), table_format)
    assert points(table) == rows
    assert table.bad_count == 0
    if table_format.header:
        assert preview_table(path, table_format).column_names == ("größe", "y")
    if table_format.header or table_format.encoding != "cp1252":
        assert detect_table(path).best.table_format == table_format


numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**25), 10**25)
spellings = st.sampled_from([repr, "{:.3f}".format, "{:+.17g}".format, "{:e}".format, "{:g}".format, " {} ".format])


@any_file
@given(
    rows=st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=20),
    spell=spellings,
    table_format=st.sampled_from(FORMATS),
    columns=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    last_line_ends=st.booleans(),
)
@example(
    rows=[(-0.0, 0, -0.0)],
    spell="{:g}".format,
    table_format=FORMATS[0],
    columns=(0, 2),
    line_end="\n",
    last_line_ends=True,
)
def test_numbers_have_the_bits_of_float(
    read: Callable[..., Table],
    *,
    rows: list[tuple[float, float, float]],
    spell: Callable[[float], str],
    table_format: TableFormat,
    columns: tuple[int, int],
    line_end: str,
    last_line_ends: bool,
) -> None:
    spelled = [[spell(value) for value in row] for row in rows]
    cells = [[cell.replace(".", table_format.decimal) for cell in row] for row in spelled]
    if table_format.header:
        cells.insert(0, ["a", "b", "c"])
    text = line_end.join(map(table_format.delimiter.join, cells)) + line_end * last_line_ends
    table = read(text.encode(table_format.encoding), table_format, *columns)
    good = [[float(cell) for cell in row] for row in spelled]
    expected = [(row[columns[0]], row[columns[1]]) for row in good]
    expected = [row for row in expected if all(map(math.isfinite, row))]  # .17g of the largest may round up to inf
    assert bits(points(table)) == bits(expected)


pieces = st.sampled_from(["1", "-0", "2.5", ".5", "1.", "+3", "01", "1e400", "1e5", "nan", "x", "", " ", "1_0", "٣"])


@any_file
@given(
    rows=st.lists(st.lists(pieces, min_size=1, max_size=4).filter(lambda row: row not in ([""], [" "])), max_size=12),
    quoted=st.booleans(),
    block_bytes=st.integers(1, 30),
)
def test_good_and_bad_rows_are_those_of_the_csv_module(
    read: Callable[..., Table],
    monkeypatch: pytest.MonkeyPatch,
    path: Path,
    *,
    rows: list[list[str]],
    quoted: bool,
    block_bytes: int,
) -> None:
    monkeypatch.setattr(source, "BLOCK_BYTES", block_bytes)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL).writerows([["a", "b"], *rows])
    table_format = TableFormat()
    width = len(preview_table(path, table_format).column_names)
    table = read(path.read_bytes(), table_format)
    expected, bad_lines = [], []
    with path.open(newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        next(lines)
        for cells in lines:
            if not "".join(cells).strip():
                continue
            try:
                values = [float(cell) for cell in cells[:2] if "_" not in cell]
            except ValueError:
                values = []
            if len(values) == 2 and all(map(math.isfinite, values)) and not "".join(cells[width:]).strip():
                expected.append(tuple(values))
            else:
                bad_lines.append(lines.line_num)
    assert bits(points(table)) == bits(expected)
    assert sorted({cell.line for cell in table.bad_cells}) == bad_lines
    assert table.bad_rows == len(bad_lines)


@any_file
@given(content=st.binary(max_size=200) | st.text('0123456789.,;\t |"#\r\n-e', max_size=200).map(str.encode))
@example(b'"')
@example(b"\xff\xfe1")
@example(b"\xef\xbb\xbf")
@example(b"1,2\r\n\x00,\x00")
def test_no_bytes_whatever_raise_anything_but_one_sentence(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for table_format in (None, *FORMATS[::3]):
        sentence = ""
        try:
            preview = preview_table(path, table_format or detect_table(path).best.table_format)
            read_table(preview, 0, len(preview.column_names) - 1).usable_data(leave_out_bad=True)
        except TableError as error:
            sentence = str(error)
        assert not sentence or (str(path) in sentence and "expected" in sentence and "\n" not in sentence)


def test_pandas_reads_the_same_from_an_ordinary_file(read: Callable[..., Table], path: Path) -> None:
    frame = pd.DataFrame(
        {"t": range(5000), "x": [math.sin(i) for i in range(5000)], "y": [i / 7 for i in range(5000)]}
    )
    frame.to_csv(path, index=False)
    table = read(path.read_bytes(), None, 1, 2)
    again = pd.read_csv(path)
    assert table.data == Data(tuple(again["x"].tolist()), tuple(again["y"].tolist()))


words = st.sampled_from(["word", "3.5", "ü", "a_b", "", "nan", "-1,5", "7"])
good = st.sampled_from(["1", "-0", "2.25", ".5", "1e5", " 4 ", "+3"])


@any_file
@given(
    rows=st.lists(st.tuples(words, good | pieces, good), min_size=1, max_size=12),
    table_format=st.sampled_from([form for form in FORMATS if form.encoding != "utf-16" and not form.header]),
    line_ends=st.lists(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]), min_size=1, max_size=2),
)
def test_the_quick_ways_give_what_the_careful_one_gives(
    read: Callable[..., Table],
    monkeypatch: pytest.MonkeyPatch,
    *,
    rows: list[tuple[str, str, str]],
    table_format: TableFormat,
    line_ends: list[str],
) -> None:
    cells = [[cell.replace(".", table_format.decimal) for cell in row] for row in rows]
    ends = [line_ends[place % len(line_ends)] for place in range(len(rows))]
    text = "".join(table_format.delimiter.join(row) + end for row, end in zip(cells, ends, strict=True))
    content = text.encode(table_format.encoding, "replace")
    quick: Table | str
    careful: Table | str
    try:
        quick = read(content, table_format, 1, 2)
    except (TableError, IndexError) as error:
        quick = repr(error)
    with monkeypatch.context() as patch:
        patch.setattr(even_columns, "cut_evenly", lambda *_: None)
        try:
            careful = read(content, table_format, 1, 2)
        except (TableError, IndexError) as error:
            careful = repr(error)
    assert bits(quick) == bits(careful)


@pytest.mark.parametrize(
    ("text", "delimiter", "decimal", "bad_lines"),
    [
        ("1,word,1_0\n2,word,3\n", ",", ".", [1]),
        ("1;word;1.5\n2;word;3,5\n", ";", ",", [1]),
        ("1,w,3\r\n" * 9 + "5,1\nb,2\r\n", ",", ".", [10, 11]),
        ("1,w,3\r\n" * 9 + "5,1\rb,2\r\n", ",", ".", [10, 11]),
        ("1,w,3\n" * 9 + "4,w\n5,6,7,8\n", ",", ".", [10, 11]),
    ],
)
def test_no_quick_way_takes_what_looks_like_a_number(
    read: Callable[..., Table], *, text: str, delimiter: str, decimal: str, bad_lines: list[int]
) -> None:
    table = read(text, TableFormat("utf-8", delimiter, decimal, header=False), 0, 2)
    assert sorted({cell.line for cell in table.bad_cells}) == bad_lines


@pytest.mark.parametrize(
    ("text", "delimiter", "decimal", "xs", "bad"),
    [
        ('"1,000",2\n3,4\n', ",", ".", [1000.0, 3.0], ""),
        ("1,000;2\n3;4\n", ";", ".", [1000.0, 3.0], ""),
        ("1.000;2\n3;4\n", ";", ",", [1000.0, 3.0], ""),
        ("1,000;2\n0.5;4\n0.7;4\n", ";", ".", [1000.0, 0.5, 0.7], ""),
        ("1,00;2\n0.5;4\n0.7;4\n", ";", ".", [0.5, 0.7], "1,00"),
        ("1.000;2\n3;4\n", ";", ".", [1.0, 3.0], ""),
        ("1,000;2\n3;4\n", ";", ",", [1.0, 3.0], ""),
        ("1 000;2\n\u22123;4\n", ";", ".", [1000.0, -3.0], ""),
        ("1\u202f000 2\n3 4\n", " ", ".", [1000.0, 3.0], ""),
    ],
)
def test_a_thousand_is_never_one(
    read: Callable[..., Table], *, text: str, delimiter: str, decimal: str, xs: list[float], bad: str
) -> None:
    table = read(text, TableFormat("utf-8", delimiter, decimal, header=False))
    assert [x for x, _ in points(table)] == xs
    assert [cell.text for cell in table.bad_cells] == [bad] * bool(bad)


MESSY = (
    "# measured on Monday\r\n"
    "t,x,y\r\n"
    "\r\n"
    "0,1,2\r\n"
    "1,,3\r\n"
    '2,"4.5.6",6\r\n'
    '3,"a\r\nb",nan\r\n'
    "# a pause\r\n"
    "4,7\r\n"
    "5,8,9,10\r\n"
    "6,11,12\r\n"
)


def test_every_bad_cell_is_told_with_its_place(read: Callable[..., Table]) -> None:
    table = read(MESSY, None, 1, 2)
    assert points(table) == [(1.0, 2.0), (11.0, 12.0)]
    assert table.bad_cells == (
        BadCell(5, "x", "", "empty"),
        BadCell(6, "x", "4.5.6", "not a number"),
        BadCell(7, "x", "a b", "not a number"),
        BadCell(7, "y", "nan", "not a finite number"),
        BadCell(10, "y", "", "missing"),
        BadCell(11, "column 4", "10", "one cell too many"),
    )
    assert (table.bad_rows, table.bad_count) == (5, 6)


def test_bad_rows_are_left_out_only_when_they_may_be(read: Callable[..., Table], path: Path) -> None:
    table = read(MESSY, None, 1, 2)
    with pytest.raises(TableError) as refused:
        table.usable_data(leave_out_bad=False)
    assert str(refused.value) == f"{path}: line 5, x: the cell is empty; expected a finite number"
    assert table.usable_data(leave_out_bad=True) == Data((1.0, 11.0), (2.0, 12.0))
    with pytest.raises(TableError, match="no row with a number in both columns"):
        read("x,y\n1,\n2,\n").usable_data(leave_out_bad=True)


def test_bad_cells_are_counted_beyond_those_that_are_kept(read: Callable[..., Table]) -> None:
    table = read("x,y\n" + "1,oops\n" * 100_000 + "1,2\n")
    assert (table.bad_rows, len(table.bad_cells)) == (100_000, MOST_BAD_CELLS)
    assert points(table) == [(1.0, 2.0)]


def test_a_bad_cell_far_down_has_its_line(read: Callable[..., Table]) -> None:
    table = read("x,y\n" + "1,2\n" * 200_000 + "\n#\n3,?\n" + "4,5\n" * 50_000)
    assert table.bad_cells == (BadCell(200_004, "y", "?", "not a number"),)
    assert len(points(table)) == 250_000


def test_rows_that_are_too_long_and_too_short_in_turn_are_bad(read: Callable[..., Table]) -> None:
    """Their cells number as many as there should be."""
    table = read("x,y\n1,2\n1,2,3\n4\n5,6\n7,8\n")
    assert points(table) == [(1.0, 2.0), (5.0, 6.0), (7.0, 8.0)]
    assert [cell.line for cell in table.bad_cells] == [3, 4]


def test_a_last_row_that_is_too_short_is_told(read: Callable[..., Table]) -> None:
    table = read("w 1 3\n" * 9 + "5\n", TableFormat("utf-8", " ", ".", header=False), 1, 2)
    assert (table.points, table.bad_rows) == (9, 1)


def test_a_comment_with_names_is_no_row_when_it_is_no_header(read: Callable[..., Table], path: Path) -> None:
    path.write_text("# x y\n1 2\n3 4\n")
    found = detect_table(path).best.table_format
    assert found.header_in_comment
    table = read(path.read_text(), replace(found, header=False))
    assert (points(table), table.bad_count) == ([(1.0, 2.0), (3.0, 4.0)], 0)


@pytest.mark.parametrize("end", [",", ", ", ",\r"])
def test_a_delimiter_at_the_end_makes_no_column(read: Callable[..., Table], path: Path, end: str) -> None:
    assert points(read(f"x,y,\n1,2{end}\n3,4{end}\n")) == [(1.0, 2.0), (3.0, 4.0)]
    assert preview_table(path, TableFormat()).column_names == ("x", "y")


def test_a_quotation_mark_that_is_not_closed_is_told(read: Callable[..., Table], path: Path) -> None:
    with pytest.raises(TableError, match="line 3: a quotation mark is opened and not closed"):
        read('x,y\n1,2\n3,"4\n' + "5,6\n" * 10, TableFormat())
    with pytest.raises(TableError, match="line 3: a quotation mark is opened and not closed"):
        read('x,y\n1,2\n3,"4\n' + "5,6\n" * 200_000, TableFormat())


def test_a_quoted_cell_may_go_on_in_the_next_block(
    read: Callable[..., Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "BLOCK_BYTES", 4)
    table = read('x,y,note\n1,2,"a\n\n#b"\n3,4,c\n', TableFormat())
    assert points(table) == [(1.0, 2.0), (3.0, 4.0)]
    assert table.bad_cells == ()


def test_progress_runs_up_to_the_size_of_the_file_and_can_stop_it(read: Callable[..., Table], path: Path) -> None:
    path.write_text("x,y\n" + "1.25,2.5\n" * 100_000)
    preview = preview_table(path, TableFormat())
    seen: list[tuple[int, int]] = []
    read_table(preview, 0, 1, lambda done, all_bytes: seen.append((done, all_bytes)))
    assert seen == sorted(seen)
    assert len(seen) > 4
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)

    def stop(done: int, all_bytes: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        read_table(preview, 0, 1, stop)


def test_what_is_no_readable_file_is_told(path: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for wrong in (tmp_path / "nowhere.csv", tmp_path, pipe, tmp_path / ("x" * 300)):
        with pytest.raises(TableError, match="expected"):
            detect_table(wrong)
    path.write_bytes(b"")
    with pytest.raises(TableError, match="has nothing in it; expected rows of numbers"):
        preview_table(path, TableFormat())
    path.write_bytes(b"1" * (source.LONGEST_LINE * 2))
    with pytest.raises(TableError, match="a line of more than 1 MiB"):
        preview_table(path, TableFormat())


def test_a_column_that_is_not_there_is_no_choice(read: Callable[..., Table]) -> None:
    for columns in ((0, 2), (-1, 0)):
        with pytest.raises(IndexError, match="there are 2 columns"):
            read("x,y\n1,2\n", None, *columns)


def test_more_points_than_an_experiment_takes_are_refused(read: Callable[..., Table]) -> None:
    text = "x,y\n" + "1,2\n" * LARGEST_DATA
    assert len(read(text + "3,\n").usable_data(leave_out_bad=True)) == LARGEST_DATA
    with pytest.raises(
        TableError, match="has more than 1\u202f000\u202f000 points; expected at most 1\u202f000\u202f000"
    ):
        read(text + "3,4\n")


@pytest.mark.parametrize("sign", ["#", "//", "%"])
def test_a_comment_beside_columns_that_are_not_read_is_none_of_the_rows(sign: str) -> None:
    origin = PastedText(f"name,x,y\na,1,2\n{sign} b,5,6\nc,3,4\n")
    preview = detect_table(origin).best
    assert read_table(preview, 1, 2).x.tolist() == [1.0, 3.0]
    as_rows = preview_table(origin, replace(preview.table_format, comments=()))
    assert read_table(as_rows, 1, 2).x.tolist() == [1.0, 5.0, 3.0]


@pytest.mark.parametrize("sign", [";", "!"])
def test_another_sign_can_begin_comments(sign: str) -> None:
    origin = PastedText(f"x,y\n1,2\n{sign}5,6\n# 7,8\n3,4\n")
    table_format = TableFormat(comments=(sign,))
    table = read_table(preview_table(origin, table_format), 0, 1)
    assert table.x.tolist() == [1.0, 3.0]
    assert [cell.line for cell in table.bad_cells] == [4]


CELLS = """1 -2.5 1,5 1.204 1,234.5 NA - inf 1e400 1_0 oops −3 5kg 2g 7e-3 2020-01-02 03.04.2021 10:30
    .5 1. +1 -0 ½ ٣"""


@example(rows=[["1", "1", "1,5"], ["1,5", "1", "1"], ["1,5", "1", "1,5"]], odd=[], x=None, header=False)
@given(
    rows=st.lists(
        st.lists(st.sampled_from(["", " ", *CELLS.split()]), min_size=3, max_size=3), min_size=1, max_size=8
    ),
    odd=st.lists(
        st.tuples(st.integers(0, 8), st.sampled_from(["", ";;", " ; ;", "# 1;2;3", "1;2", "1;2;3;4"])), max_size=2
    ),
    x=st.sampled_from([None, 0, 2]),
    header=st.booleans(),
)
def test_a_table_read_by_the_column_is_what_it_is_by_the_row(
    rows: list[list[str]], odd: list[tuple[int, str]], x: int | None, *, header: bool
) -> None:
    lines = [";".join(row) for row in rows]
    for place, line in odd:
        lines.insert(place, line)
    origin = PastedText("".join(f"{line}\n" for line in [*(["a;b;c"] if header else []), *lines]))
    try:
        readings = detect_table(origin).readings
    except TableError:
        return
    for reading in readings:
        if len(reading.columns) == 3:
            assert told(reading, x) == told(reading, x, by_the_row=True)


def told(reading: TablePreview, x: int | None, *, by_the_row: bool = False) -> str:
    """Give all that is read of two columns, or the sentence that refuses it."""
    with pytest.MonkeyPatch.context() as patch:
        if by_the_row:
            patch.setattr(even_columns, "cut_evenly", lambda *_: None)
        try:
            table = read_table(reading, x, 1)
        except TableError as error:
            return str(error)
    names = ("x_label", "y_label", "bad_rows", "bad_count", "bad_cells", "no_values")
    return bits([table.x.tolist(), table.y.tolist(), *(getattr(table, name) for name in names)])
