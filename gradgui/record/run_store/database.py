"""The file of runs: its tables, and how it is opened."""

import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic

VERSION = 2
"""Since 2 there are checkpoints."""
WAIT_SECONDS = 30.0
"""For another process that writes."""
CHECK_SECONDS = 0.5
"""A larger file is not looked through to its end when it is opened."""
CHECK_STEPS = 10_000
"""Of SQLite's own machine, between two looks at the clock."""

SCHEMA = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    began REAL NOT NULL,
    lock TEXT NOT NULL,                     -- name of the file that its process holds
    parent INTEGER,
    branch_epoch INTEGER NOT NULL,
    shared INTEGER NOT NULL,                -- so many of its first rows are its parent's
    layout TEXT NOT NULL,                   -- of a row: JSON, [[column, dtype], …]
    model TEXT NOT NULL,
    loss TEXT NOT NULL,
    optimizer TEXT NOT NULL,
    learning_rate REAL NOT NULL,
    epochs INTEGER NOT NULL,
    final_loss REAL,                        -- NULL is nan
    lowest_loss REAL,
    lowest_epoch INTEGER NOT NULL,
    ended TEXT NOT NULL DEFAULT 'running',
    reason TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    starred INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0      -- 1 until it is purged, 2 when only rows are left that branches share
);
CREATE TABLE spec (
    run INTEGER PRIMARY KEY,
    checksum INTEGER NOT NULL,              -- CRC-32 of the text
    text BLOB NOT NULL
);
CREATE TABLE chunk (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    first_epoch INTEGER NOT NULL,
    epochs INTEGER NOT NULL,
    checksum INTEGER NOT NULL,              -- CRC-32 of the rows
    rows BLOB NOT NULL,
    UNIQUE (run, first_epoch)
);
"""
SINCE_2 = """
CREATE TABLE checkpoint (
    run INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    checksum INTEGER NOT NULL,              -- CRC-32 of the state
    state BLOB NOT NULL,
    UNIQUE (run, epoch)
);
"""


class NewerVersionError(ValueError):
    """A file that a later version of the program wrote."""


class DamagedFileError(sqlite3.DatabaseError):
    """A file that SQLite can open, but whose pages do not fit together."""


def open_database(path: Path) -> sqlite3.Connection:
    """Open the file, or make it; every statement outside of a transaction is one by itself.

    Raises
    ------
    sqlite3.Error
        If it cannot be opened or is damaged; `is_damage` tells.
    NewerVersionError
        If a later version of the program wrote it.
    """
    database = _connect(path)
    try:
        database.execute("BEGIN IMMEDIATE")  # two processes may make it at once
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise NewerVersionError(f"it has version {version}; this program reads up to version {VERSION}")
        for before, schema in ((0, SCHEMA), (1, SINCE_2)):
            for statement in schema.split(";\n")[:-1] if version <= before else ():
                database.execute(statement)
        if version < VERSION:
            database.execute(f"PRAGMA user_version = {VERSION}")
        database.execute("COMMIT")
        _check(database)
    except UnicodeDecodeError as error:  # of SQLite's own message, where it quotes what is damaged
        database.close()
        raise DamagedFileError(str(error)) from error
    except BaseException:
        database.close()
        raise
    return database


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether an error means that the file is damaged, and not that it cannot be reached or written."""
    if isinstance(error, DamagedFileError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


def _connect(path: Path) -> sqlite3.Connection:
    """Write ahead where that can be done; on most network folders it cannot, and the file remembers that."""
    try:
        return _connect_with(path, "WAL")
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CANTOPEN:
            raise
    # It is shared memory that cannot be had; alone it does without, also to read what was written ahead elsewhere.
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as alone:
        alone.execute("PRAGMA locking_mode = EXCLUSIVE")
        alone.execute("PRAGMA journal_mode = DELETE")
    return _connect_with(path, "DELETE")


def _connect_with(path: Path, journal: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
    database.text_factory = lambda text: text.decode("utf-8", "replace")  # a damaged name is still a name
    try:
        is_new = database.execute("PRAGMA user_version").fetchone()[0] == 0
        if is_new:
            database.execute("PRAGMA auto_vacuum = INCREMENTAL")  # which must be said before the first page
        question = f"PRAGMA journal_mode = {journal}" if is_new else "PRAGMA journal_mode"
        (mode,) = database.execute(question).fetchone()
        database.execute(f"PRAGMA synchronous = {'NORMAL' if mode == 'wal' else 'FULL'}")
    except UnicodeDecodeError as error:  # of SQLite's own message, where it quotes what is damaged
        database.close()
        raise DamagedFileError(str(error)) from error
    except sqlite3.Error:
        database.close()
        raise
    return database


def _check(database: sqlite3.Connection) -> None:
    deadline = monotonic() + CHECK_SECONDS
    database.execute("SELECT id, shared, layout, deleted FROM run LIMIT 1").fetchall()
    database.execute("SELECT run, checksum, text FROM spec LIMIT 1").fetchall()
    database.execute("SELECT run, first_epoch, epochs, checksum FROM chunk LIMIT 1").fetchall()
    database.set_progress_handler(lambda: monotonic() > deadline, CHECK_STEPS)
    try:
        found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
            raise
        found = "ok"
    finally:
        database.set_progress_handler(None, 0)
    if found != "ok":
        raise DamagedFileError(found)
