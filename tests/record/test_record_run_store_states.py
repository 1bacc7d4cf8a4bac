"""Any sequence of what windows do to the file of runs, against a model in memory.

RUN_STORE_EXAMPLES in the environment asks for more of them.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from msgspec import Struct, structs
from numpy.typing import NDArray

from gradgui.experiment.changes import LearningRateChange
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import Ended, RunReader, RunStore, RunStoreError

EXAMPLES = int(os.environ.get("RUN_STORE_EXAMPLES", "30"))
COUNTS = st.sampled_from([0, 1, 3, 40, 3000])
WINDOWS = st.integers(0, 1)
WHICH = st.integers(0, 1000)
ENDS = st.sampled_from([Ended.FINISHED, Ended.PAUSED, Ended.DIVERGED, Ended.RUNNING])


class KeptRun(Struct):
    """What a run must be."""

    spec: RunSpec
    rows: NDArray[np.float64]
    own_from: int
    window: int
    parent: int | None = None
    ended: Ended = Ended.RUNNING
    name: str = ""
    starred: bool = False
    deleted: bool = False


class RunsAgainstModel(RuleBasedStateMachine):
    """Two windows at once; a window that is opened again is another one."""

    @initialize(
        begun=st.lists(st.tuples(WINDOWS, st.none() | WHICH, COUNTS, COUNTS, ENDS), min_size=4, max_size=9),
    )
    def begin_to_keep(self, begun: list[tuple[int, int | None, int, int, Ended]]) -> None:
        """Begin with runs and branches: what follows is worth little without any."""
        self.folder = tempfile.TemporaryDirectory(prefix="gradgui-test-")
        self.path = Path(self.folder.name, "runs.sqlite")
        self.stores = [RunStore(self.path), RunStore(self.path)]
        self.windows = [0, 1]
        self.runs: dict[int, KeptRun] = {}
        self.seed = 0
        for window, parent, back, count, ended in begun:
            if parent is None or not self.runs:
                self.begin(window, count)
            else:
                self.branch(window, parent, back, count)
            self.change(window, -1, ended)

    def chosen(self, which: int) -> tuple[int, KeptRun]:
        number = sorted(self.runs)[which % len(self.runs)]
        return number, self.runs[number]

    def has_runs(self) -> bool:
        return bool(getattr(self, "runs", None))

    @rule(window=WINDOWS, count=COUNTS)
    def begin(self, window: int, count: int) -> None:
        run = self.stores[window].begin(RunSpec())
        assert run not in self.runs
        self.runs[run] = KeptRun(RunSpec(), np.empty((0, 4)), 0, self.windows[window])
        self.append(window, -1, count)

    @precondition(has_runs)
    @rule(window=WINDOWS, which=WHICH, count=COUNTS)
    def append(self, window: int, which: int, count: int) -> None:
        number, run = self.chosen(which)
        if count:
            self.seed += 1
            rows = np.random.default_rng(self.seed).normal(size=(count, 4)).astype(np.float32).astype(np.float64)
            self.stores[window].append(number, EpochBatch(len(run.rows) + 1, rows))
            run.rows = np.concatenate([run.rows, rows])

    @precondition(has_runs)
    @rule(window=WINDOWS, which=WHICH, back=COUNTS, count=COUNTS)
    def branch(self, window: int, which: int, back: int, count: int) -> None:
        parent, run = self.chosen(which)
        epoch = max(len(run.rows) - back, 0)
        spec = RunSpec(DEFAULT_EXPERIMENT, (LearningRateChange(epoch, 0.5),))
        number = self.stores[window].begin(spec, parent, epoch)
        assert number not in self.runs
        self.runs[number] = KeptRun(spec, run.rows[:epoch], epoch, self.windows[window], parent)
        self.append(window, -1, count)

    @precondition(has_runs)
    @rule(window=WINDOWS, which=WHICH, ended=ENDS)
    def change(self, window: int, which: int, ended: Ended) -> None:
        number, run = self.chosen(which)
        change = LearningRateChange(len(run.rows), 0.25)
        run.spec, run.ended = RunSpec(DEFAULT_EXPERIMENT, (change,)), ended
        run.window = self.windows[window]
        self.stores[window].update(number, run.spec, ended)

    @precondition(has_runs)
    @rule(window=WINDOWS, which=WHICH, back=COUNTS)
    def truncate(self, window: int, which: int, back: int) -> None:
        number, run = self.chosen(which)
        epochs = max(len(run.rows) - back, 0)
        self.stores[window].truncate(number, epochs)
        run.rows, run.own_from = run.rows[:epochs], min(run.own_from, epochs)
        for other in self.runs.values():
            if other.parent == number:
                other.own_from = min(other.own_from, epochs)

    @precondition(has_runs)
    @rule(
        window=WINDOWS,
        which=WHICH,
        done=st.sampled_from(["delete", "delete", "restore", "star", "take the star", "rename"]),
        name=st.sampled_from(["", "good", "β ′", "x" * 500]),
    )
    def do_by_hand(self, window: int, which: int, done: str, name: str) -> None:
        number, run = self.chosen(which)
        store = self.stores[window]
        if done == "rename":
            run.name = name
            store.rename(number, name)
        elif done in {"star", "take the star"}:
            run.starred = done == "star"
            store.star(number, run.starred)
        else:
            run.deleted = done == "delete"
            (store.delete if run.deleted else store.restore)(number)

    @rule(window=WINDOWS, limit=st.sampled_from([0, 40_000, 100_000, 10**9]))
    def keep_at_most(self, window: int, limit: int) -> None:
        listed, stay = self.listed(), self.in_use()
        order = [number for number, run in self.runs.items() if run.deleted and not run.starred]
        order += [number for number, run in self.runs.items() if not (run.deleted or run.starred)]
        order = [number for number in order if number not in stay]
        gone = [run.id for run in self.stores[window].keep_at_most(limit)]
        left = {number for number in self.runs if self.is_there(self.stores[0], number)}
        count = sum(number not in left for number in order)
        assert [number for number in self.runs if number not in left] == sorted(order[:count]), "first in order"
        assert gone == [number for number in sorted(order[:count]) if number in listed]
        if limit == 0:
            assert count == len(order)
        if limit == 10**9:
            assert count == 0
        self.forgotten(left)

    @rule(window=WINDOWS, done=st.sampled_from(["close", "close", "kill", "kill", "close both", "forget all"]))
    def end(self, window: int, done: str) -> None:
        """Close windows, as is asked or not at all, and open others; or forget everything."""
        store, other = self.stores[window], self.stores[1 - window]
        if done == "forget all":
            listed, stay = self.listed(), self.in_use()
            gone = store.forget_all()
            assert [run.id for run in gone] == [number for number in listed if number not in stay]
            self.forgotten(stay)
            return
        if done == "close both":
            other.close()
        if done.startswith("close"):
            store.purge()  # does nothing while the other window is there, which may bring them back
        store.close()
        if done == "close both":
            self.forgotten({number for number, run in self.runs.items() if not run.deleted})
            self.windows[1 - window] = max(self.windows) + 1
            self.stores[1 - window] = RunStore(self.path)
        self.windows[window] = max(self.windows) + 1
        self.stores[window] = RunStore(self.path)

    @rule()
    def look(self) -> None:
        """See that every run is what it must be, to the last bit, for a window and for a mere reader."""
        with RunReader(self.path) as reader:
            for store in (self.stores[0], reader):
                for number, run in self.runs.items():
                    self.compare(store, number, run)
                found = {summary.id: summary for summary in store.runs()}
                assert sorted(found) == self.listed()
                for number, summary in found.items():
                    run = self.runs[number]
                    is_dead = run.ended is Ended.RUNNING and run.window not in self.windows
                    assert summary.ended is (Ended.INTERRUPTED if is_dead else run.ended)
                    assert (summary.name, summary.starred, summary.epochs) == (run.name, run.starred, len(run.rows))
                    losses = run.rows[:, 0]
                    assert (summary.final_loss, summary.lowest_loss) == (losses[-1], losses.min())
                    assert summary.lowest_epoch == losses.argmin() + 1

    def compare(self, store: RunStore | RunReader, number: int, run: KeptRun) -> None:
        assert store.spec(number) == structs.replace(run.spec, trained=len(run.rows))
        log = store.log(number)
        assert len(log) == len(run.rows)
        for place, name in enumerate(("loss", "w", "w_grad")):
            assert log.column(name).tobytes() == run.rows[:, place].astype(np.float32).tobytes()
        assert log.column("lr").tobytes() == run.rows[:, 3].tobytes()

    def listed(self) -> list[int]:
        return [number for number, run in self.runs.items() if len(run.rows) > run.own_from and not run.deleted]

    def in_use(self) -> set[int]:
        own = {
            window: [number for number, run in self.runs.items() if run.window == window] for window in self.windows
        }
        running = {
            number for numbers in own.values() for number in numbers if self.runs[number].ended is Ended.RUNNING
        }
        return running | {numbers[-1] for numbers in own.values() if numbers}

    @staticmethod
    def is_there(store: RunStore | RunReader, number: int) -> bool:
        try:
            store.spec(number)
        except RunStoreError:
            return False
        return True

    def forgotten(self, left: set[int]) -> None:
        with RunReader(self.path) as reader:
            assert left == {number for number in self.runs if self.is_there(reader, number)}
        self.runs = {number: run for number, run in self.runs.items() if number in left}

    def teardown(self) -> None:
        with suppress(AttributeError):
            try:
                self.look()
                assert [store.problem for store in self.stores] == ["", ""]
                self.stores[0].forget_all()
                (check,) = self.stores[0].database.execute("PRAGMA integrity_check").fetchone()
                assert check == "ok"
                alone = (
                    "SELECT count(*) FROM run WHERE deleted = 2"
                    " AND id NOT IN (SELECT parent FROM run WHERE parent NOT NULL)"
                )
                assert self.stores[0].database.execute(alone).fetchone() == (0,), "rows that nobody shares"
                orphans: Any = "SELECT count(*) FROM chunk WHERE run NOT IN (SELECT id FROM run)"
                assert self.stores[0].database.execute(orphans).fetchone() == (0,)
            finally:
                for store in self.stores:
                    store.close()
                self.folder.cleanup()


TestRunsAgainstModel = RunsAgainstModel.TestCase
TestRunsAgainstModel.settings = settings(max_examples=EXAMPLES, stateful_step_count=25, deadline=None)
