"""Runs out of the file: one long CSV and the final parameters, written here a second time, number by number."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment, Parameter
from gradgui.experiment.optimizers import Adam
from gradgui.experiment.run_spec import RunSpec
from gradgui.record.batch import EpochBatch
from gradgui.record.csv_file import DECIMAL_COMMA, csv_chunks
from gradgui.record.run_store import RunReader, RunStore, RunStoreError
from gradgui.record.run_store.final_parameters import final_parameters_json
from gradgui.record.run_store.long_csv import long_csv_chunks

MODELS = {"w * x": "w", "w*x + b": "wb", "b*x + w": "bw", "a*x**2 + b*x": "ab", "run*x + β": ("run", "β")}


def spec_of(model: str, dtype: str = "float32") -> RunSpec:
    parameters = tuple(Parameter(name, 0.5) for name in MODELS[model])
    return RunSpec(Experiment(model, parameters, Data((1.0, 2.0), (2.0, 4.0)), dtype=dtype))  # type: ignore[arg-type]


def random_rows(spec: RunSpec, epochs: int, seed: int) -> NDArray[np.float64]:
    generator = np.random.default_rng(seed)
    rows = generator.normal(size=(epochs, len(spec.experiment.columns))) * 10.0 ** generator.integers(-30, 30)
    rows.flat[generator.integers(0, rows.size, rows.size // 4)] = generator.choice([np.nan, np.inf, -np.inf, -0.0, 1])
    return rows if spec.experiment.dtype == "float64" else rows.astype(np.float32).astype(np.float64)


def by_hand(runs: dict[int, tuple[RunSpec, NDArray[np.float64]]], header: list[str]) -> str:
    """Write the file as one would who has never seen the program's."""
    lines = [",".join(header)]
    for number, (spec, rows) in runs.items():
        names = list(spec.experiment.columns.names)
        scalar = np.float32 if spec.experiment.dtype == "float32" else np.float64
        for epoch, row in enumerate(rows, 1):
            cells = [str(number), str(epoch)]
            for name in header[2:]:
                value = row[names.index(name)] if name in names else None
                cells.append("" if value is None else str(np.float64(value) if name == "lr" else scalar(value)))
            lines.append(",".join(cells))
    return "".join(f"{line}\r\n" for line in lines)


@given(
    st.lists(
        st.tuples(st.sampled_from([*MODELS]), st.sampled_from(["float32", "float64"]), st.integers(1, 40)),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 9),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_long_table_row_by_row(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[tuple[str, str, int]],
    rows_per_chunk: int,
    generator: object,
) -> None:
    path = tmp_path_factory.mktemp("runs") / "runs.sqlite"
    with closing(RunStore(path)) as store:
        kept = {}
        for seed, (model, dtype, epochs) in enumerate(drawn):
            spec = spec_of(model, dtype)
            run = store.begin(spec)
            kept[run] = (spec, random_rows(spec, epochs, seed))
            store.append(run, EpochBatch(1, kept[run][1]))
        generator.shuffle(order := [*kept])  # type: ignore[attr-defined]
        names: list[str] = []
        for run in order:
            names += [f"{name}{end}" for name in MODELS[kept[run][0].experiment.model] for end in ("", "_grad")]
        header = ["RUN" if "run" in names else "run", "epoch", "loss", *dict.fromkeys(names), "lr"]
        pieces = list(long_csv_chunks(store, order, rows_per_chunk=rows_per_chunk))
        assert "".join(text for text, _ in pieces) == by_hand({run: kept[run] for run in order}, header)
        counts = [rows for _, rows in pieces]
        assert counts == sorted(counts)
        assert counts[-1] == sum(len(rows) for _, rows in kept.values())


def test_a_single_run_has_the_cells_of_its_own_file_in_any_style(tmp_path: Path) -> None:
    spec = replace(spec_of("w*x + b"), experiment=replace(spec_of("w*x + b").experiment, optimizer=Adam()))
    with closing(RunStore(tmp_path / "runs.sqlite")) as store:
        run = store.begin(spec)
        store.append(run, EpochBatch(1, random_rows(spec, 50, 3)))
        long = "".join(text for text, _ in long_csv_chunks(store, [run], DECIMAL_COMMA)).splitlines()
        own = "".join(text for text, _ in csv_chunks(store.log(run).snapshot(), DECIMAL_COMMA)).splitlines()
    assert long == [f"run;{own[0]}", *(f"{run};{line}" for line in own[1:])]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_final_parameters_read_back_to_the_same_bits(tmp_path: Path, dtype: str) -> None:
    spec = spec_of("w*x + b", dtype)
    store = RunStore(tmp_path / "runs.sqlite")
    kept = {}
    for seed in range(30):
        run = store.begin(spec)
        kept[run] = random_rows(spec, 5, seed)
        store.append(run, EpochBatch(1, kept[run]))
    store.rename(3, 'a "name", β')
    text = final_parameters_json(store, store.runs())
    found = json.loads(text, parse_constant=pytest.fail)["runs"]
    store.close()
    assert [one["run"] for one in found] == sorted(kept)
    assert found[2]["name"] == 'a "name", β'
    assert (found[0]["model"], found[0]["dtype"], found[0]["epochs"]) == ("w*x + b", dtype, 5)
    for one in found:
        loss, w, _, b, _, rate = kept[one["run"]][-1]
        given_back = [one["loss"], one["parameters"]["w"], one["parameters"]["b"], one["learning_rate"]]
        assert {type(value) for value in given_back} <= {float, str}
        dtypes = [dtype, dtype, dtype, "float64"]
        for value, expected, kind in zip(given_back, (loss, w, b, rate), dtypes, strict=True):
            assert np.array(float(value), kind).tobytes() == np.array(expected, kind).tobytes()
            assert isinstance(value, str) == (not np.isfinite(expected))


READING = """
import sys
from pathlib import Path
from gradgui.record.run_store import RunReader
with RunReader(Path(sys.argv[1])) as reader:
    for line in sys.stdin:
        print([(run.id, run.epochs, len(reader.log(run.id)), run.ended.value) for run in reader.runs()], flush=True)
"""


def test_a_reader_sees_what_a_window_writes_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    spec = spec_of("w * x")
    store = RunStore(path)
    run = store.begin(spec)
    store.append(run, EpochBatch(1, random_rows(spec, 5, 0)))
    files = sorted(os.listdir(tmp_path))
    command = [sys.executable, "-c", READING, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        for epochs in (5, 6, 9):
            if epochs > 5:
                first = len(store.log(run)) + 1
                store.append(run, EpochBatch(first, random_rows(spec, epochs - first + 1, epochs)))
            process.stdin.write("\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"[({run}, {epochs}, {epochs}, 'running')]\n"
            assert sorted(os.listdir(tmp_path)) == files, "no lock of its own"
        process.communicate()
    assert store.problem == ""
    store.close()
    with RunReader(path) as reader:
        assert [one.ended.value for one in reader.runs()] == ["interrupted"], "nobody holds its lock any more"
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.database.execute("DELETE FROM run")
    assert os.listdir(tmp_path) == ["runs.sqlite"]


def test_a_reader_of_what_is_no_file_of_runs(tmp_path: Path) -> None:
    def refused(path: Path) -> str:
        with pytest.raises(RunStoreError) as raised:
            RunReader(path)
        return str(raised.value)

    path = tmp_path / "runs.sqlite"
    assert refused(path) == f"there is no file {path}"
    assert refused(tmp_path) == f"{tmp_path} is no file of runs"
    path.write_text("somebody's own words, and long enough for a page\n" * 1000)
    assert refused(path) == f"{path} is no file of runs"
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE other (thing)")
    assert refused(path) == f"{path} is no file of runs"
    path.unlink()
    RunStore(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 9")
    assert "has version 9; this program reads up to version " in refused(path)
    assert os.listdir(tmp_path) == ["runs.sqlite"]


def test_a_reader_of_a_folder_in_which_nothing_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "runs.sqlite"
    spec = spec_of("w * x")
    with closing(RunStore(path)) as store:
        store.append(store.begin(spec), EpochBatch(1, random_rows(spec, 5, 0)))
    (tmp_path / "runs.sqlite-shm").symlink_to(tmp_path)  # so root cannot either
    with RunReader(path) as reader:
        assert [run.epochs for run in reader.runs()] == [5]
