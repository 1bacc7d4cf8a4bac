"""The import dialog: real files, read in its own thread, and a person with a keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gradgui.experiment.data import Data
from gradgui.tables.source import Origin, PastedText
from gradgui.ui.data.import_dialog import ImportDialog
from tests.conftest import running_threads

Thing = TypeVar("Thing", bound=QObject)

GERMAN = "Tag;Temperatur;Höhe\r\n1;1,5;3\r\n2;2,5;5\r\n3;3,5;7\r\n"


class Person:
    """Someone who opens a file in a dialog and has no mouse."""

    def __init__(self, qtbot: QtBot, origin: Origin) -> None:
        self.qtbot = qtbot
        self.data: list[Data] = []
        self.dialog = ImportDialog(origin)
        self.dialog.imported.connect(self.data.append)
        self.closed = False
        self.dialog.destroyed.connect(self._note_closed)
        self.dialog.show()
        qtbot.waitExposed(self.dialog)
        self.wait()

    def _note_closed(self) -> None:
        self.closed = True

    def find(self, kind: type[Thing], name: str) -> Thing:
        """Give the part of the dialog that has this ``objectName``."""
        found = self.dialog.findChild(kind, name)
        assert found is not None, f"there is no {kind.__name__} named {name}"
        return found

    def wait(self) -> None:
        """Wait until the file has been read."""
        self.qtbot.waitUntil(lambda: not self.dialog._importer.busy, timeout=30_000)

    def press(self, name: str, key: Qt.Key, times: int = 1) -> None:
        """Go to a part of the dialog, press a key there and wait until the file has been read again."""
        widget = self.find(QWidget, name)
        widget.setFocus()
        for _ in range(times):
            QTest.keyClick(widget, key)
        self.wait()

    def leave(self) -> None:
        """Close the dialog, if it is still there."""
        if not self.closed:
            self.dialog.close()
        self.qtbot.waitUntil(lambda: self.closed)

    @property
    def may_import(self) -> bool:
        return self.find(QPushButton, "import_accept").isEnabled()

    @property
    def problem(self) -> str:
        shown = [label for label in self.dialog.findChildren(QLabel, "problem") if label.isVisible()]
        return " ".join(label.text() for label in shown)

    def shown(self, table: str) -> list[list[str]]:
        """Give the texts of a table, its header first."""
        widget = self.find(QTableWidget, table)
        model = widget.model()
        columns = range(model.columnCount())
        header = [str(model.headerData(column, Qt.Orientation.Horizontal)) for column in columns]
        rows = [[str(model.index(row, column).data()) for column in columns] for row in range(model.rowCount())]
        return [header, *rows]

    def choices(self) -> dict[str, str | bool]:
        """Give what the controls show."""
        combos = {name: self.find(QComboBox, name) for name in ("import_delimiter", "import_decimal")}
        chosen: dict[str, str | bool] = {name: combo.currentData() for name, combo in combos.items()}
        chosen |= {name: self.find(QComboBox, name).currentText() for name in ("import_x", "import_y")}
        return chosen | {"import_header": self.find(QCheckBox, "import_header").isChecked()}


@pytest.fixture
def open_file(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[str], Person]]:
    """Write a file and open it in a dialog."""
    people: list[Person] = []

    def open_text(text: str, encoding: str = "utf-8") -> Person:
        path = tmp_path / "measured.csv"
        path.write_bytes(text.encode(encoding))
        people.append(Person(qtbot, path))
        return people[-1]

    yield open_text
    for person in people:
        person.leave()


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
        ["1", "1,5", "3"],
        ["2", "2,5", "5"],
        ["3", "3,5", "7"],
    ]
    assert person.problem == ""
    assert not person.find(QTableWidget, "import_problems").isVisible()
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
    assert not person.find(QComboBox, "import_decimal").isEnabled(), "a comma cannot be both"
    person.press("import_delimiter", Qt.Key.Key_Down)
    person.press("import_decimal", Qt.Key.Key_Down)
    assert person.shown("import_preview")[1:] == [["1,5"], ["2,7"]]
    person.press("import_delimiter", Qt.Key.Key_Up)
    assert person.choices()["import_decimal"] == "."
    person.press("import_header", Qt.Key.Key_Space)
    assert person.shown("import_preview") == [["1 as x", "5 as y"], ["2", "7"]]
    QTest.keyClick(person.dialog, Qt.Key.Key_Return)
    assert person.data == [Data((2.0,), (7.0,), "1", "5")]


def test_bad_cells_are_listed_and_their_rows_left_out_on_demand(open_file: Callable[..., Person]) -> None:
    person = open_file("x,y\n1,2\n3,n/a\n5,6\n7\n")
    assert person.shown("import_problems") == [
        ["Line", "Column", "Text", "Problem"],
        ["3", "y", "n/a", "not a number"],
        ["5", "y", "", "missing"],
    ]
    assert person.problem == "2 cells are not a number, in 2 rows:"
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


def test_a_choice_that_mends_it_takes_the_list_away(open_file: Callable[..., Person]) -> None:
    person = open_file("a,b,c\n1,oops,3\n2,5,4\n")
    assert person.find(QTableWidget, "import_problems").isVisible() is False, "b is no column of numbers"
    person.press("import_y", Qt.Key.Key_Up)
    assert person.find(QTableWidget, "import_problems").isVisible()
    assert not person.may_import
    person.press("import_y", Qt.Key.Key_Down)
    assert not person.find(QTableWidget, "import_problems").isVisible()
    assert person.may_import


def test_what_can_be_read_in_two_ways_is_read_when_one_is_chosen(open_file: Callable[..., Person]) -> None:
    person = open_file("Jahr;Preis\n2018;1.204\n2019;2.315\n")
    question = person.find(QLabel, "import_question")
    assert question.isVisible()
    assert question.text() == "Which is meant? Line 2, Preis: 1.204 can be 1204 or 1.204."
    assert person.shown("import_rows_1") == [["Preis"], ["1204"], ["2315"]]
    assert person.shown("import_rows_2") == [["Preis"], ["1.204"], ["2.315"]]
    descriptions = [label.text() for label in person.dialog.findChildren(QLabel, "reading_description")]
    assert "point for thousands" in descriptions[0]
    assert "decimal point" in descriptions[1]
    first, second = (person.find(QTableWidget, f"import_rows_{number}") for number in (1, 2))
    tops = [table.mapTo(person.dialog, QPoint()) for table in (first, second)]
    assert tops[0].y() == tops[1].y()
    assert tops[0].x() + first.width() < tops[1].x(), "they stand beside each other"
    assert not person.may_import
    QTest.keyClick(person.dialog, Qt.Key.Key_Return)
    assert person.data == []
    person.press("import_read_so_1", Qt.Key.Key_Space)
    assert person.may_import
    assert not question.isVisible()
    person.press("import_other_readings", Qt.Key.Key_Space)
    assert question.isVisible()
    assert not person.may_import
    person.press("import_read_so_2", Qt.Key.Key_Space)
    QTest.keyClick(person.dialog, Qt.Key.Key_Return)
    assert person.data == [Data((2018.0, 2019.0), (1.204, 2.315), "Jahr", "Preis")]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_reading_gives_the_numbers_that_it_shows(open_file: Callable[..., Person], number: int) -> None:
    person = open_file("1,204\n2,310\n")
    assert person.find(QPushButton, "import_read_so_3").isVisible()
    shown = [[float(cell) for cell in row] for row in person.shown(f"import_rows_{number}")[1:]]
    person.press(f"import_read_so_{number}", Qt.Key.Key_Space)
    QTest.keyClick(person.dialog, Qt.Key.Key_Return)
    (data,) = person.data
    assert [list(point)[-len(shown[0]) :] for point in zip(data.x, data.y, strict=True)] == shown


def test_readings_that_differ_far_down_are_shown_where_they_do(open_file: Callable[..., Person]) -> None:
    person = open_file("n;Preis\n" + "".join(f"{row};{2 * row}\n" for row in range(2, 42)) + "42;1.204\n")
    assert person.shown("import_rows_1") == [["Preis"], ["1204"]]
    assert person.shown("import_rows_2") == [["Preis"], ["1.204"]]
    assert person.find(QTableWidget, "import_rows_1").verticalHeaderItem(0).text() == "42"


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
        (Qt.Key.Key_X, "x"),
        (Qt.Key.Key_Y, "y"),
    ):
        QTest.keyClick(person.dialog, key, Qt.KeyboardModifier.AltModifier)
        assert person.dialog.focusWidget().objectName() == f"import_{name}"
    QTest.keyClick(person.dialog, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    person.qtbot.waitUntil(lambda: person.choices()["import_header"] is False)  # Qt shows the button pressed first


NAMES = ("delimiter", "decimal", "header", "x", "y", "preview", "progress", "problems", "skip_bad", "accept")


def test_every_control_has_a_tooltip_and_a_name(open_file: Callable[..., Person]) -> None:
    person = open_file("x,y\n1,?\n")
    for name in NAMES:
        widget = person.find(QWidget, f"import_{name}")
        assert widget.toolTip(), name
        assert widget.accessibleName() or widget.property("text"), name
    reached = set()
    for _ in range(30):
        QTest.keyClick(person.dialog, Qt.Key.Key_Tab)
        reached.add(person.dialog.focusWidget().objectName())
    assert {
        f"import_{name}" for name in ("delimiter", "header", "x", "y", "preview", "problems", "skip_bad")
    } <= reached
