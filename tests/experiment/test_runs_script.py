"""The script of several runs writes the long CSV of the program, byte for byte."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from gradgui.experiment.changes import DataChange, LearningRateChange, LoopChange, ParameterChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, Experiment, Parameter
from gradgui.experiment.formula import parse_formula
from gradgui.experiment.optimizers import (
    SGD,
    Adagrad,
    Adam,
    ExponentialSchedule,
    GradientDescent,
    Optimizer,
    RMSprop,
    StepSchedule,
)
from gradgui.experiment.program.runs_script import runs_script_text
from gradgui.experiment.program.script import script_text
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import Loop
from gradgui.record.run_store import RunReader
from gradgui.record.run_store.long_csv import long_csv_chunks
from tests.record.kept import fill

MODELS = (
    "w * x",
    "w*x + b",
    "b*x + w",
    "a*exp(-k*x)",
    "print*x + file**2",
    "run*x + run_1",
    "β*tanh(x / 2)**2 + texts",
    "softplus(a)*abs(x) + sigmoid(shortest)",
    "self*x + forward",
)


def experiment_of(model: str, generator: random.Random) -> Experiment:
    names = parse_formula(model).parameters
    optimizers: list[Optimizer] = [GradientDescent(), SGD(momentum=0.9), RMSprop(), Adagrad(), Adam()]
    optimizer = generator.choice(optimizers)
    is_plain = isinstance(optimizer, GradientDescent)
    return Experiment(
        model,
        tuple(Parameter(name, generator.choice([0.0, 0.1, generator.gauss(0, 1)])) for name in names),
        Data((1.0, 2.0, 3.5), tuple(generator.gauss(0, 2) for _ in range(3))),
        learning_rate=generator.choice([0.01, 0.1, 3.0]),
        optimizer=optimizer,
        schedule=None if is_plain else generator.choice([None, StepSchedule(2), ExponentialSchedule()]),
        dtype=generator.choice(["float32", "float64"]),
    )


def spec_of(model: str, generator: random.Random) -> RunSpec:
    experiment = experiment_of(model, generator)
    changes = (
        ParameterChange(0, experiment.parameter_names[0], 0.25),
        LearningRateChange(2, 0.05),
        DataChange(3, Data((0.5, 1.5), (1.0, -1.0))),
        ParameterChange(5, experiment.parameter_names[-1], generator.gauss(0, 1)),
        LoopChange(6, Loop(zero_grad=False)),
    )
    return RunSpec(experiment, tuple(change for change in changes if generator.random() < 0.5))


def run_script(text: str, folder: Path) -> bytes:
    (folder / "runs.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "runs.py", "script.csv"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return (folder / "script.csv").read_bytes()


@pytest.mark.parametrize("seed", range(4))
def test_many_runs_of_many_kinds(tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)
    specs = [spec_of(model, generator) for model in MODELS * 2]
    numbers = fill(tmp_path / "runs.sqlite", [(spec, 12) for spec in specs])
    generator.shuffle(numbers)
    with RunReader(tmp_path / "runs.sqlite") as reader:
        written = "".join(text for text, _ in long_csv_chunks(reader, numbers))
        text = runs_script_text({number: reader.spec(number) for number in numbers})
    assert max(map(len, text.splitlines())) < 400
    assert run_script(text, tmp_path) == written.encode()


def test_one_run_has_the_lines_of_its_own_script(tmp_path: Path) -> None:
    spec = RunSpec(replace(DEFAULT_EXPERIMENT, epochs=5), (LearningRateChange(2, 0.02),), trained=5)
    several = runs_script_text({3: spec})
    for line in script_text(spec).partition("import")[2].splitlines():
        if not any(word in line for word in ("csv_path", "sep=", '"epoch,')):
            assert line.strip() in several
    header, first = run_script(several, tmp_path).split(b"\r\n")[:2]
    assert (header, first) == (b"run,epoch,loss,w,w_grad,lr", b"3,1,30.0,0.29999998,-30.0,0.01")
