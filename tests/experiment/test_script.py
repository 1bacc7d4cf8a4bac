"""The script of a run does what the program does: its lines and its CSV are those of the engine, byte for byte."""

import ast
import builtins
import ctypes
import json
import os
import random
import runpy
import subprocess
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from gradgui.engine.predictor import Predictor
from gradgui.engine.run import Run
from gradgui.experiment.changes import (
    DataChange,
    Intervention,
    LearningRateChange,
    LoopChange,
    ParameterChange,
)
from gradgui.experiment.data import Data
from gradgui.experiment.early_stopping import NO_STOP_RULES, EarlyStopping, StopRules
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, MEAN_SQUARED_ERROR, DType, Experiment, Parameter
from gradgui.experiment.formula import FUNCTIONS, RESERVED_NAMES, parse_formula
from gradgui.experiment.optimizers import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineSchedule,
    ExponentialSchedule,
    GradientDescent,
    Optimizer,
    RMSprop,
    Schedule,
    StepSchedule,
)
from gradgui.experiment.program.script import script_text
from gradgui.experiment.program.script_lines import WIDEST_LINE
from gradgui.experiment.program.script_plan import OWN_NAMES
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import Fault, Loop
from gradgui.numbers import printed, write_number
from gradgui.record.csv_file import shortest, write_csv
from gradgui.record.training_log import TrainingLog

DRIVER = Path(__file__).with_name("script_driver.py")

Outcome = tuple[str, bytes, str]
"""What is printed, the CSV file, and PyTorch's error or nothing."""


def by_the_engine(
    experiment: Experiment, interventions: Sequence[Intervention], epochs: int | None, folder: Path
) -> Outcome:
    run = Run(experiment, interventions)
    stopping = EarlyStopping(NO_STOP_RULES if epochs else experiment.stop, experiment.columns)
    predictor = Predictor(experiment)
    log = TrainingLog(experiment.columns, experiment.dtype)
    lines: list[str] = []
    error = ""

    def predict(when: str) -> None:
        prediction = predictor.predict(run.trainer.values, experiment.probe)
        lines.append(f"Prediction {when} training: f({write_number(experiment.probe)}) = {printed(prediction)}")

    predict("before")
    try:
        while len(log) < (epochs or experiment.epochs) and not run.diverged and not stopping.reason:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of a tensor that is no leaf
                log.append(run.train((epochs or experiment.epochs) - len(log), early_stopping=stopping))
    except (RuntimeError, TypeError, AttributeError) as raised:
        error = f"{type(raised).__name__}: {raised}"
    for epoch in range(1, len(log) + 1):
        names = (*experiment.parameter_names, "loss")
        values = [f"{name} = {printed(log.value(name, epoch), log.value(name, 1))}" for name in names]
        lines.append(f"epoch {epoch}: {', '.join(values)}")
    if not error:
        predict("after")
    path = folder / "engine.csv"
    write_csv(log.snapshot(), path)
    return "".join(f"{line}\n" for line in lines), path.read_bytes(), error


def by_the_script(
    experiment: Experiment, interventions: Sequence[Intervention], epochs: int | None, folder: Path
) -> Outcome:
    script, csv = folder / "script.py", folder / "script.csv"
    script.write_text(script_text(RunSpec(experiment, tuple(interventions), epochs or 0)), encoding="utf-8")
    command = [sys.executable, "-I", str(script), str(csv)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=folder)
    error = done.stderr.strip().splitlines()[-1] if done.returncode else ""
    return done.stdout, csv.read_bytes(), error


def check(
    experiment: Experiment, folder: Path, interventions: Sequence[Intervention] = (), epochs: int | None = None
) -> Outcome:
    expected = by_the_engine(experiment, interventions, epochs, folder)
    assert by_the_script(experiment, interventions, epochs, folder) == expected
    return expected


@dataclass
class Driver:
    """Runs scripts without starting a process for each."""

    process: subprocess.Popen[str]
    folder: Path

    def run(self, text: str) -> Outcome:
        script, csv = self.folder / "drawn.py", self.folder / "drawn.csv"
        script.write_text(text, encoding="utf-8")
        csv.unlink(missing_ok=True)
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{script}\n{csv}\n")
        self.process.stdin.flush()
        printed, error = json.loads(self.process.stdout.readline())
        return printed, csv.read_bytes(), error

    def check(self, experiment: Experiment, interventions: Sequence[Intervention] = ()) -> Outcome:
        expected = by_the_engine(experiment, interventions, None, self.folder)
        assert self.run(script_text(RunSpec(experiment, tuple(interventions)))) == expected
        return expected


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    command = [sys.executable, "-I", str(DRIVER)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Driver(process, tmp_path_factory.mktemp("scripts"))
        assert process.stdin
        process.stdin.close()


LINE = Experiment(
    model="w*x + b",
    parameters=(Parameter("w", 0.1), Parameter("b", -0.5)),
    data=Data((1.0, 2.0, 3.5), (1.5, 2.25, 7.0)),
    epochs=8,
)
DECAY = Experiment(
    model="a*exp(-k*x)",
    parameters=(Parameter("a", 1.0), Parameter("k", 0.3)),
    data=Data((0.0, 1.0, 2.0), (3.0, 1.0, 0.5)),
    epochs=8,
)
WAVE = Experiment(
    model="a*sin(f*x + p)",
    parameters=(Parameter("a", 1.0), Parameter("f", 0.9), Parameter("p", 0.1)),
    data=Data((0.0, 0.7, 1.9, 3.1), (0.2, 1.1, 0.4, -0.9)),
    epochs=8,
    dtype="float64",
)
OPTIMIZERS: tuple[Optimizer, ...] = (
    GradientDescent(),
    SGD(),
    SGD(momentum=0.9, nesterov=True, weight_decay=0.01),
    RMSprop(),
    RMSprop(alpha=0.8, epsilon=1e-6, momentum=0.5, weight_decay=0.1),
    Adagrad(),
    Adagrad(epsilon=1e-3, weight_decay=0.1),
    Adam(),
    Adam(beta1=0.5, beta2=0.9, epsilon=1e-3, weight_decay=0.1),
    AdamW(),
    AdamW(beta1=0.0, beta2=0.99, epsilon=1e-5, weight_decay=0.3),
)
SCHEDULES: dict[str, tuple[Schedule | None, ...]] = {
    "no schedule": (None,),
    "step": (StepSchedule(), StepSchedule(step_size=3, gamma=0.1), StepSchedule(step_size=1, gamma=1)),
    "exponential": (ExponentialSchedule(), ExponentialSchedule(gamma=0.5)),
    "cosine": (CosineSchedule(), CosineSchedule(epochs=1), CosineSchedule(epochs=4, lowest=0.005)),
}
MODELS = (
    "w * x",
    "w*x + b",
    "w",
    "a*exp(-k*x)",
    "a*sin(f*x + p)",
    "max(w*x, 0.5) - min(b, x)",
    "β*tanh(x / 2)**2 - 1e-3",
    "softplus(a)*abs(x) + sigmoid(k*x)",
    "-(w - 2)**3 * x / pi",
    "log(a*x) + sqrt(b)",
    "print*x + file**2",
)
LOSSES = (
    MEAN_SQUARED_ERROR,
    "abs(y - y_pred)",
    "log(1 + exp(-y*y_pred))",
    "max(y - y_pred, 0)",
    "-y_pred",
    "y_pred",
    "y_pred**2 / 2 - y",
)


class TestProcess:
    def test_lesson(self, tmp_path: Path) -> None:
        printed, csv, _ = check(DEFAULT_EXPERIMENT, tmp_path)
        assert printed.startswith("Prediction before training: f(5) = 0.000\nepoch 1: w = 0.300, loss = 30.000\n")
        assert csv.startswith(b"epoch,loss,w,w_grad,lr\r\n1,30.0,0.29999998,-30.0,0.01\r\n")

    def test_lesson_as_the_command_line_trains_it(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "gradgui", "train", "--csv", str(tmp_path / "train.csv")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        printed, csv, _ = by_the_script(DEFAULT_EXPERIMENT, (), None, tmp_path)
        assert (printed, csv) == (done.stdout, (tmp_path / "train.csv").read_bytes())

    def test_greek_names_where_the_terminal_has_no_greek(self, tmp_path: Path) -> None:
        experiment = replace(DEFAULT_EXPERIMENT, model="β * x", parameters=(Parameter("β", 0.0),), epochs=1)
        (tmp_path / "script.py").write_text(script_text(RunSpec(experiment)), encoding="utf-8")
        command = [sys.executable, "script.py"]
        environment = os.environ | {"PYTHONIOENCODING": "ascii"}
        done = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
        assert rb"epoch 1: \u03b2 = 0.300, loss = 30.000" in done.stdout
        assert (tmp_path / "log.csv").read_bytes().startswith("epoch,loss,β,β_grad,lr\r\n".encode())

    def test_divergence(self, tmp_path: Path) -> None:
        _, csv, _ = check(replace(DEFAULT_EXPERIMENT, learning_rate=0.5, epochs=2000), tmp_path)
        assert 10 < csv.count(b"\n") < 2000

    def test_broken_loop_leaves_the_epochs_before_its_error(self, tmp_path: Path) -> None:
        change = LoopChange(3, Loop(no_grad=False))
        printed, csv, error = check(DEFAULT_EXPERIMENT, tmp_path, [change])
        assert error.startswith("RuntimeError: a leaf Variable")
        assert csv.count(b"\n") == 4
        assert "after" not in printed

    def test_csv_beside_nothing_special(self, tmp_path: Path) -> None:
        (tmp_path / "script.py").write_text(script_text(RunSpec(LINE)), encoding="utf-8")
        subprocess.run([sys.executable, "-I", "script.py"], cwd=tmp_path, check=True, capture_output=True)
        assert (tmp_path / "log.csv").read_bytes() == by_the_engine(LINE, (), None, tmp_path)[1]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
@pytest.mark.parametrize("experiment", [LINE, WAVE], ids=["float32", "float64"])
def test_optimizers(driver: Driver, experiment: Experiment, optimizer: Optimizer) -> None:
    driver.check(replace(experiment, optimizer=optimizer, learning_rate=0.05))


@pytest.mark.parametrize("schedule", [one for kind in SCHEDULES.values() for one in kind if one], ids=repr)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_schedules(driver: Driver, dtype: DType, schedule: Schedule) -> None:
    scheduled = replace(LINE, optimizer=SGD(momentum=0.5), schedule=schedule, dtype=dtype, learning_rate=0.05)
    for interventions in ([], [LearningRateChange(0, 0.03)], [LearningRateChange(3, 0.2)]):
        driver.check(scheduled, interventions)
    driver.check(replace(scheduled, epochs=25), [LearningRateChange(0, 0.03)])


@pytest.mark.parametrize("experiment", [DEFAULT_EXPERIMENT, LINE, DECAY, WAVE], ids=lambda one: one.model)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", LOSSES)
def test_models_and_losses(driver: Driver, experiment: Experiment, dtype: DType, loss: str) -> None:
    driver.check(replace(experiment, dtype=dtype, loss=loss))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_functions(driver: Driver, name: str) -> None:
    arguments = "w*x/10" if FUNCTIONS[name].arity == 1 else "w*x, b"
    model = f"{name}({arguments}) + b"
    driver.check(replace(LINE, model=model))


NO_ZERO = Loop(zero_grad=False)
REPLACED = Loop(in_place=False)
REPLACED_NO_ZERO = Loop(in_place=False, zero_grad=False)
INTERVENTIONS: dict[str, list[Intervention]] = {
    "learning rate": [LearningRateChange(3, 0.002)],
    "parameter": [ParameterChange(3, "b", 1 / 3)],
    "parameter too large": [ParameterChange(3, "b", 1e39)],
    "other data": [DataChange(3, Data((0.1, -2.0), (1 / 3, 1e-7))), DataChange(5, Data((1.0,) * 40, (1 / 3,) * 40))],
    "all before the first epoch": [
        DataChange(0, Data((0.5,), (0.25,))),
        ParameterChange(0, "w", 2.0),
        LearningRateChange(0, 0.001),
        LoopChange(0, NO_ZERO),
        ParameterChange(0, "w", 3.0),
    ],
    "no zero_grad for a while": [LoopChange(2, NO_ZERO), LoopChange(5, Loop())],
    "no zero_grad twice": [LoopChange(2, NO_ZERO), LoopChange(3, Loop()), LoopChange(5, NO_ZERO)],
    "mended at once": [LoopChange(2, REPLACED), LoopChange(2, Loop())],
    "not in place": [LoopChange(2, REPLACED)],
    "not in place, no zero_grad": [LoopChange(2, REPLACED_NO_ZERO)],
    "not in place for one epoch": [LoopChange(2, REPLACED_NO_ZERO), LoopChange(3, NO_ZERO), LoopChange(5, Loop())],
    "set where it is no leaf": [
        LoopChange(2, REPLACED_NO_ZERO),
        ParameterChange(3, "w", 1.5),
        LoopChange(3, REPLACED_NO_ZERO),
        LoopChange(4, Loop()),
    ],
    **{fault.value: [LoopChange(2, Loop(fault=fault)), LoopChange(5, Loop())] for fault in Fault},
    "backward twice": [LoopChange(2, Loop(backward_once=False))],
    "after the last epoch": [ParameterChange(8, "w", 1.5), LearningRateChange(8, 0.5), LoopChange(8, REPLACED)],
    "beyond the last epoch": [ParameterChange(9, "w", 1.5), LoopChange(9, REPLACED)],
}


@pytest.mark.parametrize("interventions", INTERVENTIONS.values(), ids=INTERVENTIONS.keys())
@pytest.mark.parametrize("optimizer", [GradientDescent(), Adam(), SGD(momentum=0.5)], ids=repr)
def test_interventions(driver: Driver, interventions: list[Intervention], optimizer: Optimizer) -> None:
    driver.check(replace(LINE, optimizer=optimizer), interventions)


RULES = (
    StopRules(loss_below=1.0),
    StopRules(loss_below=0.0),
    StopRules(gradient_below=0.5),
    StopRules(patience=2),
    StopRules(loss_below=1e-6, gradient_below=1e-6, patience=3),
)


@pytest.mark.parametrize("rules", RULES, ids=repr)
@pytest.mark.parametrize("rate", [0.01, 0.06, 0.2])
def test_stop_rules(driver: Driver, rules: StopRules, rate: float) -> None:
    driver.check(replace(LINE, stop=rules, learning_rate=rate, epochs=200))


def test_powers_of_two_of_every_size(driver: Driver) -> None:
    doubling = replace(
        DEFAULT_EXPERIMENT, data=Data((1.0,), (0.0,)), parameters=(Parameter("w", 2.0**-75),), epochs=400
    )
    halving = replace(doubling, learning_rate=0.25)
    driver.check(replace(doubling, learning_rate=1.5))
    driver.check(halving)


def test_many_points_and_another_probe(driver: Driver) -> None:
    draw = random.Random(1)
    x = tuple(draw.uniform(-3.0, 3.0) for _ in range(3000))
    experiment = replace(WAVE, data=Data(x, tuple(2.0 * one for one in x)), probe=-1.25e-7)
    driver.check(experiment)
    assert max(map(len, script_text(RunSpec(experiment)).splitlines())) < 120


def test_whole_numbers_in_place_of_floats(driver: Driver) -> None:
    whole = replace(
        DEFAULT_EXPERIMENT, data=Data((1, 2), (2, 4)), learning_rate=1, parameters=(Parameter("w", 1),), epochs=4
    )
    driver.check(whole, [LearningRateChange(2, 2), ParameterChange(3, "w", 7)])


def experiment_with(names: Sequence[str], **changes: object) -> Experiment:
    parameters = tuple(Parameter(name, 0.125) for name in names)
    model = " + ".join(f"{name}*x" for name in names)
    return replace(LINE, model=model, parameters=parameters, epochs=3, **changes)


@pytest.mark.parametrize("optimizer", [GradientDescent(), Adam()], ids=repr)
def test_parameters_named_as_the_scripts_own_things(driver: Driver, optimizer: Optimizer) -> None:
    names = sorted(OWN_NAMES)
    driver.check(
        experiment_with([*names, "PRINT", "FILE"], optimizer=optimizer, stop=StopRules(patience=2)),
        [ParameterChange(1, "print", 0.5), LoopChange(2, NO_ZERO)],
    )


def test_longest_formula_with_a_name_of_the_scripts_own(driver: Driver) -> None:
    model = "print*x" + "+print" * 165
    driver.check(replace(LINE, model=model, parameters=(Parameter("print", 0.5),), epochs=2))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", [GradientDescent(), Adam()], ids=repr)
def test_uses_torch_and_the_standard_library_and_only_its_own_names(dtype: DType, optimizer: Optimizer) -> None:
    stop = StopRules(1.0, 1.0, 1)
    schedule = None if isinstance(optimizer, GradientDescent) else StepSchedule()
    experiment = replace(LINE, dtype=dtype, optimizer=optimizer, schedule=schedule, stop=stop)
    changes = sorted((one for group in INTERVENTIONS.values() for one in group), key=lambda one: one.epoch)
    tree = ast.parse(script_text(RunSpec(experiment, tuple(changes))))
    imported = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for name in node.names
    }
    assert imported <= {"torch", *sys.stdlib_module_names}
    inside = {node for function in tree.body if isinstance(function, ast.FunctionDef) for node in ast.walk(function)}
    names = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and (node not in inside or node.id in dir(builtins))
    }
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    cannot_be_parameters = {*RESERVED_NAMES, *FUNCTIONS, "x", "w_grad", "b_grad"}
    assert (names | imported | functions) - {"w", "b"} - cannot_be_parameters <= OWN_NAMES


def test_lesson_reads_like_the_notebook() -> None:
    text = script_text(RunSpec())
    loop = """\
        loss = ((y - y_pred)**2).mean()
        loss.backward()
        w_grad = w.grad.item()
        with torch.no_grad():
            w -= learning_rate * w.grad
        w.grad.zero_()
"""
    assert loop in text
    assert len(text.splitlines()) < 65


def shortest_of_the_script(folder: Path) -> Callable[[float], str]:
    text = script_text(RunSpec())
    start = text.index("def shortest")
    path = folder / "shortest.py"
    path.write_text("import ctypes\n" + text[start : text.index("\n\n\n", start)] + "\n", encoding="utf-8")
    function: Callable[[float], str] = runpy.run_path(str(path), {"ctypes": ctypes})["shortest"]
    return function


def test_float32_as_text(tmp_path: Path) -> None:
    write = shortest_of_the_script(tmp_path)
    draw = np.random.default_rng(7)
    powers = np.float32(2.0) ** np.arange(-149, 128, dtype=np.float32)
    tens = np.array([float(f"1e{exponent}") for exponent in range(-45, 39)], dtype=np.float32)
    edges = np.concatenate([powers, tens])
    values = np.concatenate(
        [
            draw.integers(0, 2**32, 20_000).astype(np.uint32).view(np.float32),
            draw.normal(size=5_000).round(3).astype(np.float32),
            (2**25 + 4 * np.arange(5_000)).astype(np.float32),  # whose halves between neighbours are short
            np.arange(1, 2_000, dtype=np.uint32).view(np.float32),  # the smallest there are
            edges,
            np.nextafter(edges, np.float32(0.0)),
            np.nextafter(edges, np.float32(np.inf)),
            np.array([0.0, np.nan, np.inf], dtype=np.float32),
        ]
    )
    for value in map(float, np.concatenate([values, -values])):
        assert write(value) == shortest(value, "float32"), value.hex()


numbers = st.floats(-4.0, 4.0, width=32) | st.sampled_from([0.0, -0.0, 1e-7, 1e-4, 0.1, 1e7, 1e20, 1e-30, 1e39])
rates = st.sampled_from([1e-5, 0.001, 0.01, 0.1, 1 / 3, 0.5, 3.0, 100.0])
faults = st.none() | st.sampled_from(Fault)
loops = st.builds(Loop, st.booleans(), *([st.sampled_from([True, True, True, False])] * 3), faults)


@st.composite
def data_sets(draw: st.DrawFn) -> Data:
    points = draw(st.integers(1, 5))
    x, y = (draw(st.lists(numbers, min_size=points, max_size=points)) for _ in range(2))
    return Data(x, y)


@st.composite
def experiments(
    draw: st.DrawFn,
    optimizers: Sequence[Optimizer] = OPTIMIZERS,
    schedules: Sequence[Schedule | None] = tuple(one for kind in SCHEDULES.values() for one in kind),
) -> Experiment:
    optimizer = draw(st.sampled_from(optimizers))
    model = draw(st.sampled_from(MODELS))
    stop = st.builds(StopRules, *(st.none() | limit for limit in (rates, rates, st.integers(1, 4))))
    return Experiment(
        model=model,
        parameters=tuple(Parameter(name, draw(numbers)) for name in parse_formula(model).parameters),
        data=draw(data_sets()),
        learning_rate=draw(rates),
        epochs=draw(st.integers(1, 25)),
        loss=draw(st.sampled_from(LOSSES)),
        optimizer=optimizer,
        schedule=None if isinstance(optimizer, GradientDescent) else draw(st.sampled_from(schedules)),
        dtype=draw(st.sampled_from(["float32", "float64"])),
        probe=draw(numbers),
        loop=draw(st.just(Loop()) | loops),
        stop=draw(st.just(NO_STOP_RULES) | stop),
    )


EXPERIMENTS = experiments()


@st.composite
def recordings(
    draw: st.DrawFn, drawn: st.SearchStrategy[Experiment] = EXPERIMENTS
) -> tuple[Experiment, list[Intervention]]:
    experiment = draw(drawn)
    epochs = st.integers(0, experiment.epochs + 1)
    change = (
        st.builds(LearningRateChange, epochs, rates)
        | st.builds(ParameterChange, epochs, st.sampled_from(experiment.parameter_names), numbers)
        | st.builds(LoopChange, epochs, loops)
        | st.builds(DataChange, epochs, data_sets())
    )
    return experiment, sorted(draw(st.lists(change, max_size=4)), key=lambda one: one.epoch)


@given(recordings())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_recording(driver: Driver, recording: tuple[Experiment, list[Intervention]]) -> None:
    driver.check(*recording)


CASES = 20


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "schedule"),
    [(GradientDescent, "no schedule"), *product((SGD, RMSprop, Adagrad, Adam, AdamW), SCHEDULES)],
)
def test_any_recording_at_length(driver: Driver, kind: type[Optimizer], schedule: str) -> None:
    optimizers = [optimizer for optimizer in OPTIMIZERS if type(optimizer) is kind]
    drawn = recordings(experiments(optimizers, SCHEDULES[schedule]))

    @given(drawn)
    @settings(max_examples=CASES, deadline=None)
    def in_the_drivers_process(recording: tuple[Experiment, list[Intervention]]) -> None:
        driver.check(*recording)

    in_the_drivers_process()


@pytest.mark.slow
@given(recordings())
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_recording_in_a_process_of_its_own(
    tmp_path: Path, recording: tuple[Experiment, list[Intervention]]
) -> None:
    experiment, interventions = recording
    check(experiment, tmp_path, interventions)


@given(
    st.lists(
        st.floats(allow_nan=False, allow_infinity=False) | st.integers(-9, 9).map(float), min_size=1, max_size=60
    )
)
@settings(deadline=None)
def test_points_are_wrapped_as_a_person_would(values: list[float]) -> None:
    text = script_text(RunSpec(replace(DEFAULT_EXPERIMENT, data=Data(tuple(values), tuple(values)), dtype="float64")))
    line = f"x = torch.tensor([{', '.join(map(repr, values))}], dtype=torch.float64)"
    wrapped = textwrap.wrap(
        line, WIDEST_LINE, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
    assert "\n".join(wrapped) in text
