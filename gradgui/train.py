"""``gradgui train``: training without a window."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from gradgui.cli import Parser, UsageError, complain, load_run_spec, say
from gradgui.experiment.columns import LOSS, Role
from gradgui.experiment.early_stopping import NO_STOP_RULES, EarlyStopping
from gradgui.experiment.experiment import MOST_EPOCHS
from gradgui.experiment.run_spec import RunSpec
from gradgui.numbers import MINUS, printed, write_number
from gradgui.train_data import add_data_options, with_data

if TYPE_CHECKING:
    from gradgui.engine.run import Run
    from gradgui.record.training_log import TrainingLog


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
        On bad usage, a bad file, a table that must be asked about, or a loop that PyTorch refuses.
    """
    options = _train_parser().parse_args(arguments)
    run_spec = with_data(load_run_spec(options.file), options)
    if options.epochs is not None:
        run_spec = replace(run_spec, experiment=replace(run_spec.experiment, epochs=options.epochs), trained=0)
    _train(run_spec, options.more, options.csv)
    return 0


def _train_parser() -> argparse.ArgumentParser:
    parser = Parser(prog="gradgui train", description="Train without a window, printing one line an epoch.")
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
    add_data_options(parser)
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
        say(f"Prediction {when} training: f({write_number(experiment.probe)}) = {printed(prediction)}")

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
        complain(f"{word}: {run.ending.text.replace(MINUS, '-')}.")
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
        say(f"epoch {epoch}: {', '.join(values)}")
        if stopping.reason:
            complain(f"Stopped early at epoch {run.trainer.epoch}: {stopping.reason}.")
            break
    return None
