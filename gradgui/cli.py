"""The command line: what every command has in common."""

import argparse
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from gradgui import __version__
from gradgui.experiment.experiment import DEFAULT_EXPERIMENT
from gradgui.experiment.run_spec import ExperimentFileError, RunSpec, read_run_spec

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
        complain(str(error))
        return BAD_USAGE
    except BrokenPipeError:  # whoever read the lines has seen enough
        _drop_output()
        return 0
    except KeyboardInterrupt:
        _drop_output()
        return INTERRUPTED
    except OSError as error:
        _drop_output()
        complain(f"gradgui: the output could not be written: {error.strerror or error}")
        return BAD_USAGE
    return code


def _answered(command: Callable[[], int]) -> int:
    try:
        return command()
    except SystemExit as answered:  # argparse has printed a help text or the version
        return answered.code if isinstance(answered.code, int) else 0


def complain(sentence: str) -> None:
    """Print a sentence where errors go, on one line."""
    print(" ".join(sentence.split()), file=sys.stderr)  # noqa: T201


def _drop_output() -> None:
    """Send what is still to be printed nowhere, so that Python does not complain of it at its exit."""
    if sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def say(line: str) -> None:
    """Print a line; when nobody reads any more, the work goes on for its file."""
    try:
        print(line)  # noqa: T201
    except BrokenPipeError:
        _drop_output()


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
    parser = Parser(
        prog="gradgui",
        description="A microscope for gradient descent: watch, step and rewind a real PyTorch training loop.",
        epilog="To train without a window: 'gradgui train --help'. For runs that are kept: 'gradgui runs --help'."
        " For many runs at once: 'gradgui sweep --help'.",
    )
    known = "experiment (*.gradgui) or lesson (*.lesson.md) to open"
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help=known)
    parser.add_argument("--run", type=int, metavar="N", help="kept run to open, at its last epoch")
    parser.add_argument("--version", action="version", version=f"gradgui {__version__}")
    return parser


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong."""
        raise UsageError(f"{self.prog}: {message}; see {self.prog} --help")
