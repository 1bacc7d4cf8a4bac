"""The points of ``gradgui train`` from a table, and the model that is fitted to them."""

import argparse
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from gradgui.cli import UsageError
from gradgui.experiment.data import Data
from gradgui.experiment.experiment import Experiment, Parameter
from gradgui.experiment.formula import FormulaError, parse_formula
from gradgui.experiment.run_spec import RunSpec
from gradgui.tables.detection import Detection, detect_table
from gradgui.tables.format import DECIMALS, ONE_COLUMN, SPACES, THOUSANDS, TableError, is_delimiter
from gradgui.tables.preview import ROW_NUMBER, Places, TablePreview, preview_table
from gradgui.tables.question import open_setting, question

NEW_START = 1.0
"""Where a parameter starts that the experiment did not have; as in the window."""
ENOUGH_BAD_CELLS = 100_000
"""Without a single point between them: nobody is advised to leave out the rest."""
_DELIMITERS = {"\\t": "\t", "tab": "\t", "spaces": SPACES, "space": SPACES, "none": ONE_COLUMN}


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add what tells of a table, and of the model."""
    parser.add_argument("--model", metavar="FORMULA", help="model instead of the experiment's own, such as 'w*x + b'")
    parser.add_argument(
        "--data", type=Path, metavar="TABLE", help="take the points from this table (CSV and its like)"
    )
    table = parser.add_argument_group("how the table is read", "what is not given is found out, or asked for")
    table.add_argument(
        "--columns", nargs=2, metavar=("X", "Y"), help="columns of x and y: their names, or their numbers from 1"
    )
    table.add_argument("--decimal", choices=list(DECIMALS), help="sign before the decimals of a number")
    table.add_argument("--thousands", choices=[sign for sign in THOUSANDS if sign], help="sign that groups thousands")
    table.add_argument("--delimiter", type=_delimiter, metavar="SIGN", help="sign between cells; tab, space or none")
    table.add_argument(
        "--header", action=argparse.BooleanOptionalAction, help="whether the first row has the names of the columns"
    )
    table.add_argument(
        "--day-first", action=argparse.BooleanOptionalAction, help="whether 10/03/2004 is the 10th of March"
    )
    table.add_argument("--leave-out-bad", action="store_true", help="leave out rows with a cell that is no number")


def _delimiter(text: str) -> str:
    sign = _DELIMITERS.get(text, text)
    if sign and not is_delimiter(sign):
        raise argparse.ArgumentTypeError(f"expected one sign that is in no number, tab, space or none, not {text!r}")
    return sign


def with_data(run_spec: RunSpec, options: argparse.Namespace) -> RunSpec:
    """Put the points and the model that were asked for into an experiment; it then begins anew.

    Raises
    ------
    UsageError
        When the table can be read in more than one way, has a bad cell, or the formula is none.
    """
    experiment = run_spec.experiment
    given = [
        name for name in ("columns", "decimal", "thousands", "delimiter", "header", "day_first") if _is(options, name)
    ]
    if options.data is None and (given or options.leave_out_bad):
        option = f"--{given[0] if given else 'leave-out-bad'}".replace("_", "-")
        raise UsageError(
            f"gradgui train: {option} tells how a table is read: add --data TABLE; see gradgui train --help"
        )
    if options.data is None and options.model is None:
        return run_spec
    try:
        if options.model is not None:
            experiment = _with_model(experiment, options.model)
        if options.data is not None:
            experiment = replace(experiment, data=_read(options))
    except (FormulaError, ValueError) as error:
        raise UsageError(f"gradgui train: {error}") from error
    return RunSpec(experiment)


def _is(options: argparse.Namespace, name: str) -> bool:
    return getattr(options, name) is not None


def _with_model(experiment: Experiment, model: str) -> Experiment:
    starts = {parameter.name: parameter.start for parameter in experiment.parameters}
    names = parse_formula(model, ("x",)).parameters
    return replace(
        experiment, model=model, parameters=tuple(Parameter(name, starts.get(name, NEW_START)) for name in names)
    )


def _read(options: argparse.Namespace) -> Data:
    from gradgui.tables.reader import TableReader  # noqa: PLC0415 - numpy loads here, for none who only asks for help

    preview = _chosen(detect_table(options.data, options.delimiter), options)
    places = _places(preview, options.columns) if options.columns else preview.suggested
    for column in (preview.columns[place] for place in places if place is not ROW_NUMBER):
        if column.has_open_dates:
            ways = "add --day-first or --no-day-first"
            raise TableError(f"{options.data}: {column.name}: its dates can have the day or the month first: {ways}")
    reader = TableReader(preview, *places)
    for _ in reader.steps():
        told = reader.bad_count and (reader.points or reader.bad_count > ENOUGH_BAD_CELLS)
        if told and not options.leave_out_bad:
            break  # the sentence names one, and knows whether there are others to leave out bad rows for
    table = reader.finish()
    try:
        return table.usable_data(options.leave_out_bad)
    except TableError as error:
        hint = " or add --leave-out-bad" if table.bad_count and not options.leave_out_bad and table.points else ""
        raise TableError(f"{error}{hint}") from error


def _chosen(detection: Detection, options: argparse.Namespace) -> TablePreview:
    """Give the reading that agrees with the options.

    Raises
    ------
    TableError
        When there is more than one.
    """
    names = ("decimal", "thousands", "header", "day_first")
    wanted: dict[str, Any] = {name: getattr(options, name) for name in names if _is(options, name)}
    found = [
        reading
        for reading in detection.readings
        if all(getattr(reading.table_format, name) == value for name, value in wanted.items())
    ]
    if len(found) > 1:
        setting = open_setting(found)
        choices = dict.fromkeys(getattr(reading.table_format, setting) for reading in found)
        ways = " or ".join(_option(setting, value) for value in choices)
        raise TableError(f"{question(found)}: add {ways}")
    if found:
        return found[0]
    form = detection.best.table_format
    if "thousands" in wanted:
        wanted.setdefault("decimal", "," if wanted["thousands"] == "." else ".")
    elif "decimal" in wanted:
        wanted["thousands"] = ""
    return preview_table(options.data, replace(form, **wanted))


def _option(setting: str, value: str | bool) -> str:
    if isinstance(value, bool):
        return f"--{'' if value else 'no-'}{setting.replace('_', '-')}"
    words = {text: word for word, text in _DELIMITERS.items()} | {text: f"'{text}'" for text in ";|"}
    return f"--{setting} {words.get(value, value)}"


def _places(preview: TablePreview, names: list[str]) -> Places:
    """Find columns by their names, or else by their numbers."""
    x, y = (_place(preview, name) for name in names)
    return x, y


def _place(preview: TablePreview, name: str) -> int:
    known = preview.column_names
    if name in known:
        return known.index(name)
    if name.isdecimal() and 1 <= int(name) <= len(known):
        return int(name) - 1
    raise TableError(f"{preview.origin}: has no column {name}; expected one of {', '.join(known)}")
