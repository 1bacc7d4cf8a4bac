"""The command line: options, and training without a window."""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from gradgui import __version__
from gradgui.experiment.experiment import MOST_EPOCHS, Experiment
from gradgui.experiment.experiment_file import ExperimentFileError, read_experiment
from gradgui.experiment.lesson import LESSON

BAD_USAGE = 2


class UsageError(Exception):
    """Something the person asked for that cannot be done; its text is one line."""


def main_train(arguments: list[str]) -> int:
    """Run ``gradgui train``.

    Parameters
    ----------
    arguments
        What follows ``train`` on the command line.

    Returns
    -------
    int
        0 when done, 2 on bad usage or a bad file.
    """
    try:
        options = _train_parser().parse_args(arguments)
        experiment = load_experiment(options.file)
        _train(experiment, [options.epochs or experiment.epochs, *options.more], options.csv)
    except UsageError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return BAD_USAGE
    except BrokenPipeError:  # whoever read the lines has seen enough
        sys.stdout = None
    return 0


def load_experiment(path: Path | None) -> Experiment:
    """Read the experiment that was named, or take the lesson.

    Raises
    ------
    UsageError
        When the file is no experiment.
    """
    if path is None:
        return LESSON
    try:
        return read_experiment(path)
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


def _train(experiment: Experiment, runs: list[int], csv: Path | None) -> None:
    from gradgui.engine.prediction import Predictor  # noqa: PLC0415 - torch loads here, after the arguments are known good
    from gradgui.engine.run import Run  # noqa: PLC0415
    from gradgui.record.atomic_file import explain_write_error  # noqa: PLC0415
    from gradgui.record.csv_file import write_csv  # noqa: PLC0415
    from gradgui.record.training_log import TrainingLog  # noqa: PLC0415

    run = Run(experiment)
    predictor = Predictor(experiment)
    log = TrainingLog(experiment.parameter_names, experiment.dtype)

    def print_prediction(when: str) -> None:
        parameters = tuple(tensor.item() for tensor in run.trainer.parameters.values())
        prediction = predictor.predict(parameters, experiment.probe)
        print(f"Prediction {when} training: f({experiment.probe:g}) = {prediction:.3f}")  # noqa: T201

    print_prediction("before")
    for epochs in runs:
        for epoch in range(1, epochs + 1):
            if run.diverged:
                break
            batch = run.train(1)
            log.append(batch)
            loss, *rest = batch.values[0].tolist()
            values = ", ".join(
                f"{name} = {value:.3f}" for name, value in zip(experiment.parameter_names, rest[::2], strict=True)
            )
            print(f"epoch {epoch}: {values}, loss = {loss:.3f}")  # noqa: T201
        print_prediction("after")
    if run.diverged:
        print(f"Diverged: {run.divergence}.", file=sys.stderr)  # noqa: T201
    if csv is not None:
        try:
            write_csv(log.snapshot(), csv)
        except OSError as error:
            raise UsageError(f"gradgui train: {explain_write_error(error, csv)}") from error
