"""Several runs as one Python script that needs only torch: a function for each, and one log of all of them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from gradgui.experiment.formula import parse_formula, to_text
from gradgui.experiment.long_table import long_columns, long_header
from gradgui.experiment.program.script import CSV_PATH, TERMINAL_LINE
from gradgui.experiment.program.script_lines import (
    INDENT,
    OPEN_CSV,
    forward_lines,
    import_lines_for,
    loop_lines,
    number_lines,
    prediction_line,
    problem_lines,
    start_lines,
)
from gradgui.experiment.program.script_plan import Script, make_script
from gradgui.experiment.run_spec import RunSpec


def runs_script_text(runs: Mapping[int, RunSpec]) -> str:
    """Write runs as a script that trains one after the other, and writes all logs as one CSV file.

    Parameters
    ----------
    runs
        By their numbers, in the order in which they are trained; each is written as `script_text` writes it.

    Returns
    -------
    str
        Python for torch and the standard library, to be saved as UTF-8. Its first argument on the command line
        is the path of the CSV file, ``log.csv`` without one.
    """
    scripts = {number: make_script(spec) for number, spec in runs.items()}
    columns = long_columns([script.experiment.columns for script in scripts.values()])
    dtypes = [script.experiment.dtype for script in scripts.values()]
    lines = [
        '"""Train runs with PyTorch, one after the other.',
        "",
        "Prints every epoch, and writes all of them to the CSV file that is named on the command line, or else to",
        "log.csv.",
        '"""',
        "",
        *import_lines_for(dtypes, "sys"),
    ]
    if not "".join(name for script in scripts.values() for name in script.names).isascii():
        lines.append(TERMINAL_LINE)
    lines += number_lines(dtypes)
    for number, script in scripts.items():
        lines += ["", "", *_function_lines(number, script, columns)]
    lines += ["", "", OPEN_CSV.format(CSV_PATH)]
    lines.append(f'{INDENT}print("{",".join(long_header(columns))}", file=file)')
    lines += [f"{INDENT}run_{number}(file)" for number in scripts]
    return "\n".join(lines) + "\n"


def _function_lines(number: int, script: Script, columns: Sequence[str]) -> Iterator[str]:
    model = to_text(parse_formula(script.experiment.model).tree)
    yield f"def run_{number}(file):"
    yield f'{INDENT}"""Train y = {model}."""'
    body = [*problem_lines(script), "", *forward_lines(script), "", f'print("Run {number}")', *start_lines(script)]
    body += loop_lines(script, [*_log_lines(number, script, columns)])
    body.append(prediction_line("after", script.experiment))
    yield from (f"{INDENT}{line}" if line else "" for line in body)


def _log_lines(number: int, script: Script, columns: Sequence[str]) -> Iterator[str]:
    """Write how a row goes into the file: the run's own numbers where they belong, and nothing elsewhere."""
    own = script.experiment.columns.in_file[:-1]  # the learning rate is always the last
    numbers = "map(shortest, row)" if script.experiment.dtype == "float32" else "row"
    cells = f"*{numbers}"
    if tuple(columns[:-1]) != own:
        yield f"texts = [*{numbers}]"
        cells = ", ".join(_pieces([own.index(name) if name in own else None for name in columns[:-1]]))
    yield f'print({number}, epoch, {cells}, learning_rate, sep=",", file=file)'


def _pieces(places: Sequence[int | None]) -> Iterator[str]:
    """Give the slices of ``texts`` that follow each other, and empty cells between them."""
    start = 0
    for stop, (before, after) in enumerate(pairwise([*places, None]), 1):
        if before is None:
            yield '""'
        elif after != before + 1:
            first = before - (stop - start) + 1
            yield f"texts[{first}]" if first == before else f"*texts[{first}:{before + 1}]"
        if before is None or after != before + 1:
            start = stop
