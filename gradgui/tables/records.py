"""Lines cut into records of cells."""

import csv
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from gradgui.tables.format import ONE_COLUMN, SPACES, TableError, TableFormat
from gradgui.tables.source import Origin

MOST_LINES = 1_000
"""A quoted cell that goes on for longer was never closed."""
Record = tuple[int, list[str]]
"""The number of a record's first line, as an editor counts, and its cells."""

_ERRORS = "N/A NA REF! DIV/0! VALUE! NUM! NAME? NULL!"
"""Which spreadsheets write behind ``#``: these are no comments."""


class Records:
    """Cut blocks of lines into records; blank lines, comments and rows without any content are left out.

    Parameters
    ----------
    origin
        The file, for errors.
    table_format
        How the table is written.
    more
        Gives the file's next lines, for a quoted cell that goes on after its block; nothing at the end.

    Attributes
    ----------
    lines
        How many lines have been passed.
    """

    def __init__(self, origin: Origin, table_format: TableFormat, more: Callable[[], str] = str) -> None:
        self._origin, self._more = origin, more
        self._delimiter = table_format.delimiter
        self._head_lines = table_format.head_lines
        self._comments = table_format.comments
        self._header_line = (
            table_format.head_lines + 1 if table_format.header and table_format.header_in_comment else 0
        )
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

    def says_nothing(self, line: str) -> bool:
        """Tell whether the line that was just passed is no part of a record."""
        if self.lines <= self._head_lines:
            return True
        return not line.strip() or (is_comment(line, self._comments) and self.lines != self._header_line)

    def uncommented(self, line: str) -> str:
        """Give a line as it is; a header may stand in a comment."""
        return without_comment(line, self._comments) if self.lines == self._header_line else line

    def _cut_plain(self, lines: list[str]) -> Iterator[Record]:
        for line in lines:
            self.lines += 1
            if not self.says_nothing(line):
                cells = self._cells(self.uncommented(line))
                if any(map(str.strip, cells)):
                    yield self.lines, cells

    def _cells(self, line: str) -> list[str]:
        if self._delimiter == SPACES:
            return [cell for cell in _only_spaces(line).split(" ") if cell]
        return [line] if self._delimiter == ONE_COLUMN else line.split(self._delimiter)

    def _cut_quoted(self, lines: list[str]) -> Iterator[Record]:
        feed = _LineFeed(self, lines, self._more)
        lines_for_csv = map(_only_spaces, feed) if self._delimiter == SPACES else feed
        delimiter = self._delimiter if self._delimiter != ONE_COLUMN else "\x1f"  # which no text has
        reader = csv.reader(lines_for_csv, delimiter=delimiter, skipinitialspace=True)
        try:
            for cells in reader:
                feed.inside_record = False
                if any(map(str.strip, cells)):
                    yield feed.first_line, cells
        except (csv.Error, EOFError) as error:
            raise TableError(
                f"{self._origin}: line {feed.first_line}: a quotation mark is opened and not closed;"
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
                if self.inside_record or not self._records.says_nothing(line):
                    return self._hand_out(line)
            if not self.inside_record:
                raise StopIteration
            text = self._more()
            if not text:
                raise EOFError
            self._lines = iter(_lines_of(text))

    def _hand_out(self, line: str) -> str:
        if not self.inside_record:
            self.inside_record = True
            self.first_line = self._records.lines
        elif self._records.lines - self.first_line > MOST_LINES:
            raise EOFError
        return self._records.uncommented(line) + "\n"


def without_comment(line: str, comments: tuple[str, ...]) -> str:
    """Take the sign of a comment away, if there is one."""
    found = _comment(comments).match(line)
    return line[found.end() :] if found else line


def is_comment(line: str, comments: tuple[str, ...]) -> bool:
    """Tell whether a line is a comment, where these signs begin one."""
    return _comment(comments).match(line) is not None


@lru_cache
def _comment(comments: tuple[str, ...]) -> re.Pattern[str]:
    no_error = f"(?!{'|'.join(map(re.escape, _ERRORS.split()))})"
    signs = [re.escape(sign) + (no_error if sign == "#" else "") for sign in comments]
    return re.compile(rf"\s*(?:{'|'.join(signs)})" if signs else "(?!)")


def _lines_of(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _only_spaces(line: str) -> str:
    """Leave one sign for what is between cells."""
    return line.replace("\t", " ").strip(" ")
