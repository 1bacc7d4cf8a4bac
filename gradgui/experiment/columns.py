"""The layout of an epoch's row: which number stands where, and what it is called."""

from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import product

from msgspec import Struct

from gradgui.experiment.formula.vocabulary import RESERVED_SUFFIX

Shape = tuple[int, ...]


class Role(Enum):
    """What a column holds."""

    LOSS = "loss"
    PARAMETER = "parameter"
    GRADIENT = "gradient"
    LEARNING_RATE = "learning rate"
    BUFFER = "buffer"


class ColumnName(Struct, frozen=True):
    """One column of a log.

    Attributes
    ----------
    name
        As the CSV file has it: ``loss``, ``w``, ``w_grad``, ``w[3,0]``, ``lr``, ``w.exp_avg``.
    label
        As people and PyTorch write it: ``w.grad`` for ``w_grad``, otherwise the name.
    role
        What it holds.
    parameter
        The parameter that it belongs to, empty for the loss and the learning rate.
    index
        Its place in the parameter: empty for a scalar, ``(3, 0)`` for an element of a matrix.
    buffer
        PyTorch's name of what the optimizer remembers, such as ``exp_avg``; empty for other roles.
    """

    name: str
    label: str
    role: Role
    parameter: str = ""
    index: Shape = ()
    buffer: str = ""


LOSS = ColumnName("loss", "loss", Role.LOSS)
LEARNING_RATE = ColumnName("lr", "lr", Role.LEARNING_RATE)


class Columns:
    """The columns of a log in order: loss, each parameter with its gradient, learning rate, optimizer's buffers.

    The loss of an epoch is measured **before** its update, its gradients are those that ``backward`` gave in it, and
    its parameters are the ones **after** its update.

    Parameters
    ----------
    shapes
        The shape of each parameter by its name, in model order; ``()`` for a scalar.
    buffers
        PyTorch's names of what the optimizer remembers of each parameter.

    Raises
    ------
    ValueError
        If two columns would have the same name.
    """

    def __init__(self, shapes: Mapping[str, Shape], buffers: tuple[str, ...] = ()) -> None:
        elements = [(name, index) for name, shape in shapes.items() for index in product(*map(range, shape))]
        self._columns = (
            LOSS,
            *(column for name, index in elements for column in _pair(name, index)),
            LEARNING_RATE,
            *(_buffer(name, index, buffer) for name, index in elements for buffer in buffers),
        )
        self.names = tuple(column.name for column in self._columns)
        in_all = ("epoch", *self.names)
        if len(set(in_all)) < len(in_all):
            raise ValueError(f"two columns would have the same name: {', '.join(in_all)}")

    def __iter__(self) -> Iterator[ColumnName]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Columns) and self._columns == other._columns

    def __hash__(self) -> int:
        return hash(self._columns)

    def __getitem__(self, name: str) -> ColumnName:
        return self._columns[self.names.index(name)]

    def of(self, *roles: Role, parameter: str | None = None) -> tuple[ColumnName, ...]:
        """Give the columns that have one of these roles, of all parameters or of one."""
        return tuple(
            column
            for column in self._columns
            if column.role in roles and (parameter is None or column.parameter == parameter)
        )

    def places(self, role: Role) -> list[int]:
        """Give where in a row the numbers of a role stand."""
        return [place for place, column in enumerate(self._columns) if column.role is role]

    @property
    def in_file(self) -> tuple[str, ...]:
        """Names of the columns that a CSV file and the table have behind ``epoch``: all but the buffers."""
        return tuple(column.name for column in self._columns if column.role is not Role.BUFFER)

    def numpy_dtype(self, column: ColumnName, dtype: str) -> str:
        """Give what a column's numbers are kept in when the run computes in ``dtype``.

        The learning rate is a Python float that meets the tensors only in the update: it stays a float64.
        """
        return "float64" if column.role is Role.LEARNING_RATE else dtype


def _pair(name: str, index: Shape) -> tuple[ColumnName, ColumnName]:
    place = _place(index)
    return (
        ColumnName(name + place, name + place, Role.PARAMETER, name, index),
        ColumnName(f"{name}{RESERVED_SUFFIX}{place}", f"{name}.grad{place}", Role.GRADIENT, name, index),
    )


def _buffer(name: str, index: Shape, buffer: str) -> ColumnName:
    label = f"{name}.{buffer}{_place(index)}"
    return ColumnName(label, label, Role.BUFFER, name, index, buffer)


def _place(index: Shape) -> str:
    return f"[{','.join(map(str, index))}]" if index else ""
