"""The log as a table: no number of it is ever cut."""

import math
from decimal import Decimal

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from gradgui.experiment.changes import LearningRateChange
from gradgui.experiment.columns import Columns
from gradgui.numbers import MINUS
from gradgui.record.batch import EpochBatch
from gradgui.record.training_log import TrainingLog
from gradgui.ui.log.log_table import LogTable
from gradgui.ui.window.main_window import MainWindow
from gradgui.worker import commands
from gradgui.worker.status import State
from tests.ui.driver import Driver

VALUES = (
    -2.1277987e-08,
    1.7976931348623157e308,
    -1.7976931348623157e308,
    -5e-324,
    math.nan,
    math.inf,
    -math.inf,
    2.0,
)


def table_of(log: TrainingLog, table: LogTable) -> LogTable:
    log.append(EpochBatch(1, np.array([[value, value, -value, 0.009510565162951536] for value in VALUES])))
    table.show_log(log, len(log))
    return table


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("width", [250, 400, 1024])
def test_what_is_shown_is_the_number_with_fewer_digits(qtbot: QtBot, dtype: str, width: int) -> None:
    table = LogTable()
    qtbot.addWidget(table)
    with np.errstate(over="ignore", under="ignore"):
        table_of(TrainingLog(Columns({"w": ()}), dtype), table)
    table.resize(width, 300)
    table.show()
    qtbot.waitExposed(table)
    digit = table.fontMetrics().horizontalAdvance("0")
    for row in range(len(VALUES)):
        for column in range(5):
            index = table.model().index(row, column)
            full, shown = str(index.data()), table.shown_text(row, column)
            assert len(shown) * digit < table.columnWidth(column)
            assert index.data(Qt.ItemDataRole.ToolTipRole) == full
            assert "…" not in shown
            if shown != full:
                exact = Decimal(full.replace(MINUS, "-"))
                assert abs(Decimal(shown.replace(MINUS, "-")) - exact) < abs(exact) / 1000
            assert ("e" in full) <= ("e" in shown)
    if width == 1024:
        assert table.shown_text(0, 1) == "−2.1277987e−08"
        assert table.shown_text(0, 4) == "0.009510565162951536"


def test_in_a_narrow_window_all_digits_are_copied(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1024, 700)
    table = window.findChild(LogTable, "log_table")
    assert table is not None
    log = TrainingLog(Columns({"w": ()}), "float64")
    table_of(log, table)
    QTest.qWaitForWindowExposed(window)
    for row in range(len(VALUES)):
        room = table.columnWidth(2)
        assert table.fontMetrics().horizontalAdvance(table.shown_text(row, 2)) < room
    table.selectRow(0)
    table.copy_selected()
    assert QGuiApplication.clipboard().text().splitlines()[1].split("\t")[1:] == [
        *("-2.1277987e-08", "-2.1277987e-08", "2.1277987e-08"),
        "0.009510565162951536",
    ]


def test_rows_that_were_taken_away_a_moment_ago_are_not_copied(driver: Driver, faults: list[str]) -> None:
    driver.run_to_end(20)
    assert len(driver.rows) == 20
    driver.find(QSlider, "timeline").setValue(5)
    driver.wait_for(State.READY, 5)
    driver.find(LogTable, "log_table").selectAll()
    driver.window.run.status_changed.connect(driver.action("copy_rows").trigger)  # before the table has followed
    driver.window.run.do(commands.Change(LearningRateChange(5, 0.02)))  # and not by a branch, which has its own log
    driver.qtbot.waitUntil(lambda: driver.window.run.status.learning_rate == 0.02)
    assert len(driver.window.run.log) == 5
    assert not faults
    assert [line.split("\t")[0] for line in QGuiApplication.clipboard().text().splitlines()] == ["epoch", *"12345"]
