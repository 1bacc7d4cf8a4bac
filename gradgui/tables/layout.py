"""Where the rows of a table begin, and what stands above them: titles, names, units."""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from gradgui.tables.columns import Evidence, Kind, kind_of
from gradgui.tables.format import TableError, TableFormat
from gradgui.tables.records import Record, Records, is_comment, without_comment
from gradgui.tables.source import PastedText

YEARS = range(1800, 2201)
LOOKED_AT = 200
"""How many of the rows decide which columns have numbers."""

_UNIT_NAMES = """
    s ms µs us ns min h hr hrs d yr m mm cm km µm um nm in ft mi g kg mg µg t lb k c f °c °f k v mv kv a ma µa w kw mw
    kwh j kj cal kcal ev n kn pa hpa kpa mpa bar mbar psi atm hz khz mhz ghz ohm ω kω db rad deg ° mol mmol l ml % ‰
    ppm ppb usd eur gbp chf $ € £ ts rn 1 -"""
_UNITS = frozenset(_UNIT_NAMES.split())
_UNIT_SIGNS = re.compile(r"[°%‰µΩ²³^/]|^[(\[].*[)\]]$")


class Layout(Struct, frozen=True):
    """Where the rows of a table begin.

    Attributes
    ----------
    table_format
        With what stands above them.
    width
        How many cells a row has.
    is_whole
        Whether nothing stands right above them but their header, or a comment.
    """

    table_format: TableFormat
    width: int
    is_whole: bool


def usual_width(rows: Sequence[Sequence[str]]) -> int:
    """Give the number of cells that most rows have, of rows of numbers if there are any; 0 where there is no row."""
    widths = Counter(map(len, rows))
    if len(widths) > 1:
        widths = Counter(map(len, filter(_is_numeric, rows))) or widths
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _is_numeric(row: Sequence[str]) -> bool:
    """Tell whether at least half of the cells are numbers."""
    return 2 * sum(kind_of(cell) is Kind.NUMBER for cell in row) >= len(row)


def is_year(cell: str) -> bool:
    """Tell whether a number may be a year, and so the name of a column."""
    return cell.isdecimal() and int(cell) in YEARS


def stripped(cells: Sequence[str]) -> list[str]:
    """Give cells without the spaces around them."""
    return [cell.strip() for cell in cells]


def trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Take away the columns at the end that are empty in every row: a delimiter there makes none."""
    width = usual_width(rows)
    usual = [row for row in rows if len(row) == width]
    while width > 1 and not any(row[width - 1] for row in usual):
        width -= 1
    return [row[:width] if not any(row[width:]) else row for row in rows]


def find_layout(text: str, table_format: TableFormat, records: Sequence[Record]) -> Layout:
    """Find where the rows begin.

    Parameters
    ----------
    text
        The beginning of the file.
    table_format
        How a row is cut into cells.
    records
        What that gives of the text; at least one.
    """
    rows = trimmed([stripped(cells) for _, cells in records])
    lines = [line for line, _ in records]
    width = usual_width(rows)
    numeric = _numeric_columns(rows, width)
    first = next((place for place, row in enumerate(rows) if _is_full(row, width, numeric)), 0)
    last = _header_above(rows, first, width, numeric)
    if last is not None:
        block = _block_from(rows, lines, last, width, numeric)
        names = _names_in(rows, block)
        units_above = names - 1 in block and _are_units(rows[names - 1])
        found = replace(
            table_format,
            header=True,
            head_lines=lines[names - units_above] - 1,
            unit_rows=last - names,
            units_above=units_above,
        )
        return Layout(found, width, is_whole=True)
    begin = first
    while begin and (_is_numeric(rows[begin - 1]) or _is_broken(rows[begin - 1], width, numeric)):
        begin -= 1
    above = text.split("\n", lines[begin])[: lines[begin] - 1]
    comment, signs = above[-1] if above else "", table_format.comments
    if is_comment(comment, signs) and _are_names(without_comment(comment, signs), table_format, width):
        found = replace(table_format, header=True, header_in_comment=True, head_lines=lines[begin] - 2)
        return Layout(found, width, is_whole=True)
    found = replace(table_format, header=False, head_lines=lines[begin] - 1 if begin else table_format.head_lines)
    return Layout(found, width, is_whole=begin == 0 or lines[begin] - lines[begin - 1] > 1)


def _numeric_columns(rows: list[list[str]], width: int) -> dict[int, Kind]:
    """Give the places of the columns with numbers or dates in most rows, or in most of the later ones."""
    usual = [row for row in rows if len(row) == width][-LOOKED_AT:]
    later = usual[len(usual) // 2 :]
    found: dict[int, Kind] = {}
    for column in range(width):
        for some in (later, usual):
            kind = Evidence([row[column] for row in some]).kind
            if kind is not Kind.TEXT:
                found[column] = kind
    return found


def _is_full(row: list[str], width: int, numeric: dict[int, Kind]) -> bool:
    """Tell whether a row has what it should in every column of numbers, and in one at least."""
    if len(row) != width:
        return False
    kinds = {column: kind_of(row[column]) for column in numeric}
    found = [kinds[column] is kind for column, kind in numeric.items() if kinds[column] is not Kind.NO_VALUE]
    return bool(found) and all(found)


def _is_header(row: list[str], width: int, numeric: dict[int, Kind]) -> bool:
    """Tell whether a row has names above most columns of numbers.

    One more, as ``Data:``, may stand before them, and one less where the first column has the names of the rows.
    """
    if len(row) == width + 1 and (row[0].endswith(":") or not row[-1]):
        row = row[1:] if row[0].endswith(":") else row[:-1]
    elif len(row) == width - 1 > 1:
        row = ["", *row]
    if len(row) != width:
        return False
    words = sum(kind_of(row[column]) is Kind.TEXT for column in numeric)
    years = sum(is_year(row[column]) for column in numeric)
    return 2 * words > len(numeric) or (words > 0 and words + years == len(numeric))


def _is_broken(row: list[str], width: int, numeric: dict[int, Kind]) -> bool:
    """Tell whether a row has a number where one should be, whatever else is wrong with it."""
    return len(row) == width and any(kind_of(row[column]) is kind for column, kind in numeric.items())


def _has_number(row: list[str]) -> bool:
    return any(kind_of(cell) is Kind.NUMBER for cell in row)


def _header_above(rows: list[list[str]], first: int, width: int, numeric: dict[int, Kind]) -> int | None:
    """Give the place of the last header above the first full row; between them only rows with bad cells may stand.

    A table without any number has its names in its first row.
    """
    if not numeric:
        return None if any(map(_has_number, rows)) else 0
    for place in range(first - 1, -1, -1):
        row = rows[place]
        if _is_header(row, width, numeric):
            return place
        if not _is_broken(row, width, numeric):
            return None
    return None


def _block_from(
    rows: list[list[str]], lines: list[int], last: int, width: int, numeric: dict[int, Kind]
) -> list[int]:
    """Give the places of the rows that stand together with a header, the header last."""
    begin = last
    while numeric and begin and _is_header(rows[begin - 1], width, numeric):
        breaks = sum(cell.count("\n") for cell in rows[begin - 1])
        if lines[begin] - lines[begin - 1] > 1 + breaks:
            break  # a blank line is between them
        begin -= 1
    return list(range(begin, last + 1))


def _names_in(rows: list[list[str]], block: list[int]) -> int:
    """Tell which row of a block has the names: the one above the units, or below them where nothing is above."""
    units = [place for place in block if _are_units(rows[place])]
    if not units or len(block) == 1:
        return block[-1]
    above = [place for place in block if place < units[0]]
    below = [place for place in block if place > units[0] and place not in units]
    return above[-1] if above else below[0] if below else block[-1]


def _are_units(row: list[str]) -> bool:
    cells = [cell for cell in row if cell]
    units = [cell for cell in cells if cell.lower() in _UNITS or (len(cell) < 12 and _UNIT_SIGNS.search(cell))]
    return 2 * len(units) > len(cells)


def _are_names(line: str, table_format: TableFormat, width: int) -> bool:
    """Tell whether a comment names the columns."""
    with suppress(TableError):
        for _, cells in Records(PastedText(line), replace(table_format, head_lines=0)).cut(line.strip()):
            return len(cells) == width > 1 and all(kind_of(cell) is Kind.TEXT for cell in stripped(cells) if cell)
    return False


def column_names(cells: Sequence[str], width: int) -> list[str]:
    """Give a name a column from the cells of a header; empty where it has none.

    ``Data:`` before the names is none of them; where the first column has the names of the rows, it may have none.
    """
    names = stripped(cells)
    if len(names) == width + 1 and names[0].endswith(":"):
        return names[1:]
    if len(names) == width - 1 > 1:
        return ["", *names]
    return (names + [""] * width)[:width]
