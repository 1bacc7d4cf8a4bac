"""The command line: options, and training without a window."""

import argparse
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from msgspec.structs import replace

from gradgui import __version__
from gradgui.experiment.columns import LOSS, Role
from gradgui.experiment.early_stopping import NO_STOP_RULES, EarlyStopping
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT, MOST_EPOCHS
from gradgui.experiment.run_spec import ExperimentFileError, RunSpec, read_run_spec
from gradgui.numbers import MINUS, printed, write_number

if TYPE_CHECKING:
    from gradgui.engine.run import Run
    from gradgui.record.training_log import TrainingLog

BAD_USAGE = 2
INTERRUPTED = 130


class UsageError(Exception):
    """Something the person asked for that cannot be done; its text is one line."""


def guarded(command: Callable[[], int]) -> int:
    """Run a command and give its exit code; what goes wrong outside of the program is one line at most.

    Parameters
    ----------
    command
        Gives the exit code.
    """
    try:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that knows no β still gets its lines
        code = _answered(command)
        if sys.stdout is not None:
            sys.stdout.flush()
    except UsageError as error:
        _complain(str(error))
        return BAD_USAGE
    except BrokenPipeError:  # whoever read the lines has seen enough
        _drop_output()
        return 0
    except KeyboardInterrupt:
        _drop_output()
        return INTERRUPTED
    except OSError as error:
        _drop_output()
        _complain(f"gradgui: the output could not be written: {error.strerror or error}")
        return BAD_USAGE
    return code


def _answered(command: Callable[[], int]) -> int:
    try:
        return command()
    except SystemExit as answered:  # argparse has printed a help text or the version
        return answered.code if isinstance(answered.code, int) else 0


def _complain(sentence: str) -> None:
    print(" ".join(sentence.split()), file=sys.stderr)  # noqa: T201


def _drop_output() -> None:
    """Send what is still to be printed nowhere, so that Python does not complain of it at its exit."""
    if sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _say(line: str) -> None:
    """Print a line; when nobody reads any more, the work goes on for its file."""
    try:
        print(line)  # noqa: T201
    except BrokenPipeError:
        _drop_output()


def main_train(arguments: list[str]) -> int:
    """Run ``gradgui train``.

    Parameters
    ----------
    arguments
        What follows ``train`` on the command line.

    Returns
    -------
    int
        0 when done.

    Raises
    ------
    UsageError
        On bad usage, a bad file, or a loop that PyTorch refuses.
    """
    options = _train_parser().parse_args(arguments)
    run_spec = load_run_spec(options.file)
    if options.epochs is not None:
        run_spec = replace(run_spec, experiment=replace(run_spec.experiment, epochs=options.epochs), trained=0)
    _train(run_spec, options.more, options.csv)
    return 0


def load_run_spec(path: Path | None) -> RunSpec:
    """Read the experiment that was named, with its interventions, or take the lesson.

    Raises
    ------
    UsageError
        When the file is no experiment.
    """
    if path is None:
        return RunSpec(DEFAULT_EXPERIMENT)
    try:
        return read_run_spec(path)
    except ExperimentFileError as error:
        raise UsageError(f"gradgui: {error}") from error


def window_parser() -> argparse.ArgumentParser:
    """Give the parser for ``gradgui [FILE]``."""
    parser = _Parser(
        prog="gradgui",
        description="A microscope for gradient descent: watch, step and rewind a real PyTorch training loop.",
        epilog="'gradgui train --help' tells how to train without a window.",
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="experiment to open (*.gradgui)")
    parser.add_argument("--version", action="version", version=f"gradgui {__version__}")
    return parser


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}; see {self.prog} --help")


def _train_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="gradgui train", description="Train without a window, printing one line an epoch.")
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="experiment (*.gradgui); the lesson without one"
    )
    parser.add_argument("--epochs", type=_epochs, metavar="N", help="epochs to train instead of the experiment's own")
    parser.add_argument(
        "--more",
        type=_epochs,
        action="append",
        default=[],
        metavar="N",
        help="then train N epochs more, counted from 1 again as in the notebook; may be repeated",
    )
    parser.add_argument("--csv", type=Path, metavar="LOG.csv", help="write the log of all epochs to this file")
    return parser


def _epochs(text: str) -> int:
    try:
        epochs = int(text)
    except ValueError:
        epochs = 0
    if not 1 <= epochs <= MOST_EPOCHS:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 to {MOST_EPOCHS}, not {text!r}")
    return epochs


def _train(run_spec: RunSpec, more: list[int], csv: Path | None) -> None:
    """Train as the file says, then ``more`` epochs each; a run that was kept has exactly the epochs that it had."""
    from gradgui.engine.predictor import Predictor  # noqa: PLC0415 - torch loads here, after the arguments are known good
    from gradgui.engine.run import Run  # noqa: PLC0415
    from gradgui.record.atomic_file import explain_write_error  # noqa: PLC0415
    from gradgui.record.csv_file import write_csv  # noqa: PLC0415
    from gradgui.record.training_log import TrainingLog  # noqa: PLC0415

    experiment = run_spec.experiment
    run = Run(experiment, run_spec.interventions)
    predictor = Predictor(experiment)
    log = TrainingLog(experiment.columns, experiment.dtype)

    def print_prediction(when: str) -> None:
        prediction = predictor.predict(run.trainer.values, experiment.probe)
        _say(f"Prediction {when} training: f({write_number(experiment.probe)}) = {printed(prediction)}")

    print_prediction("before")
    refused = None
    first = (run_spec.trained, NO_STOP_RULES) if run_spec.trained else (experiment.epochs, experiment.stop)
    for epochs, rules in (first, *((epochs, experiment.stop) for epochs in more)):
        refused = _train_lines(run, log, epochs, EarlyStopping(rules, experiment.columns))
        if refused:
            break
        print_prediction("after")
    if run.ending is not None:
        word = "Undefined" if run.ending.undefined else "Diverged"
        _complain(f"{word}: {run.ending.text.replace(MINUS, '-')}.")
    if csv is not None:
        try:
            write_csv(log.snapshot(), csv)
        except OSError as error:
            raise UsageError(f"gradgui train: {explain_write_error(error, csv)}") from error
    if refused:
        raise UsageError(f"gradgui train: {refused}")


def _train_lines(run: "Run", log: "TrainingLog", epochs: int, stopping: EarlyStopping) -> str | None:
    """Train and print; gives PyTorch's error where the loop is broken."""
    columns = list(run.experiment.columns)
    for epoch in range(1, epochs + 1):
        if run.diverged:
            break
        try:
            batch = run.train(1, early_stopping=stopping)
        except (RuntimeError, TypeError, AttributeError) as error:
            phase = run.trainer.next_phase.value
            return f"epoch {run.trainer.epoch + 1}, {phase}: {type(error).__name__}: {error}"
        log.append(batch)
        row = dict(zip(columns, batch.rows[0].tolist(), strict=True))
        shown = [*run.experiment.columns.of(Role.PARAMETER), LOSS]
        values = (f"{one.label} = {printed(row[one], log.value(one.name, 1))}" for one in shown)
        _say(f"epoch {epoch}: {', '.join(values)}")
        if stopping.reason:
            _complain(f"Stopped early at epoch {run.trainer.epoch}: {stopping.reason}.")
            break
    return None
