"""Plain numbers of even rows read at once, bit by bit as ``float`` reads each of their cells.

They are read as one list in JSON: measured, that is many times as fast as cell by cell, and is rounded alike. JSON
takes fewer spellings than ``float``; what it does not take is left to be read by the cell.
"""

from struct import pack

import numpy as np
from msgspec import MsgspecError
from msgspec.json import Decoder
from numpy.typing import NDArray

from gradgui.tables.even_rows import Bytes, EvenRows

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
MOST_READ = 4
"""Of more columns, it is quicker to pick out those that are wanted than to read them all."""
_NUMBERS = Decoder(list[float])
_COMMA, _SPACE, _MINUS = b", -"


def read_plain(rows: EvenRows, decimal: str, places: list[int], *, all_plain: bool) -> Numbers:
    """Read some columns.

    Parameters
    ----------
    rows
        The rows.
    decimal
        What stands before decimals in these columns; empty where it is not known, or nothing can.
    places
        Of the columns.
    all_plain
        Whether the other columns have such numbers as well.

    Returns
    -------
    array
        A row a column; nan where nothing was read, which may still be a number.
    """
    signs = _with_points(rows, decimal)
    numbers = None
    if all_plain and rows.width <= max(MOST_READ, len(places)):
        numbers = _read(rows, signs, rows.lengths > 0, only_some=False)
    for are_wanted in (_have_text, _are_plausible) if numbers is None else ():
        wanted = np.zeros(rows.ends.shape, dtype=bool)
        for place in places:
            wanted[:, place] = are_wanted(rows, signs, place)
        numbers = _read(rows, signs, wanted, only_some=True)
        if numbers is not None:
            break
    if numbers is None:
        return np.full((len(places), rows.count), np.nan)
    return np.array([numbers[:, place] for place in places])


def _with_points(rows: EvenRows, decimal: str) -> Bytes:
    """Give the text with a point before decimals, and with no comma or point that means anything else."""
    content = rows.content
    if decimal != ".":
        content = content.replace(b".", b"?")
    if rows.delimiter != ",":
        content = content.replace(b",", b"." if decimal == "," else b"?")
    signs = np.array(np.frombuffer(content, dtype=np.uint8))
    signs[rows.ends] = _COMMA
    return signs


def _have_text(rows: EvenRows, _: Bytes, place: int) -> Flags:
    return rows.lengths[:, place] > 0


def _are_plausible(rows: EvenRows, signs: Bytes, place: int) -> Flags:
    """Tell which cells begin and end like numbers; an empty one begins with the comma after it."""
    first, last = signs[rows.begins[:, place]], signs[rows.ends[:, place] - 1]
    is_signed = (first == _MINUS) & (rows.lengths[:, place] > 1)
    is_number: Flags = ((first - ord("0") < 10) | is_signed) & (last - ord("0") < 10)
    return is_number


def _read(rows: EvenRows, signs: Bytes, wanted: Flags, *, only_some: bool) -> Numbers | None:
    """Read the cells that are wanted, each of which ends in a comma; None where one of them is no number."""
    if only_some:
        signs = signs[np.repeat(wanted.ravel(), rows.lengths.ravel() + 1)]
    is_all = bool(wanted.all())
    if not is_all and not only_some:
        signs[rows.ends[~wanted]] = _SPACE  # nothing is before it
    try:
        found = _NUMBERS.decode(b"".join((b"[", signs.tobytes(), b"0]")))
    except (MsgspecError, UnicodeDecodeError):
        return None
    if len(found) != np.count_nonzero(wanted) + 1:
        return None
    numbers = np.frombuffer(pack(f"{len(found)}d", *found))[:-1]  # measured: twice as fast as numpy's own ways
    if not is_all:
        table = np.full(wanted.shape, np.nan)
        table[wanted] = numbers
    else:
        table = numbers.reshape(wanted.shape)
    return table if table.all() else _with_signs(rows, table)


def _with_signs(rows: EvenRows, table: Numbers) -> Numbers:
    """Give zeros their signs: an integer in JSON has no negative one."""
    places = np.nonzero(table == 0)
    is_signed = rows.signs[rows.begins[places]] - ord("0") > 9
    table = table.copy()
    for row, place in zip(*(place[is_signed].tolist() for place in places), strict=True):
        if rows.content[rows.begins[row, place] : rows.ends[row, place]].lstrip().startswith(b"-"):
            table[row, place] = -0.0
    return table
