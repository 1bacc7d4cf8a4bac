"""Pasting is importing: the same reader, and a question where there are two ways to read."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gradgui.experiment.data import Data
from gradgui.numbers import read_number
from gradgui.ui.data.data_panel import DataPanel
from gradgui.ui.data.data_table import DataTable
from gradgui.ui.data.import_dialog import ImportDialog
from gradgui.ui.data.pasting import copied_text, find_cells, pasted_text, read_at_once
from gradgui.ui.plots.fit_plot import FitPlot
from gradgui.ui.window.view import Dock
from tests.ui.driver import Driver

LESSON = Data((1.0, 2.0, 3.0, 4.0), (2.0, 4.0, 6.0, 8.0))


@pytest.fixture
def paste(driver: Driver) -> Callable[..., None]:
    """Paste a text into the table of the data, from a row and column on."""
    driver.find(Dock, "data_panel").raise_()
    table = driver.find(DataTable, "data_table")

    def paste_text(text: str, row: int = 0, column: int = 0, html: str = "") -> None:
        content = QMimeData()
        content.setText(text)
        if html:
            content.setHtml(html)
        QGuiApplication.clipboard().setMimeData(content)
        table.setFocus()
        table.setCurrentIndex(table.model().index(row, column))
        QTest.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    return paste_text


def wait_for(driver: Driver, data: Data) -> None:
    driver.qtbot.waitUntil(lambda: driver.window.run.status.data == data)


@pytest.mark.parametrize(
    ("text", "x", "y"),
    [
        ("1\t2\n3\t4\n", [1, 3], [2, 4]),
        ("x\ty\r\n1,5\t2\r\n3\t-4,25\r\n", [1.5, 3], [2, -4.25]),
        ("1;2,5\n3;4", [1, 3], [2.5, 4]),
        ("1, 2\n3, 4", [1, 3], [2, 4]),
        ("1 2\n\n3   4", [1, 3], [2, 4]),
        ("1\u00a0000\t2\n3,5\t4", [1000, 3.5], [2, 4]),
        ("1.000\t2.5", [1], [2.5]),
        ("1.5,2.5\n3,4", [1.5, 3], [2.5, 4]),
        ("x_train = [1, 2, 3]\ny_train = torch.tensor([2., 4., 6.])", [1, 2, 3], [2, 4, 6]),
        ("[[1. 2.]\n [3. 4.]]", [1, 3], [2, 4]),
        ("| x | y |\n|---|--:|\n| 1 | 2 |\n| 3 | 5 |", [1, 3], [2, 5]),
    ],
)
def test_what_can_be_read_in_one_way_is_read_at_once(text: str, x: list[float], y: list[float]) -> None:
    table = read_at_once(text, find_cells(text))
    assert table is not None
    assert (table.x.tolist(), table.y.tolist()) == (x, y)


@pytest.mark.parametrize(
    "text", ["1,000\t2", "1.000\t2.000", "1,000\n2,000", "1 000\n2 500", "1\t2\n3\tabc", "1\t2\t3\n4\t5\t6", "1\tinf"]
)
def test_what_leaves_a_question_is_asked(text: str) -> None:
    assert read_at_once(text, find_cells(text)) is None


def test_copied_points_are_pasted_to_the_last_bit() -> None:
    data = Data([0.1, -2e-300, 1e300], [1 / 3, 5e-324, -0.0])
    text = copied_text(data)
    table = read_at_once(text, find_cells(text))
    assert table is not None
    assert table.data is not None
    assert repr(table.data) == repr(data)


def test_a_pasted_table_takes_the_place_of_all_points_with_the_names_of_its_columns(
    driver: Driver, paste: Callable[..., None]
) -> None:
    paste("hours\tscore (%)\n1\t10\n2\t20\n3\t35\n4\t40\n5\t61\n")
    wait_for(driver, Data([1, 2, 3, 4, 5], [10, 20, 35, 40, 61], "hours", "score (%)"))
    axis = driver.content(FitPlot).plot.getAxis
    assert (axis("bottom").labelText, axis("left").labelText) == ("hours", "score (%)")
    driver.action("undo").trigger()
    wait_for(driver, LESSON)
    assert (axis("bottom").labelText, axis("left").labelText) == ("x", "y")


def test_pasted_in_the_midst_it_goes_from_there_on(driver: Driver, paste: Callable[..., None]) -> None:
    paste("7\t8\n9\t10\n11\t12\n", row=2)
    wait_for(driver, Data([1, 2, 7, 9, 11], [2, 4, 8, 10, 12]))
    paste("5\n6\n", row=1, column=1)
    wait_for(driver, Data([1, 2, 7, 9, 11], [2, 5, 6, 10, 12]))
    paste("5\n6\n", row=4, column=1)
    assert driver.content(DataPanel).problem.startswith("One column of numbers does not reach beyond")
    paste("hello")
    assert driver.content(DataPanel).problem.startswith("There is no number in what was copied")


def test_a_table_of_a_web_page(driver: Driver, paste: Callable[..., None]) -> None:
    cells = "".join(f"<tr><td>{x}</td><td>{x * x}</td></tr>" for x in range(1, 6))
    paste("1 1 2 4", html=f"<table><tr><th>x</th><th>y</th></tr>{cells}</table>")
    wait_for(driver, Data([1, 2, 3, 4, 5], [1, 4, 9, 16, 25]))


def test_what_can_be_read_in_two_ways_is_not_taken_before_the_person_chose(
    driver: Driver, paste: Callable[..., None]
) -> None:
    paste("x\ty\n1\t1.204\n2\t2.310\n3\t1.987\n4\t3.001\n")
    dialog = driver.window.findChild(ImportDialog)
    assert dialog is not None
    accept = dialog.findChild(QPushButton, "import_accept")
    assert accept is not None
    driver.qtbot.waitUntil(dialog.isVisible)
    assert not accept.isEnabled()
    assert driver.window.data_editor.data == LESSON
    dialog.reject()


def test_many_rows_are_read_in_the_background(driver: Driver, paste: Callable[..., None]) -> None:
    count = 60_000
    paste("".join(f"{row}\t{2 * row}\n" for row in range(count)))
    dialog = driver.window.findChild(ImportDialog)
    assert dialog is not None
    accept = dialog.findChild(QPushButton, "import_accept")
    assert accept is not None
    driver.qtbot.waitUntil(accept.isEnabled, timeout=30_000)
    accept.click()
    wait_for(driver, Data(range(count), range(0, 2 * count, 2)))


def test_what_is_shown_as_a_number_can_be_typed() -> None:
    assert read_number("−1.5e−07") == -1.5e-07


def test_a_clipboard_that_nobody_ever_used_has_no_text() -> None:
    assert pasted_text(None) == ""
