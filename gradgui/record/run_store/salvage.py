"""What becomes of a damaged file: it is set aside, and all that can be read of it is carried over."""

import logging
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from zlib import crc32

from msgspec import structs

from gradgui.record.run_store.chunks import Losses, read_chunks, read_layout
from gradgui.record.run_store.database import open_database

logger = logging.getLogger(__name__)

MOST_ROWS = 1_000_000
"""Of a table; a larger number in a damaged file is damage itself."""
MOST_FAILED = 2_000
"""Rows of a table that cannot be read; then there are no more of them."""
MOST_EMPTY = 50_000
"""Rows that are not there, one after the other; then there are no more of them."""
TABLES = ("run", "spec", "chunk", "checkpoint")


def set_aside(path: Path) -> Path:
    """Give a damaged file another name, and carry what is whole over into a new one.

    Returns
    -------
    Path
        Where the damaged file is now.

    Raises
    ------
    OSError, sqlite3.Error
        If the file cannot be renamed or the new one not written.
    """
    damaged = path.with_name(f"{path.stem} damaged {datetime.now():%Y-%m-%d %H.%M.%S}{path.suffix}")
    for suffix in ("", "-wal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(damaged.with_name(damaged.name + suffix))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    with closing(open_database(path)) as database:
        database.execute("BEGIN IMMEDIATE")
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError):  # of a file that does not open at all
            _copy(damaged, database)
        _mend(database)
        database.execute("COMMIT")
    return damaged


def _copy(damaged: Path, database: sqlite3.Connection) -> None:
    """Copy row by row, as one page that is damaged has only some of them."""
    with closing(sqlite3.connect(damaged, isolation_level=None)) as old:
        old.text_factory = database.text_factory
        old.execute("PRAGMA writable_schema = ON")  # which has SQLite read a file that is shorter than it says
        for table in TABLES:
            names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            columns, places = ", ".join(names), ", ".join("?" * len(names))
            insert = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - our own names
            select = f"SELECT {columns} FROM {table} WHERE rowid = ?"  # noqa: S608
            failed = empty = 0
            for number in range(1, _last_row(old, table) + 1):
                try:
                    row = old.execute(select, (number,)).fetchone()
                    if row is not None:
                        database.execute(insert, row)
                        empty = 0
                except sqlite3.DatabaseError:  # also what the new file's own rules refuse
                    failed, row = failed + 1, None
                empty += row is None
                if failed > MOST_FAILED or empty > MOST_EMPTY:
                    break


def _last_row(old: sqlite3.Connection, table: str) -> int:
    try:
        last = old.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] or 0  # noqa: S608
    except sqlite3.DatabaseError:
        last = MOST_ROWS
    return min(int(last), MOST_ROWS)


def _mend(database: sqlite3.Connection) -> None:
    """Let every run end where its log does, and take those away of which nothing is left."""
    for (run,) in database.execute("SELECT id FROM run ORDER BY id").fetchall():
        try:
            epochs = _mend_run(database, run)
        except (ValueError, TypeError, KeyError, sqlite3.DatabaseError):
            logger.warning("nothing could be read of run %d", run, exc_info=True)
            epochs = 0
        if not epochs:
            database.execute("DELETE FROM run WHERE id = ?", (run,))
    for table in ("spec", "chunk", "checkpoint"):
        database.execute(f"DELETE FROM {table} WHERE run NOT IN (SELECT id FROM run)")  # noqa: S608


def _mend_run(database: sqlite3.Connection, run: int) -> int:
    text, checksum = database.execute("SELECT text, checksum FROM spec WHERE run = ?", (run,)).fetchone() or (b"", 1)
    if crc32(text) != checksum:
        return 0
    layout, wanted = database.execute("SELECT layout, epochs FROM run WHERE id = ?", (run,)).fetchone()
    losses, epochs = Losses(), 0
    for first_epoch, records in read_chunks(database, run, read_layout(layout), 1, wanted):
        losses, epochs = losses.followed_by(records["loss"], first_epoch), first_epoch + len(records) - 1
    database.execute("DELETE FROM chunk WHERE run = ? AND first_epoch > ?", (run, epochs))
    database.execute(
        "UPDATE run SET epochs = ?, shared = min(shared, ?), final_loss = ?, lowest_loss = ?, lowest_epoch = ?"
        " WHERE id = ?",
        (epochs, epochs, *structs.astuple(losses), run),
    )
    return epochs
