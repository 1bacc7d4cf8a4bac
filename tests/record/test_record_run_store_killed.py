"""Killed at any moment: every epoch that was acknowledged is there, and training goes on to the same bits.

KILLED_PROCESSES in the environment asks for more of them.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gradgui.engine.run import Run
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import Ended, RunStore, RunStoreError
from gradgui.record.run_store.chunks import layout_of, pack

KILLED = int(os.environ.get("KILLED_PROCESSES", "40"))
FURTHER = 15
"""Epochs that the newest runs are trained on."""
TRAINED_ON, TRAINED = 2, 6
"""So many of the newest runs are trained on, and so many trained again."""

HALF_DONE = """
SELECT id FROM run WHERE epochs - shared != (SELECT coalesce(sum(epochs), 0) FROM chunk WHERE chunk.run = run.id)
UNION SELECT id FROM run WHERE id NOT IN (SELECT run FROM spec)
UNION SELECT run FROM chunk WHERE run NOT IN (SELECT id FROM run)
"""
"""Runs of which a part of a change is there and another part is not."""

pytestmark = pytest.mark.timeout(max(300, 10 * KILLED))


@pytest.fixture(scope="module")
def killer() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(Path(__file__).with_name("process_to_kill.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def killed(killer: subprocess.Popen[str], path: Path, seed: int) -> list[Any]:
    """Have a process work on a file until it is killed; gives what it had acknowledged."""
    assert killer.stdin
    assert killer.stdout
    killer.stdin.write(f"{path} {seed}\n")
    killer.stdin.flush()
    ended_by, said = json.loads(killer.stdout.readline())
    assert ended_by == signal.SIGKILL, "it did not end by itself"
    return list(said)


def acknowledged(said: list[Any]) -> tuple[dict[int, int], bool]:
    """Give how many epochs each run has at least, and whether any of them may have been going."""
    epochs: dict[int, int] = {}
    for line in said:
        if line == "going":
            continue
        if "left" in line:
            epochs = {run: count for run, count in epochs.items() if run in line["left"]}
        else:
            epochs[line["run"]] = line["epochs"]
    return epochs, said[-1:] == ["going"]


@pytest.mark.parametrize("seed", range(KILLED))
def test_killed_while_it_trains_writes_shrinks_deletes_branches(
    killer: subprocess.Popen[str], tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "runs.sqlite"
    for again in range(2 if seed % 8 == 0 else 1):  # the second one meets what the first one left
        said = killed(killer, path, 1000 * again + seed)
        epochs, were_going = acknowledged(said)
        with closing(sqlite3.connect(path)) as database:
            assert database.execute(HALF_DONE).fetchall() == []
        with closing(RunStore(path)) as store:
            assert store.problem == ""
            missing = []
            for run, count in epochs.items():
                try:
                    trained = store.spec(run).trained
                except RunStoreError:
                    missing.append(run)
                    continue
                assert trained >= count
            assert were_going or not missing
            for place, summary in enumerate(store.runs()):
                assert len(store.log(summary.id)) == summary.epochs
                if place < TRAINED:
                    assert_goes_on(store, summary.id, FURTHER if place < TRAINED_ON else 0)
                assert summary.ended in {Ended.INTERRUPTED, Ended.FINISHED, Ended.RUNNING}
            kept = {run.id for run in store.take_interrupted()}
            assert kept <= {run.id for run in store.runs()}
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def assert_goes_on(store: RunStore, run: int, further: int) -> None:
    """See that what is kept is the beginning of the straight run, and that training goes on to the rest of it."""
    spec, log = store.spec(run), store.log(run)
    experiment = spec.experiment
    layout = layout_of(experiment)
    assert len(log) == spec.trained
    straight = Run(experiment, spec.interventions).train(spec.trained + further)
    kept = {name: log.column(name).tobytes() for name in log.columns.names}
    for place, name in enumerate(log.columns.names):
        column = straight.rows[: spec.trained, place].astype(log.column(name).dtype)
        assert kept[name] == column.tobytes(), f"{name} of run {run}"
    if further:
        resumed = Run(experiment, spec.interventions)
        resumed.train(spec.trained)
        rest = resumed.train(further)
        assert pack(rest.rows, layout) == pack(straight.rows[spec.trained :], layout)
        store.append(run, EpochBatch(spec.trained + 1, rest.rows))
        assert len(store.log(run)) == spec.trained + further
