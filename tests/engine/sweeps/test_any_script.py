"""The script of any sweep, run as it is, writes the table of the sweep byte for byte."""

import runpy
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given, settings

from gradgui.engine.sweeps.stacks import Stacks
from gradgui.experiment.program.sweep_script import sweep_script_text
from gradgui.record.sweep_csv import sweep_csv_chunks
from tests.engine.sweeps.test_stacks import Problem, problems


@settings(max_examples=60, deadline=None)
@given(problems())
def test_any_script_writes_the_table_of_its_sweep(problem: Problem) -> None:
    training = Stacks(problem.sweep)
    for _ in training.train():
        pass
    expected = "".join(text for text, _ in sweep_csv_chunks(training.outcomes()))
    with TemporaryDirectory() as folder:
        script, table = Path(folder, "script.py"), Path(folder, "out.csv")
        script.write_text(sweep_script_text(problem.sweep), encoding="utf-8")
        with patch.object(sys, "argv", [str(script), str(table)]):
            runpy.run_path(str(script), run_name="__main__")
        assert table.read_bytes().decode() == expected
