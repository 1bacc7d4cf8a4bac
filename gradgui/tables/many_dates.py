"""Dates that are all written alike, read at once: as `read_date` reads each of their cells."""

import numpy as np
from numpy.typing import NDArray

from gradgui.tables.dates import DAY, SECOND
from gradgui.tables.even_rows import EvenRows

Moments = NDArray[np.int64]
Flags = NDArray[np.bool_]

DATE_SIGNS, MINUTE_SIGNS, SECOND_SIGNS = 10, 16, 19
"""How long ``2019-01-31`` is, alone and with ``13:00`` or ``13:00:00`` after it."""
_YEARS = np.arange(10_000)
_IS_LEAP = (_YEARS % 4 == 0) & ((_YEARS % 100 != 0) | (_YEARS % 400 == 0))
_DAYS_BEFORE_YEAR = np.concatenate(([0, 0], np.cumsum(365 + _IS_LEAP[1:-1])))
_DAYS_IN_MONTH = np.array([[0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]] * 2)
_DAYS_IN_MONTH[1, 2] = 29
_DAYS_BEFORE_MONTH = np.cumsum(_DAYS_IN_MONTH, axis=1) - _DAYS_IN_MONTH


def read_dates(rows: EvenRows, place: int, day_first: bool | None) -> tuple[Moments, Flags]:
    """Read the dates of a column that are written as the first in the block is.

    Parameters
    ----------
    rows
        The rows.
    place
        Of the column.
    day_first
        Whether 10/03/2004 is 10 March; None where it is not known.

    Returns
    -------
    microseconds, is_read
        One a cell; whether it was read. What was not may still be a date.
    """
    begins, lengths = rows.begins[:, place], rows.ends[:, place] - rows.begins[:, place]
    unread = np.zeros(rows.count, dtype=np.int64), np.zeros(rows.count, dtype=bool)
    usual = (lengths == DATE_SIGNS) | (lengths == MINUTE_SIGNS) | (lengths == SECOND_SIGNS)
    if not usual.any():
        return unread
    first = int(usual.argmax())
    size = int(lengths[first])
    every = np.ndarray((len(rows.content),), f"V{size}", rows.content + bytes(size), strides=(1,))
    signs = every[begins].view(np.uint8).reshape(-1, size)
    is_year_first = not ord("0") <= signs[first, 4] <= ord("9")
    year, marks, others = (0, (4, 7), (5, 8)) if is_year_first else (6, (2, 5), (0, 3))
    mark = signs[first, marks[0]]
    if mark not in b"-/.":
        return unread
    if not is_year_first and (mark == ord(".") or day_first):
        others = others[::-1]
    elif not is_year_first and day_first is None:
        return unread
    is_read = (lengths == size) & (signs[:, marks[0]] == mark) & (signs[:, marks[1]] == mark)
    century, years, month, day = (_pair(signs, at, is_read) for at in (year, year + 2, *others))
    years += 100 * century
    is_leap = _IS_LEAP[years].view(np.uint8)
    is_read &= (years > 0) & (month > 0) & (month <= 12) & (day > 0)
    month[~is_read] = 0
    is_read &= day <= _DAYS_IN_MONTH[is_leap, month]
    moments = (_DAYS_BEFORE_YEAR[years] + _DAYS_BEFORE_MONTH[is_leap, month] + day - 1) * DAY
    if size > DATE_SIGNS:
        is_read &= ((signs[:, 10] == ord(" ")) | (signs[:, 10] == ord("T"))) & (signs[:, 13] == ord(":"))
        hour, minute = _pair(signs, 11, is_read), _pair(signs, 14, is_read)
        is_read &= (hour < 24) & (minute < 60)
        moments += (3600 * hour + 60 * minute) * SECOND
    if size == SECOND_SIGNS:
        seconds = _pair(signs, 17, is_read)
        is_read &= (signs[:, 16] == ord(":")) & (seconds < 60)
        moments += seconds * SECOND
    return moments, is_read


def _pair(signs: NDArray[np.uint8], at: int, is_read: Flags) -> Moments:
    """Give the numbers of two digits at a place; where there are no digits, nothing is read there."""
    tens, ones = signs[:, at] - ord("0"), signs[:, at + 1] - ord("0")
    is_read &= (tens < 10) & (ones < 10)
    return np.where(is_read, 10 * tens + ones, 0).astype(np.int64)
