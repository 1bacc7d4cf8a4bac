"""How much room runs take, which go first, and that the file shrinks; against plain SQL and sizes of files."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import Ended, RunStore, RunStoreError
from gradgui.record.run_store.database import SCHEMA

EPOCHS = 10_000
BYTES = EPOCHS * 20
"""Of a run: three numbers of four bytes and one of eight an epoch."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[RunStore]:
    store = RunStore(path)
    yield store
    store.close()


def keep(store: RunStore, parent: int | None = None, epoch: int = 0, ended: Ended = Ended.FINISHED) -> int:
    run = store.begin(RunSpec(), parent, epoch)
    rows = np.random.default_rng(run).normal(size=(EPOCHS, 4))
    store.append(run, EpochBatch(epoch + 1, rows.astype(np.float32).astype(np.float64)))
    store.update(run, RunSpec(), ended)
    return run


def numbers(store: RunStore) -> list[int]:
    return [run.id for run in store.runs()]


def test_room_is_what_the_folder_says(store: RunStore, path: Path) -> None:
    keep(store)
    assert store.room() == sum(file.stat().st_size for file in path.parent.glob("runs.sqlite*"))
    assert store.room() > BYTES


def test_the_oldest_without_a_star_go_until_there_is_room(store: RunStore, path: Path) -> None:
    kept = [keep(store) for _ in range(10)]
    store.star(kept[1])
    assert store.keep_at_most(20 * BYTES) == []
    gone = store.keep_at_most(5 * BYTES + BYTES // 2)
    assert [run.id for run in gone] == [kept[0], *kept[2:6]], "five are left"
    assert gone[0].epochs == EPOCHS
    assert numbers(store) == [*kept[:5:-1], kept[1]]
    assert path.stat().st_size < 5.5 * BYTES, "and the disk has it back"
    assert [run.id for run in store.keep_at_most(0)] == kept[6:-1], "not the one that the window has open"
    assert numbers(store) == [kept[-1], kept[1]]
    with pytest.raises(RunStoreError, match="no run"):
        store.log(kept[0])
    assert keep(store) == kept[-1] + 1, "a number is never given again"


def test_what_is_deleted_goes_first_and_is_not_told(store: RunStore) -> None:
    kept = [keep(store) for _ in range(6)]
    store.delete(kept[4])
    assert store.keep_at_most(5 * BYTES + BYTES // 2) == []
    store.restore(kept[4])
    assert numbers(store) == [kept[5], *kept[3::-1]]


def test_what_trains_stays_and_so_does_what_is_asked_for(store: RunStore, path: Path) -> None:
    other = RunStore(path)
    running, paused, _, last = (keep(other, ended=one) for one in (Ended.RUNNING, *[Ended.PAUSED] * 3))
    own = [keep(store) for _ in range(3)]
    assert [run.id for run in store.keep_at_most(0, keep=[own[0]])] == [paused, paused + 1, own[1]]
    assert numbers(store) == [own[2], own[0], last, running]
    other.close()
    assert [run.id for run in store.forget_all()] == [running, last, own[0]]
    assert numbers(store) == [own[2]]


def test_branches_stay_whole_and_what_only_they_had_goes_with_them(store: RunStore, path: Path) -> None:
    root = keep(store)
    branch = keep(store, root, 6000)
    twig = keep(store, branch, 8000)
    for run in (branch, twig):
        store.star(run)
    before = {run: store.log(run).column("w").tobytes() for run in (branch, twig)}
    keep(store)
    assert [run.id for run in store.keep_at_most(0)] == [root]
    assert {run: store.log(run).column("w").tobytes() for run in (branch, twig)} == before
    with closing(sqlite3.connect(path)) as database:
        chunks = dict(database.execute("SELECT run, sum(epochs) FROM chunk GROUP BY run"))
        assert (chunks[root], chunks[branch], chunks[twig]) == (6000, EPOCHS, EPOCHS)
        store.star(branch, False)
        store.keep_at_most(0)
        chunks = dict(database.execute("SELECT run, sum(epochs) FROM chunk GROUP BY run"))
        assert (chunks[root], chunks[branch], chunks[twig]) == (6000, 2000, EPOCHS)
        assert store.log(twig).column("w").tobytes() == before[twig]
        store.forget_all()
        assert database.execute("SELECT DISTINCT run FROM chunk").fetchall() == [(4,)]
        assert database.execute("SELECT id FROM run").fetchall() == [(4,)]


def test_the_deleted_are_purged_when_the_last_window_goes(store: RunStore, path: Path) -> None:
    kept = [keep(store) for _ in range(5)]
    other = RunStore(path)
    store.delete(kept[1])
    store.delete(kept[2])
    other.purge()
    store.restore(kept[1])
    assert numbers(store) == [*kept[:2:-1], *kept[1::-1]], "another window may still bring them back"
    other.close()
    store.purge()
    store.restore(kept[2])
    assert kept[2] not in numbers(store)
    assert path.stat().st_size < 4.5 * BYTES


def test_a_file_from_before_it_could_shrink_does_so_as_well(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript(SCHEMA)
        database.execute("PRAGMA user_version = 1")
    store = RunStore(path)
    for _ in range(10):
        keep(store)
    store.forget_all()
    assert path.stat().st_size < 1.5 * BYTES
    assert store.problem == ""
    store.close()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_where_runs_cannot_be_kept_there_is_nothing_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = RunStore(tmp_path / "file" / "runs.sqlite")
    store.purge()
    assert (store.keep_at_most(0), store.forget_all(), store.room()) == ([], [], 0)
    store.close()
