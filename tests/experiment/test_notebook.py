"""The notebook of a run is valid, runs in Jupyter from its first cell to its last, and writes the engine's CSV."""

import ast
import asyncio
import builtins
import json
import warnings
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pytest
from msgspec.structs import replace
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from gradgui.engine.run import Run
from gradgui.experiment.changes import DataChange, Intervention, LearningRateChange, LoopChange
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, DType, Experiment, Parameter
from gradgui.experiment.formula import FUNCTIONS, RESERVED_NAMES
from gradgui.experiment.optimizers import Adam, StepSchedule
from gradgui.experiment.program.notebook import NOTEBOOK_NAMES, notebook_text
from gradgui.experiment.program.script import script_text
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import Loop
from gradgui.record.csv_file import write_csv
from gradgui.record.training_log import TrainingLog

LINE = Experiment(
    model="w*x + b",
    parameters=(Parameter("w", 0.1), Parameter("b", -0.5)),
    data=Data((1.0, 2.0, 3.5), (1.5, 2.25, 7.0)),
    epochs=8,
)
CHANGES = (LearningRateChange(2, 0.02), DataChange(4, Data((0.5,) * 60, (1 / 3,) * 60)))
SCHEDULED = replace(LINE, optimizer=Adam(), schedule=StepSchedule(step_size=3), dtype="float64")


def csv_of_the_engine(experiment: Experiment, changes: Sequence[Intervention], epochs: int, folder: Path) -> bytes:
    run = Run(experiment, changes)
    log = TrainingLog(experiment.columns, experiment.dtype)
    while len(log) < epochs:
        log.append(run.train(epochs - len(log)))
    write_csv(log.snapshot(), folder / "engine.csv")
    return (folder / "engine.csv").read_bytes()


def execute(text: str, folder: Path) -> nbformat.NotebookNode:
    """Execute all cells, as "Run All" does; gives the notebook with its outputs."""
    notebook: nbformat.NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Jupyter's own packages
        client = NotebookClient(
            notebook, timeout=100, kernel_name="python3", resources={"metadata": {"path": folder}}
        )
        asyncio.run(client.async_execute())
    return notebook


@pytest.mark.parametrize(
    ("experiment", "changes", "epochs"),
    [
        (DEFAULT_EXPERIMENT, (), None),
        (SCHEDULED, CHANGES, 6),
        (
            replace(
                DEFAULT_EXPERIMENT, model="csv + left*x", parameters=(Parameter("csv", 1.0), Parameter("left", 0.0))
            ),
            CHANGES,
            9,
        ),
    ],
    ids=["lesson", "schedule and changes", "parameters named as the notebook's own things"],
)
def test_executed_it_writes_the_engines_csv(
    tmp_path: Path, experiment: Experiment, changes: Sequence[Intervention], epochs: int | None
) -> None:
    notebook = execute(notebook_text(RunSpec(experiment, tuple(changes), epochs or 0)), tmp_path)
    expected = csv_of_the_engine(experiment, changes, epochs or experiment.epochs, tmp_path)
    assert (tmp_path / "log.csv").read_bytes() == expected
    problem, loop, plots = notebook.cells[1:]
    assert problem.outputs == []
    (printed,) = loop.outputs
    assert printed.text.startswith("Prediction before training: f(5) = ")
    assert printed.text.count("\nepoch ") == expected.count(b"\n") - 1
    (picture,) = plots.outputs
    assert "image/png" in picture.data


def test_a_broken_loop_ends_in_pytorchs_own_error(tmp_path: Path) -> None:
    text = notebook_text(RunSpec(interventions=(LoopChange(3, Loop(no_grad=False)),)))
    with pytest.raises(CellExecutionError, match="a leaf Variable"):
        execute(text, tmp_path)
    assert (tmp_path / "log.csv").read_bytes().count(b"\n") == 4


@pytest.mark.parametrize(
    "experiment",
    [DEFAULT_EXPERIMENT, SCHEDULED, replace(DEFAULT_EXPERIMENT, model="β*x", parameters=(Parameter("β", 0.0),))],
)
def test_it_is_valid(experiment: Experiment) -> None:
    text = notebook_text(RunSpec(experiment, CHANGES))
    assert text.endswith("}\n")
    document = json.loads(text)
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    nbformat.validate(document)
    assert [cell["cell_type"] for cell in document["cells"]] == ["markdown", "code", "code", "code"]


@pytest.mark.parametrize("experiment", [DEFAULT_EXPERIMENT, SCHEDULED], ids=["lesson", "schedule"])
def test_its_loop_is_the_scripts(experiment: Experiment) -> None:
    loop = "".join(json.loads(notebook_text(RunSpec(experiment, CHANGES)))["cells"][2]["source"])
    assert script_text(RunSpec(experiment, CHANGES)).endswith(f"\n{loop}\n")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_uses_only_its_own_names(dtype: DType) -> None:
    cells = json.loads(notebook_text(RunSpec(replace(SCHEDULED, dtype=dtype), CHANGES)))["cells"]
    tree = ast.parse("\n".join("".join(cell["source"]) for cell in cells[1:]))
    inside = {node for function in tree.body if isinstance(function, ast.FunctionDef) for node in ast.walk(function)}
    names = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and (node not in inside or node.id in dir(builtins))
    }
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    names |= {(name.asname or name.name) for node in imports for name in node.names}
    cannot_be_parameters = {*RESERVED_NAMES, *FUNCTIONS, "x", "w_grad", "b_grad", "_"}
    assert names - {"w", "b"} - cannot_be_parameters <= NOTEBOOK_NAMES
