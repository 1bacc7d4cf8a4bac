"""How a table is written, told by which reading makes it whole; every reading, where more than one does."""

from collections import Counter
from collections.abc import Iterator
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from gradgui.tables.columns import Kind, kind_of
from gradgui.tables.format import DELIMITERS, ONE_COLUMN, SPACES, TableError, TableFormat, is_delimiter
from gradgui.tables.layout import LOOKED_AT, find_layout, is_year
from gradgui.tables.preview import (
    MOST_COLUMNS,
    SAMPLE_ROWS,
    TablePreview,
    TableStart,
    TooManyColumnsError,
    begin_table,
)
from gradgui.tables.question import question, what_is_open
from gradgui.tables.sample import Sample, detect_encoding, take_sample
from gradgui.tables.source import Origin

TRIED_ROWS = 300
"""How many rows tell which delimiters are possible."""
FIRST_ROWS = 2
"""How many tell whether a row has more cells than any table."""
AS_GOOD = 0.9
"""A reading is possible when it makes this share of the rows whole that the best one does, and of what is in them."""
NUMERIC = (Kind.NUMBER, Kind.DATE)


class Detection(Struct, frozen=True):
    """How a table can be read.

    Attributes
    ----------
    readings
        The table in each, the likeliest first. They give different numbers: of two, a person must choose.
    """

    readings: tuple[TablePreview, ...]

    @property
    def best(self) -> TablePreview:
        """The likeliest reading."""
        return self.readings[0]

    @property
    def ambiguous(self) -> bool:
        """Whether a person must choose."""
        return len(self.readings) > 1

    @property
    def question(self) -> str:
        """One sentence that names what is open, with its place; empty where nothing is."""
        return question(self.readings) if self.ambiguous else ""

    @property
    def what_is_open(self) -> str:
        """What the question is about, without the table's name; empty where nothing is open."""
        return what_is_open(self.readings) if self.ambiguous else ""


def detect_table(origin: Origin, delimiter: str | None = None) -> Detection:
    """Find out how a table is written.

    Parameters
    ----------
    origin
        A file, or a text.
    delimiter
        What stands between cells, where it is known.

    Raises
    ------
    TableError
        When the file cannot be read, or has nothing in it.
    """
    sample = take_sample(origin, detect_encoding(origin))
    named = sample.named_delimiter
    if named and (named in DELIMITERS or is_delimiter(named)) and delimiter is None:
        delimiter = named
    text = sample.texts[0].replace("\t", "\t ")  # between cells that spaces separate there may be tabs
    tried = [one for one in DELIMITERS if one in text] if delimiter is None else [delimiter]
    formats = [TableFormat(sample.encoding, one, header=False, head_lines=1 if named else 0) for one in tried]
    readings = []
    problem: TableError | None = None
    for table_format in formats:
        if isinstance(problem, TooManyColumnsError) and table_format.delimiter == ONE_COLUMN:
            break  # a row that is cut into too many cells is not one cell
        try:
            readings += [_Reading.of(sample, table_format)]
        except TableError as error:  # this delimiter makes no table; another may
            problem = error
    if not any(len(reading.start.names) > 1 for reading in readings) and isinstance(problem, TooManyColumnsError):
        raise problem
    if not readings:
        raise problem or TableError(f"{origin}: has nothing in it; expected rows of numbers")
    previews = [preview for reading in _possible(readings) for preview in _previews(reading)]
    _check_quotes(previews[0])
    return Detection(tuple(previews))


def _check_quotes(preview: TablePreview) -> None:
    """Refuse a column whose name is a row that was not cut, for a quotation mark that nothing closes."""
    form = preview.table_format
    if form.delimiter == ONE_COLUMN and form.header and preview.column_names[0].count('"') % 2:
        raise TableError(
            f"{preview.origin}: line {form.head_lines + 1}: a quotation mark is opened and not closed;"
            ' expected a second " after the cell'
        )


class _Reading(Struct, frozen=True):
    """What a delimiter makes of a table.

    Attributes
    ----------
    start
        Its beginning.
    is_whole
        Whether nothing unexplained stands above the rows.
    rows, even_rows
        How many rows have as many cells as most, and numbers where there should be some; how many have the cells.
    share
        The share of numbers and dates in what those rows have in them.
    """

    start: TableStart
    is_whole: bool
    rows: int
    even_rows: int
    share: float

    @classmethod
    def of(cls, sample: Sample, table_format: TableFormat) -> "_Reading":
        for most in (FIRST_ROWS, TRIED_ROWS):  # millions of cells would be long in going
            records = sample.records(table_format, most)
            widths = [len(cells) for _, cells in records if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:])]
            if 2 * len(widths) > len(records):
                raise TooManyColumnsError(sample.origin, max(widths))
        if not records:
            raise TableError(f"{sample.origin}: has nothing in it; expected rows of numbers")
        layout = find_layout(sample.texts[0], table_format, records)
        start = begin_table(sample, layout.table_format, TRIED_ROWS)
        kinds = [evidence.kind for evidence in start.evidence[: layout.width]]  # below the header rows may be longer
        numeric = [place for place, kind in enumerate(kinds) if kind in NUMERIC]
        even = [row for row in start.rows if len(row) == layout.width]
        good = (
            [row for row in even if not any(kind_of(row[place]) is Kind.TEXT for place in numeric)] if numeric else []
        )
        letters = sum(len(cell) for row in good for cell in row)
        in_numbers = sum(len(row[place]) for row in good for place in numeric)
        return cls(start, layout.is_whole, len(good), len(even), in_numbers / max(1, letters))

    @property
    def delimiter(self) -> str:
        return self.start.table_format.delimiter

    @property
    def has_names(self) -> bool:
        """Whether its header has more than one name, and is cut as the rows are: a comma in a title has a space."""
        form = self.start.table_format
        if not form.header or len(self.start.names) < 2 or form.delimiter == SPACES:
            return False
        records = self.start.sample.records(form, 1 + form.unit_rows + LOOKED_AT)
        spaced = [any(cell.startswith(" ") for cell in cells[1:]) for _, cells in records]
        return not spaced[0] or any(spaced[1:])


def _possible(readings: list[_Reading]) -> list[_Reading]:
    """Leave the readings that are about as good as the best, in the order of `DELIMITERS`."""
    if len(readings) > 1:  # a row that is not cut is one column, whatever does not cut it
        readings = [one for one in readings if len(one.start.names) > 1 or one.delimiter == ONE_COLUMN]
    if any(one.delimiter == "\t" and one.even_rows == len(one.start.rows) > 1 for one in readings):
        readings = [one for one in readings if one.delimiter in {"\t", SPACES}]  # no cell has a tab in it
    if any(reading.has_names and 2 * reading.rows > reading.even_rows for reading in readings):
        readings = [reading for reading in readings if reading.delimiter != ONE_COLUMN]
    best = max(readings, key=lambda reading: reading.rows * reading.share)
    if not best.rows:  # no number at all: the one that makes a table
        return [max(readings, key=lambda reading: (reading.has_names, reading.even_rows))]
    found = [
        reading
        for reading in readings
        if reading.rows >= AS_GOOD * best.rows and reading.share >= AS_GOOD * best.share
    ]
    if any(reading.is_whole for reading in found):
        found = [reading for reading in found if reading.is_whole]
    if any(reading.delimiter == "\t" for reading in found):
        found = [reading for reading in found if reading.delimiter != SPACES]
    return found


def _previews(reading: _Reading) -> Iterator[TablePreview]:
    """Give the table for every way in which its numbers, its dates and its first row can be meant."""
    start = begin_table(reading.start.sample, reading.start.table_format, SAMPLE_ROWS)
    start.look_further()
    for decimal, day_first, header in product(_decimals(start), _day_orders(start), _headers(start)):
        numbers = [evidence for evidence in start.evidence if evidence.kind is Kind.NUMBER]
        groups = [
            sign for evidence in numbers if decimal in evidence.decimals and (sign := evidence.thousands(decimal))
        ]
        form = replace(start.table_format, decimal=decimal, thousands=next(iter(groups), ""), day_first=day_first)
        if header:
            named = begin_table(start.sample, replace(form, header=True), SAMPLE_ROWS)
            yield named.preview(named.table_format)
        else:
            yield start.preview(form)


def _decimals(start: TableStart) -> list[str]:
    """Give the decimal signs that the numbers can have, the likeliest first; empty where no number tells."""
    numbers = [evidence for evidence in start.evidence if evidence.kind is Kind.NUMBER]
    certain = Counter(sign for evidence in numbers if evidence.is_settled for sign in evidence.decimals)
    open_columns = [evidence for evidence in numbers if evidence.is_open]
    if not open_columns:
        return [sign for sign, _ in certain.most_common(1)] or [""]
    likely = {
        sign for evidence in open_columns if len(evidence.likely_decimals) == 1 for sign in evidence.likely_decimals
    }
    agreed = likely | set(certain)
    if len(agreed) == 1:
        return list(agreed)
    return [",", "."] if start.table_format.delimiter == ";" else [".", ","]


def _day_orders(start: TableStart) -> list[bool | None]:
    """Give the orders that dates can have, where a date that can be two is needed for want of other columns."""
    others = [evidence for evidence in start.evidence if evidence.kind in NUMERIC and len(evidence.day_orders) < 2]
    return (
        [True, False]
        if len(others) < 2 and any(len(evidence.day_orders) > 1 for evidence in start.evidence)
        else [None]
    )


def _headers(start: TableStart) -> list[bool]:
    """Tell whether the first row may have names: it may where only it has years above numbers that are none."""
    form = start.table_format
    if form.header or form.head_lines or len(start.rows) < 2:
        return [False]
    numeric = [place for place, one in enumerate(start.evidence) if one.kind is Kind.NUMBER]

    def has_years(row: list[str]) -> bool:
        cells = [row[place] for place in numeric if place < len(row)]
        return len(cells) > 1 and all(map(is_year, cells))

    first, *others = start.rows
    return [True, False] if has_years(first) and not any(map(has_years, others)) else [False]
