"""How a table is written, found out from its first lines."""

import codecs
from dataclasses import replace
from pathlib import Path

from gradgui.record.table_format import DECIMALS, DELIMITERS, TableFormat
from gradgui.record.table_preview import first_lines, is_number, sample_rows, usual_width
from gradgui.record.table_source import TableSource

Rows = list[list[str]]


def detect_format(path: Path) -> TableFormat:
    """Find out how a table is written.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    TableFormat
        With the delimiter and the decimal sign that make numbers of the most cells.

    Raises
    ------
    TableError
        When the file cannot be read.
    """
    encoding = _detect_encoding(path)
    text = first_lines(path, encoding)
    formats = [
        TableFormat(encoding, delimiter, decimal)
        for delimiter in DELIMITERS
        for decimal in DECIMALS
        if decimal != delimiter
    ]
    samples = [sample_rows(text, table_format) for table_format in formats]
    scores = [_score(rows, form.decimal) for rows, form in zip(samples, formats, strict=True)]
    best = scores.index(max(scores))  # of equals the first
    return replace(formats[best], header=_has_header(samples[best], formats[best].decimal))


def _detect_encoding(path: Path) -> str:
    with TableSource(path, "cp1252") as source:
        block = source.next_block()
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _score(rows: Rows, decimal: str) -> tuple[float, float]:
    """Tell how well a format suits: by the share of cells that are numbers, and by that of rows of the same length.

    A single column counts half: ``1,5`` is taken for two numbers.
    """
    body = rows[1:] or rows
    width = usual_width(body)
    usual = [row for row in body if len(row) == width]
    cells = sum(bool(cell) for row in usual for cell in row)
    if not cells:
        return 0.0, 0.0
    even = len(usual) / len(body) * (1.0 if width > 1 else 0.5)
    numbers = sum(is_number(row, column, decimal) for row in usual for column in range(width))
    return even * numbers / cells, even


def _has_header(rows: Rows, decimal: str) -> bool:
    """Tell whether the first row names columns: what stands above numbers is mostly none, or there are no numbers."""
    if not rows:
        return False
    first, body = rows[0], rows[1:]
    columns = range(len(first))
    above_numbers = [c for c in columns if 2 * sum(is_number(row, c, decimal) for row in body) > len(body)]
    if not above_numbers:
        return not any(is_number(first, column, decimal) for column in columns)
    words = [column for column in above_numbers if first[column] and not is_number(first, column, decimal)]
    return 2 * len(words) > len(above_numbers)
