"""The ways in which a table can be read beside each other, to choose from."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gradgui.tables.comparison import COMPARED_ROWS, ComparedReading
from gradgui.tables.format import TableFormat
from gradgui.ui.app.theme import SPACING
from gradgui.ui.data.cell_table import CellModel, CellTable
from gradgui.ui.widgets.labels import wrapping_label

MOST_READINGS = 4
"""More are not shown: the likeliest are the first, and every other can be had by the choices above them."""
CARD_WIDTH = 200


class ReadingChoice(QWidget):
    """A question, and below it a card for each way to read the table.

    Signals
    -------
    chosen(TableFormat)
        The person wants this one.
    """

    chosen = Signal(TableFormat)

    def __init__(self) -> None:
        super().__init__()
        self._question = wrapping_label("import_question")
        self._cards = QHBoxLayout()
        self._cards.setSpacing(SPACING)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self._question)
        layout.addLayout(self._cards)
        layout.addStretch()
        self.hide()

    def ask(self, what_is_open: str, readings: Sequence[ComparedReading]) -> None:
        """Show the ways there are; none is chosen.

        Parameters
        ----------
        what_is_open
            What can be read in more than one way, with its place.
        readings
            At least two.
        """
        self._question.setText(f"Which is meant? {what_is_open[0].upper()}{what_is_open[1:]}.")
        for number, compared in enumerate(readings[:MOST_READINGS], 1):
            card = _Card(number, compared)
            card.chosen.connect(partial(self._choose, compared.reading.table_format))
            self._cards.addWidget(card, 1)
        self.show()
        self.focusNextChild()  # a table: Enter chooses nothing

    def clear(self) -> None:
        """Ask nothing any more."""
        self.hide()
        while (item := self._cards.takeAt(0)) is not None:
            if card := item.widget():
                card.hide()
                card.deleteLater()

    @Slot()
    def _choose(self, table_format: TableFormat) -> None:
        self.chosen.emit(table_format)


class _Card(QFrame):
    """A way to read the table: in words, by its numbers, and with a button."""

    chosen = Signal()

    def __init__(self, number: int, compared: ComparedReading) -> None:
        super().__init__()
        self.setObjectName("reading")
        self.setMinimumWidth(CARD_WIDTH)
        reading = compared.reading
        description = wrapping_label("reading_description", reading.description.capitalize())
        description.setAlignment(Qt.AlignmentFlag.AlignTop)
        table = CellTable(f"import_rows_{number}", f"Rows as reading {number} has them", COMPARED_ROWS)
        table.setToolTip("The numbers that this reading gives, with the lines of the file in which they stand.")
        table.show_cells(CellModel(compared.titles, compared.rows, compared.numeric, compared.lines))
        choose = QPushButton(f"Read it so (&{number})")
        choose.setObjectName(f"import_read_so_{number}")
        choose.setAccessibleName(f"Read it so: {reading.description}")
        choose.setToolTip(f"Read the whole table in this way (Alt+{number}).")
        choose.clicked.connect(self.chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.setSpacing(SPACING)
        layout.addWidget(description, 1)
        layout.addWidget(table)
        layout.addWidget(choose)
