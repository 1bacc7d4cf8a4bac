"""Room on the disk: how much the runs take, which go when it is to be less, and how the file shrinks."""

import logging
import sqlite3
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from gradgui.record.run_store.chunks import cut_chunks, read_layout
from gradgui.record.run_store.reading import lock_is_held
from gradgui.record.run_store.run_file import RunFile, writing
from gradgui.record.run_store.summary import Ended, RunSummary

logger = logging.getLogger(__name__)

PURGED = 2
"""In the column ``deleted``: of the run only the rows are left that its branches share."""
STEP_PAGES = 1000
"""Given back in one transaction, so that another process that writes waits only for so many."""
INCREMENTAL = 2


class RunRoom(RunFile):
    """Have runs go for good. Whatever goes, its branches stay whole: they keep the rows that they share with it."""

    def room(self) -> int:
        """Give how many bytes the file takes on the disk, with what SQLite keeps beside it."""
        total = 0
        for suffix in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                total += Path(f"{self._path}{suffix}").stat().st_size
        return total

    def keep_at_most(self, limit: int, keep: Collection[int] = ()) -> list[RunSummary]:
        """Have runs go until the others take no more than so much room, and give back what they took.

        Those that are deleted go first, then the oldest that have no star; what a window has open stays.

        Parameters
        ----------
        limit
            Bytes.
        keep
            Runs that stay whatever they are, besides the last one that each open window has begun.

        Returns
        -------
        list of RunSummary
            Those that went and were in the list, the oldest first.
        """
        return self._shrunk(self._keep_at_most(limit, keep))

    def forget_all(self, keep: Collection[int] = ()) -> list[RunSummary]:
        """Have all runs go, starred ones too, but what a window has open; the file shrinks.

        Parameters
        ----------
        keep
            Runs that stay whatever they are, besides the last one that each open window has begun.

        Returns
        -------
        list of RunSummary
            Those that went and were in the list, the oldest first.
        """
        return self._shrunk(self._forget_all(keep))

    def purge(self) -> None:
        """Have the deleted runs go for good, once no other window is there that might bring one back."""
        others = [path for path in self.locks() if path.name != self.lock_name and lock_is_held(path)]
        if not others:
            self._shrunk(self._purge())

    @writing
    def _keep_at_most(self, limit: int, keep: Collection[int]) -> list[RunSummary]:
        if self._used_bytes() <= limit:
            return []
        listed = {summary.id: summary for summary, _ in self._listed()}
        stay = self._in_use() | {*keep}
        rows = self.database.execute("SELECT id FROM run WHERE deleted < 2 AND NOT starred ORDER BY deleted DESC, id")
        gone = []
        for (run,) in rows.fetchall():
            if self._used_bytes() <= limit:
                break
            if run not in stay:
                self._remove(run)
                gone.append(run)
        return [listed[run] for run in sorted(gone) if run in listed]

    @writing
    def _forget_all(self, keep: Collection[int]) -> list[RunSummary]:
        listed = {summary.id: summary for summary, _ in self._listed()}
        stay = self._in_use() | {*keep}
        rows = self.database.execute("SELECT id FROM run WHERE deleted < 2 ORDER BY id DESC").fetchall()
        gone = [run for (run,) in rows if run not in stay]
        for run in gone:
            self._remove(run)
        return [listed[run] for run in reversed(gone) if run in listed]

    @writing
    def _purge(self) -> list[RunSummary]:
        rows = self.database.execute("SELECT id FROM run WHERE deleted = 1 ORDER BY id DESC").fetchall()
        for (run,) in rows:
            self._remove(run)
        return []

    def _in_use(self) -> set[int]:
        """Give the runs that train, and the last one that each open window has begun."""
        held = {path.name for path in self.locks() if lock_is_held(path)}
        last: dict[str, int] = {}
        running = set()
        for run, lock, ended in self.database.execute("SELECT id, lock, ended FROM run ORDER BY id"):
            if lock in held:
                last[lock] = run
                if ended == Ended.RUNNING.value:
                    running.add(run)
        return running | {*last.values()}

    def _remove(self, run: int | None) -> None:
        """Remove a run, but for what its branches share with it, and then the rows of its parents that nobody has."""
        while run is not None:
            row = self.database.execute("SELECT parent, shared, layout FROM run WHERE id = ?", (run,)).fetchone()
            if row is None:
                return
            parent, shared, layout = row
            self.database.execute("DELETE FROM checkpoint WHERE run = ?", (run,))
            (needed,) = self.database.execute("SELECT max(shared) FROM run WHERE parent = ?", (run,)).fetchone()
            if needed:
                cut_chunks(self.database, run, needed, read_layout(layout).itemsize)
                self.database.execute(
                    "UPDATE run SET epochs = ?, shared = ?, deleted = ? WHERE id = ?",
                    (needed, min(shared, needed), PURGED, run),
                )
            else:
                for table, key in (("chunk", "run"), ("spec", "run"), ("run", "id")):
                    self.database.execute(f"DELETE FROM {table} WHERE {key} = ?", (run,))  # noqa: S608
            (purged,) = self.database.execute(
                "SELECT count(*) FROM run WHERE id = ? AND deleted = ?", (parent, PURGED)
            ).fetchone()
            run = parent if purged else None

    def _used_bytes(self) -> int:
        pages, free, size = (
            self.database.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def _shrunk(self, gone: list[RunSummary] | None) -> list[RunSummary]:
        """Give the free pages back to the disk; where another process is in the way, a later time does it."""
        if self.is_open and not self.database.in_transaction:
            try:
                self._shrink()
            except sqlite3.Error:
                logger.warning("the file of runs does not shrink", exc_info=True)
        return gone or []

    def _shrink(self) -> None:
        database = self.database
        free = database.execute("PRAGMA freelist_count").fetchone()[0]
        if not free:
            return
        if (
            database.execute("PRAGMA auto_vacuum").fetchone()[0] != INCREMENTAL
        ):  # of a file from before it was asked for
            database.execute(f"PRAGMA auto_vacuum = {INCREMENTAL}")
            database.execute("VACUUM")
        while free:
            database.execute(f"PRAGMA incremental_vacuum({STEP_PAGES})").fetchall()
            before, free = free, database.execute("PRAGMA freelist_count").fetchone()[0]
            if free >= before:
                break
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
