"""Where in a log something happened last: block by block from the end, so that what is near is found at once."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradgui.experiment.columns import LOSS, Role
from gradgui.record.column import BLOCK_ROWS, Rows
from gradgui.record.events import BecameNotFinite, Event, GradientChangedSign, LossBelow, LossRose, ParameterCrossed
from gradgui.record.training_log import TrainingLog

Values = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]
Happened = Callable[[Values, Values], Flags]
"""Tells in which epochs it happened, from a column's numbers in the epochs before them and in themselves."""


def last_epoch_where(log: TrainingLog, event: Event, before: int) -> int | None:
    """Find the last epoch before another one in which something happened.

    Parameters
    ----------
    log
        The run.
    event
        What happened. The numbers of an epoch are compared with those of the one before it; a value that is given is
        rounded to the run's dtype.
    before
        Only epochs that are smaller count.

    Returns
    -------
    int or None
        The epoch, None when there is none.

    Raises
    ------
    KeyError
        If the log has no such parameter.
    """
    last = max(min(before - 1, len(log)), 0)
    columns = dict(zip(log.columns.in_file, log.snapshot().columns, strict=True))
    match event:
        case LossBelow(value=value):
            return _first_below(columns[LOSS.name], value, last)
        case LossRose():
            return _last_change([columns[LOSS.name]], last, lambda earlier, later: later > earlier)
        case ParameterCrossed(parameter=parameter, value=value):
            return _last_change([columns[_parameter(log, parameter)]], last, partial(_crossed, value=value))
        case GradientChangedSign(parameter=parameter):
            if parameter is not None:
                _parameter(log, parameter)
            gradients = log.columns.of(Role.GRADIENT, parameter=parameter)
            return _last_change([columns[one.name] for one in gradients], last, _changed_sign)
        case BecameNotFinite():
            return _last_not_finite(list(columns.values()), last)


def _parameter(log: TrainingLog, parameter: str) -> str:
    if not log.columns.of(Role.PARAMETER, parameter=parameter):
        raise KeyError(parameter)
    return parameter


def _blocks(last: int) -> Iterator[tuple[int, int]]:
    """Give the first row of each block and the one behind its last, from the end."""
    for start in range((last - 1) // BLOCK_ROWS * BLOCK_ROWS, -1, -BLOCK_ROWS):
        yield start, min(start + BLOCK_ROWS, last)


def _last_change(columns: list[Rows[np.floating[Any]]], last: int, happened: Happened) -> int | None:
    """Find the last epoch, up to one, in which it happened in any of the columns."""
    for start, stop in _blocks(last):
        found = max((_last_within(column, start, stop, happened) for column in columns), default=0)
        if found:
            return found
    return None


def _last_within(column: Rows[np.floating[Any]], start: int, stop: int, happened: Happened) -> int:
    """Find the last epoch of some rows of one block, 0 when there is none."""
    values = column.slice(start, stop)
    flags = happened(values[:-1], values[1:])
    if flags.any():
        return start + 2 + _last_true(flags)
    is_first = start > 0 and happened(column.slice(start - 1, start), values[:1])[0]
    return start + 1 if is_first else 0


def _last_true(flags: Flags) -> int:
    return len(flags) - 1 - int(np.argmax(flags[::-1]))


def _crossed(earlier: Values, later: Values, value: float) -> Flags:
    with np.errstate(over="ignore"):
        at = earlier.dtype.type(value)
    below, above = earlier < at, earlier > at
    return (below & (later >= at)) | (above & (later <= at))


def _changed_sign(earlier: Values, later: Values) -> Flags:
    return ((earlier < 0) & (later > 0)) | ((earlier > 0) & (later < 0))


def _last_not_finite(columns: list[Rows[np.floating[Any]]], last: int) -> int | None:
    found = _last_change(columns, last, lambda earlier, later: np.isfinite(earlier) & ~np.isfinite(later))
    if found is None and last and not all(np.isfinite(column[0]) for column in columns):
        return 1
    return found


def _first_below(losses: Rows[np.floating[Any]], value: float, last: int) -> int | None:
    with np.errstate(over="ignore"):
        limit = losses.dtype.type(value)
    for start in range(0, last, BLOCK_ROWS):
        below = losses.slice(start, min(start + BLOCK_ROWS, last)) < limit
        place = int(np.argmax(below))
        if below[place]:
            return start + place + 1
    return None
