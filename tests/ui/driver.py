"""A person at the window: finds things by their names, types, presses, reads."""

from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QSlider
from pytestqt.qtbot import QtBot

from gradgui.numbers import MINUS
from gradgui.ui.log.log_table import LogTable
from gradgui.ui.window.main_window import MainWindow
from gradgui.worker.status import State

Thing = TypeVar("Thing", bound=QObject)


class Driver:
    """Drive a window through its actions, keys and fields only."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot

    def find(self, kind: type[Thing], name: str) -> Thing:
        """Give the part of the window that has this ``objectName``."""
        found = self.window.findChild(kind, name)
        assert found is not None, f"there is no {kind.__name__} named {name}"
        return found

    def content(self, kind: type[Thing]) -> Thing:
        """Give the content of a panel."""
        found = self.window.findChild(kind)
        assert found is not None, f"there is no {kind.__name__}"
        return found

    def action(self, name: str) -> QAction:
        """Give an action."""
        return self.find(QAction, name)

    def text(self, label: str) -> str:
        """Give what a label says."""
        return self.find(QLabel, label).text()

    def enter(self, name: str, text: str) -> None:
        """Type into a field, from empty, and press Enter."""
        line = self.find(QLineEdit, name)
        line.setFocus()
        QTest.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(line, Qt.Key.Key_Delete)
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def export(self, action: str) -> None:
        """Trigger an action that writes a file, as soon as it can be, and wait for its end."""
        self.qtbot.waitUntil(self.action(action).isEnabled)
        with self.qtbot.waitSignal(self.window.exporter.ended, timeout=30_000):
            self.action(action).trigger()

    def set_speed(self, position: int) -> None:
        """Move the speed slider, 100 being its end."""
        self.find(QSlider, "speed").setValue(position)

    def wait_for(self, state: State, epoch: int | None = None) -> None:
        """Wait until the window shows a state, and an epoch."""

        def reached() -> bool:
            run = self.window.run
            return run.status.state is state and (epoch is None or run.epoch == epoch)

        self.qtbot.waitUntil(reached, timeout=30_000)

    def run_to_end(self, epochs: int) -> None:
        """Press Run at full speed and wait for the end of it."""
        self.set_speed(100)
        self.action("run").trigger()
        self.wait_for(State.FINISHED, epochs)

    @property
    def rows(self) -> list[list[str]]:
        """What the log table shows, all rows, when it has drawn all that was logged; its minus as in a file."""
        model, run = self.find(LogTable, "log_table").model(), self.window.run
        with self.qtbot.waitSignal(run.figures):  # until which another run's rows, as many, may stand there
            run.clock.request()
        self.qtbot.waitUntil(lambda: model.rowCount() == len(run.log))
        return [
            [str(model.index(row, column).data()).replace(MINUS, "-") for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]
