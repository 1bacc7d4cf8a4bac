"""Plain numbers of even rows read at once, bit by bit as ``float`` reads each of their cells.

They are read as one list in JSON: measured, that is many times as fast as cell by cell, and is rounded alike. JSON
takes fewer spellings than ``float``; what it does not take is left to be read by the cell.
"""

import numpy as np
from msgspec import MsgspecError
from msgspec.json import Decoder
from msgspec.msgpack import Encoder
from numpy.typing import NDArray

from gradgui.tables.even_rows import Bytes, EvenRows

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
MOST_READ = 4
"""Of more columns, it is quicker to pick out those that are wanted than to read them all."""
_NUMBERS = Decoder(list[float])
_ENCODER, _PACKED = Encoder(), np.dtype([("kind", "u1"), ("value", ">f8")])
"""A list as MessagePack has its doubles one after the other: measured, the quickest way from there to an array."""
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
    order = list(range(rows.width)) if all_plain and rows.width <= MOST_READ else sorted(set(places))
    table = None
    if len(order) == rows.width:
        found = _decode(signs, rows.ends.size)
        if found is not None:
            table = found.reshape(rows.ends.shape)
        elif (is_empty := rows.lengths == 0).any():
            signs[rows.ends[is_empty]] = _SPACE
            table = _spread(_decode(signs, rows.ends.size - int(np.count_nonzero(is_empty))), ~is_empty)
    if table is None:
        order = sorted(set(places))
        for are_wanted in (_have_text, _are_plausible):
            wanted = np.stack([are_wanted(rows, signs, place) for place in order], axis=1)
            table = _spread(_decode(_picked(rows, signs, order, wanted), int(np.count_nonzero(wanted))), wanted)
            if table is not None:
                break
        else:
            return np.full((len(places), rows.count), np.nan)
    columns = np.array([table[:, order.index(place)] for place in places])
    if not columns.all():
        _give_signs(rows, columns, places)
    return columns


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


def _picked(rows: EvenRows, signs: Bytes, places: list[int], wanted: Flags) -> Bytes:
    """Leave the cells of some columns that are wanted."""
    is_picked = np.zeros(rows.ends.shape, dtype=bool)
    is_picked[:, places] = wanted
    picked: Bytes = signs[np.repeat(is_picked.ravel(), rows.lengths.ravel() + 1)]
    return picked


def _decode(signs: Bytes, count: int) -> Numbers | None:
    """Read so many cells, each of which ends in a comma; None where one of them is no number."""
    try:
        found = _NUMBERS.decode(b"".join((b"[", signs.tobytes(), b"0]")))
    except (MsgspecError, UnicodeDecodeError):
        return None
    if len(found) != count + 1:
        return None
    packed = _ENCODER.encode(found)
    return np.frombuffer(packed, _PACKED, count, len(packed) - len(found) * _PACKED.itemsize)["value"].astype(float)


def _spread(found: Numbers | None, wanted: Flags) -> Numbers | None:
    """Put numbers where they are from; nan is elsewhere."""
    if found is None or len(found) == wanted.size:
        return found if found is None else found.reshape(wanted.shape)
    table = np.full(wanted.shape, np.nan)
    table[wanted] = found
    return table


def _give_signs(rows: EvenRows, columns: Numbers, places: list[int]) -> None:
    """Give zeros their signs: an integer in JSON has no negative one."""
    for column, place in zip(columns, places, strict=True):
        zeros = np.flatnonzero(column == 0)
        signed = zeros[rows.signs[rows.begins[zeros, place]] - ord("0") > 9]
        for row, text in zip(signed.tolist(), rows.texts(place, signed, bytes.decode), strict=True):
            if text.lstrip().startswith("-"):
                column[row] = -0.0
