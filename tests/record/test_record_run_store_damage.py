"""A file of runs that is damaged, too new or not to be written: what is whole is there, a sentence says the rest."""

import hashlib
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import monotonic

import numpy as np
import pytest
from numpy.typing import NDArray

from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import Ended, RunReader, RunStore, RunStoreError
from gradgui.record.run_store.database import VERSION

Rows = NDArray[np.float64]
RUNS = 12
DATA = Path(__file__).parents[1] / "data"
VERSION_1 = ("db587d63a6149d5e", "439f690e43791357", "09e43fa152417f89")
"""SHA-256 of the columns of the three runs, taken when their file was written."""
PAGE = 4096


class Original:
    """A file of runs as a process leaves it that is killed, and what was put into it."""

    def __init__(self, folder: Path) -> None:
        generator = np.random.default_rng(0)
        path = folder / "runs.sqlite"
        store = RunStore(path)
        self.rows: dict[int, Rows] = {}
        for number in range(RUNS):
            parent = number if number in {5, 9} else None
            epoch = min(20, len(self.rows[number])) if parent else 0
            run = store.begin(RunSpec(), parent, epoch)
            own = generator.normal(size=(int(generator.integers(30, 2000)), 4)).astype(np.float32).astype(np.float64)
            for first in range(0, len(own), 400):
                store.append(run, EpochBatch(epoch + first + 1, own[first : first + 400]))
            self.rows[run] = np.concatenate([self.rows[parent][:epoch], own]) if parent else own
        self.content, self.ahead = path.read_bytes(), path.with_name("runs.sqlite-wal").read_bytes()
        store.close()
        self.closed = path.read_bytes()

    def count_whole(self, path: Path) -> tuple[int, str]:
        """Open a file, see that all that is there is right, and give how many runs are whole and what is said."""
        began = monotonic()
        store = RunStore(path)
        assert monotonic() - began < 2 * 5, "two seconds, on a machine that does five things at once"
        whole = 0
        for summary in store.runs():
            try:
                log = store.log(summary.id)
            except RunStoreError:
                continue
            rows = self.rows[summary.id]
            assert log.column("w").tobytes() == rows[: len(log), 1].astype(np.float32).tobytes()
            whole += len(log) == len(rows)
        problem = store.problem
        new = store.begin(RunSpec())
        store.append(new, EpochBatch(1, np.ones((1, 4))))
        assert store.log(new).column("loss").tolist() == [1.0], "and there it goes on"
        store.close()
        return whole, problem


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    return Original(tmp_path_factory.mktemp("original"))


def test_power_loss_at_any_place_of_what_is_written_ahead(original: Original, tmp_path: Path) -> None:
    counts = []
    for number, length in enumerate(range(0, len(original.ahead), max(len(original.ahead) // 40, 1))):
        path = tmp_path / f"{number}" / "runs.sqlite"
        path.parent.mkdir()
        path.write_bytes(original.content)
        path.with_name("runs.sqlite-wal").write_bytes(original.ahead[:length])
        whole, problem = original.count_whole(path)
        counts.append(whole)
        assert problem == ""
    assert counts == sorted(counts)
    assert counts[-1] >= RUNS - 1


def test_a_file_that_ends_too_soon_has_what_stands_before(original: Original, tmp_path: Path) -> None:
    for number, length in enumerate(range(0, len(original.closed), len(original.closed) // 15)):
        path = tmp_path / f"{number}" / "runs.sqlite"
        path.parent.mkdir()
        path.write_bytes(original.closed[:length])
        whole, problem = original.count_whole(path)
        if 0 < length <= len(original.closed) - PAGE:
            assert "set aside" in problem
            (aside,) = path.parent.glob("runs damaged 2*.sqlite")
    assert whole >= RUNS // 2
    with closing(sqlite3.connect(aside)):
        pass


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_at_any_place(original: Original, tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)
    for number in range(20):
        content = bytearray(original.closed)
        place = generator.randrange(len(content) if number % 2 else 4 * PAGE)
        length = min(generator.choice([1, 16, 1000, PAGE]), len(content) - place)
        content[place : place + length] = generator.randbytes(length)
        path = tmp_path / f"{number}" / "runs.sqlite"
        path.parent.mkdir()
        path.write_bytes(content)
        whole, _ = original.count_whole(path)
        if place >= 8 * PAGE and length <= 16:
            assert whole >= RUNS - 3, "one bad run takes its branch with it, but never the others"


def test_a_file_that_is_none_is_set_aside_with_its_date(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    path.write_text("no database, but somebody's own words, and long enough\n" * 100)
    store = RunStore(path)
    (aside,) = tmp_path.glob("runs damaged 2*-*-* *.*.*.sqlite")
    assert aside.read_text().startswith("no database")
    assert store.problem == (
        f"The file of runs was damaged; it was set aside as {aside.name}, and 0 of its runs could be read."
    )
    assert store.begin(RunSpec()) == 1
    store.close()


def test_a_damaged_file_that_another_process_writes_stays_where_it_is(original: Original, tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    path.write_bytes(original.closed)
    first = RunStore(path)
    with path.open("r+b") as file:
        file.write(b"damaged all over" * PAGE)
    second = RunStore(path)
    assert second.problem.startswith(f"Runs are not being kept in {path}: the file is damaged")
    assert list(tmp_path.glob("* damaged *")) == []
    second.close()
    first.close()


def test_a_damaged_chunk_stays_damaged_when_rows_follow(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    store = RunStore(path)
    run = store.begin(RunSpec())
    store.append(run, EpochBatch(1, np.ones((10, 4))))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE chunk SET rows = zeroblob(length(rows))")
    store.append(run, EpochBatch(11, np.ones((5, 4))))
    assert len(store.log(run)) == 0, "zeros were never trained"
    store.close()


def test_a_newer_file_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    RunStore(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 9")
    store = RunStore(path)
    assert store.problem == (
        f"Runs are not being kept in {path}: it has version 9; this program reads up to version {VERSION}."
    )
    assert (store.begin(RunSpec()), store.runs()) == (0, [])
    store.append(0, EpochBatch(1, np.ones((1, 4))))
    store.close()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (9,)


def test_where_there_is_no_shared_memory_it_does_without(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    store = RunStore(path)
    run = store.begin(RunSpec())
    store.append(run, EpochBatch(1, np.ones((3, 4))))
    store.close()
    path.with_name("runs.sqlite-shm").symlink_to(tmp_path)  # nothing can be mapped there, as on a network folder
    store, second = RunStore(path), RunStore(path)
    assert (store.problem, second.problem) == ("", "")
    store.append(run, EpochBatch(4, np.ones((3, 4))))
    second.append(run, EpochBatch(7, np.ones((3, 4))))
    assert len(store.log(run)) == 9
    store.close()
    second.close()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = RunStore(tmp_path / "file" / "runs.sqlite")
    assert store.problem.startswith("Runs are not being kept in ")
    assert store.problem.count(".") == store.problem.count("runs.sqlite") + 1
    assert (store.begin(RunSpec()), store.runs(), store.take_interrupted()) == (0, [], [])
    store.rename(1, "nothing")
    store.close()


FILL = """
import sys
from pathlib import Path
import numpy as np
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.run_store import RunStore
store = RunStore(Path(sys.argv[1]))
run = store.begin(RunSpec())
kept = 0
for epoch in range(1, 100_000, 1000):
    store.append(run, EpochBatch(epoch, np.full((1000, 4), 1.0)))
    kept += 1000 * store.is_open
print(kept)
print(store.problem)
"""


LIMIT = 600_000
"""Bytes of a disk, or of a file, that is soon full."""


def tmpfs_command() -> list[str] | None:
    """Give what runs a program with a small disk of its own at ``/mnt``, None where that is not allowed."""
    for namespaces in ("-rm", "-m"):  # whoever is root needs no users of one's own, and may not be allowed any
        mount = f'mount -t tmpfs -o size={LIMIT} tmpfs /mnt && exec "$@"'
        command = ["unshare", namespaces, "sh", "-c", mount, "sh"]
        if (
            shutil.which("unshare")
            and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
        ):
            return command
    return None


def test_a_full_disk_is_one_sentence_and_what_was_kept_stays(tmp_path: Path) -> None:
    command = tmpfs_command()
    path = "/mnt/GradGUI/runs.sqlite" if command else str(tmp_path / "runs.sqlite")
    program = FILL + "store.close()\nprint(sum(len(store.log(1)) for store in [RunStore(Path(sys.argv[1]))]))"
    if command is None:  # a disk of one's own is not allowed here: SQLite's own limit looks the same to the store
        program = program.replace("run = ", 'store.database.execute("PRAGMA max_page_count = 150")\nrun = ', 1)
    command = [*(command or []), sys.executable, "-c", program, path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    kept, problem, found = done.stdout.splitlines()
    assert problem == f"Runs are not being kept in {path}: the disk is full."
    assert found == kept
    assert int(kept) > 0


def test_a_file_that_may_not_grow_is_one_sentence_and_what_was_kept_stays(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT)),
        capture_output=True,
        text=True,
        check=True,
    )
    kept, problem = done.stdout.splitlines()  # the system writes no further than the limit
    assert problem.startswith(f"Runs are not being kept in {path}: the disk ")
    store = RunStore(path)
    (summary,) = store.runs()
    assert len(store.log(summary.id)) == summary.epochs == int(kept) > 0
    store.close()


@pytest.mark.parametrize("seed", range(4))
def test_a_mere_reader_of_a_damaged_file_says_so_or_reads_what_is_whole(
    original: Original, tmp_path: Path, seed: int
) -> None:
    generator = random.Random(100 + seed)
    path = tmp_path / "runs.sqlite"
    whole = refused = 0
    for number in range(25):
        content = bytearray(original.closed)
        place = generator.randrange(len(content) if number % 2 else 4 * PAGE)
        length = min(generator.choice([1, 16, 1000, PAGE]), len(content) - place)
        content[place : place + length] = generator.randbytes(length)
        path.write_bytes(content)
        try:
            with RunReader(path) as reader:
                for summary in reader.runs():
                    log = reader.log(summary.id)
                    rows = original.rows[summary.id]
                    assert log.column("w").tobytes() == rows[: len(log), 1].astype(np.float32).tobytes()
                    reader.last_row(summary.id)
                    whole += len(log) == len(rows)
        except RunStoreError:
            refused += 1
        assert path.read_bytes() == content, "it changes nothing"
    assert whole > 25
    assert refused < 25


def test_a_file_of_the_first_version_is_read_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    shutil.copy(DATA / "runs_version_1.sqlite", path)
    known = {1: VERSION_1[0], 2: VERSION_1[1], 3: VERSION_1[2]}
    store = RunStore(path)
    assert store.problem == ""
    lesson, branch, line = reversed(store.runs())
    assert (lesson.name, lesson.epochs, lesson.ended) == ("the lesson", 20, Ended.FINISHED)
    assert (branch.parent, branch.branch_epoch, branch.epochs, branch.starred) == (1, 10, 35, True)
    assert (branch.ended, branch.reason) == (Ended.DIVERGED, "loss is inf at epoch 35")
    assert (line.model, line.optimizer, line.note, line.ended) == (
        "w*x + b",
        "adam",
        "interrupted",
        Ended.INTERRUPTED,
    )
    for run, expected in known.items():
        log = store.log(run)
        content = b"".join(log.column(name).tobytes() for name in log.columns.names)
        assert hashlib.sha256(content).hexdigest()[:16] == expected
    store.keep_checkpoint(3, 30, b"a state")
    assert store.checkpoints(3) == (b"a state",)
    assert store.database.execute("PRAGMA user_version").fetchone() == (VERSION,)
    store.append(3, EpochBatch(31, np.ones((5, len(store.spec(3).experiment.columns)))))
    store.restore(4)
    store.delete(1)
    store.purge()
    assert [(run.id, run.epochs) for run in store.runs()] == [(4, 5), (3, 35), (2, 35)]
    assert len(store.log(2)) == 35
    assert store.problem == ""
    store.close()
