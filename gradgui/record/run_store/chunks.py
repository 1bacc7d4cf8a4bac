"""The log of a run in the file: chunks of rows, of which a branch has only its own."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from gradgui.experiment.experiment import Experiment

SMALL_CHUNK = 2**16
"""Bytes; the next rows are joined to a smaller one, so that slow runs do not come in thousands of them."""

Records = NDArray[np.void]


class Losses(Struct, frozen=True):
    """What a list says of a run's losses.

    Attributes
    ----------
    final
        Of the last epoch, None when it is nan.
    lowest, lowest_epoch
        The least finite one and its epoch; None and 0 when there is none.
    """

    final: float | None = None
    lowest: float | None = None
    lowest_epoch: int = 0

    def followed_by(self, losses: NDArray[Any], first_epoch: int) -> "Losses":
        """Take the losses of further epochs into account."""
        lowest, lowest_epoch = self.lowest, self.lowest_epoch
        finite = np.where(np.isfinite(losses), losses, np.inf)
        place = int(np.argmin(finite))
        if np.isfinite(finite[place]) and (lowest is None or finite[place] < lowest):
            lowest, lowest_epoch = float(finite[place]), first_epoch + place
        final = float(losses[-1])
        return Losses(None if np.isnan(final) else final, lowest, lowest_epoch)


def layout_of(experiment: Experiment) -> np.dtype[np.void]:
    """Give how a row is written: every column in its own dtype, least significant byte first."""
    columns = experiment.columns
    kinds = {"float32": "<f4", "float64": "<f8"}
    return np.dtype([(one.name, kinds[columns.numpy_dtype(one, experiment.dtype)]) for one in columns])


def write_layout(layout: np.dtype[np.void]) -> str:
    """Write a layout as text."""
    return json.dumps(layout.descr)


def read_layout(text: str) -> np.dtype[np.void]:
    """Read what `write_layout` wrote.

    Raises
    ------
    ValueError, TypeError
        If it is damaged.
    """
    return np.dtype([(name, kind) for name, kind in json.loads(text)])


def pack(rows: NDArray[np.float64], layout: np.dtype[np.void]) -> bytes:
    """Give rows as they stand in a chunk."""
    records = np.empty(len(rows), layout)
    for place, name in enumerate(layout.names or ()):
        records[name] = rows[:, place]
    return records.tobytes()


def unpack(records: Records) -> NDArray[np.float64]:
    """Give the rows of a chunk as a batch has them."""
    names = records.dtype.names or ()
    rows = np.empty((len(records), len(names)))
    for place, name in enumerate(names):
        rows[:, place] = records[name]
    return rows


def add_chunk(database: sqlite3.Connection, run: int, first_epoch: int, content: bytes, row_bytes: int) -> None:
    """Write the rows of a run from an epoch on; those before are there."""
    last = database.execute(
        "SELECT id, checksum, rows FROM chunk WHERE run = ? AND first_epoch < ? AND first_epoch + epochs = ?"
        " AND length(rows) < ? ORDER BY first_epoch DESC LIMIT 1",
        (run, first_epoch, first_epoch, SMALL_CHUNK),
    ).fetchone()
    if last is not None and crc32(last[2]) == last[1]:
        content = last[2] + content
        values = (len(content) // row_bytes, crc32(content), content, last[0])
        database.execute("UPDATE chunk SET epochs = ?, checksum = ?, rows = ? WHERE id = ?", values)
        return
    database.execute(
        "INSERT INTO chunk (run, first_epoch, epochs, checksum, rows) VALUES (?, ?, ?, ?, ?)",
        (run, first_epoch, len(content) // row_bytes, crc32(content), content),
    )


def cut_chunks(database: sqlite3.Connection, run: int, epochs: int, row_bytes: int) -> None:
    """Take away a run's own rows after an epoch."""
    cut = database.execute(
        "SELECT id, first_epoch, rows FROM chunk WHERE run = ? AND first_epoch <= ? AND first_epoch + epochs - 1 > ?",
        (run, epochs, epochs),
    ).fetchone()
    database.execute("DELETE FROM chunk WHERE run = ? AND first_epoch > ?", (run, epochs))
    if cut is not None:
        content = cut[2][: (epochs - cut[1] + 1) * row_bytes]
        values = (len(content) // row_bytes, crc32(content), content, cut[0])
        database.execute("UPDATE chunk SET epochs = ?, checksum = ?, rows = ? WHERE id = ?", values)


def read_chunks(
    database: sqlite3.Connection, run: int, layout: np.dtype[np.void], first: int, last: int
) -> Iterator[tuple[int, Records]]:
    """Give the rows of some epochs of a run in order, joined with those that it shares; stops where one is damaged.

    Yields
    ------
    first_epoch, records
        Consecutive, from ``first`` on.
    """
    expected = first
    for owner, start, stop in _segments(database, run, first, last):
        chunks = database.execute(
            "SELECT first_epoch, checksum, rows FROM chunk"
            " WHERE run = ? AND first_epoch <= ? AND first_epoch + epochs > ? ORDER BY first_epoch",
            (owner, stop, start),
        )
        for first_epoch, checksum, content in chunks:
            if not _is_whole(content, checksum, layout) or first_epoch > expected:
                return
            records = np.frombuffer(content, layout)[expected - first_epoch : stop - first_epoch + 1]
            if len(records):
                yield expected, records
                expected += len(records)
        if expected <= stop:
            return


def _is_whole(content: object, checksum: object, layout: np.dtype[np.void]) -> bool:
    return isinstance(content, bytes) and crc32(content) == checksum and len(content) % layout.itemsize == 0


def _segments(database: sqlite3.Connection, run: int, first: int, last: int) -> list[tuple[int, int, int]]:
    """Tell which run has which of the epochs, in their order."""
    segments: list[tuple[int, int, int]] = []
    while last >= first:
        row = database.execute(
            "SELECT CAST(shared AS INTEGER), CAST(parent AS INTEGER) FROM run WHERE id = ?", (run,)
        ).fetchone()
        if row is None:
            break
        shared, parent = row
        if last > shared:
            segments.insert(0, (run, max(first, shared + 1), last))
        last = min(last, shared)
        if parent is None or parent >= run:  # a parent is older: what says otherwise is damaged
            break
        run = parent
    return segments
