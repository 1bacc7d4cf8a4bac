"""A text file read in blocks of whole lines, whatever its encoding."""

import codecs
import csv
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from gradgui.tables.format import SPACES, TableError, TableFormat

BLOCK_BYTES = 2**16
"""Measured: with larger ones the numbers have left the processor's cache before they are sorted into columns."""
LONGEST_LINE = 2**20
"""Bytes; a line longer than that is no row of a table."""


class TableSource:
    """A file that is read from its beginning, to be used in a ``with`` statement.

    Blocks are bytes, as numbers and delimiters look the same in UTF-8 and Windows-1252: a table of plain numbers
    need not be decoded. UTF-16 is turned into UTF-8 on the way.

    Parameters
    ----------
    path
        The file.
    encoding
        How it is encoded.

    Attributes
    ----------
    all_bytes
        How large the file is.

    Raises
    ------
    TableError
        From every method, when the file cannot be read.
    """

    def __init__(self, path: Path, encoding: str) -> None:
        self._path, self._encoding = path, encoding
        self.all_bytes = 0

    def __enter__(self) -> Self:
        with self._errors_told():
            status = self._path.stat()
            if not stat.S_ISREG(status.st_mode):  # to open a pipe would wait for whoever writes to it
                raise TableError(f"{self._path}: is not a file; expected a table of numbers")
            self.all_bytes = status.st_size
            self._bytes: BinaryIO = self._path.open("rb")
            self._text: TextIOWrapper | None = None
            if self._encoding == "utf-16":
                self._text = TextIOWrapper(self._bytes, "utf-16", errors="replace", newline="")
            elif self._bytes.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
                self._bytes.seek(0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bytes.close()

    @property
    def bytes_read(self) -> int:
        """How far the file has been read."""
        with self._errors_told():
            return self._bytes.tell()

    def next_block(self) -> bytes:
        """Give the next lines, some `BLOCK_BYTES` of them; nothing at the end."""
        return self._read(BLOCK_BYTES)

    def next_line(self) -> bytes:
        """Give the next line with its end; nothing at the end of the file."""
        return self._read(0)

    def decode(self, block: bytes) -> str:
        """Turn a block into text whose lines end in a line feed, whatever they end in in the file."""
        text = block.decode("cp1252" if self._encoding == "cp1252" else "utf-8", "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

    def _read(self, size: int) -> bytes:
        with self._errors_told():
            if self._text is not None:
                text = self._text.read(size) if size else ""
                line = self._text.readline(LONGEST_LINE).encode("utf-8", "replace")
                block = text.encode("utf-8", "replace") + line
            else:
                line_start = self._bytes.read(size)
                line = self._bytes.readline(LONGEST_LINE)
                block = line_start + line
        if len(line) >= LONGEST_LINE:
            raise TableError(
                f"{self._path}: has a line of more than {LONGEST_LINE >> 20} MiB; expected rows of cells"
            )
        return block

    @contextmanager
    def _errors_told(self) -> Iterator[None]:
        try:
            yield
        except TableError:
            raise
        except OSError as error:
            raise TableError(f"{self._path}: {error.strerror or error}; expected a readable file") from error
        except ValueError as error:  # UTF-16 without its mark, or a name that no file can have
            raise TableError(f"{self._path}: {error}; expected a text file in {self._encoding.upper()}") from error


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
