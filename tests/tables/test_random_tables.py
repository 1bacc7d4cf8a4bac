"""Tables written in any format: read exactly, or asked about; never other numbers without a question.

RANDOM_TABLES in the environment asks for more of them.
"""

import csv
import io
import os
from pathlib import Path
from typing import Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from gradgui.tables.detection import detect_table
from gradgui.tables.preview import TablePreview
from gradgui.tables.reader import read_table

TABLES = int(os.environ.get("RANDOM_TABLES", "100"))
WORDS = ["Zeit", "Größe", "load", "height", "Preis", "speed", "dose", "Menge", "signal"]
SPACES = " "
SPELLINGS = ["{:.0f}", "{:,.0f}", "{:.1f}", "{:.3f}", "{:,.2f}", "{:,.3f}", "{!r}", "{:.4e}"]


class Written(Struct, frozen=True):
    """A table and the numbers that were written into its columns, but for a cell that was spoiled."""

    content: bytes
    columns: list[list[float]]


@st.composite
def columns(draw: st.DrawFn, rows: int) -> tuple[str, list[float]]:
    """Draw how a column is spelled, with a point and with commas between groups, and its values."""
    spelling = draw(st.sampled_from(SPELLINGS))
    size = draw(st.sampled_from([1.0, 100.0, 5_000.0, 2_000_000.0]))
    numbers = st.floats(-size, size) if draw(st.booleans()) else st.floats(size / 500, size)
    return spelling, draw(st.lists(numbers, min_size=rows, max_size=rows))


@st.composite
def tables(draw: st.DrawFn) -> Written:
    """Draw a table: its numbers first, then everything about how it is written."""
    rows = draw(st.integers(2, 12))
    drawn = draw(st.lists(columns(rows), min_size=1, max_size=4))
    delimiter = draw(st.sampled_from([",", ";", "\t", "|", SPACES]))
    decimal = draw(st.sampled_from([".", ","]))
    group = draw(st.sampled_from([",", "'", "\u00a0", " " if delimiter != SPACES else "'"]))
    group = "." if group == "," and decimal == "," else group
    spelled = [[spelling.format(value) for value in values] for spelling, values in drawn]
    signs = str.maketrans({",": group, ".": decimal, "-": draw(st.sampled_from("-−"))})
    cells = [[text.translate(signs) for text in column] for column in spelled]
    if draw(st.booleans()):
        unit = draw(st.sampled_from(["%", " kg", "€"])).replace(" ", "" if delimiter == SPACES else " ")
        cells[-1] = [cell + unit for cell in cells[-1]]
    values = [[float(text.replace(",", "")) for text in column] for column in spelled]
    if rows > 5 and draw(st.booleans()):
        spoiled = draw(st.integers(0, rows - 1))
        cells[-1][spoiled] = draw(st.sampled_from(["oops", "NA", "n/a", "?", ""]))
        del values[-1][spoiled]
    lines = [list(row) for row in zip(*cells, strict=True)]
    names = draw(st.permutations(WORDS))[: len(drawn)]
    header = draw(st.booleans())
    if header and draw(st.booleans()):
        lines.insert(0, ["(mm)" for _ in names])
    if header:
        lines.insert(0, names)
    quoting: Literal[0, 1] = csv.QUOTE_ALL if draw(st.booleans()) else csv.QUOTE_MINIMAL
    line_end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=line_end).writerows(lines)
    above = draw(st.sampled_from(["", "# measured by hand" + line_end, "Measured by hand" + 2 * line_end]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]))
    minus = "-" if encoding == "cp1252" else "−"  # which it has not
    content = (above + text.getvalue()).replace("−", minus).encode(encoding)
    return Written(content, values)


def numbers(reading: TablePreview) -> list[list[float]]:
    """Read every column, without the cells that are told to be bad."""
    return [read_table(reading, None, place).y.tolist() for place in range(len(reading.columns))]


@settings(
    max_examples=TABLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(written=tables())
def test_never_other_numbers_without_a_question(tmp_path: Path, written: Written) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(written.content)
    readings = [numbers(reading) for reading in detect_table(path).readings]
    assert written.columns in readings
