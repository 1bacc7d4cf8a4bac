"""``gradgui runs``: the runs that are kept, without a window."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from gradgui.cli import Parser, UsageError, complain, say
from gradgui.experiment.program.runs_script import runs_script_text
from gradgui.numbers import printed, write_number
from gradgui.platform import data_folder
from gradgui.record.atomic_file import AtomicFile, explain_write_error
from gradgui.record.csv_file import DECIMAL_COMMA, PLAIN
from gradgui.record.run_store import RunReader, RunStoreError, RunSummary
from gradgui.record.run_store.final_parameters import final_parameters_json
from gradgui.record.run_store.long_csv import long_csv_chunks
from gradgui.runs_text import run_lines

RUN_FILE = "runs.sqlite"
STANDARD_OUTPUT = Path("-")


def main_runs(arguments: list[str]) -> int:
    """Run ``gradgui runs``.

    Parameters
    ----------
    arguments
        What follows ``runs`` on the command line.

    Returns
    -------
    int
        0 when done.

    Raises
    ------
    UsageError
        On bad usage, a run that is not there, or a file that cannot be read or written.
    """
    options = _runs_parser().parse_intermixed_args(arguments)
    is_show = options.words[:1] == ["show"]
    numbers = [*dict.fromkeys(map(_number, options.words[is_show:]))]
    _check_usage(options, numbers, is_show)
    path = options.file or data_folder() / RUN_FILE
    try:
        if options.file is None and not path.exists():
            return _answer_without_runs(path, numbers, options)
        with RunReader(path) as store:
            _answer(store, options, numbers, is_show)
    except RunStoreError as error:
        raise UsageError(f"gradgui runs: {_lower(str(error).rstrip('.'))}") from error
    return 0


def _runs_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="gradgui runs",
        usage="gradgui runs [options] [N ...]\n       gradgui runs show N ...",
        description="List the runs that are kept, the newest first; tell what decided some, or write them to a file.",
    )
    parser.add_argument(
        "words", nargs="*", metavar="N", help="numbers of runs; after the word show: tell all that is known of them"
    )
    out = parser.add_mutually_exclusive_group()
    out.add_argument(
        "--csv",
        type=Path,
        metavar="LOG.csv",
        help="write the logs of these runs, or of all, into one file (- prints it)",
    )
    out.add_argument("--script", type=Path, metavar="RUNS.py", help="write a PyTorch script that trains these runs")
    out.add_argument("--json", type=Path, metavar="RUNS.json", help="write the parameters that these runs ended with")
    parser.add_argument(
        "--decimal-comma",
        action="store_true",
        help="write the CSV file with decimal commas, and semicolons between cells",
    )
    parser.add_argument("--file", type=Path, metavar="RUNS.sqlite", help="another file of runs")
    return parser


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise UsageError(
            f"gradgui runs: expected the number of a run, as 'gradgui runs' lists it, not {text!r};"
            " see gradgui runs --help"
        )
    return int(text)


def _check_usage(options: argparse.Namespace, numbers: list[int], is_show: bool) -> None:
    is_written = options.csv or options.script or options.json
    wrong = ""
    if is_show and is_written:
        wrong = "show only prints"
    elif (is_show or options.script or options.json) and not numbers:
        wrong = "say which runs, by their numbers"
    elif numbers and not (is_show or is_written):
        wrong = f"say what is wanted of run {numbers[0]}: show, --csv, --script or --json"
    elif options.decimal_comma and not options.csv:
        wrong = "--decimal-comma tells how a CSV file is written: add --csv LOG.csv"
    if wrong:
        raise UsageError(f"gradgui runs: {wrong}; see gradgui runs --help")


def _answer_without_runs(path: Path, numbers: list[int], options: argparse.Namespace) -> int:
    if numbers:
        raise RunStoreError(f"there is no run {numbers[0]}")
    if options.csv:
        raise RunStoreError(f"no runs are kept in {path} yet")
    say(f"No runs are kept in {path} yet.")
    return 0


def _answer(store: RunReader, options: argparse.Namespace, numbers: list[int], is_show: bool) -> None:
    listed = {run.id: run for run in store.runs()}
    missing = [number for number in numbers if number not in listed]
    if missing:
        raise RunStoreError(f"there is no run {missing[0]}")
    chosen = [listed[number] for number in numbers]
    if is_show:
        for line in _between(run_lines(store, run) for run in chosen):
            say(line)
    elif options.script:
        specs = {run.id: store.spec(run.id) for run in chosen}
        _write(options.script, lambda: [runs_script_text(specs)])
    elif options.json:
        _write(options.json, lambda: [final_parameters_json(store, chosen)])
    elif options.csv:
        _write_csv(store, options, numbers or sorted(listed))
    else:
        for line in _table(list(listed.values())):
            say(line)


def _write_csv(store: RunReader, options: argparse.Namespace, runs: list[int]) -> None:
    if not runs:
        raise RunStoreError("there is no run")
    written = 0

    def pieces() -> Iterator[str]:
        nonlocal written
        for text, written in long_csv_chunks(store, runs, DECIMAL_COMMA if options.decimal_comma else PLAIN):  # noqa: B007
            yield text

    _write(options.csv, pieces)
    lost = sum(store.spec(run).trained for run in runs) - written
    if lost > 0:
        complain(f"gradgui runs: {lost} epochs are damaged and could not be written")


def _write(path: Path, pieces: Callable[[], Iterable[str]]) -> None:
    if path == STANDARD_OUTPUT:
        for text in pieces():
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode())
        return
    try:
        with AtomicFile(path) as file:
            for text in pieces():
                file.write(text)
    except OSError as error:
        raise UsageError(f"gradgui runs: {explain_write_error(error, path)}") from error


def _between(paragraphs: Iterable[Iterable[str]]) -> Iterator[str]:
    """Give the lines of paragraphs with an empty one between two."""
    for number, lines in enumerate(paragraphs):
        if number:
            yield ""
        yield from lines


_COLUMNS: dict[str, Callable[[RunSummary], str]] = {
    "run": lambda run: str(run.id),
    "name": lambda run: run.title,
    "loss": lambda run: run.loss,
    "optimizer": lambda run: run.optimizer.replace("_", " "),
    "rate": lambda run: write_number(run.learning_rate),
    "epochs": lambda run: str(run.epochs),
    "final loss": lambda run: printed(run.final_loss),
    "ended": lambda run: run.ended.value,
    "when": lambda run: f"{datetime.fromtimestamp(run.began):%Y-%m-%d %H:%M}",
}
_NUMBERS = {"run", "rate", "epochs", "final loss"}


def _table(runs: list[RunSummary]) -> Iterator[str]:
    columns = {title: [title, *map(text, runs)] for title, text in _COLUMNS.items()}
    for title, cells in columns.items():
        width = max(map(len, cells))
        columns[title] = [cell.rjust(width) if title in _NUMBERS else cell.ljust(width) for cell in cells]
    return ("  ".join(row).rstrip() for row in zip(*columns.values(), strict=True))


def _lower(sentence: str) -> str:
    """Begin a sentence as it goes on after a colon; a path stays as it is."""
    return sentence if sentence.startswith("/") else sentence[:1].lower() + sentence[1:]
