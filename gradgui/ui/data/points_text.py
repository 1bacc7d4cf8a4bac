"""Points as the text that spreadsheets copy and paste."""

import re
from collections.abc import Iterable

from gradgui.experiment.data import Data
from gradgui.numbers import AmbiguousNumberError, NumberError, read_number, write_number

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
        When a cell is no number or may be two, or a line has another number of cells; its text names the place.
    """
    lines = [line.strip(" ") for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
    separator = _separator(lines)
    rows = [_cells(line, separator) for line in lines]
    if rows and not any(map(_is_number, rows[0])):
        del rows[0]
    if not rows:
        raise ValueError("There is no number in what was copied; copy one or two columns of numbers.")
    commas_separate = separator == "," or (separator == " " and any("," in line for line in lines))
    decimal = "." if commas_separate else _certain_decimal(cell for cells in rows for cell in cells)
    points = []
    for number, cells in enumerate(rows, 1):
        if len(cells) != len(rows[0]) or len(cells) > 2:
            found = f"Row {number} of what was copied has {len(cells)} cells"
            raise ValueError(f"{found}; expected x and y, or one of them, in every row.")
        if not separator and re.search(r" |,.*[.,]|\..*,", cells[0]):
            found = f"Row {number} of what was copied, “{cells[0][:MOST_SHOWN]}”, can be one number or more"
            raise ValueError(f"{found}; expected a tab between two numbers, and nothing between a number's digits.")
        points.append([_read_cell(cell, decimal, number, column) for column, cell in enumerate(cells, 1)])
    return points


def _separator(lines: list[str]) -> str:
    """Find what separates cells; a space stands for spaces or commas, and nothing for one number a line.

    A comma does where a header has one, or a space follows it.
    """
    for separator in ("\t", ";"):
        if any(separator in line for line in lines):
            return separator
    header_has_comma = bool(lines) and "," in lines[0] and not any(map(_is_number, lines[0].split(",")))
    if header_has_comma or any(", " in line for line in lines):
        return ","
    has_header = bool(lines) and not any(map(_is_number, _cells(lines[0], " ")))
    return "" if all(map(_is_number, lines[has_header:])) else " "


def _cells(line: str, separator: str) -> list[str]:
    if separator == " ":
        return re.split(" *, *| +", line)
    return line.split(separator) if separator else [line]


def _is_number(text: str) -> bool:
    try:
        read_number(text)
    except AmbiguousNumberError:
        return True
    except NumberError:
        return False
    return True


def _certain_decimal(cells: Iterable[str]) -> str | None:
    """Give the decimal sign that a cell such as ``0.5`` leaves no doubt of; None where there is none."""
    for cell in cells:
        signs = [sign for sign in cell if sign in ".,"]
        if len(signs) == 1:
            try:
                read_number(cell)
                read_number(cell.replace(signs[0], ","))  # 1.204 may be meant as thousands, 0.5 not
            except NumberError:
                continue
            return signs[0]
    return None


def _read_cell(text: str, decimal: str | None, row: int, column: int) -> float:
    place = f"Row {row}, column {column} of what was copied"
    try:
        return read_number(text)
    except AmbiguousNumberError as error:
        if decimal and decimal in text:
            return read_number(text, decimal)
        raise ValueError(f"{place}: {error}") from None
    except NumberError:
        raise ValueError(f"{place} is “{text.strip()[:MOST_SHOWN]}”; expected a number.") from None
