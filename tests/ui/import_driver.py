"""A person at the import dialog: real files, read in its own thread, and a keyboard."""

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from gradgui.experiment.data import Data
from gradgui.tables.source import Origin
from gradgui.ui.data.format_box import Choice
from gradgui.ui.data.import_dialog import ImportDialog

Thing = TypeVar("Thing", bound=QObject)


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

    def choose(self, name: str, value: object) -> None:
        """Press keys in a list of choices until one is chosen."""
        self.press(f"import_{name}", Qt.Key.Key_Home)
        choice = self.find(Choice, f"import_{name}")
        for _ in range(choice.count()):
            if choice.value == value:
                return
            self.press(f"import_{name}", Qt.Key.Key_Down)
        raise AssertionError(f"{name} cannot be {value}")

    def chosen(self, *names: str) -> list[object]:
        """Give what lists of choices show."""
        return [self.find(Choice, f"import_{name}").value for name in names]

    @property
    def points(self) -> list[tuple[float, float]]:
        """What would be imported, without the rows with bad cells."""
        table = self.dialog._table
        return [] if table is None else list(zip(table.x.tolist(), table.y.tolist(), strict=True))

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
        widget = self.find(QTableView, table)
        model = widget.model()
        columns = range(model.columnCount())
        header = [str(model.headerData(column, Qt.Orientation.Horizontal)) for column in columns]
        rows = [[str(model.index(row, column).data()) for column in columns] for row in range(model.rowCount())]
        return [header, *rows]

    def choices(self) -> dict[str, str | bool]:
        """Give what the controls show."""
        combos = {name: self.find(Choice, name) for name in ("import_delimiter", "import_decimal")}
        chosen: dict[str, str | bool] = {name: combo.value for name, combo in combos.items()}
        chosen |= {name: self.find(QComboBox, name).currentText() for name in ("import_x", "import_y")}
        return chosen | {"import_header": self.find(QCheckBox, "import_header").isChecked()}


def cells_of(table: QTableView) -> Iterator[tuple[int, QModelIndex]]:
    """Give the cells of a table, each with the number of its line."""
    model = table.model()
    for row in range(model.rowCount()):
        line = int(model.headerData(row, Qt.Orientation.Vertical))
        for column in range(model.columnCount()):
            yield line, model.index(row, column)
