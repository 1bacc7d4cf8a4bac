"""A sweep as a Python script that needs only torch: it trains the whole stack, and writes the sweep's table."""

from collections.abc import Iterator

from gradgui.experiment.formula import parse_formula, to_text
from gradgui.experiment.program.script_lines import INDENT, OPEN_CSV, SHORTEST
from gradgui.experiment.program.stacked_program import HELPERS, StackedProgram, points_lines, stacked_program
from gradgui.experiment.sweep.exactness import inexact_part
from gradgui.experiment.sweep.sweep import Sweep
from gradgui.experiment.sweep.table import sweep_header
from gradgui.numbers import write_count

MOST_WRITTEN = 100_000
"""Points of all runs together that a script may hold."""


def sweep_script_text(sweep: Sweep) -> str:
    """Write a sweep as a script that writes the same CSV file as the sweep does, byte for byte.

    Returns
    -------
    str
        Python for torch and the standard library, to be saved as UTF-8. Its first argument on the command line is
        the path of the CSV file, ``sweep.csv`` without one.

    Raises
    ------
    ValueError
        When there are too many points to be written out.
    """
    if sweep.varies_data and sweep.runs * len(sweep.data_of(sweep.cells[0])) > MOST_WRITTEN:
        raise ValueError(
            f"a script can hold {write_count(MOST_WRITTEN)} points of all runs together; vary the data in fewer runs"
        )
    return "\n".join(_lines(sweep)) + "\n"


def _lines(sweep: Sweep) -> Iterator[str]:
    program, part = stacked_program(sweep), inexact_part(sweep)
    model = to_text(parse_formula(sweep.experiment.model).tree)
    yield (
        f'"""Train {write_count(sweep.runs)} runs of y = {model} with PyTorch, as one graph.'
        if not part
        else (f'"""Train {write_count(sweep.runs)} runs of y = {model} with PyTorch, one after another.')
    )
    yield ""
    yield "Writes a row for each run to the CSV file that is named on the command line, or else to sweep.csv."
    yield '"""'
    yield ""
    modules = ["itertools", "sys", *(["ctypes"] if sweep.experiment.dtype == "float32" else [])]
    yield from (f"import {module}" for module in sorted(modules))
    yield from ("", "import torch", "")
    yield "torch.set_num_threads(1)  # with more, sums over many points would depend on the machine"
    yield 'csv_path = sys.argv[1] if len(sys.argv) > 1 else "sweep.csv"'
    yield f"epochs = {sweep.epochs}"
    yield f"dtype = torch.{sweep.experiment.dtype}"
    yield program.varied
    yield "runs = len(varied)"
    yield from HELPERS.split("\n")
    if sweep.experiment.dtype == "float32":
        yield from (*SHORTEST.rstrip().split("\n")[1:], "", "")
    header = f'print("{",".join(sweep_header(sweep))}", file=file)'
    body = [*points_lines(sweep), *program.setup, "", *_loop_lines(program), ""]
    if not part:
        yield from (*body, OPEN_CSV.format("csv_path"), f"{INDENT}{header}")
        yield from (f"{INDENT}{line}" for line in _row_lines(sweep, "run + 1"))
        return
    yield f"every, runs = varied, 1  # alone, for in a stack {part} is rounded by its place in memory"
    yield from (OPEN_CSV.format("csv_path"), f"{INDENT}{header}")
    yield f"{INDENT}for place, one in enumerate(every):"
    for line in ["varied = [one]", *body[:-1], *_row_lines(sweep, "place + 1")]:
        yield f"{INDENT}{INDENT}{line}" if line else ""


def _loop_lines(program: StackedProgram) -> Iterator[str]:
    yield "for epoch in range(1, epochs + 1):"
    yield from (f"{INDENT}{line}" for line in program.lines)
    yield f"{INDENT}if ended.all():"
    yield f"{INDENT}{INDENT}break"


def _row_lines(sweep: Sweep, number: str) -> Iterator[str]:
    """Write the rows of the table; ``number`` is Python for that of a run."""
    written = "map(shortest, {})" if sweep.experiment.dtype == "float32" else "{}"
    given = ", ".join(
        f"int(varied[run][{place}])" if one.is_whole else f"varied[run][{place}]"
        for place, one in enumerate(sweep.varied)
    )
    yield "for run in range(runs):"
    yield f"{INDENT}(diverged,), (lowest_in,) = diverged_epoch[run].tolist(), lowest_epoch[run].tolist()"
    numbers = [f"*{written.format(f'{name}[run].tolist()')}" for name in ("final", "lowest_loss")]
    yield f"{INDENT}texts = [{', '.join(numbers)}]"
    yield f"{INDENT}row = [{number}, {given}, diverged or epoch, *texts[:-1]]"
    yield f'{INDENT}row += [texts[-1] if lowest_in else "", lowest_in or "", diverged or ""]'
    if sweep.wanted_loss is not None:
        yield f'{INDENT}row.append(reached_epoch[run].item() or "")'
    yield f'{INDENT}print(*row, sep=",", file=file)'
