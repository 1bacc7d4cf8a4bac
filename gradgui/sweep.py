"""``gradgui sweep``: many runs that differ in one thing or in two, without a window."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from gradgui.cli import INTERRUPTED, Parser, UsageError, complain, load_run_spec, say
from gradgui.experiment.generators import GENERATORS
from gradgui.experiment.program.sweep_script import sweep_script_text
from gradgui.experiment.sweep.exactness import inexact_part
from gradgui.experiment.sweep.sweep import GeneratedData, Sweep
from gradgui.experiment.sweep.varied import read_varied
from gradgui.numbers import printed, write_number
from gradgui.record.atomic_file import AtomicFile, explain_write_error
from gradgui.record.stability import stability_value

if TYPE_CHECKING:
    from gradgui.engine.sweeps.stacks import Stacks
    from gradgui.record.sweep_outcomes import SweepOutcomes

BAR = 30
"""Signs of the progress bar."""
SECONDS = 0.1
"""Between two of its states."""


def main_sweep(arguments: list[str]) -> int:
    """Run ``gradgui sweep``.

    Parameters
    ----------
    arguments
        What follows ``sweep`` on the command line.

    Returns
    -------
    int
        0 when done, 130 when it was interrupted; what was trained until then is written all the same.

    Raises
    ------
    UsageError
        On bad usage, a bad file, or something that cannot be swept.
    """
    options = _sweep_parser().parse_args(arguments)
    sweep = _sweep(options)
    if options.script is not None:
        try:
            _write(options.script, iter([sweep_script_text(sweep)]))
        except ValueError as error:
            raise UsageError(f"gradgui sweep: {error}") from error
    from gradgui.engine.sweeps.stacks import Stacks  # noqa: PLC0415 - torch loads here, after the arguments are known good
    from gradgui.record.sweep_csv import long_sweep_csv_chunks, sweep_csv_chunks  # noqa: PLC0415

    part = inexact_part(sweep)
    if part:
        complain(f"One run after another, as in a stack {part} is rounded by its place: this takes longer.")
    training = Stacks(sweep)
    whole = _train(training)
    outcomes = training.outcomes()
    for line in _summary(outcomes):
        say(line)
    for path, chunks in ((options.csv, sweep_csv_chunks), (options.long_csv, long_sweep_csv_chunks)):
        if path is not None:
            _write(path, (text for text, _ in chunks(outcomes)))
    return 0 if whole else INTERRUPTED


def _sweep_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="gradgui sweep",
        description="Train many runs that differ in one thing or in two, as one graph; each has the numbers that it"
        " has alone, to the last bit.",
        epilog="What can be varied: learning_rate, the optimizer's settings, start.w for the start of w, and with"
        " --generate the seed and the noise.",
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="experiment (*.gradgui); the lesson without one"
    )
    parser.add_argument(
        "--vary",
        action="append",
        required=True,
        metavar="NAME=FIRST:LAST:COUNT[:log]",
        help="what differs, such as learning_rate=0.001:1:64:log; once or twice",
    )
    parser.add_argument("--epochs", type=int, metavar="N", help="epochs of each run; the experiment's own without it")
    parser.add_argument(
        "--wanted-loss", type=float, metavar="LOSS", help="tell the first epoch with at most this loss"
    )
    parser.add_argument("--csv", type=Path, metavar="OUT.csv", help="write a table with one row a run")
    parser.add_argument("--long-csv", type=Path, metavar="OUT.csv", help="write the loss of every run and epoch")
    parser.add_argument(
        "--script", type=Path, metavar="OUT.py", help="write a script that needs only torch and writes the same --csv"
    )
    data = parser.add_argument_group("data that are made up")
    data.add_argument("--generate", choices=list(GENERATORS), metavar="KIND", help=", ".join(GENERATORS))
    data.add_argument("--points", type=int, default=20, metavar="N", help="how many (default: 20)")
    data.add_argument("--noise", type=float, metavar="S", help="standard deviation of the noise")
    data.add_argument("--seed", type=int, default=0, metavar="N", help="of the noise (default: 0)")
    return parser


def _sweep(options: argparse.Namespace) -> Sweep:
    experiment = load_run_spec(options.file).experiment
    generated = None
    if options.generate is not None:
        noise = GENERATORS[options.generate].noise if options.noise is None else options.noise
        generated = GeneratedData(options.generate, options.points, noise, options.seed)
    epochs = experiment.epochs if options.epochs is None else options.epochs
    try:
        return Sweep(experiment, tuple(map(read_varied, options.vary)), epochs, options.wanted_loss, generated)
    except ValueError as error:
        raise UsageError(f"gradgui sweep: {error}") from error


def _train(training: "Stacks") -> bool:
    """Train, with a progress bar where a person sees it; tell whether it was not interrupted."""
    began = last = perf_counter()
    is_seen = sys.stderr is not None and sys.stderr.isatty()
    try:
        for done in training.train():
            now = perf_counter()
            if is_seen and (now - last >= SECONDS or done == training.total):
                last = now
                share = done / training.total
                left = (now - began) * (1.0 - share) / share
                _show(f"[{'#' * int(BAR * share):<{BAR}}] {int(100 * share)} %, {left:.0f} s left")
    except KeyboardInterrupt:
        complain("Interrupted: what was trained until now is kept.")
        return False
    finally:
        if is_seen:
            _show("")
    return True


def _show(text: str) -> None:
    sys.stderr.write(f"\r{text}\x1b[K")
    sys.stderr.flush()


def _summary(outcomes: "SweepOutcomes") -> Iterator[str]:
    """Tell in a few lines what came of it."""
    sweep, cells = outcomes.sweep, outcomes.sweep.cells

    def named(run: int) -> str:
        values = zip(sweep.varied, cells[run], strict=True)
        return ", ".join(f"{one.name} = {write_number(float(f'{value:.6g}'))}" for one, value in values)

    yield f"{sweep.runs} runs, {outcomes.trained} epochs"
    best = outcomes.best
    if best is not None:
        yield f"Lowest last loss: {printed(float(outcomes.loss[best]))} in run {best + 1}, {named(best)}"
    diverged, rose = int((outcomes.diverged_epoch > 0).sum()), int(outcomes.rose.sum())
    if rose:
        yield f"Ended higher than they began: {rose}, of which {diverged} left the finite numbers"
    if len(sweep.varied) == 1:
        limit = stability_value(sweep, sweep.varied[0], outcomes.curvature, {})
        if limit is not None:
            side = "from" if sweep.varied[0].name == "momentum" else "up to"
            yield f"The loss is a parabola: runs are stable {side} {sweep.varied[0].name} = {limit:.6g}"
    if sweep.wanted_loss is not None:
        reached = int((outcomes.reached_epoch > 0).sum())
        yield f"Reached a loss of at most {write_number(sweep.wanted_loss)}: {reached}"


def _write(path: Path, texts: Iterator[str]) -> None:
    try:
        with AtomicFile(path) as file:
            for text in texts:
                file.write(text)
    except OSError as error:
        raise UsageError(f"gradgui sweep: {explain_write_error(error, path)}") from error
