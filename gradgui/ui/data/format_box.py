"""How a table is written, to be looked at and changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QWidget

from gradgui.tables.format import COMMENTS, DECIMALS, DELIMITERS, ENCODINGS, THOUSANDS, TableFormat
from gradgui.tables.sample import HEAD_LINES
from gradgui.ui.app.theme import SPACING
from gradgui.ui.widgets.number_field import NumberField
from gradgui.ui.widgets.number_kind import NumberKind

CHOICES_A_ROW = 3
DAY_ORDERS = ((None, "as they say"), (True, "day first"), (False, "month first"))
UNITS = (
    ((False, 0), "none"),
    ((True, 0), "1 row above names"),
    ((False, 1), "1 row below names"),
    ((False, 2), "2 rows below names"),
    ((False, 3), "3 rows below names"),
)
"""Whether they stand above the names, and how many rows below."""


class Choice(QComboBox):
    """A list of values to choose from.

    Parameters
    ----------
    name
        Its ``objectName``.
    title
        Accessible name.
    meaning
        What is chosen.
    values
        Each with what it is called.
    """

    def __init__(self, name: str, title: str, meaning: str, values: Iterable[tuple[Any, str]]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setToolTip(f"{title}: {meaning}")
        self._values: list[Any] = []
        for value, text in values:
            self._values.append(value)
            self.addItem(text)

    @property
    def value(self) -> Any:
        """The value that is chosen."""
        return self._values[self.currentIndex()]

    def show_value(self, value: Any, text: str) -> None:
        """Choose a value; one that is not in the list yet comes to its end."""
        if value not in self._values:
            self._values.append(value)
            self.addItem(text)
        self.setCurrentIndex(self._values.index(value))


class FormatBox(QWidget):
    """Encoding, delimiter and comments; signs in numbers and the order in dates; what stands above the rows.

    Parameters
    ----------
    is_file
        Whether the table is a file, which has an encoding.

    Signals
    -------
    changed(TableFormat)
        The person wants it read in another way.
    """

    changed = Signal(TableFormat)

    def __init__(self, is_file: bool) -> None:
        super().__init__()
        self._format = TableFormat()
        self._encoding = Choice("import_encoding", "Encoding", "how letters are written as bytes.", ENCODINGS.items())
        self._encoding.setEnabled(is_file)
        self._delimiter = Choice(
            "import_delimiter", "Delimiter", "what stands between two cells of a row.", _with_signs(DELIMITERS)
        )
        self._comments = Choice("import_comments", "Comments", "lines that begin so are left out.", COMMENTS.items())
        self._decimal = Choice(
            "import_decimal",
            "Decimal sign",
            "what stands before the decimals of a number, as in 1.5 or 1,5.\n"
            "Numbers that can be read in one way only, such as 1.5, are always read in that way.",
            _with_signs(DECIMALS),
        )
        self._thousands = Choice(
            "import_thousands",
            "Thousands sign",
            "what groups the digits of a large number, as in 1,313,973.\n"
            "Spaces and apostrophes, as in 1 313 973, are always read, and so is what can be read in one way only.",
            _with_signs(THOUSANDS),
        )
        self._day_order = Choice("import_dates", "Dates", "whether 10/03/2004 is 10 March or 3 October.", DAY_ORDERS)
        self._head_lines = NumberField(
            "import_head_lines", "Lines above the table", NumberKind(ge=0, le=HEAD_LINES, whole=True)
        )
        self._head_lines.line.setToolTip("How many lines at the beginning are left out, such as titles.")
        self._header = QCheckBox("First row &names the columns")
        self._header.setObjectName("import_header")
        self._header.setToolTip("Off: the first row is data as all others are.")
        self._units = Choice("import_units", "Units", "rows beside the names that are no data.", UNITS)
        self._lay_out()
        self.setEnabled(False)

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        fields = (
            ("&Encoding", self._encoding),
            ("&Delimiter", self._delimiter),
            ("Co&mments", self._comments),
            ("Decimal &sign", self._decimal),
            ("&Thousands", self._thousands),
            ("D&ates", self._day_order),
            ("Lines abo&ve", self._head_lines),
            ("", self._header),
            ("&Units", self._units),
        )
        for place, (caption, field) in enumerate(fields):
            row, column = divmod(place, CHOICES_A_ROW)
            if caption:
                label = QLabel(caption)
                label.setBuddy(field.line if isinstance(field, NumberField) else field)
                layout.addWidget(label, row, 2 * column)
                layout.addWidget(field, row, 2 * column + 1)
            else:
                layout.addWidget(field, row, 2 * column, 1, 2)
            if isinstance(field, Choice):
                field.activated.connect(self._tell)
        for column in range(CHOICES_A_ROW):
            layout.setColumnStretch(2 * column + 1, 1)
        self._head_lines.entered.connect(self._tell)
        self._header.clicked.connect(self._tell)

    def show_format(self, table_format: TableFormat) -> None:
        """Show how the table is read."""
        self._format = table_format
        self._encoding.show_value(table_format.encoding, table_format.encoding)
        self._delimiter.show_value(table_format.delimiter, table_format.delimiter)
        self._comments.show_value(table_format.comments, "  ".join(table_format.comments))
        self._decimal.show_value(table_format.decimal, "none seen")
        self._thousands.show_value(table_format.thousands, table_format.thousands)
        self._day_order.show_value(table_format.day_first, "")
        self._head_lines.set_value(table_format.head_lines)
        self._header.setChecked(table_format.header)
        above, below = table_format.units_above, table_format.unit_rows
        self._units.show_value((above, below), f"{'1 row above, ' if above else ''}{below} rows below names")
        self.setEnabled(True)

    @Slot()
    def _tell(self) -> None:
        decimal, thousands = self._decimal.value, self._thousands.value
        if decimal and decimal == thousands:  # what was not chosen just now gives way
            if decimal != self._format.decimal:
                thousands = ""
            else:
                decimal = "." if thousands == "," else ","
        units_above, unit_rows = self._units.value
        wanted = replace(
            self._format,
            encoding=self._encoding.value,
            delimiter=self._delimiter.value,
            comments=self._comments.value,
            decimal=decimal,
            thousands=thousands,
            day_first=self._day_order.value,
            head_lines=int(self._head_lines.value),
            header=self._header.isChecked(),
            units_above=units_above,
            unit_rows=unit_rows,
        )
        if wanted != self._format:
            self.show_format(wanted)
            self.changed.emit(wanted)


def _with_signs(choices: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(sign, f"{meaning}   {sign}" if sign.strip() else meaning) for sign, meaning in choices.items()]
