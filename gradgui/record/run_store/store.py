"""The store of runs: what a window, a panel or the command line asks of the file."""

import logging
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from msgspec import structs

from gradgui.experiment.run_spec import RunSpec, run_spec_text
from gradgui.numbers import write_count
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store.chunks import (
    Losses,
    add_chunk,
    cut_chunks,
    layout_of,
    pack,
    read_chunks,
    read_layout,
    write_layout,
)
from gradgui.record.run_store.reading import lock_is_held
from gradgui.record.run_store.room import RunRoom
from gradgui.record.run_store.run_file import writing
from gradgui.record.run_store.summary import Ended, RunSummary

logger = logging.getLogger(__name__)

MOST_CHECKPOINTS = 64
"""Of a run: so that it can be gone back in without training much of it again."""


class RunStore(RunRoom):
    """Keep runs in a file; any number of stores, in any processes, may have the same one open.

    A store belongs to the thread that made it. Where the file cannot be written, `problem` says so in one sentence,
    and from then on every method does nothing: what trains goes on.

    Parameters
    ----------
    path
        The file; it and its folder are made when they are not there.

    Attributes
    ----------
    problem
        What the person should know of the file, one sentence, empty when all is well.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        if self.damaged is not None and self.is_open:
            self.problem = (
                f"The file of runs was damaged; it was set aside as {self.damaged.name}, and"
                f" {write_count(len(self.runs()))} of its runs could be read."
            )
        self._specs: dict[int, RunSpec] = {}

    def begin(self, spec: RunSpec, parent: int | None = None, epoch: int = 0) -> int:
        """Begin a run; it is listed when it has an epoch of its own.

        Parameters
        ----------
        spec
            What decides it.
        parent
            The run that it leaves, None when it is a run by itself.
        epoch
            How many epochs it has in common with its parent; they are not written again.

        Returns
        -------
        int
            Its number, 0 where runs cannot be kept.
        """
        return self._begin(spec, parent, epoch) or 0

    @writing
    def _begin(self, spec: RunSpec, parent: int | None, epoch: int) -> int:
        experiment = spec.experiment
        losses = Losses() if parent is None else self._losses(parent, epoch)
        cursor = self.database.execute(
            "INSERT INTO run (began, lock, parent, branch_epoch, shared, layout, model, loss, optimizer,"
            " learning_rate, epochs, final_loss, lowest_loss, lowest_epoch)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                time.time(),
                self.lock_name,
                parent,
                epoch,
                epoch,
                write_layout(layout_of(experiment)),
                experiment.model,
                experiment.loss,
                str(experiment.optimizer.__struct_config__.tag),
                experiment.learning_rate,
                epoch,
                losses.final,
                losses.lowest,
                losses.lowest_epoch,
            ),
        )
        run = cursor.lastrowid or 0
        self._write_spec(run, spec)
        return run

    @writing
    def append(self, run: int, batch: EpochBatch) -> None:
        """Add epochs at the end of a run; what it has already is left out.

        Raises
        ------
        ValueError
            If epochs are missing before them, or the rows have another width.
        """
        epochs, text, *losses = self._row(run, "epochs, layout, final_loss, lowest_loss, lowest_epoch")
        if batch.first_epoch > epochs + 1:
            raise ValueError(f"the next epoch is {epochs + 1}, not {batch.first_epoch}")
        layout = read_layout(text)
        if batch.rows.shape[1] != len(layout.descr):
            raise ValueError(f"the run has {len(layout.descr)} columns, the batch {batch.rows.shape[1]}")
        new = batch.after(epochs)
        if new is not None:
            add_chunk(self.database, run, epochs + 1, pack(new.rows, layout), layout.itemsize)
            self._write_losses(run, new.last_epoch, Losses(*losses).followed_by(new.rows[:, 0], epochs + 1))

    @writing
    def epochs(self, run: int) -> int:
        """Give how many epochs a run has; 0 when there is no such run, None where runs cannot be kept."""
        found = self.database.execute("SELECT epochs FROM run WHERE id = ?", (run,)).fetchone()
        return int(found[0]) if found else 0

    @writing
    def keep_checkpoint(self, run: int, epoch: int, state: bytes) -> None:
        """Keep a state that a run had after an epoch; where there are many, only every second of those before."""
        values = (run, epoch, crc32(state), state)
        self.database.execute("INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?)", values)
        epochs = self.database.execute("SELECT epoch FROM checkpoint WHERE run = ? ORDER BY epoch DESC", (run,))
        kept = epochs.fetchall()
        if len(kept) > MOST_CHECKPOINTS:
            many = [(run, before) for (before,) in kept[1::2]]
            self.database.executemany("DELETE FROM checkpoint WHERE run = ? AND epoch = ?", many)

    @writing
    def truncate(self, run: int, epochs: int) -> None:
        """Forget a run's epochs after the first ``epochs``; branches keep what they had in common with it."""
        had, shared, text = self._row(run, "epochs, shared, layout")
        if epochs >= had:
            return
        layout = read_layout(text)
        branches = self.database.execute("SELECT id, shared FROM run WHERE parent = ? AND shared > ?", (run, epochs))
        for branch, common in branches.fetchall():
            for first_epoch, records in read_chunks(self.database, run, layout, epochs + 1, common):
                add_chunk(self.database, branch, first_epoch, records.tobytes(), layout.itemsize)
            self.database.execute("UPDATE run SET shared = ? WHERE id = ?", (epochs, branch))
        losses = self._losses(run, epochs)
        self.database.execute("DELETE FROM checkpoint WHERE run = ? AND epoch > ?", (run, epochs))
        cut_chunks(self.database, run, epochs, layout.itemsize)
        self.database.execute("UPDATE run SET shared = ? WHERE id = ?", (min(shared, epochs), run))
        self._write_losses(run, epochs, losses)

    @writing
    def update(self, run: int, spec: RunSpec, ended: Ended, reason: str = "") -> None:
        """Say what decides a run by now, and how it ended or that it is running; nothing if it was forgotten."""
        values = (ended.value, reason, self.lock_name, run)
        question = "UPDATE run SET ended = ?, reason = ?, lock = ? WHERE id = ? AND deleted < 2"
        if self.database.execute(question, values).rowcount:
            self._write_spec(run, spec)

    @writing
    def rename(self, run: int, name: str) -> None:
        """Give a run a name; empty takes it away."""
        self.database.execute("UPDATE run SET name = ? WHERE id = ?", (name, run))

    @writing
    def annotate(self, run: int, note: str) -> None:
        """Write a note to a run."""
        self.database.execute("UPDATE run SET note = ? WHERE id = ?", (note, run))

    @writing
    def star(self, run: int, starred: bool = True) -> None:
        """Give a run a star, or take it away."""
        self.database.execute("UPDATE run SET starred = ? WHERE id = ?", (starred, run))

    @writing
    def delete(self, run: int) -> None:
        """Take a run out of the list; `restore` brings it back until it is purged, and its branches stay whole."""
        self.database.execute("UPDATE run SET deleted = 1 WHERE id = ? AND deleted = 0", (run,))

    @writing
    def restore(self, run: int) -> None:
        """Bring a deleted run back."""
        self.database.execute("UPDATE run SET deleted = 0 WHERE id = ? AND deleted = 1", (run,))

    def runs(self) -> list[RunSummary]:
        """Give every run that has an epoch of its own and is not deleted, the newest first."""
        return [summary for summary, _ in self._listed_or_none()]

    def summary(self, run: int) -> RunSummary | None:
        """Give what a list shows of one run, None when it is not listed."""
        return next((summary for summary, _ in self._listed_or_none("AND id = ?", run)), None)

    def epochs_of(self, runs: Sequence[int]) -> dict[int, int]:
        """Give how many epochs some runs have; those that are not listed, as they were deleted, are left out."""
        try:
            rows = self.database.execute(
                f"SELECT id, CAST(epochs AS INTEGER) FROM run WHERE id IN ({', '.join('?' * len(runs))})"  # noqa: S608
                " AND epochs > shared AND NOT deleted",
                tuple(runs),
            )
            return {run: epochs or 0 for run, epochs in rows}
        except sqlite3.Error as error:
            if self.is_open:
                self.give_up(error)
            return {}

    def take_interrupted(self) -> list[RunSummary]:
        """Give the runs whose process has died while they ran, each to one caller only."""
        dead = {path.name: path for path in self.locks() if not lock_is_held(path)}
        found = [one for one, lock in self._listed_or_none() if one.ended is Ended.INTERRUPTED and lock in dead]
        for path in dead.values():
            with suppress(OSError):
                path.unlink()
        return found

    def _listed_or_none(self, condition: str = "", *values: int) -> list[tuple[RunSummary, str]]:
        try:
            return self._listed(condition, *values)
        except sqlite3.Error as error:
            if self.is_open:
                self.give_up(error)
            return []

    def _write_spec(self, run: int, spec: RunSpec) -> None:
        spec = structs.replace(spec, trained=0)
        if self._specs.get(run) == spec:
            return
        text = run_spec_text(spec).encode()
        self.database.execute(
            "INSERT OR REPLACE INTO spec (run, checksum, text) VALUES (?, ?, ?)", (run, crc32(text), text)
        )
        self._specs = {run: spec}  # of the run that is written only: data can be large

    def _write_losses(self, run: int, epochs: int, losses: Losses) -> None:
        self.database.execute(
            "UPDATE run SET epochs = ?, final_loss = ?, lowest_loss = ?, lowest_epoch = ? WHERE id = ?",
            (epochs, *structs.astuple(losses), run),
        )

    def _losses(self, run: int, epochs: int) -> Losses:
        """Look through the first epochs of a run."""
        layout = read_layout(self._row(run, "layout")[0])
        losses = Losses()
        for first_epoch, records in read_chunks(self.database, run, layout, 1, epochs):
            losses = losses.followed_by(records["loss"], first_epoch)
        return losses
