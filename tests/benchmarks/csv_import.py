"""How long the import of a long table takes, beside pandas with the same file, and how the window fares meanwhile."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import pandas as pd
from driven_window import DrivenWindow, run_events, wait_until
from figures import Figure, spread
from frame_rate import HeartBeat, gap_figures
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from gradgui.tables.detection import detect_table
from gradgui.tables.reader import read_table
from gradgui.tables.table import Table
from gradgui.ui.data.import_dialog import ImportDialog
from gradgui.worker.jobs.table_import import TableImporter

ROWS = 1_000_000
ROUNDS = 5
TAKING_SECONDS = 3.0
"""In which everything has been drawn."""
SPELLINGS = {"6 digits": "{:.6g}", "17 digits": "{:.17g}"}


def measure_import() -> list[Figure]:
    """Read a million points with both in turns, from the file's name to arrays, then in the dialog."""
    figures: list[Figure] = []
    with TemporaryDirectory(prefix="gradgui-benchmark-") as folder:
        for digits, spelling in SPELLINGS.items():
            path = Path(folder, f"{digits}.csv")
            _write(path, spelling)
            ours, theirs = [], []
            for _ in range(ROUNDS):
                ours.append(_seconds(lambda: _read(path)))  # noqa: B023 - called here and now
                theirs.append(_seconds(lambda: pd.read_csv(path)))  # noqa: B023
            figures += [
                Figure(f"import ÷ pandas, {digits}", median(ours) / median(theirs), at_most=1.5),
                Figure(f"import, {digits}, s", median(ours), note=spread(ours)),
                Figure(f"pandas read_csv, {digits}, s", median(theirs), note=spread(theirs)),
            ]
        return figures + _measure_gaps(path)


def _write(path: Path, spelling: str) -> None:
    random = Random(0)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("x,y\n")
        for _ in range(ROWS):
            x = random.uniform(-10.0, 10.0)
            file.write(f"{spelling.format(x)},{spelling.format(2.0 * x + random.gauss(0.0, 1.0))}\n")


def _read(path: Path) -> Table:
    return read_table(detect_table(path).best, 0, 1)


def _measure_gaps(path: Path) -> list[Figure]:
    """Read again and again in the dialog over the real window, by choosing another column as a person would."""
    gaps: list[float] = []
    with DrivenWindow() as driven:
        began = perf_counter()
        dialog = ImportDialog(path, driven.window)
        dialog.show()
        run_events(0)
        opening = 1000 * (perf_counter() - began)
        importer, column = dialog.findChild(TableImporter), dialog.findChild(QComboBox, "import_y")
        assert isinstance(importer, TableImporter)
        assert isinstance(column, QComboBox)
        wait_until(lambda: not importer.busy, importer.ended)
        for key in (Qt.Key.Key_Up, Qt.Key.Key_Down) * ROUNDS:
            pulse = HeartBeat()
            pulse.start()
            QTest.keyClick(column, key)
            wait_until(lambda: not importer.busy, importer.ended)
            run_events(0)
            gaps += pulse.gaps
        dialog.imported.connect(lambda data: driven.window.data_editor.replace(data, "import"))
        pulse = HeartBeat()
        pulse.start()
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        wait_until(lambda: len(driven.run.experiment.data) == ROWS, driven.run.status_changed)
        run_events(TAKING_SECONDS)
        driven.run.undo_stack.undo()  # or closing would ask about it
        wait_until(lambda: len(driven.run.experiment.data) < ROWS, driven.run.status_changed)
        gaps += pulse.gaps
    return [Figure("dialog opens, ms", opening), *gap_figures(gaps, f"in {2 * ROUNDS} imports and one that is taken")]


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
