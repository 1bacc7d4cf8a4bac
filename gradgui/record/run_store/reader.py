"""The file of runs for a process that only reads: it makes no lock, waits for nobody, and changes nothing."""

import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from gradgui.record.run_store.database import VERSION, is_damage
from gradgui.record.run_store.reading import RunReading
from gradgui.record.run_store.summary import RunStoreError, RunSummary

_NOT_WRITABLE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}


class RunReader(RunReading):
    """Open the file of runs to read it, also while windows write it; to be used in a ``with`` statement.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    RunStoreError
        If it is not there, is no file of runs, is damaged, or a later version of the program wrote it.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        if not path.is_file():
            raise RunStoreError(f"there is no file {path}" if not path.exists() else f"{path} is no file of runs")
        try:
            self._database = _open(path)
        except sqlite3.Error as error:
            raise RunStoreError(f"{path} {_what_is_wrong(error)}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._database.close()

    @property
    def database(self) -> sqlite3.Connection:
        """The open file."""
        return self._database

    def runs(self) -> list[RunSummary]:
        """Give every run that has an epoch of its own and is not deleted, the newest first.

        Raises
        ------
        RunStoreError
            If the file is damaged.
        """
        try:
            return [summary for summary, _ in self._listed()]
        except sqlite3.Error as error:
            raise RunStoreError(f"{self._path} is damaged: {error}") from error


def _what_is_wrong(error: sqlite3.Error) -> str:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_NOTADB:
        return "is no file of runs"
    return "is damaged" if is_damage(error) else f"cannot be read: {error}"


def _open(path: Path) -> sqlite3.Connection:
    """Open for reading and writing, so that what SQLite needs beside the file goes away with it; write nothing."""
    try:
        return _connect(path, "mode=rw")
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _NOT_WRITABLE:
            raise
    return _connect(path, "mode=ro&immutable=1")  # a folder in which nothing can be written


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    database = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{mode}", uri=True, isolation_level=None)
    try:
        database.text_factory = lambda text: text.decode("utf-8", "replace")
        database.execute("PRAGMA query_only = ON")
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise RunStoreError(f"{path} has version {version}; this program reads up to version {VERSION}")
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"run", "spec", "chunk"} <= tables:
            raise RunStoreError(f"{path} is no file of runs")
    except UnicodeDecodeError as error:  # of SQLite's own message, where it quotes what is damaged
        database.close()
        raise RunStoreError(f"{path} is damaged") from error
    except BaseException:
        database.close()
        raise
    return database
