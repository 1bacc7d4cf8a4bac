"""What number a field accepts, said once: how it is read, written and stepped follows from that."""

import math
from decimal import Decimal
from typing import get_type_hints

from msgspec import Struct, inspect

from gradgui.numbers import AmbiguousNumberError, NumberError, read_number, shown, write_count, write_number
from gradgui.record.csv_file import shortest

BEYOND_FLOAT32 = 3.4028235677973366e38
"""What is nearer to the largest float32 is rounded to it."""


class NumberKind(Struct, frozen=True):
    """The numbers that a field accepts; a bound that is None bounds nothing, and all numbers are finite.

    Attributes
    ----------
    gt, ge
        The lower bound, itself left out or included.
    lt, le
        The upper bound, itself left out or included.
    whole
        Whether only whole numbers will do.
    optional
        Whether nothing will do as well, which is nan.
    float32
        Whether only numbers that are finite in float32 will do.
    in_decades
        Whether an arrow key changes a whole number by a tenth of its decade, not by one.
    """

    gt: float | None = None
    ge: float | None = None
    lt: float | None = None
    le: float | None = None
    whole: bool = False
    optional: bool = False
    float32: bool = False
    in_decades: bool = False

    def read(self, text: str) -> float:
        """Read a number of this kind, or nan for nothing where that will do.

        Raises
        ------
        ValueError
            When it is none; its text says what would be accepted.
        """
        if self.optional and not text.strip():
            return math.nan
        try:
            value = read_number(text)
        except AmbiguousNumberError:
            raise
        except NumberError:
            raise ValueError(self.expected) from None
        if not self._allows(value):
            raise ValueError(self.expected)
        if self.float32 and abs(value) >= BEYOND_FLOAT32:
            raise ValueError("float32 ends at 3.4e38: enter a smaller number, or choose float64.")
        return value

    def write(self, value: float) -> str:
        """Write a number so that it reads back: nothing for nan, a large whole one with its thousands apart."""
        if math.isnan(value):
            return ""
        if self.whole:
            return write_count(value)
        return shown(write_number(float(shortest(value, "float32")) if self.float32 else value))

    def steps(self, value: float) -> tuple[float, float]:
        """Give the numbers that arrow down and arrow up lead to; a bound that is left out is not reached."""
        lower, higher = self._free_steps(value)
        if not self._allows(lower):
            lower = value if self.ge is None else self.ge
        if not self._allows(higher):
            higher = value if self.le is None else self.le
        return lower, higher

    @property
    def expected(self) -> str:
        """What would be accepted, as a sentence."""
        above = f" above {_bound(self.gt)}" if self.gt is not None else ""
        above = f" from {_bound(self.ge)}" if self.ge is not None else above
        below = f" to below {_bound(self.lt)}" if self.lt is not None else ""
        below = f"{',' if self.gt is not None else ''} to {_bound(self.le)}" if self.le is not None else below
        upwards = " up" if self.ge is not None and not below else ""
        kind = "whole number" if self.whole else "number"
        return f"Enter a {kind}{above}{below}{upwards}{self._example}{', or nothing' if self.optional else ''}."

    @property
    def _example(self) -> str:
        if self.whole:
            return ""
        if self.gt is self.ge is None:
            return ", such as 0 or -1.5"
        return ", such as 0.01 or 1e-3" if self.lt is self.le is None else ", such as 0.5"

    def _allows(self, value: float) -> bool:
        return (
            (self.gt is None or value > self.gt)
            and (self.ge is None or value >= self.ge)
            and (self.lt is None or value < self.lt)
            and (self.le is None or value <= self.le)
            and (not self.whole or value % 1 == 0)
        )

    def _free_steps(self, value: float) -> tuple[float, float]:
        if math.isnan(value):
            return (1.0, 1.0) if self.whole else (0.1, 0.1)
        if self.whole:
            return _whole_steps(value, 10 ** (len(str(int(value))) - 1) if self.in_decades else 1)
        if self.gt is self.ge is None:
            return _even_steps(value, "0.1")
        if self.lt is self.le is None:
            return _ladder_steps(value) if value > 0.0 else (0.0, 0.01)
        return _even_steps(value, "0.1" if self.le is None else "0.05")  # what may be 1 is mostly close to it


def field_kind(struct: type[Struct], name: str) -> NumberKind:
    """Give what numbers a field of a structure takes, as its annotation bounds them.

    Parameters
    ----------
    struct
        Part of an experiment, such as an optimizer.
    name
        Of a field that is a float, an int, or one of these or None.

    Raises
    ------
    TypeError
        When the field is no number.
    """
    info = inspect.type_info(get_type_hints(struct, include_extras=True)[name])
    types = info.types if isinstance(info, inspect.UnionType) else (info,)
    for one in types:
        if isinstance(one, inspect.FloatType | inspect.IntType):
            whole, optional = isinstance(one, inspect.IntType), len(types) > 1
            return NumberKind(one.gt, one.ge, one.lt, one.le, whole=whole, optional=optional)
    raise TypeError(f"{struct.__name__}.{name} is no number")


def _bound(bound: float) -> str:
    return write_count(bound) if float(bound).is_integer() else write_number(bound)


def _whole_steps(value: float, step: int) -> tuple[float, float]:
    return value - (step // 10 if value == step > 1 else step), value + step


def _even_steps(value: float, step: str) -> tuple[float, float]:
    return float(Decimal(repr(value)) - Decimal(step)), float(Decimal(repr(value)) + Decimal(step))


def _ladder_steps(value: float) -> tuple[float, float]:
    """Give the next lower and higher of 1, 2 and 5 times the powers of ten."""
    exponent = math.floor(math.log10(value))
    ladder = [float(Decimal(digit).scaleb(exponent + shift)) for shift in (-1, 0, 1) for digit in (1, 2, 5)]
    lower = max((rung for rung in ladder if 0.0 < rung < value), default=value)
    higher = min((rung for rung in ladder if value < rung < math.inf), default=value)
    return lower, higher
