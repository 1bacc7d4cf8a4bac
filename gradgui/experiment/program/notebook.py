"""A run as a Jupyter notebook: the script's own lines, cell by cell, and a picture of what came of it."""

import json
from collections.abc import Iterable
from typing import Any

from gradgui.experiment.changes import DataChange
from gradgui.experiment.formula import parse_formula, to_text
from gradgui.experiment.program.script_lines import definition_lines, import_lines, training_lines
from gradgui.experiment.program.script_plan import OWN_NAMES, Script, make_script
from gradgui.experiment.run_spec import RunSpec

NOTEBOOK_NAMES = OWN_NAMES | {"csv", "grid", "int", "left", "list", "log", "plt", "right"}
"""What the notebook calls its own things, apart from the names that no parameter can have."""

_INTRODUCTION = """\
# y = {model}

Trained with PyTorch: the points that it is fitted to and the parameters' start values come first, then the training
loop as it was run, with everything that was changed on the way, and a picture at the end.

The loss of an epoch is measured *before* its update, the parameters *after* it. The loop prints every epoch and
writes it to `log.csv` in the working folder. The first two cells need `torch`, the last one `matplotlib`.
"""

_PLOTS = """\
import csv

import matplotlib.pyplot as plt

with open(csv_path, encoding="utf-8", newline="") as file:
    log = list(csv.DictReader(file))
_, (left, right) = plt.subplots(ncols=2, figsize=(11, 4), layout="constrained")

left.plot([int(row["epoch"]) for row in log], [float(row["loss"]) for row in log])
left.set(xlabel="epoch", ylabel="loss", yscale="log")

grid = torch.linspace(x.min().item(), x.max().item(), 200, dtype=x.dtype)
right.plot(x, y, "o", label="data")
right.plot(grid, forward(grid).detach().expand_as(grid), label="fit")
right.set(xlabel={x_name}, ylabel={y_name})
right.legend()
plt.show()
"""


def notebook_text(run_spec: RunSpec) -> str:
    """Write a run as a notebook that prints its epochs, writes its log as CSV, and plots loss and fit.

    Parameters
    ----------
    run_spec
        As for `script_text`.

    Returns
    -------
    str
        JSON of Jupyter's format 4.5, to be saved as UTF-8.
    """
    script = make_script(run_spec, NOTEBOOK_NAMES)
    model = to_text(parse_formula(run_spec.experiment.model).tree)
    introduction = _INTRODUCTION.format(model=model.replace("*", r"\*"))
    problem = [*import_lines(script), "", *definition_lines(script, '"log.csv"')]
    notebook = {
        "cells": [
            {"cell_type": "markdown", "id": "introduction", "metadata": {}, "source": _source([introduction])},
            _code("problem", problem),
            _code("loop", training_lines(script)),
            _code("plots", [_plot_lines(script)]),
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _plot_lines(script: Script) -> str:
    """Write the plots, their axes called as those of the points that the run ends with."""
    changed = [change.data for change in script.changes if isinstance(change, DataChange)]
    data = changed[-1] if changed else script.experiment.data
    x_name, y_name = (repr(name.replace("$", r"\$")) for name in data.names)  # between two of them is TeX
    return _PLOTS.replace("{x_name}", x_name).replace("{y_name}", y_name)


def _code(name: str, lines: Iterable[str]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {},
        "outputs": [],
        "source": _source(lines),
    }


def _source(lines: Iterable[str]) -> list[str]:
    """Give a cell's text as the format has it: line by line, each but the last with its line feed."""
    return "\n".join(lines).strip("\n").splitlines(keepends=True)
