"""A run as a Python script that needs only torch: the loop a person would write, and the log it leaves."""

from collections.abc import Iterator

from gradgui.experiment.formula import parse_formula, to_text
from gradgui.experiment.program.script_lines import definition_lines, import_lines, training_lines
from gradgui.experiment.program.script_plan import Script, make_script
from gradgui.experiment.run_spec import RunSpec

CSV_PATH = 'sys.argv[1] if len(sys.argv) > 1 else "log.csv"'
"""Python for the path of the CSV file."""
TERMINAL_LINE = 'sys.stdout.reconfigure(errors="backslashreplace")  # for a terminal without the letters of the names'


def script_text(run_spec: RunSpec) -> str:
    """Write a run as a script that prints its epochs and writes its log as CSV, as ``gradgui train`` does.

    Parameters
    ----------
    run_spec
        A run that has trained is written with exactly its epochs; one that has not, with its own number of epochs and
        its stop rules. What was changed after the last epoch is left out.

    Returns
    -------
    str
        Python for torch and the standard library, to be saved as UTF-8. Its first argument on the command line
        is the path of the CSV file, ``log.csv`` without one.
    """
    script = make_script(run_spec)
    lines = [*_opening(script), "", *definition_lines(script, CSV_PATH), "", "", *training_lines(script)]
    return "\n".join(lines) + "\n"


def _opening(script: Script) -> Iterator[str]:
    yield f'"""Train y = {to_text(parse_formula(script.experiment.model).tree)} with PyTorch.'
    yield ""
    yield "Prints every epoch, and writes it to the CSV file that is named on the command line, or else to log.csv."
    yield '"""'
    yield ""
    yield from import_lines(script, "sys")
    if not "".join(script.names).isascii():
        yield TERMINAL_LINE
