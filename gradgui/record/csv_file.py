"""The log as a CSV file (RFC 4180) that loses nothing."""

import csv
import os
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from gradgui.experiment.data import Data
from gradgui.record.atomic_file import AtomicFile
from gradgui.record.training_log import LogSnapshot

ROWS_PER_CHUNK = 2**12
LINE_END = "\r\n"


class CsvStyle(Struct, frozen=True):
    """What stands between the cells of a CSV file, and in its numbers.

    Attributes
    ----------
    delimiter
        Between two cells.
    decimal
        Before the decimals of a number.
    """

    delimiter: str = ","
    decimal: str = "."


PLAIN = CsvStyle()
DECIMAL_COMMA = CsvStyle(";", ",")
"""As spreadsheets write and read it in half of Europe."""


def csv_chunks(
    snapshot: LogSnapshot, style: CsvStyle = PLAIN, rows_per_chunk: int = ROWS_PER_CHUNK
) -> Iterator[tuple[str, int]]:
    """Give the text of the CSV file, piece by piece, so that a caller can show progress or stop.

    Parameters
    ----------
    snapshot
        The log to write.
    style
        How its cells and numbers are written.
    rows_per_chunk
        The most rows in one piece.

    Yields
    ------
    text
        The header line first, then whole lines; each number is the shortest decimal that reads back to the
        same value in its column's dtype.
    rows
        How many rows are in the text so far.
    """
    yield style.delimiter.join(snapshot.column_names) + LINE_END, 0
    for start in range(0, len(snapshot), rows_per_chunk):
        stop = min(start + rows_per_chunk, len(snapshot))
        yield LINE_END.join(row_lines(snapshot, start, stop, style)) + LINE_END, stop


def data_chunks(data: Data, style: CsvStyle = PLAIN) -> Iterator[tuple[str, int]]:
    """Give points as the text of a CSV file, piece by piece: the axes' names, then x and y as `shortest` writes them.

    Yields
    ------
    text
        Whole lines.
    rows
        How many points are in the text so far.
    """
    header = StringIO()
    csv.writer(header, delimiter=style.delimiter, lineterminator=LINE_END).writerow(data.names)
    yield header.getvalue(), 0
    for start in range(0, len(data), ROWS_PER_CHUNK):
        rows = slice(start, min(start + ROWS_PER_CHUNK, len(data)))
        columns = (_in_style(list(map(repr, values[rows].tolist())), style) for values in (data.x, data.y))
        lines = map(style.delimiter.join, zip(*columns, strict=True))
        yield LINE_END.join(lines) + LINE_END, rows.stop


def row_lines(snapshot: LogSnapshot, start: int, stop: int, style: CsvStyle = PLAIN) -> Iterator[str]:
    """Give rows ``start`` to ``stop - 1`` of a log as lines, counted from 0; each number as `shortest` writes it."""
    epochs = map(str, range(start + 1, stop + 1))
    columns = [cells(column.slice(start, stop), style) for column in snapshot.columns]
    return map(style.delimiter.join, zip(epochs, *columns, strict=True))


def cells(values: NDArray[np.floating[Any]], style: CsvStyle = PLAIN) -> list[str]:
    """Write a column's numbers as the cells of a file; each as `shortest` writes it."""
    return _in_style(shortest_column(values), style)


def _in_style(numbers: list[str], style: CsvStyle) -> list[str]:
    return numbers if style.decimal == "." else [number.replace(".", style.decimal) for number in numbers]


def write_csv(
    snapshot: LogSnapshot,
    path: str | os.PathLike[str],
    progress: Callable[[int], object] | None = None,
) -> None:
    """Write the log to a file, all of it or nothing.

    Parameters
    ----------
    snapshot
        The log to write.
    path
        The file; an older one is replaced.
    progress
        Called with the number of rows written so far. What it raises stops the writing.

    Raises
    ------
    OSError
        If the file cannot be written; an older one is then untouched.
    """
    with AtomicFile(path) as file:
        for text, rows in csv_chunks(snapshot):
            file.write(text)
            if progress is not None:
                progress(rows)


def shortest(value: float, dtype: str) -> str:
    """Give the shortest decimal that reads back to the same value.

    Parameters
    ----------
    value
        The number; one that the dtype does not have is rounded to it first.
    dtype
        ``float32`` or ``float64``, in which it is read back.

    Returns
    -------
    str
        Such as ``0.3``, ``30.0``, ``-0.0``, ``1e-07``, ``nan``, ``inf`` and ``-inf``.
    """
    if dtype == "float64":
        return repr(float(value))
    with np.errstate(over="ignore"):
        return str(np.float32(value))


def shortest_column(values: NDArray[np.floating[Any]]) -> list[str]:
    """Give the shortest decimal of each value; see `shortest`.

    Parameters
    ----------
    values
        float32 or float64, of shape (n,).
    """
    # A long run settles and repeats itself. Its numbers are told apart by their bits, as 0.0 equals -0.0.
    bits, places = np.unique(values.view(f"i{values.itemsize}"), return_inverse=True)
    distinct = bits.view(values.dtype)
    # A float32 must stay one, and tolist() would widen it. Measured: astype(str) is slower than its scalars.
    texts = map(repr, distinct.tolist()) if values.dtype == np.float64 else map(str, list(distinct))
    column: list[str] = np.array(list(texts), dtype=object)[places].tolist()
    return column
