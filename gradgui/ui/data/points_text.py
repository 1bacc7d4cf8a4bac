"""Points as the text that spreadsheets copy and paste."""

import re

from gradgui.experiment.experiment import Data
from gradgui.ui.widgets.number_format import parse_number, write_number

MOST_SHOWN = 20
"""Characters of a bad cell that are repeated to the person."""


def points_text(data: Data, rows: list[int]) -> str:
    """Write points as lines of x, a tab, y."""
    return "".join(f"{write_number(data.x[row])}\t{write_number(data.y[row])}\n" for row in rows)


def read_points(text: str) -> list[list[float]]:
    """Read lines of one or two numbers.

    Cells are separated by tabs, or else by semicolons, or else by spaces or commas; the decimal sign is a point, or
    a comma where commas do not separate. A first line without a number is a header.

    Returns
    -------
    list of list of float
        One list a line, all of the same length, 1 or 2.

    Raises
    ------
    ValueError
        When a cell is no number, or a line has another number of cells; its text names the place.
    """
    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    separator = _separator(lines)
    rows = [_cells(line, separator) for line in lines]
    if rows and not any(_is_number(cell) for cell in rows[0]):
        del rows[0]
    if not rows:
        raise ValueError("There is no number in what was copied; copy one or two columns of numbers.")
    points = []
    for number, cells in enumerate(rows, 1):
        if len(cells) != len(rows[0]) or len(cells) > 2:
            found = f"Row {number} of what was copied has {len(cells)} cells"
            raise ValueError(f"{found}; expected x and y, or one of them, in every row.")
        points.append([_read_cell(cell, number, column) for column, cell in enumerate(cells, 1)])
    return points


def _separator(lines: list[str]) -> str:
    """Find what separates cells; a comma does where a header has one, or a space follows it."""
    for separator in ("\t", ";"):
        if any(separator in line for line in lines):
            return separator
    header_has_comma = bool(lines) and "," in lines[0] and not any(map(_is_number, lines[0].split(",")))
    return "," if header_has_comma or any(", " in line for line in lines) else ""


def _cells(line: str, separator: str) -> list[str]:
    if separator:
        return line.split(separator)
    if _is_number(line):
        return [line]
    return re.split(r"[,\s]\s*", line.strip())


def _is_number(text: str) -> bool:
    try:
        parse_number(text)
    except ValueError:
        return False
    return True


def _read_cell(text: str, row: int, column: int) -> float:
    try:
        return parse_number(text)
    except ValueError:
        shown = text.strip()[:MOST_SHOWN]
        raise ValueError(f"Row {row}, column {column} of what was copied is “{shown}”; expected a number.") from None
