"""The command line as a person and a script meet it: real processes, to the letter."""

import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor

from gradgui import __version__
from gradgui.experiment.experiment import MOST_EPOCHS

pytestmark = pytest.mark.timeout(300)  # on a busy machine PyTorch may take ten seconds to load, fifteen times

DATA = Path(__file__).parents[1] / "data"
FIRST_LISTING = (DATA / "notebook_first_listing.txt").read_text(encoding="utf-8")
SECOND_LISTING = (DATA / "notebook_second_listing.txt").read_text(encoding="utf-8")

PROGRAM = [sys.executable, "-m", "gradgui"]
SECONDS = 120

EXPERIMENT: dict[str, Any] = {
    "model": "w * x",
    "parameters": [{"name": "w", "start": 0}],
    "data": {"x": [1, 2, 3, 4], "y": [2, 4, 6, 8]},
}

AS_NOBODY = """
import os, sys
# Loaded while it still may be: the checkout can be closed to others.
import gradgui.train, gradgui.engine.predictor, gradgui.engine.run
import gradgui.record.csv_file, gradgui.record.training_log
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
from gradgui.__main__ import main
sys.exit(main())
"""

TO_BE_INTERRUPTED = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background begins deaf to it
from gradgui.__main__ import main
sys.exit(main())
"""


def environment(**changes: str) -> dict[str, str]:
    """That of a person: no switch of Python's, and no display on which a window could open."""
    hidden = {"PYTHONUNBUFFERED", "PYTHONIOENCODING", "PYTHONUTF8", "PYTHONWARNINGS", "DISPLAY", "WAYLAND_DISPLAY"}
    return {key: value for key, value in os.environ.items() if key not in hidden} | changes


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        env=environment(**variables),
        encoding="utf-8",
        errors="surrogateescape",
        timeout=SECONDS,
        check=False,
    )


def gradgui(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return run(*PROGRAM, *arguments, **variables)


def refusal(*arguments: str | Path) -> str:
    """The one line that says why nothing was done."""
    done = gradgui(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.endswith("\n")
    return done.stderr


def experiment_file(folder: Path, experiment: Mapping[str, Any]) -> Path:
    document = {"format": "gradgui-experiment", "version": 1, "experiment": experiment}
    path = folder / "one.gradgui"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def plain_rows(experiment: Mapping[str, Any], epochs: int) -> list[list[float]]:
    """``w·x`` or ``w·x + b`` trained with plain PyTorch: loss, then each parameter and its gradient."""
    dtype = getattr(torch, experiment.get("dtype", "float32"))
    learning_rate = experiment.get("learning_rate", 0.01)
    x, y = (torch.tensor(experiment["data"][column], dtype=dtype) for column in "xy")
    start = [parameter["start"] for parameter in experiment["parameters"]]
    parameters = [torch.tensor(value, dtype=dtype, requires_grad=True) for value in start]
    rows = []
    for _ in range(epochs):
        y_pred = parameters[0] * x
        if len(parameters) > 1:
            y_pred = y_pred + parameters[1]
        loss = ((y - y_pred) ** 2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        row = [loss.item()]
        for w in parameters:
            gradient = cast("Tensor", w.grad)
            with torch.no_grad():
                w -= learning_rate * gradient  # noqa: PLW2901
            row += [w.item(), gradient.item()]
            gradient.zero_()
        rows.append(row)
    return rows


def modules_in(report: str) -> set[str]:
    """The packages that were loaded, as ``python -X importtime`` reports them."""
    return {line.rsplit("|")[-1].strip().split(".")[0] for line in report.splitlines() if "|" in line}


def check_csv(path: Path, header: str, rows: list[list[float]], rate: float, dtype: type[np.floating[Any]]) -> None:
    """RFC 4180, UTF-8 without BOM, every number the shortest decimal of its value; and pandas reads it."""
    content = path.read_bytes()
    assert content.decode("utf-8").startswith(f"{header}\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == len(rows) + 1
    assert content.endswith(b"\r\n")
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))[1:]
    assert [int(line[0]) for line in lines] == list(range(1, len(rows) + 1))
    for line, row in zip(lines, rows, strict=True):
        assert line[1:-1] == [str(dtype(value)) for value in row]
        assert [repr(dtype(cell)) for cell in line[1:-1]] == [repr(dtype(value)) for value in row]
        assert float(line[-1]) == rate

    frame = pd.read_csv(path)
    assert ",".join(frame.columns) == header
    assert all(np.issubdtype(kind, np.number) for kind in frame.dtypes)
    values = frame.iloc[:, 1:-1].to_numpy(np.float64)
    assert values == pytest.approx(np.array(rows), rel=1e-6, nan_ok=True)


# --- Trainings, started side by side: each takes two seconds to load PyTorch

TWO_PARAMETERS = EXPERIMENT | {
    "model": "w*x + β",
    "parameters": [{"name": "w", "start": 0.5}, {"name": "β", "start": -1.5}],
    "data": {"x": [-1.0, 0.5, 2.0], "y": [0.25, 1.0, 3.5]},
    "learning_rate": 0.05,
    "epochs": 500,
    "dtype": "float64",
    "probe": 2.5,
}
GREEK = EXPERIMENT | {"model": "β*x", "parameters": [{"name": "β", "start": 0}], "epochs": 3}
MANY_POINTS = EXPERIMENT | {
    "data": {
        "x": [number * 7919 % 10007 / 1000 for number in range(60_000)],
        "y": [number * 104729 % 10009 / 1000 for number in range(60_000)],
    },
    "epochs": 3,
}


@dataclass(frozen=True)
class Scenario:
    """A command.

    Attributes
    ----------
    arguments
        What follows ``gradgui train``, ``{folder}`` being a new folder of its own.
    experiment
        What is in ``one.gradgui`` in that folder, the file it is given; None to give it none.
    line
        What a shell does with the command, ``"$@"``.
    variables
        Changes of the environment.
    program
        What Python runs.
    """

    arguments: tuple[str, ...] = ()
    experiment: dict[str, Any] | None = None
    line: str = '"$@"'
    variables: dict[str, str] = field(default_factory=dict)
    program: tuple[str, ...] = ("-m", "gradgui")


TINY = EXPERIMENT | {"data": {"x": [1, 2], "y": [1e-6, 2e-6]}}
HUGE = EXPERIMENT | {"dtype": "float64", "data": {"x": [1, 2], "y": [1e20, 2e20]}}
LOG = ("--csv", "{folder}/log.csv")
SCENARIOS = {
    "many points": Scenario(LOG, MANY_POINTS, variables={"OMP_NUM_THREADS": "1"}),
    "many points, two threads": Scenario(LOG, MANY_POINTS, variables={"OMP_NUM_THREADS": "2"}),
    "lesson": Scenario(program=("-X", "importtime", "-m", "gradgui")),
    "more": Scenario(("--more", "100", *LOG)),
    "file": Scenario(("--epochs", "7", "--more", "1", "--more", "2", *LOG), TWO_PARAMETERS),
    "diverging": Scenario(LOG, EXPERIMENT | {"learning_rate": 0.5, "epochs": 1000}),
    "tiny": Scenario((), TINY),
    "huge": Scenario((), HUGE),
    "ascii": Scenario((), GREEK, variables={"PYTHONIOENCODING": "ascii"}),
    "broken loop": Scenario((), EXPERIMENT | {"loop": {"in_place": False, "zero_grad": False}}),
    "loss without y_pred": Scenario((), EXPERIMENT | {"loss": "(y - 1)**2"}),
    "no such folder": Scenario(("--epochs", "1", "--csv", "{folder}/missing/log.csv")),
    "closed folder": Scenario(("--epochs", "1", *LOG), program=("-c", AS_NOBODY)),
    "nobody reads": Scenario(line='"$@" | true'),
    "one line is read": Scenario(
        ("--epochs", "5000", *LOG), line='"$@" | head -1', variables={"PYTHONUNBUFFERED": "1"}
    ),
    "full at the end": Scenario(("--epochs", "1"), line='"$@" >/dev/full'),
    "full on the way": Scenario(("--epochs", "2000"), line='"$@" >/dev/full'),
}

Training = tuple[subprocess.CompletedProcess[str], Path]
"""How it ended, and its folder."""


@pytest.fixture(scope="module")
def trainings() -> Iterator[dict[str, Training]]:
    """All of them, done."""
    with tempfile.TemporaryDirectory() as parent, ThreadPoolExecutor(os.cpu_count()) as pool:
        os.chmod(parent, 0o755)  # noqa: S103 - pytest's own folders are closed to nobody, who is in one of the tests
        ended = {
            name: pool.submit(train, scenario, Path(parent, name.replace(" ", "_")))
            for name, scenario in SCENARIOS.items()
        }
        yield {name: training.result() for name, training in ended.items()}
        for folder in Path(parent).iterdir():
            folder.chmod(0o755)


def train(scenario: Scenario, folder: Path) -> Training:
    folder.mkdir()
    (folder / "older.csv").write_text("older", encoding="utf-8")
    arguments = [argument.format(folder=folder) for argument in scenario.arguments]
    if scenario.experiment is not None:
        arguments.append(str(experiment_file(folder, scenario.experiment)))
    if scenario.program[-1] == AS_NOBODY:
        folder.chmod(0o555)
    command = [sys.executable, *scenario.program, "train", *arguments]
    done = run("bash", "-c", f"set -o pipefail; {scenario.line}", "bash", *command, **scenario.variables)
    return done, folder


def lines_of(training: Training) -> list[str]:
    """What was printed by a training that went well."""
    done, _ = training
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout.splitlines()


def complaint_of(training: Training) -> str:
    """The one line of a training that did not."""
    done, folder = training
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.returncode != 0
    assert (folder / "older.csv").read_text(encoding="utf-8") == "older"
    assert not [name for name in os.listdir(folder) if name not in {"older.csv", "one.gradgui"}]
    return done.stderr


def test_the_notebooks_lines_to_the_letter(trainings: dict[str, Training]) -> None:
    done, _ = trainings["lesson"]
    assert done.stdout == FIRST_LISTING
    assert done.returncode == 0


def test_training_loads_pytorch_and_no_qt(trainings: dict[str, Training]) -> None:
    modules = modules_in(trainings["lesson"][0].stderr)
    assert {"torch", "gradgui"} <= modules
    assert not {"PySide6", "shiboken6", "pyqtgraph"} & modules


def test_a_hundred_more_are_the_notebooks_second_listing(trainings: dict[str, Training]) -> None:
    assert lines_of(trainings["more"]) == (FIRST_LISTING + SECOND_LISTING).splitlines()


def test_the_log_has_all_epochs_counted_through(trainings: dict[str, Training]) -> None:
    rows = plain_rows(EXPERIMENT, 120)
    check_csv(trainings["more"][1] / "log.csv", "epoch,loss,w,w_grad,lr", rows, 0.01, np.float32)
    assert sorted(os.listdir(trainings["more"][1])) == ["log.csv", "older.csv"]


def test_an_experiment_from_a_file(trainings: dict[str, Training]) -> None:
    rows = plain_rows(TWO_PARAMETERS, 10)
    lines = ["Prediction before training: f(2.5) = -0.250"]
    for first, last in ((0, 7), (7, 8), (8, 10)):
        for epoch, (loss, w, _, b, _) in enumerate(rows[first:last], 1):
            lines.append(f"epoch {epoch}: w = {w:.3f}, β = {b:.3f}, loss = {loss:.3f}")
        w, b = rows[last - 1][1], rows[last - 1][3]
        lines.append(f"Prediction after training: f(2.5) = {w * 2.5 + b:.3f}")
    assert lines_of(trainings["file"]) == lines
    header = "epoch,loss,w,w_grad,β,β_grad,lr"
    check_csv(trainings["file"][1] / "log.csv", header, rows, 0.05, np.float64)


def test_numbers_far_from_1_are_printed_so_that_they_say_something(trainings: dict[str, Training]) -> None:
    lines = lines_of(trainings["tiny"])
    for line, (loss, w, _) in zip(lines[1:], plain_rows(TINY, 20), strict=False):
        assert line.split(": ")[1] == f"w = {w:.3e}, loss = {loss:.3e}"
    lines = lines_of(trainings["huge"])
    for line, (loss, w, _) in zip(lines[1:], plain_rows(HUGE, 20), strict=False):
        assert line.split(": ")[1] == f"w = {w:.3e}, loss = {loss:.3e}"


def test_a_run_that_diverges_says_so_and_keeps_its_last_epoch(trainings: dict[str, Training]) -> None:
    done, folder = trainings["diverging"]
    assert done.returncode == 0
    assert done.stderr == (
        "Diverged: loss is inf at epoch 24: the learning rate 0.5 is above the largest stable rate here, 0.1333.\n"
    )
    rows = plain_rows({**EXPERIMENT, "learning_rate": 0.5}, 24)

    def printed(value: float) -> str:
        return f"{value:.3f}" if abs(value) < 100_000 else f"{value:.3e}"

    assert done.stdout.splitlines()[1:-1] == [
        f"epoch {epoch}: w = {printed(w)}, loss = {printed(loss)}" for epoch, (loss, w, _) in enumerate(rows, 1)
    ]
    assert rows[-1][0] == float("inf")
    check_csv(folder / "log.csv", "epoch,loss,w,w_grad,lr", rows, 0.5, np.float32)


def test_the_numbers_do_not_depend_on_the_machines_threads(trainings: dict[str, Training]) -> None:
    one, two = (trainings[name] for name in ("many points", "many points, two threads"))
    assert lines_of(one) == lines_of(two)
    assert (one[1] / "log.csv").read_bytes() == (two[1] / "log.csv").read_bytes()


def test_an_output_that_cannot_show_a_greek_letter(trainings: dict[str, Training]) -> None:
    lines = lines_of(trainings["ascii"])
    assert len(lines) == 5
    assert lines[3].endswith("= 0.772, loss = 15.660")


def test_a_broken_loop_ends_with_pytorchs_own_words(trainings: dict[str, Training]) -> None:
    assert "unsupported operand type(s) for *: 'float' and 'NoneType'" in complaint_of(trainings["broken loop"])
    assert trainings["broken loop"][0].stdout.splitlines()[1] == "epoch 1: w = 0.300, loss = 30.000"


def test_a_loss_without_the_prediction_is_refused(trainings: dict[str, Training]) -> None:
    done, folder = trainings["loss without y_pred"]
    assert str(folder / "one.gradgui") in complaint_of(trainings["loss without y_pred"])
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize(
    ("name", "path", "why"),
    [
        ("no such folder", "missing/log.csv", "folder"),
        ("closed folder", "log.csv", "writing there is not permitted"),
    ],
)
def test_a_log_that_cannot_be_written(trainings: dict[str, Training], name: str, path: str, why: str) -> None:
    done, folder = trainings[name]
    complaint = complaint_of(trainings[name])
    assert str(folder / path) in complaint
    assert why in complaint
    assert done.returncode == 2


def test_a_reader_that_is_gone(trainings: dict[str, Training]) -> None:
    assert lines_of(trainings["nobody reads"]) == []


def test_a_reader_that_has_seen_enough_does_not_cost_the_log(trainings: dict[str, Training]) -> None:
    done, folder = trainings["one line is read"]
    assert done.stdout == "Prediction before training: f(5) = 0.000\n"
    assert done.stderr == ""
    if done.returncode == 0:  # it says that it did what it was asked for
        assert (folder / "log.csv").read_bytes().count(b"\r\n") == 5001


@pytest.mark.parametrize("name", ["full at the end", "full on the way"])
def test_an_output_that_is_full(trainings: dict[str, Training], name: str) -> None:
    complaint_of(trainings[name])


def test_an_interrupt_from_the_keyboard() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TO_BE_INTERRUPTED, "train", "--epochs", str(MOST_EPOCHS)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(PYTHONUNBUFFERED="1"),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "Prediction before training: f(5) = 0.000\n"
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=SECONDS)
    assert process.returncode != 0
    assert "Traceback" not in complaint
    assert len(complaint.splitlines()) <= 1


# --- Answers without training


@pytest.mark.parametrize("arguments", [["train", "--help"], ["--help"], ["--version"]])
def test_an_answer_that_nobody_reads(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [*PROGRAM, *arguments],
            stdout=writing,
            stderr=subprocess.PIPE,
            env=environment(),
            timeout=SECONDS,
            check=False,
        )
    finally:
        os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train", "--epochs", "0"], "'0'"),
        (["train", "--epochs=-1"], "'-1'"),
        (["train", "--epochs", "x"], "'x'"),
        (["train", "--epochs", "1e12"], "'1e12'"),
        (["train", "--epochs", str(MOST_EPOCHS + 1)], f"from 1 to {MOST_EPOCHS}"),
        (["train", "--epochs", "9" * 5000], f"from 1 to {MOST_EPOCHS}"),
        (["train", "--epochs"], "--epochs"),
        (["train", "--more", "0"], "--more"),
        (["train", "--csv"], "--csv"),
        (["train", "--unknown"], "--unknown"),
        (["train", "one", "two"], "two"),
        (["train", "--version"], "--version"),
        (["--unknown"], "--unknown"),
        (["one.gradgui", "two.gradgui"], "two.gradgui"),
        (["--epochs", "5"], "--epochs"),
    ],
)
def test_bad_usage_is_answered_in_one_line(arguments: list[str], said: str) -> None:
    sentence = refusal(*arguments)
    assert said in sentence
    assert sentence.endswith("see gradgui train --help\n" if arguments[0] == "train" else "see gradgui --help\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"epoch,loss,w\n1,2,3\n", "malformed"),
        (b"", ""),
        (b"\x89PNG\r\n\x1a\n\0\0\0", ""),
        ('{"format": "gradgui-experiment", "version": 1, "experiment": {"model": "é"}}'.encode("latin-1"), ""),
        (b"[" * 100_000, ""),
        (json.dumps({"format": "notebook", "version": 1, "experiment": EXPERIMENT}).encode(), "format: "),
        (json.dumps({"format": "gradgui-experiment", "version": 9, "experiment": EXPERIMENT}).encode(), "version 9"),
        (
            json.dumps(
                {"format": "gradgui-experiment", "version": 1, "experiment": EXPERIMENT | {"learning_rate": 0}}
            ).encode(),
            "experiment.learning_rate: ",
        ),
    ],
    ids=["csv", "empty", "binary", "latin-1", "nested", "format", "version", "value"],
)
def test_a_file_that_is_no_experiment(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "one.gradgui"
    path.write_bytes(content)
    sentence = refusal("train", path)
    assert str(path) in sentence
    assert said in sentence


@pytest.mark.parametrize("name", ["missing.gradgui", "missing/one.gradgui", ".", "a" * 300, "with a\nline feed"])
def test_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    sentence = refusal("train", tmp_path / name)
    assert str(tmp_path) in sentence
    assert sentence.startswith("gradgui")


def test_a_file_whose_name_is_not_utf8(tmp_path: Path) -> None:
    sentence = refusal("train", os.fsdecode(os.fsencode(tmp_path) + b"/\xff.gradgui"))
    assert str(tmp_path) in sentence


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["--version"], ["train", "--epochs", "0"]])
def test_an_answer_without_training_loads_neither_pytorch_nor_qt(arguments: list[str]) -> None:
    done = run(sys.executable, "-X", "importtime", *PROGRAM[1:], *arguments)
    modules = modules_in(done.stderr)
    assert "gradgui" in modules
    assert not {"torch", "PySide6", "shiboken6", "pyqtgraph"} & modules


# --- What it says of itself


def test_the_version() -> None:
    done = gradgui("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"gradgui {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--help"], ["usage: gradgui ", "FILE", "--version", "gradgui train --help", "gradgui runs --help"]),
        (["runs", "--help"], ["usage: gradgui runs ", "--csv", "--script", "--json", "--decimal-comma", "--file"]),
        (["train", "--help"], ["usage: gradgui train ", "FILE", "--epochs", "--more", "--csv"]),
    ],
)
def test_the_help(arguments: list[str], words: list[str]) -> None:
    done = gradgui(*arguments)
    assert done.returncode == 0
    assert done.stderr == ""
    for word in words:
        assert word in done.stdout
