"""A run as a Python script that needs only torch: the loop a person would write, and the log it leaves."""

from collections.abc import Iterator, Sequence

from gradgui.experiment.changes import Intervention
from gradgui.experiment.experiment import Experiment
from gradgui.experiment.formula import parse_formula, to_text
from gradgui.experiment.script_parts import definition_lines, import_lines, training_lines
from gradgui.experiment.script_plan import Plan, make_plan


def script_text(experiment: Experiment, interventions: Sequence[Intervention] = (), epochs: int | None = None) -> str:
    """Write a run as a script that prints its epochs and writes its log as CSV, as ``gradgui train`` does.

    Parameters
    ----------
    experiment
        What is trained.
    interventions
        What was changed on the way, as `RunSpec` accepts them. Those after the last epoch are left out.
    epochs
        The most epochs to train; None for the experiment's own number.

    Returns
    -------
    str
        Python for torch and the standard library, to be saved as UTF-8. Its first argument on the command line
        is the path of the CSV file, ``log.csv`` without one.
    """
    plan = make_plan(experiment, interventions, epochs)
    csv_path = 'sys.argv[1] if len(sys.argv) > 1 else "log.csv"'
    lines = [*_opening(plan, experiment), "", *definition_lines(plan, csv_path), "", "", *training_lines(plan)]
    return "\n".join(lines) + "\n"


def _opening(plan: Plan, original: Experiment) -> Iterator[str]:
    yield f'"""Train y = {to_text(parse_formula(original.model).tree)} with PyTorch.'
    yield ""
    yield "Prints every epoch, and writes it to the CSV file that is named on the command line, or else to log.csv."
    yield '"""'
    yield ""
    yield from import_lines(plan, "sys")
    if not "".join(plan.labels).isascii():
        yield 'sys.stdout.reconfigure(errors="backslashreplace")  # for a terminal without the letters of the names'
