"""What the cells of a column are, and in which notations all of them are numbers."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cached_property, lru_cache

from msgspec import Struct

from gradgui.numbers import NOTATIONS, Notation, notations
from gradgui.tables.dates import day_order, is_open, looks_like_date
from gradgui.tables.format import TableFormat
from gradgui.tables.units import split_unit

_NO_VALUES = """
    na n/a n.a. n.a #n/a #na nan -nan null none nil missing inf -inf +inf infinity -infinity - -- — – . .. ... ? *
    #ref! #div/0! #value! #num! #name? #null!"""
NO_VALUE = frozenset(_NO_VALUES.split())
"""What stands in a cell for a number that is not there, in small letters."""

_SHAPE = {ord(digit): "1" for digit in "23456789"}
"""Two cells of the same shape are numbers in the same notations, whatever their digits."""


class Kind(Enum):
    """What a cell is, and what most cells of a column are."""

    NUMBER = "number"
    DATE = "date"
    NO_VALUE = "no value"
    TEXT = "text"


class Column(Struct, frozen=True):
    """A column, and how the numbers in it are read.

    Attributes
    ----------
    name
        From the header or, where it has none, such as ``column 1``.
    named
        Whether the header has a name for it.
    kind
        What most of its cells are.
    notation
        In which all its numbers are read.
    unit
        That its numbers have, as ``%`` or ``m²``, in each cell or in a row of units; empty where they have none.
    unit_in_cells
        Whether it is in each cell.
    day_first
        Whether 10/03/2004 is 10 March; None where it is not known.
    has_open_dates
        Whether it is not known and makes a difference.
    """

    name: str
    named: bool
    kind: Kind
    notation: Notation
    unit: str = ""
    unit_in_cells: bool = False
    day_first: bool | None = None
    has_open_dates: bool = False

    @property
    def label(self) -> str:
        """What an axis is called that shows it: its name, with its unit where the name does not say it."""
        return self.name if not self.unit or self.unit in self.name else f"{self.name} ({self.unit})"

    @property
    def axis_label(self) -> str:
        """The same for a column with a name; without one there is only its unit to say."""
        return self.label if self.named else self.unit


class _Shape(Struct, frozen=True):
    kind: Kind
    notations: tuple[Notation, ...] = ()
    open_sign: str = ""
    ends_in_zero: bool = False
    digits: int = 0


@lru_cache(maxsize=2**14)
def _shape(text: str) -> _Shape:
    """Tell what a cell is; of its digits, only the zeros matter."""
    if not text or text.lower() in NO_VALUE:
        return _Shape(Kind.NO_VALUE)
    number, _ = split_unit(text)
    found = notations(number)
    if not found:
        return _Shape(Kind.DATE if looks_like_date(text) else Kind.TEXT)
    digits = number.lstrip("+-−")
    if found == NOTATIONS:
        return _Shape(Kind.NUMBER, found, digits=len(digits) if digits.isdecimal() else 0)
    is_open = len({decimal for decimal, _ in found}) > 1
    return _Shape(Kind.NUMBER, found, ("," if "," in digits else ".") if is_open else "", digits.endswith("0"))


@lru_cache(maxsize=2**14)
def kind_of(cell: str) -> Kind:
    """Tell what a cell without spaces around it is."""
    return _shape(cell.translate(_SHAPE)).kind


class Evidence:
    """What the cells of a column tell of how its numbers are written.

    Parameters
    ----------
    cells
        Without spaces around them.

    Attributes
    ----------
    kind
        What most of them are.
    """

    def __init__(self, cells: Sequence[str]) -> None:
        self._kinds: Counter[Kind] = Counter()
        self._notations: Counter[Notation] = Counter()
        self._open_signs: Counter[str] = Counter()
        self._signed = 0
        self._zero_after = False
        self._least_digits, self._most_digits = math.inf, 0
        self._cells = cells
        self.add(cells)

    def add(self, cells: Iterable[str]) -> None:
        """Look at more cells."""
        for text, count in Counter(cell.translate(_SHAPE) for cell in cells).items():
            shape = _shape(text)
            self._kinds[shape.kind] += count
            for notation in shape.notations:
                self._notations[notation] += count
            self._signed += count if 0 < len(shape.notations) < len(NOTATIONS) else 0
            if shape.open_sign:
                self._open_signs[shape.open_sign] += count
                self._zero_after |= shape.ends_in_zero
            if shape.digits:
                self._least_digits = min(self._least_digits, shape.digits)
                self._most_digits = max(self._most_digits, shape.digits)

    @property
    def kind(self) -> Kind:
        """What more than half of the cells are that have a value; words where that is not one kind."""
        counted = {kind: count for kind, count in self._kinds.items() if kind is not Kind.NO_VALUE}
        if not counted:
            return Kind.NO_VALUE
        kind = max(counted, key=lambda kind: counted[kind])
        return kind if 2 * counted[kind] > sum(counted.values()) else Kind.TEXT

    @property
    def notations(self) -> tuple[Notation, ...]:
        """Those in which the most cells are numbers."""
        if self.kind is not Kind.NUMBER:
            return NOTATIONS
        most = max(self._notations.values())
        return tuple(notation for notation in NOTATIONS if self._notations[notation] == most)

    @property
    def decimals(self) -> frozenset[str]:
        """The decimal signs that are possible."""
        return frozenset(decimal for decimal, _ in self.notations)

    @property
    def is_settled(self) -> bool:
        """Whether only one decimal sign is possible."""
        return len(self.decimals) == 1

    @property
    def is_open(self) -> bool:
        """Whether another decimal sign gives other numbers."""
        return self.kind is Kind.NUMBER and not self.is_settled and self._signed > 0

    @property
    def likely_decimals(self) -> frozenset[str]:
        """The decimal signs that are possible, where cells such as ``2.310`` are told by those without a sign.

        Who writes 998 without decimals writes no zero after them: beside it, ``2.310`` is a thousand. Beside 2 it may
        have been typed by hand. Who writes 12345 without groups has none: beside it, it is no thousand.
        """
        if not self.is_open or len(self._open_signs) != 1:
            return self.decimals
        (sign,) = self._open_signs
        other = "," if sign == "." else "."
        if self._most_digits > 4:
            return self.decimals & {sign}
        return self.decimals & {other} if self._least_digits == 3 and self._zero_after else self.decimals

    def notation(self, table_format: TableFormat) -> Notation:
        """Give the notation to read it in: what is open as the format says, and the rest in the only way there is."""
        decimal = table_format.decimal
        if self.is_settled and decimal not in self.decimals:
            (decimal,) = self.decimals
        thousands = table_format.thousands if decimal == table_format.decimal else ""
        return decimal, self.thousands(decimal) or thousands

    def thousands(self, decimal: str) -> str:
        """Give the sign that must group thousands if this is the decimal sign; empty where none must."""
        signs = [thousands for sign, thousands in self.notations if sign == decimal]
        return "" if not signs or "" in signs else signs[0]

    @property
    def unit(self) -> str:
        """The unit that most of its numbers have."""
        if self.kind is not Kind.NUMBER:
            return ""
        return max(self._units, key=lambda unit: self._units[unit], default="")

    @property
    def has_mixed_units(self) -> bool:
        """Whether its numbers have different units."""
        return len(self._units.keys() - {""}) > 1

    @cached_property
    def _units(self) -> Counter[str]:
        return Counter(split_unit(cell)[1] for cell in self._cells if kind_of(cell) is Kind.NUMBER)

    @property
    def day_orders(self) -> frozenset[bool]:
        """Of a column of dates: whether the day comes first, or the month (False), or both may be; else nothing."""
        if self.kind is not Kind.DATE:
            return frozenset()
        certain = {order for cell in self._cells if (order := day_order(cell)) is not None}
        if certain:
            return frozenset(certain)
        return frozenset({True, False}) if any(map(is_open, self._cells)) else frozenset()
