"""Text from the clipboard: cells of a spreadsheet, tables in HTML and Markdown, lists and arrays as printed."""

import csv
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO
from itertools import zip_longest

from gradgui.numbers import MINUS
from gradgui.tables.detection import Detection, detect_table
from gradgui.tables.format import TableError, TableFormat
from gradgui.tables.preview import preview_table
from gradgui.tables.source import PastedText

Rows = list[list[str]]


def detect_text(text: str) -> Detection:
    """Find out how a text that was pasted is to be read; `read_table` then reads it.

    Parameters
    ----------
    text
        Lines of cells as in a file; a table in HTML or Markdown; lists of numbers as Python, NumPy and PyTorch write
        them, each a column, with their names where they are assigned to one: ``x_train = [1, 2, 3]``.

    Raises
    ------
    TableError
        When there is nothing in it, or a list is cut short or not closed.
    """
    if re.search(r"<t[dh][\s>]", text, re.IGNORECASE):
        return detect_table(PastedText(_written(_html_rows(text))), "\t")
    if rows := _markdown_rows(text):
        return detect_table(PastedText(_written(rows)), "\t")
    if columns := read_lists(text):
        named = any(name for name, _ in columns)
        cells = list(map(list, zip_longest(*(values for _, values in columns), fillvalue="")))
        rows = [[name for name, _ in columns], *cells] if named else cells
        known = TableFormat(delimiter="\t", header=named)
        return Detection((preview_table(PastedText(_written(rows)), known),))
    if _CODE.match(text):
        raise TableError("what was pasted: is code; expected a table, or lists of numbers such as x = [1, 2, 3]")
    return detect_table(PastedText(text))


def _written(rows: Rows) -> str:
    """Write cells as lines with tabs between them."""
    text = StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(rows)
    return text.getvalue()


class _TableParser(HTMLParser):
    """Collect the cells of the tables of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: Rows = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as HTMLParser calls it
        """Begin a row or a cell."""
        if tag == "tr" or (tag in {"td", "th"} and not self.rows):
            self.rows.append([])
        if tag in {"td", "th"}:
            self._end_cell()
            self._cell = []
        if tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in {"td", "th", "tr", "table"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None


def _html_rows(text: str) -> Rows:
    parser = _TableParser()
    parser.feed(text)
    parser.close()
    return [row for row in parser.rows if row]


def _markdown_rows(text: str) -> Rows:
    """Give the cells of a table in Markdown; nothing where its second line is no row of dashes."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or not re.fullmatch(r"\|?(\s*:?-+:?\s*\|)+(\s*:?-+:?\s*)?", lines[1]):
        return []
    rows = [re.split(r"(?<!\\)\|", line.removeprefix("|").removesuffix("|")) for line in [lines[0], *lines[2:]]]
    return [[cell.strip(" *`") for cell in row] for row in rows]


_CALLS = frozenset({"array", "asarray", "tensor", "as_tensor", "Tensor", "FloatTensor", "list", "tuple", "Series"})
"""What makes a list of a list, with the same numbers."""
_SETTING = r"""\w+\s*=\s*[^\s,()\[\]]+(?=\s*[,)])"""
_SHAPED = r"\.(?:reshape|view|unsqueeze|float|double|tolist|numpy|astype)\([^()]*\)"
_TOKEN = re.compile(
    rf"""(?P<open>[\[(]) | (?P<close>[\])]) | (?P<cut>\.\.\.|…)
    | (?P<number>[-+−]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]) | [-+]?(?:nan|inf)\b)
    | (?P<nothing>[\s,;{{}}]+ | \#[^\n]* | {_SETTING} | {_SHAPED})
    | (?P<call>[^\W\d][\w.]*)\( | (?P<name>[^\W\d][\w.]*)\s*= | ["'](?P<key>[^"'\n]+)["']\s*:""",
    re.VERBOSE,
)
_CODE = re.compile(r"\s*(?:[^\W\d]\w*\s*=\s*\S|[\[({][\s\[({]*[-+.\d])")
Column = tuple[str, list[str]]


def read_lists(text: str) -> list[Column]:
    r"""Read lists of numbers; nothing where the text is something else.

    Parameters
    ----------
    text
        Such as ``x = [1, 2, 3]``, ``[[1. 2.]\n [3. 4.]]``, ``y = torch.tensor([2., 4.])``.

    Returns
    -------
    list
        The name and the numbers of each column. A list of lists has a column for each place in them.

    Raises
    ------
    TableError
        When a list is cut short or not closed.
    """
    columns: list[Column] = []
    lists: Rows = []
    row: list[str] = []
    name, depth = "", 0
    for kind, value in _tokens(text):
        if kind in {"name", "key"} and not depth:
            name = value
        elif kind == "open" and not row:
            depth += 1
        elif kind == "number" and depth:
            row.append(repr(float(value.replace(MINUS, "-"))))
        elif kind == "close" and depth:
            depth -= 1
            lists += [row] if row else []
            row = []
            if not depth:
                columns += _columns(name, lists)
                name, lists = "", []
        else:
            return []
    if depth and columns + lists + row:
        raise TableError("what was pasted: a bracket is opened and not closed; expected the whole list")
    return columns


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Give what a text of lists consists of; something else ends it."""
    place, depth = 0, 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found or (found["call"] and found["call"].rpartition(".")[2] not in _CALLS):
            yield "other", text[place]
            return
        if found["cut"]:
            if depth:
                raise TableError("what was pasted: has … in place of some numbers; expected all of them")
            yield "other", found[0]
            return
        place = found.end()
        kind = "open" if found["call"] else found.lastgroup or ""
        depth += (kind == "open") - (kind == "close")
        if kind != "nothing":
            yield kind, found[kind] or ""


def _columns(name: str, lists: Rows) -> list[Column]:
    """Turn the innermost lists between two outer brackets into columns."""
    if len(lists) == 1:
        return [(name, lists[0])]
    width = max(map(len, lists), default=0)
    names = [f"{name}[{place}]" if name and width > 1 else name for place in range(width)]
    return [(one, list(column)) for one, column in zip(names, zip_longest(*lists, fillvalue=""), strict=True)]
