"""As much of a table as tells how it is written: its beginning and, where it is long, some of its middle and end."""

import codecs
import re
from contextlib import suppress
from itertools import islice

from msgspec import Struct

from gradgui.tables.format import TableError, TableFormat
from gradgui.tables.records import Record, Records
from gradgui.tables.signatures import what_is_wrong
from gradgui.tables.source import BLOCK_BYTES, Origin, TableSource

HEAD_BYTES, SPOT_BYTES = 2**20, 2**18
"""How much is looked at: of the beginning; and of the middle and the end each."""
HEAD_LINES = 1_000
"""How many lines may stand above the rows, or in quoted cells and comments between the first of them."""

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[;,\t]*', re.IGNORECASE)


class Sample(Struct, frozen=True):
    """Some text of a table.

    Attributes
    ----------
    origin
        Where it comes from.
    encoding
        How it is encoded there.
    texts
        Whole lines of its beginning and, where it is long, of its middle and its end.
    """

    origin: Origin
    encoding: str
    texts: tuple[str, ...]

    @property
    def named_delimiter(self) -> str | None:
        """The delimiter that the first line names, as spreadsheets write it: ``sep=;``."""
        found = _SEPARATOR_LINE.fullmatch(self.texts[0].partition("\n")[0])
        return found[1] if found else None

    def records(self, table_format: TableFormat, most: int) -> list[Record]:
        """Cut the beginning, up to the first mistake in it, which the reading will tell.

        Raises
        ------
        TableError
            When nothing stands above that mistake.
        """
        found: list[Record] = []
        lines = self.texts[0].split("\n", most + HEAD_LINES)[: most + HEAD_LINES]
        try:
            found.extend(islice(Records(self.origin, table_format).cut("\n".join(lines)), most))
        except TableError:
            if not found:
                raise
        return found

    def rows(self, table_format: TableFormat) -> list[list[str]]:
        """Cut all there is, without regard to what is a header."""
        found: list[list[str]] = []
        plain = TableFormat(table_format.encoding, table_format.delimiter)
        for text in self.texts:
            with suppress(TableError):
                found.extend(cells for _, cells in Records(self.origin, plain).cut(text))
        return found

    def tells_of_signs(self, delimiter: str) -> bool:
        """Tell whether any number in it can have a sign between its digits."""
        signs = {".", ","} - {delimiter}
        return any(sign in text or (delimiter in ".," and '"' in text) for text in self.texts for sign in signs)


def take_sample(origin: Origin, encoding: str) -> Sample:
    """Read the sample of a table.

    Parameters
    ----------
    origin
        A file, or a text.
    encoding
        How a file is encoded.

    Raises
    ------
    TableError
        When it cannot be read.
    """
    with TableSource(origin, encoding) as source:
        blocks = []
        while source.bytes_read < HEAD_BYTES and (block := source.next_text()):
            blocks.append(block)
        places = (source.all_bytes // 2, source.all_bytes - SPOT_BYTES)
        far = not encoding.startswith("utf-16") and places[0] > source.bytes_read
        return Sample(
            origin, encoding, ("".join(blocks), *(source.text_at(place, SPOT_BYTES) for place in places if far))
        )


def detect_encoding(origin: Origin) -> str:
    """Find out how a file is encoded: by its mark, by its zeros, and else by whether it is UTF-8.

    Raises
    ------
    TableError
        When it cannot be read, or is no text.
    """
    with TableSource(origin, "cp1252") as source:
        if problem := what_is_wrong(source.beginning):
            raise TableError(f"{origin}: {problem}")
        blocks = []
        while source.bytes_read < HEAD_BYTES and (block := source.next_block()):
            blocks.append(block)
    content = b"".join(blocks)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = content[:BLOCK_BYTES:2].count(0), content[1:BLOCK_BYTES:2].count(0)
    if max(even, odd) > 0.4 * len(content[:BLOCK_BYTES:2]):  # every other byte of Latin text in UTF-16 is a zero
        return "utf-16-be" if even > odd else "utf-16-le"
    if b"\0" in content:
        raise TableError(f"{origin}: has a zero byte in it; expected text")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
