"""Text read in blocks of whole lines, whatever its encoding: a file, or what was pasted."""

import codecs
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from msgspec import Struct

from gradgui.tables.format import TableError

BLOCK_BYTES = 2**17
"""Measured: with larger ones the numbers have left the processor's cache before they are sorted into columns."""
LONGEST_LINE = 2**20
"""Bytes; a line longer than that is no row of a table."""


class PastedText(Struct, frozen=True):
    """A table that is in no file.

    Attributes
    ----------
    text
        Its lines.
    """

    text: str

    def __str__(self) -> str:
        return "what was pasted"


Origin = Path | PastedText
"""Where a table comes from; as a text it is what an error calls it."""


class TableSource:
    """A text that is read from its beginning, to be used in a ``with`` statement.

    Blocks are bytes, as numbers and delimiters look the same in UTF-8 and Windows-1252. UTF-16 is turned into UTF-8
    on the way.

    Parameters
    ----------
    origin
        A file, or a text.
    encoding
        How a file is encoded.

    Attributes
    ----------
    bytes_read, all_bytes
        How far it has been read, and how large it is.
    beginning
        Its first bytes, as they stand in the file.
    line_end
        The byte that ends a line, perhaps after another.

    Raises
    ------
    TableError
        From every method, when the file cannot be read.
    """

    def __init__(self, origin: Origin, encoding: str) -> None:
        self._origin = origin
        self._encoding = "utf-8" if isinstance(origin, PastedText) else encoding
        self.bytes_read = self.all_bytes = 0

    def __enter__(self) -> Self:
        with self._errors_told():
            self._bytes = self._open()
            self._decoder = codecs.getincrementaldecoder(self._encoding)("replace")
            self._rest = b""
            beginning = self.beginning = self._bytes.read(BLOCK_BYTES)
            self._bytes.seek(len(codecs.BOM_UTF8) if beginning.startswith(codecs.BOM_UTF8) else 0)
            self.line_end = b"\r" if b"\r" in beginning[:-1] and b"\n" not in beginning else b"\n"
        return self

    def _open(self) -> BinaryIO:
        if isinstance(self._origin, PastedText):
            content = self._origin.text.encode("utf-8", "replace")
            self.all_bytes = len(content)
            return BytesIO(content)
        status = self._origin.stat()
        if not stat.S_ISREG(status.st_mode):  # to open a pipe would wait for whoever writes to it
            raise TableError(f"{self._origin}: is not a file; expected a table of numbers")
        self.all_bytes = status.st_size
        return self._origin.open("rb")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bytes.close()

    def next_block(self) -> bytes:
        """Give the next lines, some `BLOCK_BYTES` of them; nothing at the end."""
        while True:
            with self._errors_told():
                read = self._bytes.read(BLOCK_BYTES)
                self.bytes_read = self._bytes.tell()
                block = self._rest + self._as_utf_8(read)
            end = block.rfind(self.line_end) + 1 if read else len(block)
            self._rest = block[end:]
            if len(self._rest) >= LONGEST_LINE:
                raise TableError(
                    f"{self._origin}: has a line of more than {LONGEST_LINE >> 20} MiB; expected rows of cells"
                )
            if end or not read:
                return block[:end]

    def next_text(self) -> str:
        """Give the next block as text."""
        return self.decode(self.next_block())

    def decode(self, block: bytes) -> str:
        """Turn a block into text whose lines end in a line feed, whatever they end in in the file."""
        text = block.decode("cp1252" if self._encoding == "cp1252" else "utf-8", "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

    def _as_utf_8(self, read: bytes) -> bytes:
        if not self._encoding.startswith("utf-16"):
            return read
        return self._decoder.decode(read, final=not read).encode("utf-8", "replace")

    def text_at(self, place: int, size: int) -> str:
        """Give the whole lines of some bytes from a place in the file; reading on from there is not possible."""
        with self._errors_told():
            self._bytes.seek(place)
            _, _, lines = self.decode(self._bytes.read(size)).partition("\n")
        return lines[: lines.rfind("\n") + 1]

    @contextmanager
    def _errors_told(self) -> Iterator[None]:
        try:
            yield
        except TableError:
            raise
        except OSError as error:
            raise TableError(f"{self._origin}: {error.strerror or error}; expected a readable file") from error
        except ValueError as error:  # UTF-16 without its mark, or a name that no file can have
            raise TableError(f"{self._origin}: {error}; expected a text file in {self._encoding.upper()}") from error
