"""The file of runs as one process has it open: its lock, its transactions, and what is wrong with it."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import BinaryIO, Concatenate, ParamSpec, TypeVar

from gradgui.file_lock import claim
from gradgui.record.run_store.database import NewerVersionError, is_damage, open_database
from gradgui.record.run_store.reading import LOCK, RunReading, lock_is_held
from gradgui.record.run_store.salvage import set_aside

logger = logging.getLogger(__name__)

_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "writing there is not permitted",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk reports a fault",
    sqlite3.SQLITE_BUSY: "another program does not let go of it",
}

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Store = TypeVar("Store", bound="RunFile")


def writing(
    method: Callable[Concatenate[Store, Arguments], Result],
) -> Callable[Concatenate[Store, Arguments], Result | None]:
    """Have a method do all of what it does or nothing, and nothing where runs cannot be kept."""

    @wraps(method)
    def write(store: Store, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result | None:
        with store.transaction():
            if store.is_open:
                try:
                    return method(store, *args, **kwargs)
                except sqlite3.Error as error:
                    store.give_up(error)
        return None

    return write


class RunFile(RunReading):
    """Open the file of runs, or make it; where that cannot be done, or not any more, say so and do without.

    Parameters
    ----------
    path
        The file; it and its folder are made when they are not there.

    Attributes
    ----------
    problem
        What the person should know of the file, one sentence, empty when all is well.
    damaged
        Where the file is now that was found damaged when it was opened, None when it was not.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.problem = ""
        self.damaged: Path | None = None
        self._database: sqlite3.Connection | None = None
        self._lock: BinaryIO | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            others = self._others_are_there()
            self._lock = claim(path.parent, f"{path.stem}-", LOCK)
            try:
                self._database = open_database(path)
            except sqlite3.Error as error:
                if not is_damage(error):
                    raise
                logger.warning("the file of runs is damaged", exc_info=error)
                if others:  # which would go on writing into what was set aside
                    raise
                self.damaged = set_aside(path)
                self._database = open_database(path)
        except (OSError, sqlite3.Error, NewerVersionError) as error:
            self.give_up(error)

    @property
    def is_open(self) -> bool:
        """Whether runs are kept."""
        return self._database is not None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that is done within it at once, or, when the process or the power fails, nothing of it."""
        if self._database is None or self._database.in_transaction:
            yield
            return
        try:
            self._database.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self.give_up(error)
        try:
            yield
        except BaseException:
            if self._database is not None:
                with suppress(sqlite3.Error):
                    self._database.execute("ROLLBACK")
            raise
        if self._database is not None:
            try:
                self._database.execute("COMMIT")
            except sqlite3.Error as error:
                self.give_up(error)

    def close(self) -> None:
        """Close the file; from then on nothing is kept."""
        if self._database is not None:
            with suppress(sqlite3.Error):
                self._database.close()
        self._database = None
        if self._lock is not None:
            self._lock.close()
            with suppress(OSError):
                Path(self._lock.name).unlink()
        self._lock = None

    def give_up(self, error: Exception) -> None:
        """Keep nothing any more, and say why."""
        logger.warning("runs are not being kept", exc_info=error)
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
        elif isinstance(error, sqlite3.Error) and is_damage(error):
            reason = "the file is damaged; a start with no other window open sets it aside"
        else:
            reason = _REASONS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, str(error))
        self.problem = f"Runs are not being kept in {self._path}: {reason}."
        if self._database is not None:
            with suppress(sqlite3.Error):
                self._database.close()  # which takes back what was begun
        self._database = None

    @property
    def database(self) -> sqlite3.Connection:
        """The open file.

        Raises
        ------
        sqlite3.ProgrammingError
            If runs are not being kept.
        """
        if self._database is None:
            raise sqlite3.ProgrammingError(self.problem or "the file of runs is closed")
        return self._database

    @property
    def lock_name(self) -> str:
        """Name of the lock that this process holds."""
        return Path(self._lock.name).name if self._lock is not None else ""

    def _others_are_there(self) -> bool:
        return any(map(lock_is_held, self.locks()))
