"""How a table is written, to be looked at and changed."""

from collections.abc import Mapping

from msgspec.structs import replace
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QWidget

from gradgui.tables.format import DECIMALS, DELIMITERS, TableFormat
from gradgui.ui.app.theme import SPACING


class FormatBox(QWidget):
    """Delimiter, decimal sign and header.

    Signals
    -------
    changed(TableFormat)
        The person wants it read in another way.
    """

    changed = Signal(TableFormat)

    def __init__(self) -> None:
        super().__init__()
        self._format = TableFormat()
        self._delimiter = _combo("import_delimiter", "Delimiter", DELIMITERS)
        self._delimiter.setToolTip("Delimiter: what stands between two cells of a row.")
        self._decimal = _combo("import_decimal", "Decimal sign", DECIMALS)
        self._decimal.setToolTip(
            "Decimal sign: what stands before the decimals of a number, as in 1.5 or 1,5.\n"
            "Where a comma is the delimiter it can only be a point."
        )
        self._header = QCheckBox("First row &names the columns")
        self._header.setObjectName("import_header")
        self._header.setToolTip("Off: the first row is data as all others are.")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        for caption, combo in (("&Delimiter", self._delimiter), ("Decimal &sign", self._decimal)):
            label = QLabel(caption)
            label.setBuddy(combo)
            layout.addWidget(label)
            layout.addWidget(combo)
            layout.addSpacing(SPACING)
            combo.activated.connect(self._tell)
        layout.addWidget(self._header)
        layout.addStretch()
        self._header.clicked.connect(self._tell)
        self.setEnabled(False)

    def show_format(self, table_format: TableFormat) -> None:
        """Show how the table is read."""
        self._format = table_format
        self._delimiter.setCurrentIndex(self._delimiter.findData(table_format.delimiter))
        self._decimal.setCurrentIndex(self._decimal.findData(table_format.decimal or "."))
        self._decimal.setEnabled(table_format.delimiter != ",")
        self._header.setChecked(table_format.header)
        self.setEnabled(True)

    @Slot()
    def _tell(self) -> None:
        delimiter = self._delimiter.currentData()
        decimal = "." if delimiter == "," else self._decimal.currentData()
        thousands = self._format.thousands if decimal == self._format.decimal else ""
        header = self._header.isChecked()
        wanted = replace(self._format, delimiter=delimiter, decimal=decimal, thousands=thousands, header=header)
        if wanted != self._format:
            self.show_format(wanted)
            self.changed.emit(wanted)


def _combo(name: str, title: str, choices: Mapping[str, str]) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(title)
    for sign, meaning in choices.items():
        combo.addItem(f"{meaning}   {sign}" if sign.strip() else meaning, sign)
    return combo
