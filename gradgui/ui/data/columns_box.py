"""Which columns of a table are x and y."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from gradgui.tables.preview import ROW_NUMBER, Places
from gradgui.ui.app.theme import SPACING

ROW_NUMBER_TEXT = "number of the row"


class ColumnsBox(QWidget):
    """The columns that are x and y.

    Signals
    -------
    chosen(tuple)
        Their places, when the person wants others.
    """

    chosen = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self._x = _column_combo("import_x", "Column for x", "x: the inputs that the model is given.")
        self._y = _column_combo("import_y", "Column for y", "y: the targets that its predictions should meet.")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        for caption, combo in (("&x is", self._x), ("&y is", self._y)):
            label = QLabel(caption)
            label.setBuddy(combo)
            layout.addWidget(label)
            layout.addWidget(combo, 1)
            combo.activated.connect(self._tell)
        layout.insertSpacing(2, SPACING)
        self.setEnabled(False)

    def show_columns(self, names: Sequence[str], places: Places) -> None:
        """Show the columns that there are, and those that are x and y."""
        for combo, place in zip((self._x, self._y), places, strict=True):
            combo.clear()
            combo.addItems(names)
            if combo is self._x:
                combo.addItem(ROW_NUMBER_TEXT)
            combo.setCurrentIndex(len(names) if place is ROW_NUMBER else place)
        self.setEnabled(True)

    @Slot()
    def _tell(self) -> None:
        x = self._x.currentIndex()
        self.chosen.emit((x if x < self._y.count() else ROW_NUMBER, self._y.currentIndex()))


def _column_combo(name: str, title: str, meaning: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(title)
    combo.setToolTip(meaning)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return combo
