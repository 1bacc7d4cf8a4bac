"""How long the import of a long table takes, beside pandas with the same file, and how the window fares meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta
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

from gradgui.tables.columns import kind_of
from gradgui.tables.detection import detect_table
from gradgui.tables.reader import read_table
from gradgui.tables.table import Table
from gradgui.ui.data.import_dialog import ImportDialog
from gradgui.worker.jobs.table_import import TableImporter

ROWS = 1_000_000
ROUNDS = 5
SEMICOLONS = "semicolons and decimal commas"
TAKING_SECONDS = 3.0
"""In which everything has been drawn."""
FIRST_DAY = datetime(1990, 1, 1)


def _short(random: Random) -> str:
    return f"{random.uniform(-10.0, 10.0):.6g}"


def _long(random: Random) -> str:
    return f"{random.uniform(-10.0, 10.0):.17g}"


KINDS: dict[str, Callable[[Random, int], tuple[str, ...]]] = {
    "6 digits": lambda random, _: (_short(random), _short(random)),
    "17 digits": lambda random, _: (_long(random), _long(random)),
    "a text column besides": lambda random, _: (
        _short(random),
        random.choice(("control", "treated")),
        _short(random),
    ),
    "ten columns": lambda random, _: tuple(_short(random) for _ in range(10)),
    SEMICOLONS: lambda random, _: (_short(random).replace(".", ","), _short(random).replace(".", ",")),
    "dates": lambda random, row: (f"{FIRST_DAY + timedelta(days=row % 12_000):%Y-%m-%d}", _short(random)),
    "times": lambda random, row: (f"{FIRST_DAY + timedelta(seconds=17 * row)}", _short(random)),
    "5 % missing": lambda random, _: tuple("" if random.random() < 0.05 else _short(random) for _ in "xy"),
}
"""What tables may have: the cells of a row."""


def measure_import() -> list[Figure]:
    """Read a million rows with both in turns, from the file's name to arrays, then in the dialog."""
    figures: list[Figure] = []
    with TemporaryDirectory(prefix="gradgui-benchmark-") as folder:
        for kind in KINDS:
            path = Path(folder, f"{kind}.csv")
            delimiter, decimal = (";", ",") if kind == SEMICOLONS else (",", ".")
            _write(path, kind, delimiter)
            ours, theirs = [], []
            for _ in range(ROUNDS):
                kind_of.cache_clear()
                ours.append(_seconds(lambda: _read(path)))  # noqa: B023 - called here and now
                theirs.append(_seconds(lambda: pd.read_csv(path, sep=delimiter, decimal=decimal)))  # noqa: B023
            figures += [
                Figure(f"import ÷ pandas, {kind}", median(ours) / median(theirs), at_most=1.5),
                Figure(f"import, {kind}, s", median(ours), note=spread(ours)),
                Figure(f"pandas read_csv, {kind}, s", median(theirs), note=spread(theirs)),
            ]
        return figures + _measure_gaps(Path(folder, "17 digits.csv"))


def _write(path: Path, kind: str, delimiter: str) -> None:
    random, cells = Random(0), KINDS[kind]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(delimiter.join(f"c{place}" for place in range(len(cells(random, 0)))) + "\n")
        file.writelines(delimiter.join(cells(random, row)) + "\n" for row in range(ROWS))


def _read(path: Path) -> Table:
    reading = detect_table(path).best
    return read_table(reading, *reading.suggested)


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
