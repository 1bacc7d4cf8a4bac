"""Files that nobody means to import, opened in the dialog: the sentence stands there, and the window answers."""

import gzip
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gradgui.experiment.data import LARGEST_DATA
from gradgui.ui.data.import_dialog import ImportDialog
from tests.ui.import_driver import Person

WIDE = ";".join(f"{place},5" for place in range(100_000))
MILLION = "1\u202f000\u202f000"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (gzip.compress(b"x,y\n1,2\n"), "is compressed (gzip); expected a text file: unpack it first."),
        (b"x,y\n1,2\n\0,4\n", "has a zero byte in it; expected text."),
        (
            b'x,y\n"1,2\n' + b"3,4\n" * 10**6,
            'line 2: a quotation mark is opened and not closed; expected a second " after the cell.',
        ),
        (f"{WIDE}\n{WIDE}\n".encode(), "has 100\u202f000 columns; expected at most 1\u202f000."),
        (
            b"x,y\n" + b"1,2\n" * (LARGEST_DATA + 1),
            f"has more than {MILLION} points; expected at most {MILLION}.",
        ),
    ],
    ids=["gz", "zero", "quote", "columns", "points"],
)
def test_what_is_wrong_stands_in_the_dialog(qtbot: QtBot, tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    person = Person(qtbot, path)
    assert person.problem == f"{path}: {sentence}"
    assert not person.may_import
    person.leave()
    assert not person.data


def test_a_line_of_a_gigabyte_stands_in_the_dialog(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(b"7" * 10**6)
        file.truncate(10**9)
    person = Person(qtbot, path)
    assert person.problem == f"{path}: has a line of more than 1 MiB; expected rows of cells."
    person.leave()


def test_bad_cells_are_counted_while_they_are_found(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("x,y\n" + "".join(f"{row},{'b' * (row > 5_000)}{row}\n" for row in range(10**6)))
    dialog = ImportDialog(path)
    qtbot.addWidget(dialog)
    dialog.show()

    def is_told() -> bool:
        shown = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
        return any(text.endswith("cells are not a number so far.") for text in shown)

    qtbot.waitUntil(is_told, timeout=30_000)
    assert dialog._importer.busy
    with qtbot.waitSignal(dialog.finished):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog._importer.busy
