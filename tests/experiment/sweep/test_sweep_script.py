"""A sweep's script, run as it is, writes the sweep's table byte for byte."""

import subprocess
import sys
from pathlib import Path

import pytest

from gradgui.engine.sweeps.stacks import Stacks
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.optimizers import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    RMSprop,
    StepSchedule,
)
from gradgui.experiment.program import sweep_script
from gradgui.experiment.program.stacked_program import OWN_NAMES
from gradgui.experiment.program.sweep_script import sweep_script_text
from gradgui.experiment.sweep.sweep import GeneratedData, Sweep
from gradgui.experiment.sweep.varied import read_varied
from gradgui.record.sweep_csv import sweep_csv_chunks

LESSON = DEFAULT_EXPERIMENT
W_B = (Parameter("w", 0.5), Parameter("b", -0.25))
DATA = DEFAULT_EXPERIMENT.data


def sweep(experiment: Experiment, *lines: str, epochs: int = 25, wanted: float | None = None) -> Sweep:
    made = (
        GeneratedData("noisy line", 7, 0.5, 3) if any(line.startswith(("seed", "noise")) for line in lines) else None
    )
    return Sweep(experiment, tuple(map(read_varied, lines)), epochs, wanted, made)


SWEEPS = {
    "lesson": sweep(LESSON, "learning_rate=0.001:1:17:log", wanted=0.01),
    "all diverge": sweep(LESSON, "learning_rate=5:50:4", epochs=60),
    "starts": sweep(Experiment("w*x + b", W_B, DATA, dtype="float64"), "start.w=-5:5:5", "start.b=-1:1:4"),
    "seeds": sweep(Experiment("w*x + b", W_B, DATA), "seed=0:3:4", "noise=0:2:3"),
    "one by one": sweep(Experiment("sigmoid(w*x) + b**4", W_B, DATA, 0.1), "learning_rate=0.01:0.5:5", wanted=20.0),
    "momentum": sweep(
        Experiment("w*x + b", W_B, DATA, optimizer=SGD(), schedule=StepSchedule(5, 0.5)), "momentum=0:0.9:4"
    ),
    "nesterov": sweep(
        Experiment("w*x + b", W_B, DATA, optimizer=SGD(momentum=0.5, nesterov=True, weight_decay=0.1)),
        "learning_rate=0.001:0.1:5:log",
        "weight_decay=0:0.5:3",
    ),
    "adam": sweep(
        Experiment("w*x + b", W_B, DATA, optimizer=Adam(), schedule=CosineSchedule(10)),
        "learning_rate=0.01:1:5:log",
        "beta1=0:0.9:3",
    ),
    "adamw": sweep(Experiment("w*x + b", W_B, DATA, optimizer=AdamW()), "weight_decay=0:0.9:4", "beta2=0.5:0.99:3"),
    "rmsprop": sweep(
        Experiment("w*x + b", W_B, DATA, optimizer=RMSprop(momentum=0.2), schedule=ExponentialSchedule(0.9)),
        "alpha=0.1:0.9:5",
        "epsilon=1e-8:1e-2:3:log",
    ),
    "adagrad": sweep(Experiment("w*x + b", W_B, DATA, optimizer=Adagrad()), "learning_rate=0.1:3:6"),
    "names": sweep(
        Experiment(
            "learning*x + runs + φ*x",
            (Parameter("learning", 0.1), Parameter("runs", 0.2), Parameter("φ", 0.3)),
            DATA,
            optimizer=GradientDescent(),
        ),
        "start.runs=-1:1:3",
    ),
}


@pytest.mark.parametrize("name", SWEEPS)
def test_the_script_writes_the_same_table(name: str, tmp_path: Path) -> None:
    one = SWEEPS[name]
    training = Stacks(one)
    for _ in training.train():
        pass
    expected = "".join(text for text, _ in sweep_csv_chunks(training.outcomes()))
    script = tmp_path / "script.py"
    script.write_text(sweep_script_text(one), encoding="utf-8")
    command = [sys.executable, "-I", "-W", "error", str(script), str(tmp_path / "out.csv")]
    subprocess.run(command, check=True, cwd=tmp_path)
    assert (tmp_path / "out.csv").read_bytes().decode() == expected
    assert expected.count("\r\n") == 1 + one.runs
    if name == "all diverge":
        assert ",,\r\n" not in expected.split("\r\n", 1)[1]


@pytest.mark.parametrize("word", sorted(OWN_NAMES & {"alpha", "number", "row", "rate", "file", "place", "ended"}))
def test_a_parameter_may_be_called_as_something_of_the_script(word: str, tmp_path: Path) -> None:
    one = sweep(Experiment(f"{word}*x", (Parameter(word, 0.5),), DATA, optimizer=RMSprop()), "alpha=0.5:0.9:3")
    training = Stacks(one)
    for _ in training.train():
        pass
    script = tmp_path / "script.py"
    script.write_text(sweep_script_text(one), encoding="utf-8")
    subprocess.run([sys.executable, "-I", str(script), str(tmp_path / "out.csv")], check=True, cwd=tmp_path)
    expected = "".join(text for text, _ in sweep_csv_chunks(training.outcomes()))
    assert (tmp_path / "out.csv").read_bytes().decode() == expected


def test_too_many_points_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_script, "MOST_WRITTEN", 50)
    with pytest.raises(ValueError, match="a script can hold 50 points"):
        sweep_script_text(SWEEPS["seeds"])
