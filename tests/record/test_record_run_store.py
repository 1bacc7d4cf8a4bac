"""The store of runs against plain arrays and plain SQL: what was put in comes out, to the last bit."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from numpy.typing import NDArray

from gradgui.experiment.changes import LearningRateChange
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.optimizers import Adam
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import Ended, RunStore, RunStoreError
from gradgui.record.training_log import TrainingLog

SPEC = RunSpec(DEFAULT_EXPERIMENT)
WIDTH = len(DEFAULT_EXPERIMENT.columns)
Rows = NDArray[np.float64]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[RunStore]:
    store = RunStore(path)
    yield store
    store.close()


def rows_of(count: int, seed: int = 0, width: int = WIDTH) -> Rows:
    """Give rows as a float32 run has them."""
    return np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32).astype(np.float64)


def keep(store: RunStore, rows: Rows, spec: RunSpec = SPEC) -> int:
    run = store.begin(spec)
    store.append(run, EpochBatch(1, rows))
    return run


def bits(log: TrainingLog) -> list[bytes]:
    return [log.column(column.name).tobytes() for column in log.columns]


def bits_of(rows: Rows, spec: RunSpec = SPEC) -> list[bytes]:
    experiment = spec.experiment
    dtypes = [experiment.columns.numpy_dtype(column, experiment.dtype) for column in experiment.columns]
    return [values.astype(dtype).tobytes() for values, dtype in zip(rows.T, dtypes, strict=True)]


def ask(path: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(question).fetchall()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_log_comes_back_to_the_last_bit(store: RunStore, dtype: str) -> None:
    experiment = structs.replace(DEFAULT_EXPERIMENT, optimizer=Adam(), dtype=dtype)
    spec = RunSpec(experiment, (LearningRateChange(3, 0.5),))
    rows = rows_of(50, width=len(experiment.columns))
    if dtype == "float64":
        rows *= np.pi
    rows[3, 0], rows[7, 1], rows[9, 2], rows[11, 3] = np.nan, np.inf, -np.inf, -0.0
    run = store.begin(spec)
    for first in range(0, 50, 7):
        store.append(run, EpochBatch(first + 1, rows[first : first + 7]))
    assert bits(store.log(run)) == bits_of(rows, spec)
    assert store.spec(run) == structs.replace(spec, trained=50)


def test_the_list_says_what_the_arrays_say(store: RunStore, path: Path) -> None:
    rows = rows_of(1000)
    rows[5, 0], rows[-1, 0] = -np.inf, np.nan
    first, second = keep(store, rows), keep(store, np.abs(rows[:4]))
    store.update(second, SPEC, Ended.DIVERGED, "loss is inf")
    newer, older = store.runs()
    assert (older.id, newer.id) == (first, second)
    finite = np.where(np.isfinite(rows[:, 0]), rows[:, 0], np.inf)
    assert (older.epochs, older.lowest_loss, older.lowest_epoch) == (
        1000,
        float(finite.min()),
        int(finite.argmin()) + 1,
    )
    assert np.isnan(older.final_loss)
    assert older.ended is Ended.RUNNING
    assert (newer.ended, newer.reason, newer.final_loss) == (Ended.DIVERGED, "loss is inf", abs(rows[3, 0]))
    assert (newer.model, newer.optimizer, newer.learning_rate) == ("w * x", "gradient_descent", 0.01)
    assert ask(path, "SELECT epochs, final_loss FROM run ORDER BY id") == [(1000, None), (4, abs(rows[3, 0]))]


def test_a_run_without_an_epoch_is_not_listed(store: RunStore) -> None:
    run = store.begin(SPEC)
    assert store.runs() == []
    store.append(run, EpochBatch(1, rows_of(1)))
    assert [one.id for one in store.runs()] == [run]
    store.begin(SPEC, run, 1)
    assert [one.id for one in store.runs()] == [run]


def test_what_a_branch_shares_is_stored_once(store: RunStore, path: Path) -> None:
    rows, other = rows_of(100), rows_of(30, 1)
    parent = keep(store, rows)
    branch = store.begin(SPEC, parent, 40)
    store.append(branch, EpochBatch(41, other))
    twig = store.begin(SPEC, branch, 50)
    store.append(twig, EpochBatch(51, other[:5]))
    joined = np.concatenate([rows[:40], other])
    assert bits(store.log(branch)) == bits_of(joined)
    assert bits(store.log(twig)) == bits_of(np.concatenate([joined[:50], other[:5]]))
    assert bits(store.log(parent)) == bits_of(rows)
    assert ask(path, "SELECT sum(epochs) FROM chunk") == [(100 + 30 + 5,)]
    summary = store.runs()[1]
    assert (summary.parent, summary.branch_epoch, summary.epochs) == (parent, 40, 70)
    losses = joined[:, 0]
    assert (summary.lowest_loss, summary.lowest_epoch) == (float(losses.min()), int(losses.argmin()) + 1)
    store.truncate(parent, 10)
    assert bits(store.log(parent)) == bits_of(rows[:10])
    assert bits(store.log(branch)) == bits_of(joined), "it keeps what it had in common"
    store.delete(parent)
    assert bits(store.log(branch)) == bits_of(joined)
    assert [one.id for one in store.runs()] == [twig, branch]
    store.restore(parent)
    assert [one.id for one in store.runs()] == [twig, branch, parent]


def test_epochs_that_are_known_are_left_out_and_a_gap_is_refused(store: RunStore) -> None:
    rows = rows_of(20)
    run = keep(store, rows[:10])
    store.append(run, EpochBatch(6, rows[5:15]))
    with pytest.raises(ValueError, match="next epoch is 16"):
        store.append(run, EpochBatch(17, rows[16:]))
    assert bits(store.log(run)) == bits_of(rows[:15])


def test_slow_runs_come_in_few_chunks(store: RunStore, path: Path) -> None:
    rows = rows_of(500)
    run = store.begin(SPEC)
    for epoch in range(500):
        store.append(run, EpochBatch(epoch + 1, rows[epoch : epoch + 1]))
    assert bits(store.log(run)) == bits_of(rows)
    assert ask(path, "SELECT count(*) FROM chunk") == [(1,)]


def test_name_note_and_star_last(path: Path) -> None:
    store = RunStore(path)
    run = keep(store, rows_of(3))
    store.rename(run, "the good one")
    store.annotate(run, "before the outlier")
    store.star(run)
    store.close()
    again = RunStore(path)
    (summary,) = again.runs()
    assert (summary.title, summary.note, summary.starred) == ("the good one", "before the outlier", True)
    again.rename(run, "")
    assert again.runs()[0].title == "w * x"
    again.close()


def test_a_transaction_that_an_error_ends_leaves_nothing(store: RunStore) -> None:
    run = keep(store, rows_of(3))

    def rename_and_fail() -> None:
        with store.transaction():
            store.rename(run, "half")
            store.append(run, EpochBatch(9, rows_of(1)))

    with pytest.raises(ValueError, match="the next epoch"):
        rename_and_fail()
    assert store.runs()[0].name == ""


def test_there_is_no_such_run(store: RunStore) -> None:
    with pytest.raises(RunStoreError, match="no run 7"):
        store.log(7)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["begin", "append", "branch", "truncate", "delete", "restore", "rename", "open"]),
            st.integers(0, 20),
            st.integers(0, 40),
        ),
        max_size=30,
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_against_a_model_in_memory(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    path = tmp_path_factory.mktemp("runs") / "runs.sqlite"
    store = RunStore(path)
    logs: dict[int, Rows] = {}
    deleted: set[int] = set()
    names: dict[int, str] = {}
    for number, (step, which, count) in enumerate(steps):
        known = sorted(logs)
        run = known[which % len(known)] if known else 0
        if step == "open":
            store.close()
            store = RunStore(path)
        elif step == "begin" or not known:
            logs[store.begin(SPEC)] = rows_of(0)
        elif step == "append" and count:
            new = rows_of(count, number)
            store.append(run, EpochBatch(len(logs[run]) + 1, new))
            logs[run] = np.concatenate([logs[run], new])
        elif step == "branch":
            epoch = min(count, len(logs[run]))
            logs[store.begin(SPEC, run, epoch)] = logs[run][:epoch]
        elif step == "truncate":
            store.truncate(run, count)
            logs[run] = logs[run][:count]
        elif step == "delete":
            store.delete(run)
            deleted.add(run)
        elif step == "restore":
            store.restore(run)
            deleted.discard(run)
        elif step == "rename":
            store.rename(run, names.setdefault(run, f"run {number}"))
    for run, rows in logs.items():
        assert bits(store.log(run)) == bits_of(rows)
    for summary in store.runs():
        rows = logs[summary.id]
        assert summary.id not in deleted
        assert summary.epochs == len(rows) > 0
        assert (summary.final_loss, summary.lowest_loss) == (rows[-1, 0], rows[:, 0].min())
        assert summary.title == names.get(summary.id, "w * x")
    assert store.problem == ""
    store.close()


PROCESS = """
import sys
from pathlib import Path
import numpy as np
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import RunStore
store = RunStore(Path(sys.argv[1]))
run = store.begin(RunSpec())
for epoch in range(1, int(sys.argv[2]) + 1):
    store.append(run, EpochBatch(epoch, np.full((1, 4), float(run))))
print(run, store.problem)
if len(sys.argv) > 3:
    sys.stdout.flush()
    sys.stdin.read()
store.close()
"""


def test_two_processes_keep_their_runs_in_the_same_file(path: Path) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", PROCESS, str(path), "200"], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert sorted(process.communicate(timeout=100)[0].strip() for process in processes) == ["1", "2"]
    store = RunStore(path)
    for run in (1, 2):
        assert store.log(run).column("loss").tolist() == [run] * 200
    store.close()


BUSY = """
import random
import sys
from pathlib import Path
import numpy as np
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import RunStore
generator = random.Random(int(sys.argv[2]))
store = RunStore(Path(sys.argv[1]))
epochs = {}
while True:
    run = generator.choice(list(epochs) or [0])
    match generator.choice("bbnaaaaaadt" if epochs else "n"):
        case "n":
            run = store.begin(RunSpec())
            epochs[run] = 0
        case "b":
            epoch = generator.randrange(epochs[run] + 1)
            run = store.begin(RunSpec(), run, epoch)
            epochs[run] = epoch
        case "a":
            first, count = epochs[run] + 1, generator.choice([1, 10, 5000])
            rows = np.repeat(np.arange(first, first + count, dtype=float)[:, None], 4, axis=1)
            store.append(run, EpochBatch(first, rows))
            epochs[run] += count
        case "d":
            store.delete(run)
            store.restore(run)
        case "t":
            epochs[run] = generator.randrange(epochs[run] + 1)
            store.truncate(run, epochs[run])
    print(run, epochs[run], flush=True)
"""


@pytest.mark.parametrize("seed", range(20))
def test_killed_at_any_moment_it_holds_what_it_said(path: Path, seed: int) -> None:
    process = subprocess.Popen([sys.executable, "-c", BUSY, str(path), str(seed)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(1 + 7 * seed)]
    process.kill()
    lines += process.communicate()[0].splitlines()
    said = {int(run): int(epochs) for run, epochs in map(str.split, lines)}
    store = RunStore(path)
    assert store.problem == ""
    kept = {run: store.log(run).column("w").tolist() for run in said}
    assert all(epochs == list(range(1, len(epochs) + 1)) for epochs in kept.values())
    others = [run for run, epochs in said.items() if len(kept[run]) != epochs]
    assert len(others) <= 1, "only what was in work has come further than was said"
    store.close()
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]


def test_interrupted_is_what_a_killed_process_left_and_is_said_once(path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(path), "5", "stay"],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    store = RunStore(path)
    own = keep(store, rows_of(2))
    assert [run.ended for run in store.runs()] == [Ended.RUNNING, Ended.RUNNING]
    assert store.take_interrupted() == []
    process.kill()
    process.communicate()
    assert [(run.id, run.ended) for run in store.runs()] == [(own, Ended.RUNNING), (1, Ended.INTERRUPTED)]
    (interrupted,) = store.take_interrupted()
    assert (interrupted.id, interrupted.epochs) == (1, 5)
    assert store.take_interrupted() == []
    assert store.runs()[1].ended is Ended.INTERRUPTED
    assert ask(path, "SELECT DISTINCT ended FROM run") == [("running",)]
    store.close()
