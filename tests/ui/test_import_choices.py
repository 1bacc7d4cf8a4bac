"""What the import dialog shows of a table, and the choices that change how it is read."""

from collections.abc import Callable
from itertools import pairwise
from time import perf_counter

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QTableView

from gradgui.experiment.data import Data
from gradgui.tables.preview import MOST_COLUMNS
from gradgui.ui.app.theme import LIGHT, apply_theme
from tests.ui.import_driver import Person, cells_of

Role = Qt.ItemDataRole


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
    first, second = (person.find(QTableView, f"import_rows_{number}") for number in (1, 2))
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


def test_a_reading_is_chosen_by_its_number(open_file: Callable[..., Person]) -> None:
    person = open_file("Jahr;Preis\n2018;1.204\n2019;2.315\n")
    person.dialog.activateWindow()
    person.qtbot.waitUntil(person.dialog.isActiveWindow)
    QTest.keyClick(person.dialog, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    person.qtbot.waitUntil(lambda: person.points == [(2018, 1.204), (2019, 2.315)])
    QTest.keyClick(person.dialog, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    person.qtbot.waitUntil(person.find(QLabel, "import_question").isVisible)
    for name in ("import_rows_1", "import_read_so_1", "import_rows_2", "import_read_so_2", "import_cancel"):
        assert person.dialog.focusWidget().objectName() == name, "Tab goes from card to card"
        assert person.dialog.focusWidget().accessibleName() or name == "import_cancel"
        QTest.keyClick(person.dialog.focusWidget(), Qt.Key.Key_Tab)


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
    assert [line for line, _ in cells_of(person.find(QTableView, "import_rows_1"))] == [42]


TITLED = "Messung vom 3. Mai\n\nTag;Temperatur;Ort\nd;°C;\n1;1,5;a\n2;n/a;b\n# Pause\n3;\n4;4,5;c;5\n5;1.204,5;d\n"


def test_the_preview_shows_what_becomes_of_every_line(open_file: Callable[..., Person]) -> None:
    person = open_file(TITLED)
    table = person.find(QTableView, "import_preview")
    first = {line: cell for line, cell in cells_of(table) if cell.column() == 0}
    written = dict(enumerate(TITLED.splitlines(), 1))
    assert list(first) == [number for number, line in written.items() if line]
    muted = table.palette().color(QPalette.ColorRole.PlaceholderText)
    for number, cell in first.items():
        font, colour = cell.data(Role.FontRole), cell.data(Role.ForegroundRole)
        assert (font is not None and font.bold()) is (number == 3)
        assert (colour == muted) is (number in {1, 4, 7})
        assert (table.columnSpan(cell.row(), 0) > 1) is (number in {1, 7})
        assert written[number].startswith(cell.data())


def test_every_cell_that_is_no_number_is_marked_with_the_reason(open_file: Callable[..., Person]) -> None:
    person = open_file(TITLED)
    cells = list(cells_of(person.find(QTableView, "import_preview")))
    marked = [
        (line, cell.column(), cell.data(Role.ToolTipRole))
        for line, cell in cells
        if cell.data(Role.BackgroundRole) is not None
    ]
    assert marked == [
        (6, 1, "Line 6: n/a is not a number."),
        (8, 1, "Line 8: the cell is empty."),
        (9, 3, "Line 9: 5 is one cell too many."),
    ]
    listed = [(int(line), problem) for line, *_, problem in person.shown("import_problems")[1:]]
    assert listed == [(line, told.removesuffix(".").rpartition(" is ")[2]) for line, _, told in marked]
    told = [cell.data(Role.ToolTipRole) for line, cell in cells if (line, cell.column()) == (10, 1)]
    assert told == ["Read as 1204.5."]


Points = list[tuple[float, float]]


@pytest.mark.parametrize(
    ("text", "name", "value", "points"),
    [
        ("x;y\n1;2\n3;4\n", "delimiter", "", ([(1, 2), (3, 4)], [])),
        ("x,y\n1,2\n!3,4\n5,6\n", "comments", ("!",), ([(1, 2), (5, 6)], [(1, 2), (5, 6)])),
        ("x,y,z\n1,2,a\n%3,4,b\n5,6,c\n", "comments", (), ([(1, 2), (5, 6)], [(1, 2), (5, 6)])),
        ("d;y\n13/04/2020;1\n14/04/2020;2\n", "dates", False, ([(0, 1), (1, 2)], [(0, 1), (1, 2)])),
        ("x;y\nm;s\n1;2\n3;4\n", "units", (False, 2), ([(1, 2), (3, 4)], [(3, 4)])),
        ("x;y\nm;s\n1;2\n3;4\n", "units", (False, 0), ([(1, 2), (3, 4)], [(1, 2), (3, 4)])),
    ],
)
def test_a_choice_changes_what_is_read(
    open_file: Callable[..., Person], text: str, name: str, value: object, points: tuple[Points, Points]
) -> None:
    person = open_file(text)
    assert person.points == points[0]
    person.choose(name, value)
    assert person.points == points[1]


def test_another_encoding_shows_other_letters(open_file: Callable[..., Person]) -> None:
    person = open_file("Höhe,y\n1,2\n")
    assert person.shown("import_preview")[1] == ["Höhe", "y"]
    person.press("import_encoding", Qt.Key.Key_End)
    assert person.chosen("encoding") == ["cp1252"]
    assert person.shown("import_preview")[1] == ["HÃ¶he", "y"]


def test_nothing_is_shown_that_is_not_read(open_file: Callable[..., Person]) -> None:
    person = open_file("x,y\n1,2\n")
    person.press("import_head_lines", Qt.Key.Key_Up, times=2)
    assert "has nothing in it" in person.problem
    assert person.shown("import_preview") == [[]]
    assert not person.may_import
    person.press("import_head_lines", Qt.Key.Key_Down)
    assert person.shown("import_preview")[2:] == [["1", "2"]]


def test_lines_above_the_table_are_typed(open_file: Callable[..., Person]) -> None:
    person = open_file("a,b\n1,2\n3,4\n5,6\n")
    assert person.points == [(1, 2), (3, 4), (5, 6)]
    person.press("import_head_lines", Qt.Key.Key_Up)
    assert person.points == [(3, 4), (5, 6)]
    assert person.shown("import_preview")[0] == ["1 as x", "2 as y"]
    person.press("import_header", Qt.Key.Key_Space)
    assert person.points == [(1, 2), (3, 4), (5, 6)]
    person.press("import_head_lines", Qt.Key.Key_Up, times=2)
    assert person.points == [(5, 6)]


def test_one_sign_is_not_both_for_decimals_and_for_thousands(open_file: Callable[..., Person]) -> None:
    person = open_file("x;y\n1;2\n")
    person.choose("decimal", ",")
    person.choose("thousands", ".")
    assert person.chosen("decimal", "thousands") == [",", "."]
    person.choose("decimal", ".")
    assert person.chosen("decimal", "thousands") == [".", ""]
    person.choose("thousands", ".")
    assert person.chosen("decimal", "thousands") == [",", "."]


def test_what_can_be_read_in_one_way_only_is_shown_so(open_file: Callable[..., Person]) -> None:
    person = open_file("x;y\n1;0,5\n2;1.204\n")
    before = person.points
    person.press("import_decimal", Qt.Key.Key_Home)
    assert person.chosen("decimal", "thousands") == [",", "."]
    person.press("import_thousands", Qt.Key.Key_Home)
    assert person.chosen("decimal", "thousands") == [",", "."]
    assert person.points == before == [(1, 0.5), (2, 1204)]


def test_a_table_of_many_columns_holds_nobody_up(open_file: Callable[..., Person]) -> None:
    names = [f"column{place}" for place in range(MOST_COLUMNS)]
    rows = 100 * [",".join("1.5" for _ in names)]
    person = open_file("\n".join([",".join(names), *rows]))
    beats: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(perf_counter()))
    timer.start(1)
    person.press("import_y", Qt.Key.Key_End)
    timer.stop()
    assert person.shown("import_preview")[0][-1] == f"{names[-1]} as y"
    assert max(after - before for before, after in pairwise(beats)) < 1.0, "it was 13 s"


@pytest.mark.parametrize("text", [TITLED, "1,204\n2,310\n", "x,y\n1,2\n"])
def test_what_is_shown_has_its_room(open_file: Callable[..., Person], qapp: QApplication, text: str) -> None:
    apply_theme(qapp, LIGHT, 100)
    person = open_file(text)
    for width in (760, 960, 720):
        person.dialog.resize(width, 560)
        person.qtbot.waitUntil(lambda width=width: person.dialog.width() == width)  # type: ignore[misc]
        assert person.dialog.height() <= 560
        for table in person.dialog.findChildren(QTableView):
            if table.isVisible():
                person.qtbot.waitUntil(
                    lambda table=table: table.horizontalHeader().length() == table.viewport().width()  # type: ignore[misc]
                )
    line = person.find(QLineEdit, "import_head_lines")
    assert line is not None
    assert not line.isVisible() or line.width() > line.fontMetrics().horizontalAdvance("1000")
