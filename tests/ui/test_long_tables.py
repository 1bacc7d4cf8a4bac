"""Tables of very many rows: selecting, copying and pasting never holds the window up."""

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gradgui.experiment.changes import DataChange
from gradgui.experiment.columns import Columns
from gradgui.experiment.data import Data
from gradgui.record.batch import EpochBatch
from gradgui.record.csv_file import csv_chunks
from gradgui.record.training_log import TrainingLog
from gradgui.ui.data.data_panel import DataPanel
from gradgui.ui.data.data_table import DataTable
from gradgui.ui.log.log_table import LogModel, LogTable
from gradgui.ui.widgets.long_tables import MOST_COPIED
from gradgui.ui.window.view import Dock
from gradgui.worker.training_thread import brief
from tests.ui.driver import Driver

ROWS = 2 * MOST_COPIED


@pytest.fixture
def table(qtbot: QtBot) -> LogTable:
    log = TrainingLog(Columns({"w": ()}), "float32")
    log.append(EpochBatch(1, np.random.default_rng(0).normal(size=(ROWS, 4))))
    table = LogTable()
    qtbot.addWidget(table)
    table.show_log(log, ROWS)
    table.resize(400, 300)
    table.show()
    qtbot.waitExposed(table)
    return table


def test_all_rows_selected_are_not_all_asked_for(table: LogTable, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    plain = LogModel.rowCount

    def counted(model: LogModel, parent: QModelIndex | None = None) -> int:
        nonlocal asked
        asked += 1
        return plain(model, parent)

    monkeypatch.setattr(LogModel, "rowCount", counted)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(table.selectionModel().selectedRows()) == ROWS
    asked = 0
    table.grab()
    assert asked < ROWS // 100


def test_more_rows_than_fit_on_the_clipboard_are_not_copied(table: LogTable, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("before")
    table.selectAll()
    with qtbot.waitSignal(table.told) as told:
        QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert told.args[0] == "Up to 100 000 rows can be copied, not 200 000; export the log as CSV instead.".replace(
        " 000", "\u202f000"
    )
    assert QGuiApplication.clipboard().text() == "before"


def test_as_many_rows_as_fit_are_the_exports_rows(qtbot: QtBot) -> None:
    log = TrainingLog(Columns({"w": ()}), "float32")
    log.append(EpochBatch(1, np.random.default_rng(1).normal(size=(MOST_COPIED, 4))))
    table = LogTable()
    qtbot.addWidget(table)
    table.show_log(log, MOST_COPIED)
    table.selectAll()
    table.copy_selected()
    exported = "".join(text for text, _ in csv_chunks(log.snapshot()))
    assert QGuiApplication.clipboard().text() == exported.replace(",", "\t").replace("\r\n", "\n")


def test_too_many_points_are_not_copied(driver: Driver) -> None:
    driver.find(Dock, "data_panel").raise_()
    table, panel = driver.find(DataTable, "data_table"), driver.content(DataPanel)
    QGuiApplication.clipboard().setText("before")
    many = tuple(map(float, range(MOST_COPIED + 1)))
    driver.window.data_editor.change(Data(many, many), "many points")
    table.selectAll()
    table.copy_selected()
    assert "can be copied" in panel.problem
    assert QGuiApplication.clipboard().text() == "before"


def test_the_log_file_is_not_told_a_million_numbers() -> None:
    change = DataChange(3, Data((1.0,) * 1000, (-0.0, 2.5) * 500))
    shown = "DataChange(epoch=3, data=Data(x=<1000 numbers>, y=<1000 numbers>, x_name='x', y_name='y'))"
    assert brief(change) == shown
    small = DataChange(3, Data((1.0,), (-0.0,)))
    assert brief(small) == "DataChange(epoch=3, data=Data(x=[1.0], y=[-0.0], x_name='x', y_name='y'))"
