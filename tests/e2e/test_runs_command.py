"""``gradgui runs``: the runs that are kept, in the terminal."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QStandardPaths

from gradgui.experiment.changes import LearningRateChange
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Parameter
from gradgui.experiment.optimizers import Adam
from gradgui.experiment.run_spec import RunSpec
from gradgui.platform import data_folder
from gradgui.record.run_store import RunStore
from tests.e2e.test_command_line import gradgui, modules_in, refusal, run
from tests.record.kept import fill, keep_trained

LESSON = RunSpec(DEFAULT_EXPERIMENT)
LINE = RunSpec(
    replace(
        DEFAULT_EXPERIMENT,
        model="w*x + β",
        parameters=(Parameter("w", 0.5), Parameter("β", -1.0)),
        optimizer=Adam(),
        dtype="float64",
    )
)
TOO_FAST = RunSpec(DEFAULT_EXPERIMENT, (LearningRateChange(10, 0.5),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three runs: the lesson, a line, and a branch of the lesson that diverges."""
    folder = tmp_path / "data" / "GradGUI"
    folder.mkdir(parents=True)
    path = folder / "runs.sqlite"
    fill(path, [(LESSON, 20), (LINE, 30)])
    with closing(RunStore(path)) as store:
        run = keep_trained(store, TOO_FAST, 200, 1, 10)
        store.rename(run, "too fast")
        store.annotate(run, "what 0.5 does")
        store.star(run)
    return path


def runs(path: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Ask as a person does whose runs these are."""
    return gradgui("runs", *arguments, XDG_DATA_HOME=str(path.parents[1]))


def test_the_list_is_the_newest_first(path: Path) -> None:
    done = runs(path)
    assert (done.returncode, done.stderr) == (0, "")
    header, *lines = done.stdout.splitlines()
    assert header.split() == ["run", "name", "loss", "optimizer", "rate", "epochs", "final", "loss", "ended", "when"]
    cells = [line.split("  ") for line in lines]
    found = [[cell.strip() for cell in row if cell][:-1] for row in cells]
    assert found == [
        ["3", "too fast", "(y - y_pred)**2", "gradient descent", "0.01", "35", "inf", "finished"],
        ["2", "w*x + β", "(y - y_pred)**2", "adam", "0.01", "30", found[1][6], "finished"],
        ["1", "w * x", "(y - y_pred)**2", "gradient descent", "0.01", "20", "0.062", "finished"],
    ]
    assert os.listdir(path.parent) == ["runs.sqlite"], "it leaves nothing behind"


def test_show_tells_what_decided_a_run_and_what_came_of_it(path: Path) -> None:
    done = runs(path, "show", "3")
    assert (done.returncode, done.stderr) == (0, "")
    heading, *lines = done.stdout.splitlines()
    assert heading == "Run 3: too fast (starred)"
    facts = dict(line.strip().split(":", 1) for line in lines)
    assert {name: text.strip() for name, text in facts.items() if name != "began"} == {
        "model": "y = w * x",
        "start": "w = 0",
        "data": "4 points",
        "loss": "(y - y_pred)**2",
        "optimizer": "gradient descent",
        "learning rate": "0.01",
        "numbers": "float32",
        "changed": "after epoch 10: learning rate 0.5",
        "branch": "of run 1, after epoch 10",
        "epochs": "35",
        "ended": "finished",
        "final loss": "inf",
        "lowest loss": "1.1627856 at epoch 11",
        "parameters": "w = 8.2804335e+19",
        "note": "what 0.5 does",
    }
    both = runs(path, "show", "2", "1").stdout
    assert both.startswith("Run 2\n")
    assert "\n\nRun 1\n" in both


def test_the_csv_of_one_run_is_that_of_train_with_its_number(path: Path, tmp_path: Path) -> None:
    assert gradgui("train", "--csv", tmp_path / "train.csv").returncode == 0
    own = (tmp_path / "train.csv").read_bytes().split(b"\r\n")
    done = runs(path, "--csv", tmp_path / "runs.csv", "1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    lines = (tmp_path / "runs.csv").read_bytes().split(b"\r\n")
    assert lines == [b"run," + own[0], *(b"1," + line for line in own[1:-1]), b""]


def test_the_script_writes_the_csv_byte_for_byte(path: Path, tmp_path: Path) -> None:
    assert runs(path, "2", "--csv", tmp_path / "runs.csv", "3", "1").returncode == 0
    assert runs(path, "--script", tmp_path / "runs.py", "2", "3", "1").returncode == 0
    command = [sys.executable, "-I", tmp_path / "runs.py", tmp_path / "script.csv"]
    assert run(*map(str, command)).returncode == 0
    content = (tmp_path / "runs.csv").read_bytes()
    assert (tmp_path / "script.csv").read_bytes() == content
    assert content.startswith("run,epoch,loss,w,w_grad,β,β_grad,lr\r\n2,1,".encode())
    assert content.count(b"\r\n") == 1 + 30 + 35 + 20


def test_a_dash_prints_and_without_numbers_all_are_written(path: Path) -> None:
    printed = runs(path, "--csv", "-", "--decimal-comma").stdout.splitlines()
    assert printed[0] == "run;epoch;loss;w;w_grad;β;β_grad;lr"
    assert printed[1] == "1;1;30,0;0,29999998;-30,0;;;0,01"
    assert len(printed) == 1 + 20 + 30 + 35
    found = json.loads(runs(path, "--json", "-", "3", "1").stdout)["runs"]
    assert [(one["run"], one["loss"], one["learning_rate"]) for one in found] == [
        (1, found[0]["loss"], 0.01),
        (3, "inf", 0.5),
    ]
    assert found[1]["parameters"] == {"w": 8.2804335e19}


def test_another_file_and_none_at_all(path: Path, tmp_path: Path) -> None:
    moved = path.rename(tmp_path / "other runs.sqlite")
    done = runs(path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"No runs are kept in {path} yet.\n", "")
    assert not path.exists()
    assert len(gradgui("runs", "--file", moved).stdout.splitlines()) == 4


def test_a_run_that_was_deleted_is_not_there(path: Path) -> None:
    with closing(RunStore(path)) as store:
        store.delete(2)
    assert [line.split()[0] for line in runs(path).stdout.splitlines()] == ["run", "3", "1"]
    done = runs(path, "show", "2")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "gradgui runs: there is no run 2\n")


def test_what_is_damaged_is_said(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE chunk SET rows = zeroblob(length(rows)) WHERE run = 2")
    done = runs(path, "--csv", "-")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1 + 20 + 35
    assert done.stderr == "gradgui runs: 30 epochs are damaged and could not be written\n"
    assert json.loads(runs(path, "--json", "-", "2").stdout)["runs"][0]["parameters"] == {}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["7"], "say what is wanted of run 7: show, --csv, --script or --json; see gradgui runs --help"),
        (["show"], "say which runs, by their numbers; see gradgui runs --help"),
        (["--script", "x.py"], "say which runs, by their numbers; see gradgui runs --help"),
        (["show", "seven"], "expected the number of a run, as 'gradgui runs' lists it, not 'seven'"),
        (["show", "1", "--csv", "x.csv"], "show only prints; see gradgui runs --help"),
        (["--decimal-comma"], "--decimal-comma tells how a CSV file is written: add --csv LOG.csv"),
        (["--csv", "x.csv", "--json", "x.json", "1"], "--json: not allowed with argument --csv"),
        (["--unknown"], "--unknown"),
        (["--file", "/nowhere/runs.sqlite"], "there is no file /nowhere/runs.sqlite"),
        (["--file", __file__], f"{__file__} is no file of runs"),
    ],
)
def test_bad_usage_is_answered_in_one_line(arguments: list[str], said: str) -> None:
    sentence = refusal("runs", *arguments)
    assert sentence.startswith("gradgui runs: ")
    assert said in sentence


def test_a_file_that_cannot_be_written(path: Path, tmp_path: Path) -> None:
    done = runs(path, "--csv", tmp_path / "missing" / "runs.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (f"gradgui runs: Could not write {tmp_path}/missing/runs.csv: its folder does not exist.\n")


def test_a_reader_that_has_seen_enough(path: Path) -> None:
    command = [sys.executable, "-m", "gradgui", "runs", "--file", str(path), "--csv", "-"]
    done = run("bash", "-c", '"$@" | head -1', "bash", *command)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("run,epoch,")


@pytest.mark.parametrize("arguments", [[], ["--csv", "-"], ["show", "1"], ["--help"]])
def test_it_needs_neither_pytorch_nor_qt(path: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "gradgui", "runs", *arguments]
    done = run(*command, XDG_DATA_HOME=str(path.parents[1]))
    modules = modules_in(done.stderr)
    assert "gradgui" in modules
    assert not {"torch", "PySide6", "shiboken6", "pyqtgraph"} & modules


def test_they_are_where_the_window_keeps_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = QCoreApplication.applicationName()
    QCoreApplication.setApplicationName("GradGUI")
    try:
        for place in (str(tmp_path), "", "no/absolute/path"):
            monkeypatch.setenv("XDG_DATA_HOME", place)
            location = QStandardPaths.StandardLocation.AppDataLocation
            assert data_folder() == Path(QStandardPaths.writableLocation(location))
    finally:
        QCoreApplication.setApplicationName(name)
