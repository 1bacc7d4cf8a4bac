"""``gradgui sweep``: many runs in the terminal."""

import csv
import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
import torch

from tests.e2e.program import HEARING
from tests.e2e.test_command_line import PROGRAM, environment, experiment_file, gradgui, modules_in, refusal, run

RATES = "learning_rate=0.001:1:64:log"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_row_is_a_run_of_the_notebooks_loop(tmp_path: Path) -> None:
    done = gradgui("sweep", "--vary", RATES, "--csv", tmp_path / "out.csv", "--wanted-loss", "0.01")
    assert (done.returncode, done.stderr) == (0, "")
    rows = table(tmp_path / "out.csv")
    assert len(rows) == 64
    x, y = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([2.0, 4.0, 6.0, 8.0])
    grown = reached = 0
    for row in rows:
        w, losses = torch.tensor(0.0, requires_grad=True), list[float]()
        for _ in range(int(row["epochs"])):
            loss = ((y - w * x) ** 2).mean()
            (gradient,) = torch.autograd.grad(loss, w)
            with torch.no_grad():
                w -= float(row["learning_rate"]) * gradient
            losses.append(loss.item())
        assert torch.tensor(float(row["w"])) == w or row["w"] in {"nan", "inf", "-inf"}
        assert torch.tensor(float(row["loss"])).item() == losses[-1]
        assert torch.tensor(float(row["lowest_loss"])).item() == min(losses)
        assert int(row["lowest_epoch"]) == losses.index(min(losses)) + 1
        below = [epoch for epoch, loss in enumerate(losses, 1) if loss <= 0.01]
        assert row["reached_epoch"] == (str(below[0]) if below else "")
        reached += bool(below)
        grown += losses[-1] > losses[0]
    best = min(range(64), key=lambda place: (float(rows[place]["loss"]), int(rows[place]["lowest_epoch"])))
    lines = done.stdout.splitlines()
    assert lines[0] == "64 runs, 20 epochs"
    assert f"in run {best + 1}, learning_rate = " in lines[1]
    assert lines[2].startswith(f"Ended higher than they began: {grown}, of which ")
    assert lines[3] == "The loss is a parabola: runs are stable up to learning_rate = 0.133333"  # 2 / 15
    assert lines[4] == f"Reached a loss of at most 0.01: {reached}"


def test_script_and_long_table(tmp_path: Path) -> None:
    files = {"--csv": "out.csv", "--script": "out.py", "--long-csv": "long.csv"}
    options = [part for name, file in files.items() for part in (name, tmp_path / file)]
    more = ("--generate", "noisy line", "--points", "9", "--vary", "seed=0:3:4", "--vary", "noise=0:1:3", *options)
    assert gradgui("sweep", *more, "--epochs", "7").returncode == 0
    again = run(sys.executable, "-I", tmp_path / "out.py", tmp_path / "again.csv")
    assert again.returncode == 0
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "out.csv").read_bytes()
    long = table(tmp_path / "long.csv")
    assert [(row["run"], row["epoch"]) for row in long] == [
        (str(number), str(epoch)) for number in range(1, 13) for epoch in range(1, 8)
    ]
    last = {row["run"]: row["loss"] for row in long}
    assert last == {row["run"]: row["loss"] for row in table(tmp_path / "out.csv")}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ((), "arguments are required: --vary"),
        (("--vary", "lr=1:2:3"), "lr cannot be varied here, only learning_rate, start.w"),
        (("--vary", "learning_rate=0:1:3:log"), "cannot reach 0"),
        (("--vary", RATES, "--epochs", "0"), "epochs: a whole number from 1"),
        (("--vary", "seed=0:3:4"), "as the data are not made up"),
        (("--vary", RATES, "--csv", "/no/such/folder/out.csv"), "out.csv"),
    ],
)
def test_what_cannot_be_done_is_one_line(options: tuple[str, ...], reason: str) -> None:
    if "--csv" in options:
        done = gradgui("sweep", *options)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert reason in done.stderr
    else:
        assert reason in refusal("sweep", *options)


def test_a_broken_loop_is_refused_without_torch(tmp_path: Path) -> None:
    path = experiment_file(tmp_path, {})
    document = json.loads(path.read_text())
    document["experiment"] = {
        "model": "w*x",
        "parameters": [{"name": "w", "start": 0.0}],
        "data": {"x": [1.0], "y": [2.0]},
        "loop": {"zero_grad": False},
    }
    path.write_text(json.dumps(document))
    done = run(sys.executable, "-X", "importtime", *PROGRAM[1:], "sweep", path, "--vary", RATES)
    assert done.returncode == 2
    assert "mend the loop first" in done.stderr
    assert not {"torch", "PySide6"} & modules_in(done.stderr)


def test_the_bar_is_where_a_person_sees_it_and_what_is_there_is_kept(tmp_path: Path) -> None:
    """Interrupted, the table has as many epochs as every run had until then."""
    master, slave = pty.openpty()
    command = [
        *HEARING,
        *PROGRAM,
        "sweep",
        "--vary",
        RATES,
        "--epochs",
        "10000000",
        "--csv",
        str(tmp_path / "out.csv"),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=slave, env=environment(), text=True, start_new_session=True
    )
    os.close(slave)
    seen, end = "", monotonic() + 60
    while "s left" not in seen and monotonic() < end:
        with suppress(OSError):
            seen += os.read(master, 4096).decode()
    assert "[" in seen
    process.send_signal(signal.SIGINT)
    with suppress(OSError):
        while part := os.read(master, 4096):
            seen += part.decode()
    printed, _ = process.communicate(timeout=60)
    os.close(master)
    assert process.returncode == 130
    assert "Interrupted: what was trained until now is kept." in seen
    rows = table(tmp_path / "out.csv")
    trained = max(int(row["epochs"]) for row in rows)
    assert f"64 runs, {trained} epochs" in printed
    assert all(int(row["epochs"]) == trained or row["diverged_epoch"] for row in rows)
