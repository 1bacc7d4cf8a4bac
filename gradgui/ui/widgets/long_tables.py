"""What keeps tables of a million rows quick."""

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QTableView

MOST_COPIED = 100_000
"""Rows that fit on the clipboard; more would hold the window up for longer than half a second."""


def share_no_selection(table: QTableView) -> None:
    """Give the columns' heads a selection of their own, which is always empty.

    To draw a head as selected or not, Qt asks the model for every single row of the table: seconds after Ctrl+A.

    Parameters
    ----------
    table
        Has its model already.
    """
    header = table.horizontalHeader()
    header.setSelectionModel(QItemSelectionModel(table.model(), header))
