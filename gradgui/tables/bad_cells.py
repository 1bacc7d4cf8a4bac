"""The cells of a table that are no numbers: the first are kept, all are counted."""

from collections import Counter
from collections.abc import Iterable

from gradgui.tables.cells import CellError, read_cell
from gradgui.tables.columns import NO_VALUE, Column
from gradgui.tables.format import shorten
from gradgui.tables.table import MOST_BAD_CELLS, BadCell


class BadCells:
    """Collect them as they are found.

    Attributes
    ----------
    count
        How many there are.
    first
        The first `MOST_BAD_CELLS` of them.
    no_values
        What stands in those that say that there is no value, and in how many.
    """

    def __init__(self) -> None:
        self.count = 0
        self.first: list[BadCell] = []
        self.no_values: Counter[str] = Counter()

    @property
    def is_full(self) -> bool:
        """Whether those that come are only counted."""
        return len(self.first) >= MOST_BAD_CELLS

    def add(self, line: int, column: str, text: str, problem: str) -> None:
        """Take a cell whose problem is known."""
        self.count += 1
        if not text or text.lower() in NO_VALUE:
            self.no_values[text or problem] += 1
        if not self.is_full:
            self.first.append(BadCell(line, column, shorten(text), problem))

    def add_unread(self, line: int, column: Column, text: str) -> None:
        """Take a cell in which no number was found, for whatever reason."""
        try:
            read_cell(column, text)
        except CellError as error:
            self.add(line, column.name, text, str(error))

    def count_more(self, texts: Iterable[str]) -> None:
        """Count cells, when no more are kept; a cell without a text is empty."""
        for text, count in Counter(texts).items():
            self.count += count
            if not text or text.lower() in NO_VALUE:
                self.no_values[text or "empty"] += count
