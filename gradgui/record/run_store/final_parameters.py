"""With which parameters runs ended, as JSON."""

import json
import math
from collections.abc import Iterable
from typing import Any

from gradgui.experiment.columns import LEARNING_RATE, LOSS, Role
from gradgui.record.csv_file import shortest
from gradgui.record.run_store.reading import RunReading
from gradgui.record.run_store.summary import RunSummary


def final_parameters_json(store: RunReading, runs: Iterable[RunSummary]) -> str:
    """Write the last epoch of runs as JSON, ordered by their numbers.

    Parameters
    ----------
    store
        Where they are kept.
    runs
        Which ones.

    Returns
    -------
    str
        ``{"runs": [{"run": 1, …, "parameters": {"w": 1.9999}}, …]}``. A number is the shortest decimal that reads
        back to the same value in the run's dtype, as in a CSV file; JSON has no others, so ``"nan"``, ``"inf"`` and
        ``"-inf"`` are strings. A run whose last epoch is damaged has no parameters.

    Raises
    ------
    RunStoreError
        If there is no such run, or it is damaged as a whole.
    """
    written = [_run(store, run) for run in sorted(runs, key=lambda run: run.id)]
    return json.dumps({"runs": written}, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _run(store: RunReading, run: RunSummary) -> dict[str, Any]:
    experiment = store.spec(run.id).experiment
    epoch, row = store.last_row(run.id) or (0, {})
    return {
        "run": run.id,
        "name": run.name,
        "model": experiment.model,
        "dtype": experiment.dtype,
        "epochs": epoch or run.epochs,
        "ended": run.ended.value,
        "loss": _number(row.get(LOSS.name), experiment.dtype),
        "learning_rate": _number(row.get(LEARNING_RATE.name), "float64"),
        "parameters": {
            column.name: _number(row[column.name], experiment.dtype)
            for column in experiment.columns.of(Role.PARAMETER)
            if row
        },
    }


def _number(value: float | None, dtype: str) -> float | str | None:
    if value is None:
        return None
    return float(shortest(value, dtype)) if math.isfinite(value) else str(value)
