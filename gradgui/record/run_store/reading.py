"""What is read of the file of runs, by whoever has it open."""

import logging
import sqlite3
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
from msgspec import structs

from gradgui.experiment.run_spec import ExperimentFileError, RunSpec, parse_run_spec
from gradgui.file_lock import is_held
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store.chunks import layout_of, read_chunks, unpack
from gradgui.record.run_store.summary import Ended, RunStoreError, RunSummary
from gradgui.record.training_log import TrainingLog

logger = logging.getLogger(__name__)

LOCK = ".lock"
LAST_EPOCH = 2**62


class RunReading(ABC):
    """Read runs from a file that is open.

    Parameters
    ----------
    path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    @abstractmethod
    def database(self) -> sqlite3.Connection:
        """The open file.

        Raises
        ------
        sqlite3.Error
            If it is not open.
        """

    @abstractmethod
    def runs(self) -> list[RunSummary]:
        """Give every run that has an epoch of its own and is not deleted, the newest first."""

    def locks(self) -> list[Path]:
        """Give the locks of all processes, those that have died included."""
        return list(self._path.parent.glob(f"{self._path.stem}-*{LOCK}"))

    def spec(self, run: int) -> RunSpec:
        """Give what decides a run, and how many epochs it was trained.

        Raises
        ------
        RunStoreError
            If there is no such run, or it is damaged.
        """
        try:
            (epochs,) = self._row(run, "CAST(epochs AS INTEGER)")
            found = self.database.execute("SELECT text, checksum FROM spec WHERE run = ?", (run,)).fetchone()
            if found is None or not isinstance(found[0], bytes) or crc32(found[0]) != found[1]:
                raise RunStoreError(f"Run {run} is damaged: what decides it cannot be read.")
            return structs.replace(parse_run_spec(found[0], f"run {run}"), trained=epochs)
        except (sqlite3.Error, ExperimentFileError, TypeError) as error:
            raise RunStoreError(f"Run {run} cannot be read: {error}.") from error

    def log(self, run: int) -> TrainingLog:
        """Give the log of a run from its first epoch on; one that is damaged ends before the damage.

        Raises
        ------
        RunStoreError
            If there is no such run, or it is damaged.
        """
        spec = self.spec(run)
        log = TrainingLog(spec.experiment.columns, spec.experiment.dtype)
        self.read_more(run, spec, log, spec.trained)
        return log

    def read_more(self, run: int, spec: RunSpec, log: TrainingLog, epochs: int) -> bool:
        """Read the next epochs of a run.

        Parameters
        ----------
        run, spec
            Which run, and what decides it.
        log
            Its first epochs; the next ones are added.
        epochs
            So many at most.

        Returns
        -------
        bool
            Whether there are more; not where the next ones are damaged.
        """
        before, last, layout = len(log), min(len(log) + epochs, spec.trained), layout_of(spec.experiment)
        try:
            for first_epoch, records in read_chunks(self.database, run, layout, before + 1, last):
                log.append(EpochBatch(first_epoch, unpack(records)))
        except sqlite3.Error as error:
            logger.warning("the log of run %d cannot be read after epoch %d", run, len(log), exc_info=error)
            return False
        return len(log) == last < spec.trained

    def checkpoints(self, run: int) -> tuple[bytes, ...]:
        """Give the states that are kept of a run in the order of their epochs, of what it shares with others too."""
        found: list[bytes] = []
        own, before = run, LAST_EPOCH
        try:
            while run:
                rows = self.database.execute(
                    "SELECT checksum, state FROM checkpoint WHERE run = ? AND epoch < ? ORDER BY epoch", (run, before)
                ).fetchall()
                found[:0] = [one for sum_, one in rows if isinstance(one, bytes) and crc32(one) == sum_]
                shared, parent = self._row(run, "CAST(shared AS INTEGER), CAST(parent AS INTEGER)")
                before = min(before, shared)
                run = parent if parent and parent < run else 0  # a parent is older: what says otherwise is damaged
        except (sqlite3.Error, RunStoreError) as error:
            logger.warning("the checkpoints of run %d cannot be read", own, exc_info=error)
        return tuple(found)

    def last_row(self, run: int) -> tuple[int, dict[str, float]] | None:
        """Give the last epoch of a run, and the numbers of its row by their columns; None where it is damaged.

        Raises
        ------
        RunStoreError
            If there is no such run, or it is damaged as a whole.
        """
        spec = self.spec(run)
        try:
            layout = layout_of(spec.experiment)
            for epoch, records in read_chunks(self.database, run, layout, spec.trained, spec.trained):
                row = unpack(records)[-1].tolist()
                return epoch, dict(zip(layout.names or (), row, strict=True))
        except sqlite3.Error:
            logger.warning("the last epoch of run %d cannot be read", run, exc_info=True)
        return None

    def _listed(self, condition: str = "", *bound: int) -> list[tuple[RunSummary, str]]:
        """Give the runs of the list with their locks, where a condition holds.

        Raises
        ------
        sqlite3.Error
            If they cannot be read.
        """
        fields = RunSummary.__struct_fields__
        rows = self.database.execute(
            f"SELECT {', '.join(fields)}, lock FROM run"  # noqa: S608 - our own names
            f" WHERE epochs > shared AND NOT deleted {condition} ORDER BY id DESC",
            bound,
        ).fetchall()
        held = {path.name for path in self.locks() if lock_is_held(path)}
        listed = []
        for *values, lock in rows:
            found = {field: value for field, value in zip(fields, values, strict=True) if value is not None}
            if found.get("ended") == Ended.RUNNING.value and lock not in held:
                found["ended"] = Ended.INTERRUPTED.value
            found["starred"] = bool(found.get("starred"))
            with suppress(msgspec.ValidationError):  # damaged: it takes no other with it
                listed.append((msgspec.convert(found, RunSummary), lock))
        return listed

    def _row(self, run: int, columns: str) -> Any:
        row = self.database.execute(f"SELECT {columns} FROM run WHERE id = ? AND deleted < 2", (run,)).fetchone()  # noqa: S608
        if row is None:
            raise RunStoreError(f"There is no run {run}.")
        return row


def lock_is_held(path: Path) -> bool:
    """Tell whether a lock is held; where that cannot be found out, it may be."""
    try:
        return is_held(path)
    except FileNotFoundError:
        return False
    except OSError:
        return True
