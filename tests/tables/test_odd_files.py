"""Files that nobody means to import, or that are broken: each is refused in a true sentence, and soon.

How soon is seen from how little of them is read.
"""

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest

from gradgui.cli import UsageError
from gradgui.tables.detection import detect_table
from gradgui.tables.format import TableError
from gradgui.tables.reader import TableReader
from gradgui.tables.source import TableSource
from gradgui.train import main_train

ROWS = b"x,y\n1,2\n3,4\n"
MUCH = 2**25


def zipped(*names: str) -> bytes:
    """Pack files as zip does, and as spreadsheets do."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.spreadsheet")
    return packed.getvalue()


def read(path: Path) -> None:
    """Detect and read a table."""
    detection = detect_table(path)
    for _ in TableReader(detection.best, *detection.best.suggested).steps():
        pass


def refused(path: Path) -> str:
    """Read a table as far as it goes; gives the sentence, without the file's name."""
    with pytest.raises(TableError) as error:
        read(path)
    assert "\n" not in str(error.value)
    return str(error.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (gzip.compress(ROWS), "is compressed (gzip); expected a text file: unpack it first"),
        (bz2.compress(ROWS), "is compressed (bzip2); expected a text file: unpack it first"),
        (lzma.compress(ROWS), "is compressed (xz); expected a text file: unpack it first"),
        (b"\x28\xb5\x2f\xfd\x04\x58", "is compressed (zstd); expected a text file: unpack it first"),
        (zipped("table.csv"), "is an archive (zip); expected a text file: unpack it first"),
        (
            zipped("[Content_Types].xml", "xl/workbook.xml"),
            "is a workbook of a spreadsheet (xlsx); expected a text file: save the sheet as CSV first",
        ),
        (
            zipped("mimetype", "content.xml"),
            "is a document of an office program; expected a text file: save the sheet as CSV first",
        ),
        (b"%PDF-1.7\n1 0 obj\n", "is a PDF; expected a text file with rows of numbers"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is a picture; expected a text file with rows of numbers"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "is a picture; expected a text file with rows of numbers"),
        (b"SQLite format 3\0", "is an SQLite database; expected a text file with rows of numbers"),
        (b"\x93NUMPY\x01\0", "is a NumPy file; expected a text file with rows of numbers"),
    ],
    ids=lambda value: value.split(";")[0] if isinstance(value, str) else "",
)
def test_a_file_that_is_no_text_is_named(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert refused(path) == sentence


@pytest.mark.parametrize("header", ["BZh1,y", "PK,y", "PAR1,y", "GIF,y", "II,MM", "%PDF,y", "Rar!,y"])
def test_a_header_that_begins_like_one_is_a_header(tmp_path: Path, header: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"{header}\n1,2\n3,4\n")
    assert detect_table(path).best.suggested == (0, 1)


@pytest.fixture
def bytes_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count what is read of files."""
    counted: list[int] = []
    next_block = TableSource.next_block

    def count(source: TableSource) -> bytes:
        before = source.bytes_read
        try:
            return next_block(source)
        finally:
            counted.append(source.bytes_read - before)

    monkeypatch.setattr(TableSource, "next_block", count)
    return counted


@pytest.mark.parametrize("beginning", [b"", ROWS, ROWS * 500_000], ids=["at once", "below rows", "far down"])
def test_a_line_of_a_gigabyte_is_not_read(tmp_path: Path, bytes_read: list[int], beginning: bytes) -> None:
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(beginning + b"7" * 3_000_000)
        file.truncate(10**9)
    assert refused(path) == "has a line of more than 1 MiB; expected rows of cells"
    assert sum(bytes_read) < 2 * len(beginning) + 2**22


@pytest.mark.parametrize(
    ("text", "line"),
    [('x,y\n"1,2\n', 2), ('x,"y\n1,2\n', 1), ('"x,y\n1,2\n', 1), ('x,y\n1,2\n1,"2\n', 3)],
)
def test_a_quotation_mark_that_nothing_closes_is_named(
    tmp_path: Path, bytes_read: list[int], text: str, line: int
) -> None:
    path = tmp_path / "quote.csv"
    path.write_bytes(text.encode() + b"1,2\n" * (MUCH // 4))
    assert (
        refused(path) == f'line {line}: a quotation mark is opened and not closed; expected a second " after the cell'
    )
    assert sum(bytes_read) < MUCH / 4


def test_a_quotation_mark_far_down_is_named(tmp_path: Path) -> None:
    path = tmp_path / "quote.csv"
    path.write_bytes(ROWS + b"1,2\n" * 700_000 + b'1,"2\n' + b"1,2\n" * 700_000)
    sentence = 'line 700004: a quotation mark is opened and not closed; expected a second " after the cell'
    assert refused(path) == sentence


@pytest.mark.parametrize("delimiter", [",", ";", "\t", " ", "|"])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_hundred_thousand_columns_are_counted(tmp_path: Path, delimiter: str, rows: int) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("".join(delimiter.join(f"{place}.5" for place in range(100_000)) + "\n" for _ in range(rows)))
    assert refused(path) == "has 100\u202f000 columns; expected at most 1\u202f000"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (b"a,b\n", "line 2, x: a is not a number; expected a finite number"),
        (b"1,2\n" * 3 + b"1,b\n", "line 5, y: b is not a number; expected a finite number or add --leave-out-bad"),
        (b"1,2\n" * 3 + b"1,\n", "line 5, y: the cell is empty; expected a finite number or add --leave-out-bad"),
    ],
)
def test_of_a_million_bad_cells_the_terminal_reads_the_first(
    tmp_path: Path, bytes_read: list[int], rows: bytes, sentence: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"x,y\n" + rows * 10**6)
    with pytest.raises(UsageError) as error:
        main_train(["--data", str(path)])
    assert str(error.value) == f"gradgui train: {path}: {sentence}"
    assert sum(bytes_read) < 2**22
