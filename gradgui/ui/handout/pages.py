"""What stands in a handout, as HTML: settings, plots, comparison, code, and a table of epochs."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

import numpy as np
from msgspec.structs import asdict

from gradgui.experiment.columns import Role
from gradgui.experiment.data import Data
from gradgui.experiment.differences import change_text, loop_text, loss_text, rule_text, schedule_text
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.program.program import data_lines, make_program
from gradgui.experiment.run_spec import RunSpec
from gradgui.experiment.training_loop import CORRECT_LOOP, Loop
from gradgui.numbers import shown, significant, write_count, write_number
from gradgui.record.training_log import TrainingLog
from gradgui.ui.runs.compared_runs import ComparedRuns
from gradgui.ui.window.live_run import LiveRun
from gradgui.ui.window.status_line import state_text
from gradgui.worker.status import FinishReason, State, Status

MOST_ROWS = 25
"""Epochs in the table; of more an even choice is made."""
MOST_COLUMNS = 9
"""Of the table, the epoch's not counted; more do not fit."""
MOST_POINTS = 12
"""Points that are listed; more are counted."""
MOST_PARAMETERS = 12
"""Parameters that are named in a line; more are counted."""
MOST_CHANGES = 20
PICTURE_WIDTH = 330
"""Pixels at 96 dots per inch; two are as wide as the page."""
DIGITS = 6

Row = Sequence[str]


def handout_html(title: str, run: LiveRun, compared: ComparedRuns, captions: Sequence[str]) -> str:
    """Write a handout.

    Parameters
    ----------
    title
        What the experiment is called.
    run
        The run, as it is now.
    compared
        What it is compared with.
    captions
        What is said of its pictures, which are called ``plot0``, ``plot1`` and so on.
    """
    loop = run.experiment.loop if run.is_awaited else run.status.loop
    day = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    parts = [
        f"<h2>{escape(title)}</h2><p>Written by GradGUI on {day}.</p>",
        "<h3>Settings</h3>",
        _settings(_setting_rows(run.run_spec, _ending(run))),
        _plots(captions),
        _comparison(run, compared),
        _code(run.run_spec, loop),
        _epochs(run.log, run.experiment),
    ]
    return "".join(parts)


def _setting_rows(spec: RunSpec, ending: str) -> list[Row]:
    experiment = spec.experiment
    optimizer = experiment.optimizer
    starts = [f"{one.name} = {_number(one.start)}" for one in experiment.parameters]
    rows: list[Row] = [
        ("Model", f"y_pred = {experiment.model}"),
        ("Loss", _loss(experiment.loss)),
        ("Optimizer", rule_text(optimizer, asdict(optimizer))),
        ("Learning rate", _number(experiment.learning_rate)),
    ]
    if experiment.schedule is not None:
        rows.append(("Schedule", schedule_text(experiment.schedule)))
    rows += [
        ("Start values", _listed(starts, MOST_PARAMETERS, "more")),
        ("Data", _data(experiment.data)),
        ("Numbers", experiment.dtype),
    ]
    if experiment.loop != CORRECT_LOOP:
        rows.append(("Loop", loop_text(experiment.loop)))
    changes = [change_text(change) for change in spec.interventions]
    rows += [
        ("Changed on the way", _listed(changes, MOST_CHANGES, "more changes") or "nothing"),
        ("Epochs trained", write_count(spec.trained)),
        ("How it ended", ending),
    ]
    return rows


def _number(value: float) -> str:
    return shown(write_number(value))


def _loss(formula: str) -> str:
    name = loss_text(formula)
    mean = f"mean of {formula} over the points"
    return mean if name.endswith(" ".join(formula.split())) else f"{name}: {mean}"


def _listed(texts: Sequence[str], most: int, more: str) -> str:
    left_out = len(texts) - most
    return ", ".join([*texts[:most], *([f"… and {write_count(left_out)} {more}"] if left_out > 0 else [])])


def _data(data: Data) -> str:
    count = f"{write_count(len(data))} point{'s' if len(data) != 1 else ''}"
    named = f"{count} ({data.x_name}, {data.y_name})"
    if len(data) > MOST_POINTS:
        x, y = (f"{_number(values.min())} to {_number(values.max())}" for values in (data.x, data.y))
        return f"{named}: {data.x_name} from {x}, {data.y_name} from {y}"
    return f"{named}: " + ", ".join(f"({_number(x)}, {_number(y)})" for x, y in zip(data.x, data.y, strict=True))


def _ending(run: LiveRun) -> str:
    status = Status() if run.is_awaited else run.status
    match status.state:
        case State.DIVERGED:
            text = f"{state_text(status)}: {status.message}"
        case State.FAILED:
            text = f"the {status.next_phase.value} phase raised an error: {status.message}"
        case State.RUNNING:
            text = "was still running"
        case State.FINISHED if status.finish_reason is FinishReason.STOP_RULE:
            text = f"stopped early: {status.message}"
        case State.FINISHED:
            text = "all epochs that were asked for are trained"
        case _:
            text = f"paused after epoch {write_count(run.epoch)}" if len(run.log) else "not trained yet"
    if run.epoch < len(run.log):
        text += f"; gone back to epoch {write_count(run.epoch)}"
    return text


def _settings(rows: Sequence[Row]) -> str:
    lines = (f'<tr><td width="24%"><b>{escape(name)}</b></td><td>{escape(text)}</td></tr>' for name, text in rows)
    return f'<table cellspacing="0" width="100%">{"".join(lines)}</table>'


def _plots(captions: Sequence[str]) -> str:
    """Lay the plots out two in a row."""
    cells = [
        f'<td width="50%"><img src="plot{place}" width="{PICTURE_WIDTH}"><br>{escape(caption)}</td>'
        for place, caption in enumerate(captions)
    ]
    rows = ("".join(cells[place : place + 2]) for place in range(0, len(cells), 2))
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<h3>Plots</h3><table cellspacing="0" width="100%">{table}</table>' if cells else ""


def _table(head: Row, rows: Sequence[Row]) -> str:
    lines = (f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    return (
        '<table border="1" cellspacing="0" style="border-collapse: collapse" width="100%">'
        f"<thead><tr>{heads}</tr></thead>{''.join(lines)}</table>"
    )


def _comparison(run: LiveRun, compared: ComparedRuns) -> str:
    if not compared.runs:
        return ""
    rows: list[Row] = [("this run", compared.present_label, *_result(run.log, run.experiment))]
    rows += [(f"run {one.id}", one.label, *_result(one.log, one.spec.experiment)) for one in compared.runs]
    unread = "<p>More runs were still being read when this was written.</p>" if compared.reading else ""
    head = ("Run", "What differs", "Epochs", "Last loss", "Parameters after it")
    return f"<h3>Comparison</h3>{_table(head, rows)}{unread}"


def _result(log: TrainingLog, experiment: Experiment) -> Row:
    epochs = len(log)
    if not epochs:
        return "0", "–", "–"
    columns = experiment.columns.of(Role.PARAMETER)
    values = [f"{one.label} = {significant(log.value(one.name, epochs), DIGITS)}" for one in columns]
    loss = significant(log.value("loss", epochs), DIGITS)
    return write_count(epochs), loss, _listed(values, MOST_PARAMETERS, "more")


def _code(spec: RunSpec, loop: Loop) -> str:
    """Write the loop as it is shown, with what comes before it."""
    experiment = spec.experiment
    program, data = make_program(experiment, loop), experiment.data
    if len(data) <= MOST_POINTS:
        points: tuple[str, ...] = data_lines(data, experiment.dtype)
    else:
        points = (f"# x and y are the {len(data)} points, as tensors of torch.{experiment.dtype}",)
    epochs = spec.trained or experiment.epochs
    lines = ["import torch", "", *points, *program.setup, "", f"for epoch in range({epochs}):"]
    lines += [f"    {line.text}" for line in program.lines]
    told = ""
    if spec.interventions:
        told = (
            "<p>What was changed on the way is not in it; <i>File → Export as Python script</i> writes all of it.</p>"
        )
    heading = '<h3 style="page-break-before: always">Code</h3>'
    return f'{heading}{told}<pre style="white-space: pre-wrap">{escape(chr(10).join(lines))}</pre>'


def _epochs(log: TrainingLog, experiment: Experiment) -> str:
    """Write the epochs, or an even choice of them with the first and the last."""
    count = len(log)
    if not count:
        return ""
    chosen = np.unique(np.linspace(1, count, min(count, MOST_ROWS)).round().astype(np.int64))
    columns = experiment.columns
    wanted = [
        *columns.of(Role.LOSS),
        *columns.of(Role.PARAMETER),
        *columns.of(Role.GRADIENT),
        *columns.of(Role.LEARNING_RATE),
    ]
    left_out = len(wanted) - MOST_COLUMNS
    wanted = wanted[:MOST_COLUMNS]
    cells = [[significant(value, DIGITS) for value in log.values(one.name, chosen)] for one in wanted]
    rows = list(zip(map(write_count, chosen.tolist()), *cells, strict=True))
    told = [f"Numbers have {DIGITS} digits"]
    if count > MOST_ROWS:
        told.append(f"{len(chosen)} of {write_count(count)} epochs, evenly chosen, with the first and the last")
    if left_out > 0:
        told.append(f"{write_count(left_out)} more columns are in the log")
    heads = ("epoch", *(one.label for one in wanted))
    return f"<h3>Epochs</h3><p>{'; '.join(told)}.</p>{_table(heads, rows)}"
