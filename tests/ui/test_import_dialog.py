"""The import dialog: real files, read in its own thread, and a person with a keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QProgressBar, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from gradgui.experiment.data import Data
from gradgui.tables.source import PastedText
from gradgui.ui.data.import_dialog import ImportDialog
from tests.conftest import running_threads
from tests.ui.import_driver import Person

GERMAN = "Tag;Temperatur;Höhe\r\n1;1,5;3\r\n2;2,5;5\r\n3;3,5;7\r\n"


def test_what_was_found_out_is_shown_and_enter_imports_it(open_file: Callable[..., Person], qtbot: QtBot) -> None:
    person = open_file(GERMAN, "cp1252")
    assert person.dialog.windowTitle() == "Import data from measured.csv"
    assert person.choices() == {
        "import_delimiter": ";",
        "import_decimal": ",",
        "import_x": "Tag",
        "import_y": "Temperatur",
        "import_header": True,
    }
    assert person.shown("import_preview") == [
        ["Tag as x", "Temperatur as y", "Höhe"],
        ["Tag", "Temperatur", "Höhe"],
        ["1", "1,5", "3"],
        ["2", "2,5", "5"],
        ["3", "3,5", "7"],
    ]
    assert person.problem == ""
    assert not person.find(QTableView, "import_problems").isVisible()
    QTest.keyClick(person.dialog, Qt.Key.Key_Return)
    assert person.data == [Data((1.0, 2.0, 3.0), (1.5, 2.5, 3.5), "Tag", "Temperatur")]
    qtbot.waitUntil(lambda: person.closed)


def test_other_columns_are_chosen_by_keys(open_file: Callable[..., Person]) -> None:
    person = open_file(GERMAN)
    person.press("import_x", Qt.Key.Key_Down)
    person.press("import_y", Qt.Key.Key_End)
    assert person.shown("import_preview")[0] == ["Tag", "Temperatur as x", "Höhe as y"]
    QTest.keyClick(person.dialog, Qt.Key.Key_Return)
    assert person.data == [Data((1.5, 2.5, 3.5), (3.0, 5.0, 7.0), "Temperatur", "Höhe")]


def test_delimiter_decimal_sign_and_header_can_be_changed(open_file: Callable[..., Person]) -> None:
    person = open_file("1,5\n2,7\n")
    person.press("import_read_so_1", Qt.Key.Key_Space)
    assert person.choices()["import_delimiter"] == ","
    person.press("import_delimiter", Qt.Key.Key_Down)
    person.press("import_decimal", Qt.Key.Key_Down)
    assert person.shown("import_preview")[1:] == [["1,5"], ["2,7"]]
    person.press("import_delimiter", Qt.Key.Key_Up)
    person.press("import_header", Qt.Key.Key_Space)
    assert person.shown("import_preview") == [["1 as x", "5 as y"], ["1", "5"], ["2", "7"]]
    QTest.keyClick(person.dialog, Qt.Key.Key_Return)
    assert person.data == [Data((2.0,), (7.0,), "1", "5")]


def test_bad_cells_are_listed_and_their_rows_left_out_on_demand(open_file: Callable[..., Person]) -> None:
    person = open_file("x,y\n1,2\n3,n/a\n5,6\n7\n")
    assert person.shown("import_problems") == [
        ["Line", "Column", "Text", "Problem"],
        ["3", "y", "n/a", "not a number"],
        ["5", "y", "", "missing"],
    ]
    assert person.problem == (
        "2 cells are not a number, in 2 rows. There is no value in 2 of them: n/a (1), missing (1)."
    )
    assert not person.may_import
    QTest.keyClick(person.dialog, Qt.Key.Key_Return)
    assert person.data == []
    person.press("import_skip_bad", Qt.Key.Key_Space)
    assert person.may_import
    person.press("import_skip_bad", Qt.Key.Key_Space)
    assert not person.may_import
    person.press("import_skip_bad", Qt.Key.Key_Space)
    QTest.keyClick(person.dialog, Qt.Key.Key_Return)
    assert person.data == [Data((1.0, 5.0), (2.0, 6.0))]


def test_cells_without_a_value_are_counted_by_what_they_say(open_file: Callable[..., Person]) -> None:
    cells = ["NA"] * 150 + ["?", "?", "", "abc"]
    person = open_file("x,y\n" + 3 * "1,2\n" + "".join(f"3,{cell}\n" for cell in cells))
    assert person.problem == (
        f"{len(cells)} cells are not a number, in {len(cells)} rows. "
        f"There is no value in {len(cells) - 1} of them: NA (150), ? (2), empty (1). The first 100:"
    )


def test_a_choice_that_mends_it_takes_the_list_away(open_file: Callable[..., Person]) -> None:
    person = open_file("a,b,c\n1,oops,3\n2,5,4\n")
    assert person.find(QTableView, "import_problems").isVisible() is False, "b is no column of numbers"
    person.press("import_y", Qt.Key.Key_Up)
    assert person.find(QTableView, "import_problems").isVisible()
    assert not person.may_import
    person.press("import_y", Qt.Key.Key_Down)
    assert not person.find(QTableView, "import_problems").isVisible()
    assert person.may_import


@pytest.mark.parametrize("how", ["close", "reject"])
def test_nothing_is_read_again_when_it_is_closed_with_a_number_that_is_typed(
    open_file: Callable[..., Person], how: str
) -> None:
    """A thread that reads while its dialog is destroyed ends the program."""
    person = open_file("x,y\n1,2\n3,4\n")
    line = person.find(QLineEdit, "import_head_lines")
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "1")
    person.dialog.close() if how == "close" else person.dialog.reject()
    assert not person.dialog._importer.busy
    person.qtbot.waitUntil(lambda: person.closed)


def test_a_text_is_read_as_a_file_is(qtbot: QtBot) -> None:
    person = Person(qtbot, PastedText("1\t2\n3\t4\n"))
    assert person.dialog.windowTitle() == "Import data from what was pasted"
    QTest.keyClick(person.dialog, Qt.Key.Key_Return)
    assert person.data == [Data((1.0, 3.0), (2.0, 4.0))]
    person.leave()


def test_one_column_is_y_over_the_number_of_its_row(open_file: Callable[..., Person]) -> None:
    person = open_file("price\n1,5\n2,0\n")
    assert person.choices()["import_x"] == "number of the row"
    QTest.keyClick(person.dialog, Qt.Key.Key_Return)
    assert person.data == [Data((1.0, 2.0), (1.5, 2.0), "row", "price")]


def test_a_table_of_words_cannot_be_imported(open_file: Callable[..., Person]) -> None:
    person = open_file("a,b\nc,d\n")
    person.press("import_skip_bad", Qt.Key.Key_Space)
    assert "No row has a number in both columns" in person.problem
    assert not person.may_import


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "has nothing in it"), ('x,y\n1,"2\n', "line 2: a quotation mark")]
)
def test_what_cannot_be_read_is_said(open_file: Callable[..., Person], text: str, sentence: str) -> None:
    person = open_file(text)
    assert sentence in person.problem
    assert not person.may_import
    assert not person.find(QProgressBar, "import_progress").isVisible()


LONG = "x,y\n" + '"1","2"\n' * 300_000


@pytest.mark.parametrize("way_out", ["escape", "cancel button", "window closed"])
def test_closing_stops_the_reading(qtbot: QtBot, tmp_path: Path, way_out: str) -> None:
    path = tmp_path / "long.csv"
    path.write_text(LONG)
    dialog = ImportDialog(path)
    data: list[Data] = []
    dialog.imported.connect(data.append)
    dialog.show()
    with qtbot.waitSignal(dialog._importer.progressed, timeout=30_000):
        qtbot.waitExposed(dialog)
    bar = dialog.findChild(QProgressBar, "import_progress")
    assert bar is not None
    assert 0 < bar.value() < bar.maximum()
    accept = dialog.findChild(QPushButton, "import_accept")
    assert accept is not None
    assert not accept.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog._importer.busy
    gone: list[bool] = []
    dialog.destroyed.connect(lambda: gone.append(True))
    if way_out == "escape":
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    elif way_out == "cancel button":
        cancel = dialog.findChild(QPushButton, "import_cancel")
        assert cancel is not None
        QTest.keyClick(cancel, Qt.Key.Key_Space)
    else:
        dialog.close()
    assert not running_threads()
    qtbot.waitUntil(lambda: bool(gone))
    assert data == []


def test_the_letters_underlined_are_keys(open_file: Callable[..., Person]) -> None:
    person = open_file(GERMAN)
    person.dialog.activateWindow()
    person.qtbot.waitUntil(person.dialog.isActiveWindow)
    for key, name in (
        (Qt.Key.Key_D, "delimiter"),
        (Qt.Key.Key_S, "decimal"),
        (Qt.Key.Key_E, "encoding"),
        (Qt.Key.Key_M, "comments"),
        (Qt.Key.Key_T, "thousands"),
        (Qt.Key.Key_A, "dates"),
        (Qt.Key.Key_V, "head_lines"),
        (Qt.Key.Key_U, "units"),
        (Qt.Key.Key_X, "x"),
        (Qt.Key.Key_Y, "y"),
    ):
        QTest.keyClick(person.dialog, key, Qt.KeyboardModifier.AltModifier)
        assert person.dialog.focusWidget().objectName() == f"import_{name}"
    QTest.keyClick(person.dialog, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    person.qtbot.waitUntil(lambda: person.choices()["import_header"] is False)  # Qt shows the button pressed first


CHOICES = ("encoding", "delimiter", "comments", "decimal", "thousands", "dates", "head_lines", "header", "units")
NAMES = (*CHOICES, "x", "y", "preview", "progress", "problems", "skip_bad", "accept")


def test_every_control_has_a_tooltip_and_a_name(open_file: Callable[..., Person]) -> None:
    person = open_file("x,y\n1,?\n")
    for name in NAMES:
        widget = person.find(QWidget, f"import_{name}")
        assert widget.toolTip(), name
        assert widget.accessibleName() or widget.property("text"), name
    first = person.find(QWidget, "import_encoding")
    first.setFocus()
    reached = [first.objectName()]
    for _ in range(len(NAMES) + 2):
        QTest.keyClick(person.dialog.focusWidget(), Qt.Key.Key_Tab)
        reached.append(person.dialog.focusWidget().objectName())
    in_order = ("preview", "x", "y", "problems", "skip_bad", "cancel")
    assert reached[: len(CHOICES) + len(in_order)] == [f"import_{name}" for name in (*CHOICES, *in_order)]
