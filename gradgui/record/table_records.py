"""The cells of a table's text, record after record, each with the line in which it begins."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from gradgui.record.table_format import SPACES, TableError, TableFormat

COMMENT = "#"
MOST_LINES = 1_000
"""A quoted cell that goes on for longer was never closed."""
Record = tuple[int, list[str]]
"""The number of a record's first line, as an editor counts, and its cells."""


class Records:
    """Cut blocks of lines into records; blank lines and comments are counted and left out.

    Parameters
    ----------
    path
        The file, for errors.
    table_format
        How the table is written.
    more
        Gives the file's next line, for a quoted cell that goes on after its block; nothing at the end.

    Attributes
    ----------
    lines
        How many lines have been passed.
    """

    def __init__(self, path: Path, table_format: TableFormat, more: Callable[[], str]) -> None:
        self._path, self._more = path, more
        self._delimiter = table_format.delimiter
        self.lines = 0

    def cut(self, text: str) -> Iterator[Record]:
        """Give the records that begin in a block.

        Parameters
        ----------
        text
            Whole lines.

        Raises
        ------
        TableError
            When a quotation mark is opened and not closed.
        """
        lines = _lines_of(text)
        return self._cut_quoted(lines) if '"' in text else self._cut_plain(lines)

    def _cut_plain(self, lines: list[str]) -> Iterator[Record]:
        spaces = self._delimiter == SPACES
        for line in lines:
            self.lines += 1
            if not _says_nothing(line):
                cells = _only_spaces(line).split(" ") if spaces else line.split(self._delimiter)
                yield self.lines, [cell for cell in cells if cell] if spaces else cells

    def _cut_quoted(self, lines: list[str]) -> Iterator[Record]:
        feed = _LineFeed(self, lines, self._more)
        lines_for_csv = map(_only_spaces, feed) if self._delimiter == SPACES else feed
        reader = csv.reader(lines_for_csv, delimiter=self._delimiter, skipinitialspace=True)
        try:
            for cells in reader:
                feed.inside_record = False
                yield feed.first_line, cells
        except (csv.Error, EOFError) as error:
            raise TableError(
                f"{self._path}: line {feed.first_line}: a quotation mark is opened and not closed;"
                ' expected a second " after the cell'
            ) from error


class _LineFeed:
    """Give csv the lines of a block, and more of the file only where it is inside a record when they end."""

    def __init__(self, records: Records, lines: list[str], more: Callable[[], str]) -> None:
        self._records, self._lines, self._more = records, iter(lines), more
        self.inside_record = False
        self.first_line = records.lines + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while True:
            for line in self._lines:
                self._records.lines += 1
                if self.inside_record or not _says_nothing(line):
                    return self._hand_out(line)
            if not self.inside_record:
                raise StopIteration
            text = self._more()
            if not text or self._records.lines - self.first_line > MOST_LINES:
                raise EOFError
            self._lines = iter(_lines_of(text))

    def _hand_out(self, line: str) -> str:
        if not self.inside_record:
            self.inside_record = True
            self.first_line = self._records.lines
        return line + "\n"


def _lines_of(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _says_nothing(line: str) -> bool:
    return line.startswith(COMMENT) or not line.strip()


def _only_spaces(line: str) -> str:
    """Leave one sign for what is between cells."""
    return line.replace("\t", " ").strip(" ")
