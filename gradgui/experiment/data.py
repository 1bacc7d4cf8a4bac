"""The points a model is fitted to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from msgspec import Struct
from msgspec.structs import force_setattr, replace
from numpy.typing import ArrayLike, NDArray

from gradgui.numbers import write_count

LARGEST_DATA = 1_000_000
"""Points; more would hold the window up for longer than a person waits."""
LONGEST_NAME = 100
"""Characters of an axis's name."""

Values = NDArray[np.float64]


class Data(Struct, frozen=True, eq=False, omit_defaults=True, forbid_unknown_fields=True):
    """The points the model is fitted to, never scaled.

    Two are equal when their points and names are; as with floats 0 equals -0.

    Attributes
    ----------
    x, y
        Inputs and targets, float64 of shape ``(points,)``, from 1 to `LARGEST_DATA`; they cannot be written to. Any
        sequence of numbers is taken.
    x_name, y_name
        What the axes are called.

    Raises
    ------
    ValueError
        When there is no point or too many, x and y differ in length, a number is not finite, or a name is not one
        line of at most `LONGEST_NAME` characters.
    """

    x: Values
    y: Values
    x_name: str = "x"
    y_name: str = "y"

    if TYPE_CHECKING:

        def __init__(self, x: ArrayLike, y: ArrayLike, x_name: str = "x", y_name: str = "y") -> None: ...

    def __post_init__(self) -> None:
        for field in ("x", "y"):
            force_setattr(self, field, _kept(getattr(self, field)))
        if not len(self.x):
            raise ValueError("the data needs at least one point")
        if len(self.x) != len(self.y):
            raise ValueError(f"x has {len(self.x)} values and y has {len(self.y)}; each x needs its y")
        if len(self.x) > LARGEST_DATA:
            has, most = write_count(len(self.x)), write_count(LARGEST_DATA)
            raise ValueError(f"the data has {has} points; at most {most} fit")
        if not (np.isfinite(self.x).all() and np.isfinite(self.y).all()):
            raise ValueError("x and y must be finite numbers")
        for name in (self.x_name, self.y_name):
            if not (name.strip() and name.isprintable() and len(name) <= LONGEST_NAME):
                raise ValueError(f"the name of an axis must be one line of 1 to {LONGEST_NAME} characters")

    def __len__(self) -> int:
        return len(self.x)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Data):
            return NotImplemented
        return self is other or (
            self.names == other.names and np.array_equal(self.x, other.x) and np.array_equal(self.y, other.y)
        )

    def __ne__(self, other: object) -> bool:
        return not self == other  # a Struct has one of its own, by identity

    def __hash__(self) -> int:
        return hash((self.names, len(self), *(values[:10].tobytes() for values in (self.x + 0.0, self.y + 0.0))))

    def __repr__(self) -> str:
        names = "" if self.names == ("x", "y") else f", x_name={self.x_name!r}, y_name={self.y_name!r}"
        return f"Data(x={tuple(self.x.tolist())}, y={tuple(self.y.tolist())}{names})"

    @property
    def names(self) -> tuple[str, str]:
        """What the axes are called."""
        return self.x_name, self.y_name

    def with_value(self, row: int, column: int, number: float) -> "Data":
        """Give the data with one number replaced; column 0 is x, 1 is y."""
        values = np.array((self.x, self.y)[column])
        values[row] = number
        return replace(self, x=values) if column == 0 else replace(self, y=values)

    def with_point(self, x: float, y: float) -> "Data":
        """Give the data with a point more, at their end."""
        return replace(self, x=np.append(self.x, x), y=np.append(self.y, y))

    def at(self, rows: NDArray[np.intp]) -> "Data":
        """Give only some of the points, at least one."""
        return replace(self, x=self.x[rows], y=self.y[rows])

    def without(self, rows: Sequence[int] | NDArray[np.intp]) -> "Data":
        """Give the data without some of their points; at least one must stay."""
        return replace(self, x=np.delete(self.x, rows), y=np.delete(self.y, rows))


def _kept(values: ArrayLike) -> Values:
    """Give values that nobody can change any more."""
    if isinstance(values, np.ndarray) and values.dtype == np.float64 and not values.flags.writeable:
        return values
    kept = np.array(values, dtype=np.float64)
    kept.flags.writeable = False
    return kept


def axis_name(text: str) -> str:
    """Give a text as the name of an axis: on one line, and not too long."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(line.split())[:LONGEST_NAME].strip()


def decode_values(_kind: type, numbers: object) -> Any:
    """Make the values of data of a list in a file: a hook for msgspec.

    Raises
    ------
    ValueError
        When it is no list of numbers; names the place in it.
    """
    try:
        return np.array(msgspec.convert(numbers, tuple[float, ...]), dtype=np.float64)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error  # to which msgspec adds the place of the list


def encode_values(values: Any) -> list[float]:
    """Give the values of data as a list for a file: a hook for msgspec."""
    numbers: list[float] = values.tolist()
    return numbers
