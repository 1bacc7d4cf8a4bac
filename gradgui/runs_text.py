"""What ``gradgui runs show`` prints of a run."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct, structs

from gradgui.experiment.changes import DataChange, Intervention, LearningRateChange, LoopChange, ParameterChange
from gradgui.experiment.columns import Role
from gradgui.experiment.experiment import Experiment
from gradgui.numbers import write_number
from gradgui.record.csv_file import shortest
from gradgui.record.run_store import RunReader, RunSummary


def run_lines(store: RunReader, run: RunSummary) -> Iterator[str]:
    """Tell what decided a run and what came of it.

    Parameters
    ----------
    store
        Where it is kept.
    run
        Which one.

    Raises
    ------
    RunStoreError
        If it is damaged as a whole.
    """
    spec = store.spec(run.id)
    star = " (starred)" if run.starred else ""
    yield f"Run {run.id}{f': {run.name}' if run.name else ''}{star}"
    facts = [*_settings(spec.experiment)]
    facts += [("changed", f"after epoch {change.epoch}: {_change(change)}") for change in spec.interventions]
    facts += _outcome(store, run, spec.experiment)
    for name, text in facts:
        yield f"  {name + ':':<16} {' '.join(text.split())}"


def _settings(experiment: Experiment) -> Iterator[tuple[str, str]]:
    yield "model", f"y = {experiment.model}"
    starts = (f"{one.name} = {write_number(one.start)}" for one in experiment.parameters)
    yield "start", ", ".join(starts)
    yield "data", f"{len(experiment.data)} points"
    yield "loss", experiment.loss
    yield "optimizer", _settings_of(experiment.optimizer)
    yield "learning rate", write_number(experiment.learning_rate)
    if experiment.schedule is not None:
        yield "schedule", _settings_of(experiment.schedule)
    yield "numbers", experiment.dtype


def _settings_of(chosen: Struct) -> str:
    values = structs.asdict(chosen)
    name = str(chosen.__struct_config__.tag).replace("_", " ")
    return ", ".join([name, *(f"{field} = {value}" for field, value in values.items())])


def _change(change: Intervention) -> str:
    match change:
        case LearningRateChange(learning_rate=rate):
            return f"learning rate {write_number(rate)}"
        case ParameterChange(name=name, value=value):
            return f"{name} = {write_number(value)}"
        case DataChange(data=data):
            return f"{len(data)} points"
        case LoopChange():
            return "the loop"


def _outcome(store: RunReader, run: RunSummary, experiment: Experiment) -> Iterator[tuple[str, str]]:
    if run.parent:
        yield "branch", f"of run {run.parent}, after epoch {run.branch_epoch}"
    yield "began", f"{datetime.fromtimestamp(run.began):%Y-%m-%d %H:%M:%S}"
    yield "epochs", str(run.epochs)
    yield "ended", f"{run.ended.value}{f': {run.reason}' if run.reason else ''}"
    yield "final loss", shortest(run.final_loss, experiment.dtype)
    if run.lowest_epoch:
        yield "lowest loss", f"{shortest(run.lowest_loss, experiment.dtype)} at epoch {run.lowest_epoch}"
    _, row = store.last_row(run.id) or (0, {})
    parameters = experiment.columns.of(Role.PARAMETER) if row else ()
    if parameters:
        ends = (f"{one.name} = {shortest(row[one.name], experiment.dtype)}" for one in parameters)
        yield "parameters", ", ".join(ends)
    if run.note:
        yield "note", run.note
